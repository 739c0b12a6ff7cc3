//! A cancel closes the provider's connection at once, whatever the provider is doing.

use super::*;

/// A closed loopback connection is seen in a millisecond; the rest is for a busy machine.
const AT_ONCE: Duration = Duration::from_millis(500);

/// Starts an answer, sends this, waits until the reader has so many bytes of it, and cancels.
async fn cancelled_after(sent: &[&str], length: u64) {
    let fake = Fake::start().await;
    let server = server(&fake, "").await;
    let (mut stream, mut connection) = tokio::join!(ask(&server, 0), fake.accept());
    for bytes in sent {
        connection.raw(bytes.as_bytes()).await.unwrap();
    }
    stream.until(length).await;
    assert!(connection.is_open());
    let started = std::time::Instant::now();
    let ((status, body), _) =
        tokio::join!(async { server.cancel(&stream.id(), "").await }, connection.closed());
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    assert_eq!((status, &body["state"], &body["length"]), (200, &json!("cancelled"), &json!(length)));
    let terminal = stream.end().await;
    assert!(matches!(terminal.outcome, Outcome::Cancelled { .. }), "{terminal:?}");
    assert!(fake.is_alone());
}

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
const EVENT: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"abc\"}}]}\n\n";

#[tokio::test]
async fn before_the_head_of_the_response() {
    cancelled_after(&[], 0).await;
}

#[tokio::test]
async fn while_it_is_silent_after_its_head() {
    cancelled_after(&[HEAD, ": loading\n\n"], 0).await;
}

#[tokio::test]
async fn in_the_middle_of_the_answer() {
    cancelled_after(&[HEAD, EVENT, "data: {\"cho"], 3).await;
}

#[tokio::test]
async fn a_reader_that_goes_away_cancels_nothing() {
    let fake = Fake::start().await;
    let server = server(&fake, "").await;
    let (stream, mut connection) = tokio::join!(ask(&server, 0), fake.accept());
    let id = stream.id();
    connection.raw(HEAD.as_bytes()).await.unwrap();
    drop(stream);
    connection.raw(EVENT.as_bytes()).await.unwrap();
    let mut again = Stream::new(server.get(&format!("/api/chat/{id}/events")).await);
    again.until(3).await;
    assert!(connection.is_open());
    connection.raw(b"data: [DONE]\n\n").await.unwrap();
    assert_eq!(again.text().await, "abc");
}
