//! A server that is told to stop.

use serde_json::json;

use super::{Stream, TestServer, echo};
use crate::wire::{ErrorKind, Outcome};

#[tokio::test]
async fn running_answers_end_as_interrupted_and_their_readers_have_it() {
    let server = TestServer::start().await;
    let mut stream = server.chat(&echo("0123456789", json!({"pace_ms": 0, "stall_after": 5}))).await;
    stream.until(5).await;
    let mut second = Stream::new(server.get(&format!("/api/chat/{}/events", stream.id())).await);
    second.until(5).await;
    server.tell_to_stop();
    for reader in [&mut stream, &mut second] {
        let terminal = reader.end().await;
        assert!(
            matches!(terminal.outcome, Outcome::Error { kind: ErrorKind::Interrupted, .. }),
            "{terminal:?}"
        );
        assert_eq!(reader.answer.text(), "01234");
    }
    server.stopped().await;
}

#[tokio::test]
async fn new_starts_are_told_503_while_readers_are_let_finish() {
    let server = TestServer::start().await;
    // A reader that does not read keeps the server from being done.
    let body = echo("0123456789", json!({"pace_ms": 0, "pieces": [5000, 5000], "length": 15_000_000}));
    let unread = server.chat(&body).await;
    // Far more than the sockets hold has been generated when another reader is at the end.
    Stream::new(server.get(&format!("/api/chat/{}/events", unread.id())).await).end().await;
    assert_eq!(server.get("/readyz").await.status(), 200);
    server.tell_to_stop();
    loop {
        let response = server.post(&echo("x", json!({"pace_ms": 0}))).await;
        if response.status() == 503 {
            assert!(response.headers().contains_key("retry-after"));
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(server.get("/readyz").await.status(), 503);
    // It is cut, and the server does not wait for it for ever.
    server.stopped().await;
    drop(unread);
}

#[tokio::test]
async fn a_thousand_readers_have_their_terminal_when_the_server_has_stopped() {
    let server = TestServer::start().await;
    let first = server.chat(&echo("0123456789", json!({"pace_ms": 0, "stall_after": 5}))).await;
    let path = format!("/api/chat/{}/events", first.id());
    let mut readers = vec![first];
    for _ in 1..1_000 {
        readers.push(Stream::new(server.get(&path).await));
    }
    server.tell_to_stop();
    for mut reader in readers {
        let terminal = reader.end().await;
        assert!(matches!(terminal.outcome, Outcome::Error { kind: ErrorKind::Interrupted, .. }));
    }
    server.stopped().await;
}
