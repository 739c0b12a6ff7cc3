//! The model: it says what the measurement tells it, on one connection after the other.

use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::peers::listen;

/// A listening model.
pub struct Provider(TcpListener);

/// One request that it was sent.
pub struct Asked(TcpStream);

impl Provider {
    pub fn start() -> Self {
        Self(listen())
    }

    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.0.local_addr().expect("an address"))
    }

    /// Waits for a request, reads it and sends the head of a stream.
    pub async fn asked(&self) -> Asked {
        let (mut tcp, _) = self.0.accept().await.expect("a connection");
        tcp.set_nodelay(true).expect("an option");
        let mut request = Vec::new();
        while !is_whole(&request) {
            assert_ne!(tcp.read_buf(&mut request).await.expect("a request"), 0, "a request breaks off");
        }
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        tcp.write_all(head.as_bytes()).await.expect("a reader");
        Asked(tcp)
    }
}

fn is_whole(request: &[u8]) -> bool {
    let Some(end) = memchr::memmem::find(request, b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
    request.len() >= end + 4 + length.unwrap_or(0)
}

impl Asked {
    /// Says this, as one event in one write.
    pub async fn say(&mut self, text: &str) {
        self.event(&format!("{{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}")).await;
    }

    pub async fn finish(mut self) {
        self.event("{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}").await;
        self.event("[DONE]").await;
        let _ = self.0.write_all(b"0\r\n\r\n").await;
    }

    async fn event(&mut self, data: &str) {
        let event = format!("data: {data}\n\n");
        let chunk = format!("{:x}\r\n{event}\r\n", event.len());
        self.0.write_all(chunk.as_bytes()).await.expect("a reader");
    }

    /// When the other side closes.
    pub async fn closed(mut self) -> Instant {
        let mut rest = [0; 256];
        while matches!(self.0.read(&mut rest).await, Ok(read) if read > 0) {}
        Instant::now()
    }
}
