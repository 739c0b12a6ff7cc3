//! A model server for tests, over real TCP, that behaves as badly as real ones do.
//!
//! Nothing is scheduled here: the test accepts a connection and says byte by byte what is sent on it,
//! so that every order of events is one that the test has written down.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// No step of a test takes this long on any machine.
const STUCK: Duration = Duration::from_secs(20);

/// A listening server.
#[derive(Debug)]
pub(crate) struct Fake {
    listener: TcpListener,
    address: SocketAddr,
}

/// How the length of a response's body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Each piece that is sent is one chunk.
    Chunked,
    /// The body ends where the connection ends.
    Close,
}

/// One accepted connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    /// The request's first line and headers.
    pub(crate) head: String,
    /// The request's body.
    pub(crate) body: Vec<u8>,
    framing: Framing,
}

impl Fake {
    /// Listens on a free port.
    pub(crate) async fn start() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        // Small, so that a reader who does not read is noticed soon.
        socket.set_send_buffer_size(64 << 10).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1024).unwrap();
        let address = listener.local_addr().unwrap();
        Self { listener, address }
    }

    /// What a provider's settings have to name.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Waits for a connection, without reading from it.
    pub(crate) async fn accept_silently(&self) -> Connection {
        soon(self.next()).await
    }

    /// The same, however long it takes.
    pub(crate) async fn next(&self) -> Connection {
        let (stream, _) = self.listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        Connection { stream, head: String::new(), body: Vec::new(), framing: Framing::Close }
    }

    /// Waits for a connection and reads its request.
    pub(crate) async fn accept(&self) -> Connection {
        let mut connection = self.accept_silently().await;
        soon(connection.read_request()).await;
        connection
    }

    /// Whether nobody has connected since the last time.
    pub(crate) fn is_alone(&self) -> bool {
        self.listener.accept().now_or_never().is_none()
    }
}

impl Connection {
    /// Reads the request that comes first.
    pub(crate) async fn read_request(&mut self) {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = memchr::memmem::find(&bytes, b"\r\n\r\n") {
                break end + 4;
            }
            assert_ne!(self.stream.read_buf(&mut bytes).await.unwrap(), 0, "no whole request");
        };
        self.body = bytes.split_off(end);
        self.head = String::from_utf8(bytes).unwrap();
        let length = self.header("content-length").map_or(0, |value| value.parse().unwrap());
        while self.body.len() < length {
            assert_ne!(self.stream.read_buf(&mut self.body).await.unwrap(), 0, "no whole body");
        }
    }

    /// A header of the request.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }

    /// Sends the head of a stream.
    pub(crate) async fn begin(&mut self, framing: Framing) {
        self.respond("200 OK", framing, "content-type: text/event-stream\r\n").await;
    }

    /// Sends a head of any kind; `headers` are whole lines.
    pub(crate) async fn respond(&mut self, status: &str, framing: Framing, headers: &str) {
        self.framing = framing;
        let length = match framing {
            Framing::Chunked => "transfer-encoding: chunked\r\n",
            Framing::Close => "connection: close\r\n",
        };
        self.raw(format!("HTTP/1.1 {status}\r\n{length}{headers}\r\n").as_bytes()).await.unwrap();
    }

    /// Sends a piece of the body. An error is a peer that has closed the connection.
    pub(crate) async fn send(&mut self, piece: impl AsRef<[u8]>) -> std::io::Result<()> {
        let piece = piece.as_ref();
        match self.framing {
            _ if piece.is_empty() => Ok(()),
            Framing::Close => self.raw(piece).await,
            Framing::Chunked => {
                let head = format!("{:x}\r\n", piece.len());
                self.raw(&[head.as_bytes(), piece, b"\r\n"].concat()).await
            }
        }
    }

    /// Sends bytes as they are.
    pub(crate) async fn raw(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Sends as much as the connection takes without waiting.
    pub(crate) fn try_raw(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.stream.try_write(bytes)
    }

    /// Ends the body as its framing says.
    pub(crate) async fn end(mut self) {
        if self.framing == Framing::Chunked {
            // Who has had the last word need not wait for this one.
            let _ = self.raw(b"0\r\n\r\n").await;
        }
        self.close();
    }

    /// Closes the connection in an orderly way, wherever it is.
    pub(crate) fn close(self) {
        drop(self.stream);
    }

    /// Sends no more, but keeps the connection.
    pub(crate) async fn half_close(&mut self) {
        self.stream.shutdown().await.unwrap();
    }

    /// Breaks the connection off: the peer gets a reset.
    pub(crate) fn reset(self) {
        self.stream.set_zero_linger().unwrap();
        drop(self.stream);
    }

    /// Waits until the peer has closed the connection, and says how long that took.
    pub(crate) async fn closed(&mut self) -> Duration {
        let started = Instant::now();
        let mut rest = [0; 1024];
        soon(async { while matches!(self.stream.read(&mut rest).await, Ok(n) if n > 0) {} }).await;
        started.elapsed()
    }

    /// Whether the peer has not closed the connection by now.
    pub(crate) fn is_open(&mut self) -> bool {
        let mut rest = [0; 1024];
        matches!(self.stream.try_read(&mut rest), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
    }
}

/// Fails a test that hangs instead of waiting for it.
pub(crate) async fn soon<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(STUCK, future).await.expect("this hangs")
}
