//! One reader: what is added to each token's way, how soon a cancel closes the provider's connection,
//! and how soon a resume has its first byte.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::process::Process;
use crate::provider::{Asked, Provider};

/// What stands between the model and its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Direct,
    Proxy,
    Sluice,
}

/// All three, in front of one model.
pub struct Ways<'a> {
    pub provider: &'a Provider,
    pub proxy: &'a Process,
    pub sluice: &'a Process,
}

/// Pause between two tokens.
const PACE: Duration = Duration::from_millis(3);

impl Ways<'_> {
    /// A reader and the model that answers it.
    async fn ask(&self, way: Way) -> (TcpStream, Asked) {
        let body = r#"{"message":{"parts":[{"t":"text","r":"hi"}]}}"#;
        let asking = async {
            match way {
                Way::Sluice => self.sluice.send("POST", "/api/chat", body).await,
                Way::Proxy => self.proxy.send("POST", "/v1/chat/completions", body).await,
                Way::Direct => {
                    let url = self.provider.base_url();
                    let addr = url.trim_start_matches("http://").trim_end_matches("/v1");
                    let mut tcp = TcpStream::connect(addr).await.expect("the model");
                    tcp.set_nodelay(true).expect("an option");
                    tcp.write_all(b"POST / HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("the model");
                    tcp
                }
            }
        };
        tokio::join!(asking, self.provider.asked())
    }

    /// Milliseconds from the model's write to the reader's read, for each of so many tokens.
    pub async fn delays(&self, way: Way, tokens: usize) -> Vec<f64> {
        let (mut reader, mut model) = self.ask(way).await;
        delays(&mut reader, &mut model, tokens).await
    }

    /// The same for Sluice, with so many other readers of the same answer that never read. There is far
    /// more of it than their sockets hold.
    pub async fn delays_beside(&self, stalled: usize, tokens: usize) -> Vec<f64> {
        let (mut reader, mut model) = self.ask(Way::Sluice).await;
        let reading = async {
            let head = until(&mut reader, b"\r\n\r\n").await;
            until(&mut reader, b"~").await;
            head
        };
        let saying = async {
            for _ in 0..120 {
                model.say(&"0123456789".repeat(10_000)).await;
            }
            model.say("~").await;
        };
        let (head, ()) = tokio::join!(reading, saying);
        let path = format!("{}/events", address(&head));
        let mut unread = Vec::new();
        for _ in 0..stalled {
            unread.push(self.sluice.send("GET", &path, "").await);
        }
        delays(&mut reader, &mut model, tokens).await
    }

    /// Milliseconds from the cancel to the closing of the model's connection; it is silent meanwhile.
    pub async fn cancel(&self, way: Way) -> f64 {
        let (mut reader, mut model) = self.ask(way).await;
        let (head, ()) = tokio::join!(until(&mut reader, b"~"), model.say("word~"));
        let begun = Instant::now();
        let stopped = match way {
            Way::Direct | Way::Proxy => {
                drop(reader);
                None
            }
            Way::Sluice => {
                let path = format!("{}/cancel", address(&head));
                Some((self.sluice.send("POST", &path, "").await, reader))
            }
        };
        let closed = model.closed().await;
        drop(stopped);
        (closed - begun).as_secs_f64() * 1e3
    }

    /// Makes an answer of so many bytes that has ended; returns its address.
    pub async fn ended(&self, bytes: usize) -> String {
        let (mut reader, mut model) = self.ask(Way::Sluice).await;
        let reading = async {
            let head = until(&mut reader, b"\r\n\r\n").await;
            until(&mut reader, b"\"end\"").await;
            head
        };
        let saying = async {
            for _ in 0..bytes / 1_000 {
                model.say(&"0123456789".repeat(100)).await;
            }
            model.finish().await;
        };
        let (head, ()) = tokio::join!(reading, saying);
        address(&head)
    }

    /// Milliseconds from asking for what follows `after` to the first byte of it.
    pub async fn resume(&self, answer: &str, after: usize) -> f64 {
        let begun = Instant::now();
        let mut reader = self.sluice.send("GET", &format!("{answer}/events?after={after}"), "").await;
        until(&mut reader, b"\"r\":\"").await;
        ms(begun)
    }
}

async fn delays(reader: &mut TcpStream, model: &mut Asked, tokens: usize) -> Vec<f64> {
    let mut delays = Vec::new();
    for _ in 0..tokens {
        sleep(PACE).await;
        let sent = Instant::now();
        tokio::join!(model.say("abcdefg~"), until(reader, b"~"));
        delays.push(ms(sent));
    }
    // The first has warmed up what is between.
    delays.remove(0);
    delays
}

/// Where the answer is, from the head of its response.
fn address(head: &[u8]) -> String {
    let head = String::from_utf8_lossy(head);
    let at = head.split("location: ").nth(1).and_then(|rest| rest.lines().next());
    at.expect("where the answer is").trim().to_owned()
}

/// Reads until there was this; returns what came.
async fn until(reader: &mut TcpStream, word: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = reader.read(&mut buffer).await.expect("a stream");
        assert_ne!(read, 0, "the stream was cut");
        let from = all.len().saturating_sub(word.len());
        all.extend_from_slice(&buffer[..read]);
        if memchr::memmem::find(&all[from..], word).is_some() {
            return all;
        }
    }
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
