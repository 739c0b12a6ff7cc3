//! Slow readers, half-closed sockets, many readers.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Stream, TestServer, echo};

/// Sends a start by hand, so that the test decides when and whether the response is read.
async fn raw_start(server: &TestServer, body: &serde_json::Value) -> TcpStream {
    let body = body.to_string();
    let head = format!(
        "POST /api/chat HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nCookie: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        server.cookie,
        body.len()
    );
    let mut tcp = TcpStream::connect(server.addr).await.unwrap();
    tcp.write_all((head + &body).as_bytes()).await.unwrap();
    tcp
}

#[tokio::test]
async fn a_reader_that_never_reads_holds_nobody_up() {
    let server = TestServer::start().await;
    let mut body = echo("0123456789", json!({"pace_ms": 0, "pieces": [1000, 1000], "length": 12_000_000}));
    let id = "33333333-d9cb-469f-a165-70867728950e";
    body["id"] = json!(id);
    let stalled = raw_start(&server, &body).await;
    // Wait for the head, so that the answer is there.
    stalled.readable().await.unwrap();
    let mut other = Stream::new(server.get(&format!("/api/chat/{id}/events")).await);
    assert_eq!(other.text().await.len(), 12_000_000);
    drop(stalled);
}

#[tokio::test]
async fn a_reader_that_closed_its_sending_half_is_still_served() {
    let server = TestServer::start().await;
    let mut tcp = raw_start(&server, &echo("hello", json!({"pace_ms": 0}))).await;
    tcp.shutdown().await.unwrap();
    let mut got = Vec::new();
    // hyper may take the half-close for the end of the connection; the answer must not suffer.
    let _ = tcp.read_to_end(&mut got).await;
    let state = server.get("/livez").await;
    assert_eq!(state.status(), 200);
}

#[tokio::test]
async fn a_body_that_breaks_off_leaves_nothing_behind() {
    let server = TestServer::start().await;
    let mut tcp = TcpStream::connect(server.addr).await.unwrap();
    let head = "POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{";
    tcp.write_all(head.as_bytes()).await.unwrap();
    drop(tcp);
    assert_eq!(server.get("/readyz").await.status(), 200);
}

#[tokio::test]
async fn a_hundred_readers_read_the_same() {
    let server = TestServer::start().await;
    let first = server.chat(&echo(&"flow ".repeat(60), json!({"pace_ms": 3}))).await;
    let path = format!("/api/chat/{}/events", first.id());
    let mut readers = Vec::new();
    for _ in 0..100 {
        readers.push(Stream::new(server.get(&path).await));
    }
    for mut reader in readers {
        assert_eq!(reader.text().await, "flow ".repeat(60));
    }
}
