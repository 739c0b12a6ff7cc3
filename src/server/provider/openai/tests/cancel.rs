//! Dropping the stream closes the connection at once, whatever the server is doing.

use futures_util::FutureExt;

use super::*;

/// A closed loopback connection is seen in well under a millisecond; the rest is for a busy machine.
const AT_ONCE: Duration = Duration::from_millis(500);

/// A connection on which this was sent, whose stream has brought so many items and now waits.
async fn waiting_after(items: usize, fake: &Fake, deltas: &mut Deltas, sent: &[&[u8]]) -> Connection {
    let mut serve = std::pin::pin!(async {
        let mut connection = fake.accept().await;
        for bytes in sent {
            connection.raw(bytes).await.unwrap();
        }
        connection
    });
    let (mut came, mut served) = (0, None);
    while came < items || served.is_none() {
        tokio::select! {
            connection = &mut serve, if served.is_none() => served = Some(connection),
            item = deltas.next() => {
                item.unwrap().unwrap();
                came += 1;
            }
        }
    }
    assert_eq!(came, items);
    assert!(deltas.next().now_or_never().is_none());
    let mut connection = served.unwrap();
    assert!(connection.is_open());
    connection
}

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
const CHUNKED: &[u8] = b"transfer-encoding: chunked\r\n\r\n";
const EVENT_AND_HALF: &[u8] =
    b"3a\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"cho\r\n";

/// Drops the stream where it stands, and sees the connection closed.
async fn drop_after(items: usize, sent: &[&[u8]]) {
    let fake = Fake::start().await;
    let mut deltas = provider(&fake).stream(prompt());
    let mut connection = soon(waiting_after(items, &fake, &mut deltas, sent)).await;
    drop(deltas);
    assert!(connection.closed().await < AT_ONCE);
}

#[tokio::test]
async fn before_the_head_of_the_response() {
    drop_after(0, &[]).await;
}

#[tokio::test]
async fn in_the_middle_of_the_head() {
    drop_after(0, &[HEAD]).await;
}

#[tokio::test]
async fn while_the_server_is_silent_after_its_head() {
    drop_after(1, &[HEAD, CHUNKED]).await;
    drop_after(1, &[HEAD, b"\r\n"]).await;
}

#[tokio::test]
async fn in_the_middle_of_the_stream() {
    drop_after(2, &[HEAD, CHUNKED, EVENT_AND_HALF]).await;
    // In the middle of a chunk too.
    drop_after(2, &[HEAD, CHUNKED, &EVENT_AND_HALF[..44]]).await;
}

#[tokio::test]
async fn while_the_server_writes_as_fast_as_it_can() {
    let fake = Fake::start().await;
    let mut deltas = provider(&fake).stream(prompt());
    let read = async {
        for _ in 0..50 {
            soon(deltas.next()).await.unwrap().unwrap();
        }
        drop(deltas);
        std::time::Instant::now()
    };
    let write = async {
        let mut connection = fake.accept().await;
        connection.begin(Framing::Chunked).await;
        let piece = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n".repeat(100);
        while connection.send(&piece).await.is_ok() {}
        std::time::Instant::now()
    };
    let (dropped, noticed) = tokio::join!(read, write);
    assert!(noticed - dropped < AT_ONCE);
}

/// A thousand times, so that the slow cases show: p50 and p99 are printed with `--nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_cancels_leave_no_connection() {
    let fake = Fake::start().await;
    let provider = provider(&fake);
    let mut times = Vec::new();
    for n in 0..1000 {
        let mut deltas = provider.stream(prompt());
        let (_, mut connection) = tokio::join!(soon(deltas.next()), async {
            let mut connection = fake.accept().await;
            connection.begin(Framing::Chunked).await;
            connection
        });
        if n % 2 == 0 {
            connection.send("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n").await.unwrap();
            soon(deltas.next()).await.unwrap().unwrap();
        }
        let started = std::time::Instant::now();
        drop(deltas);
        connection.closed().await;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    println!("cancel to closed: p50 {:?}, p99 {:?}, most {:?}", times[500], times[990], times[999]);
    assert!(times[500] < Duration::from_millis(50), "p50 {:?}", times[500]);
}

#[tokio::test]
async fn a_stream_that_is_done_has_closed_its_connection() {
    let fake = Fake::start().await;
    let mut deltas = provider(&fake).stream(prompt());
    let serve = async {
        let mut connection = fake.accept().await;
        connection.begin(Framing::Chunked).await;
        connection.send("data: [DONE]\n\n").await.unwrap();
        connection.closed().await
    };
    let read = async {
        while let Some(item) = soon(deltas.next()).await {
            if item.unwrap().contains(&Delta::Done) {
                break;
            }
        }
    };
    // The stream itself is still there.
    let (took, ()) = tokio::join!(serve, read);
    assert!(took < AT_ONCE);
    assert_eq!(deltas.next().await, None);
}
