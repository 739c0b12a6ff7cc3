//! Dropping the stream closes the connection at once, whatever the server is doing.

use super::*;

/// A closed loopback connection is seen in well under a millisecond; the rest is for a busy machine.
const AT_ONCE: Duration = Duration::from_millis(500);

/// Polls the stream until it waits for the server.
async fn until_it_waits(deltas: &mut Deltas) -> usize {
    let mut items = 0;
    while let Ok(Some(item)) = tokio::time::timeout(Duration::from_millis(30), deltas.next()).await {
        item.unwrap();
        items += 1;
    }
    items
}

#[tokio::test]
async fn before_the_head_of_the_response() {
    let fake = Fake::start().await;
    let mut deltas = provider(&fake).stream(prompt());
    let (items, mut connection) = tokio::join!(until_it_waits(&mut deltas), fake.accept());
    assert_eq!(items, 0);
    assert!(connection.is_open());
    drop(deltas);
    assert!(connection.closed().await < AT_ONCE);
}

#[tokio::test]
async fn in_the_middle_of_the_head() {
    let fake = Fake::start().await;
    let mut deltas = provider(&fake).stream(prompt());
    let (items, mut connection) = tokio::join!(until_it_waits(&mut deltas), async {
        let mut connection = fake.accept().await;
        connection.raw(b"HTTP/1.1 200 OK\r\ncontent-ty").await.unwrap();
        connection
    });
    assert_eq!(items, 0);
    assert!(connection.is_open());
    drop(deltas);
    assert!(connection.closed().await < AT_ONCE);
}

#[tokio::test]
async fn while_the_server_is_silent_after_its_head() {
    for framing in [Framing::Chunked, Framing::Close] {
        let fake = Fake::start().await;
        let mut deltas = provider(&fake).stream(prompt());
        let (items, mut connection) = tokio::join!(until_it_waits(&mut deltas), async {
            let mut connection = fake.accept().await;
            connection.begin(framing).await;
            connection
        });
        assert_eq!(items, 1);
        assert!(connection.is_open());
        drop(deltas);
        assert!(connection.closed().await < AT_ONCE);
    }
}

#[tokio::test]
async fn in_the_middle_of_the_stream() {
    let fake = Fake::start().await;
    let mut deltas = provider(&fake).stream(prompt());
    let (items, mut connection) = tokio::join!(until_it_waits(&mut deltas), async {
        let mut connection = fake.accept().await;
        connection.begin(Framing::Chunked).await;
        connection
            .send("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"cho")
            .await
            .unwrap();
        connection
    });
    assert_eq!(items, 2);
    assert!(connection.is_open());
    drop(deltas);
    assert!(connection.closed().await < AT_ONCE);
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
