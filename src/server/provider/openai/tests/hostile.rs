//! A server that is an attacker.

use super::*;

const AT_ONCE: Duration = Duration::from_millis(500);

#[tokio::test]
async fn a_line_beyond_the_limit_is_too_large_and_closes_the_connection() {
    for framing in [Framing::Chunked, Framing::Close] {
        let fake = Fake::start().await;
        let mut deltas = provider(&fake).stream(prompt());
        let serve = async {
            let mut connection = fake.accept().await;
            connection.begin(framing).await;
            connection.send("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: ").await.unwrap();
            let mut sent = 0_usize;
            while connection.send(&[b'x'; 16 << 10]).await.is_ok() {
                sent += 16 << 10;
                assert!(sent < 1 << 30, "endless");
            }
        };
        let read = async {
            let mut text = Vec::new();
            loop {
                match soon(deltas.next()).await.unwrap() {
                    Ok(more) => text.extend(more),
                    Err(error) => return (text, error),
                }
            }
        };
        // The stream is not dropped before both are through: it has closed the connection by itself.
        let ((text, error), ()) = tokio::join!(read, serve);
        assert_eq!(text, [Delta::Text("a".to_owned())]);
        assert_eq!(error.kind, ErrorKind::TooLarge);
        assert!(error.message.contains("1048576"), "{}", error.message);
        assert_eq!(deltas.next().await, None);
    }
}

#[tokio::test]
async fn endless_comments_and_fields_cost_no_memory_and_are_given_up_when_dropped() {
    let fake = Fake::start().await;
    let mut deltas = provider(&fake).stream(prompt());
    let serve = async {
        let mut connection = fake.accept().await;
        connection.begin(Framing::Close).await;
        while connection.send(&[b':'; 64 << 10]).await.is_ok() {}
    };
    let read = async {
        for _ in 0..200 {
            assert_eq!(soon(deltas.next()).await, Some(Ok(vec![])));
        }
        drop(deltas);
    };
    tokio::join!(read, serve);
}

#[tokio::test]
async fn compression_that_nobody_asked_for_is_an_error() {
    for encoding in ["gzip", "br", "zstd", "deflate"] {
        let fake = Fake::start().await;
        let serve = async {
            let mut connection = fake.accept().await;
            let headers = format!("content-type: text/event-stream\r\ncontent-encoding: {encoding}\r\n");
            connection.respond("200 OK", Framing::Chunked, &headers).await;
            connection.send(b"\x1f\x8b\x08\x00").await.unwrap();
            connection.closed().await
        };
        let (answer, _) = tokio::join!(fold(provider(&fake).stream(prompt())), serve);
        assert_eq!(answer.error().0, ErrorKind::Provider);
    }
}

#[tokio::test]
async fn headers_that_never_end_are_a_timeout_or_too_many() {
    // One header, then silence.
    let fake = Fake::start().await;
    let deltas = stall::watch(provider(&fake).stream(prompt()), PATIENCE);
    let serve = async {
        let mut connection = fake.accept().await;
        connection.raw(b"HTTP/1.1 200 OK\r\nx: y\r\n").await.unwrap();
        connection.closed().await
    };
    let (answer, _) = tokio::join!(fold(deltas), serve);
    assert_eq!(answer.error().0, ErrorKind::Timeout);
    // A trickle of headers is no sign of life either.
    let deltas = stall::watch(provider(&fake).stream(prompt()), PATIENCE);
    let serve = async {
        let mut connection = fake.accept().await;
        connection.raw(b"HTTP/1.1 200 OK\r\n").await.unwrap();
        while connection.raw(b"x: y\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let (answer, ()) = tokio::join!(fold(deltas), serve);
    assert!(matches!(answer.error().0, ErrorKind::Timeout | ErrorKind::Provider), "{answer:?}");
    // A flood of them.
    let deltas = provider(&fake).stream(prompt());
    let serve = async {
        let mut connection = fake.accept().await;
        connection.raw(b"HTTP/1.1 200 OK\r\n").await.unwrap();
        while connection.raw(&b"x: y\r\n".repeat(1000)).await.is_ok() {}
    };
    let (answer, ()) = tokio::join!(fold(deltas), serve);
    assert_eq!(answer.error().0, ErrorKind::Provider);
}

#[tokio::test]
async fn a_response_that_is_no_http_is_an_error() {
    for nonsense in
        [&b"SSH-2.0-OpenSSH_9.2\r\n"[..], b"\x16\x03\x01\x02\x00", b"HTTP/1.1 999999 x\r\n\r\n", b"\n\n"]
    {
        let fake = Fake::start().await;
        let serve = async {
            let mut connection = fake.accept().await;
            connection.raw(nonsense).await.unwrap();
            connection.half_close().await;
            connection.closed().await
        };
        let (answer, took) = tokio::join!(fold(provider(&fake).stream(prompt())), serve);
        assert_eq!(answer.error().0, ErrorKind::Provider, "{nonsense:?}");
        assert!(took < AT_ONCE);
    }
}

#[tokio::test]
async fn random_bytes_never_panic() {
    for seed in 0..200 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let alphabet: [&str; 16] = [
            "data: ",
            "\n\n",
            "\n",
            "{\"choices\":[{\"delta\":{",
            "\"content\":",
            "\"reasoning\":",
            "\"\\ud83d\"",
            "\"<think>\"",
            "}}]}",
            "\"</think>\"",
            "[DONE]",
            "event: error\n",
            "\"finish_reason\":\"stop\"",
            "\u{feff}",
            "null",
            ",",
        ];
        let mut bytes = Vec::new();
        for _ in 0..rng.usize(1..60) {
            if rng.u8(..) < 20 {
                bytes.push(rng.u8(..));
            } else {
                bytes.extend_from_slice(alphabet[rng.usize(..16)].as_bytes());
            }
        }
        let mut reading = Reading::new(4096);
        let mut whole = (Vec::new(), None);
        for piece in bytes.chunks(rng.usize(1..40)) {
            let (deltas, fate) = reading.feed(piece);
            whole.0.extend(deltas);
            if fate != Fate::Open {
                whole.1 = Some(fate);
                break;
            }
        }
        whole.0.extend(reading.close());
        assert!(
            whole.0.iter().all(|delta| !matches!(delta, Delta::Text(s) | Delta::Think(s) if s.is_empty())),
            "seed {seed}"
        );
    }
}
