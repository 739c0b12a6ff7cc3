//! One answer, thousands of readers: processor time for each event that one of them gets, and memory
//! while they wait.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::process::Process;
use crate::provider::Provider;

/// Events per second, over all readers: well below what a core does, so that nothing is merged or lost.
const PER_SECOND: u64 = 20_000;
/// Tokens of one answer.
const TOKENS: u64 = 12;
/// Which answer that is.
const ID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// Who delivers.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    Sluice,
    Axum,
    Node,
}

/// What one round gave.
pub struct Round {
    /// Microseconds of processor time for each event that was delivered.
    pub cpu_us: f64,
    /// KB for each reader that waits.
    pub idle_kb: f64,
    /// Of all events, those that arrived, in percent.
    pub delivered: f64,
}

pub async fn round(who: Who, program: &Path, readers: u64) -> Round {
    let pace = readers * 1_000 / PER_SECOND;
    // Node's readers begin by themselves: not before all are there.
    let wait = 2_000 + readers;
    let provider = Provider::start();
    let process = match who {
        Who::Sluice => Process::sluice(program, &provider.base_url()).await,
        Who::Axum => Process::peer(&["broadcast"]).await,
        Who::Node => Process::node().await,
    };
    let before = process.memory();
    let begun = Instant::now();
    let mut sockets = Vec::new();
    let mut model = None;
    for n in 0..readers {
        sockets.push(match who {
            Who::Sluice if n == 0 => {
                let body = format!(r#"{{"id":"{ID}","message":{{"parts":[{{"t":"text","r":"hi"}}]}}}}"#);
                let socket = process.send("POST", "/api/chat", &body).await;
                model = Some(provider.asked().await);
                socket
            }
            Who::Sluice => process.send("GET", &format!("/api/chat/{ID}/events"), "").await,
            Who::Axum => process.send("GET", "/events", "").await,
            Who::Node => {
                process.send("POST", &format!("/?tokens={TOKENS}&pace={pace}&wait={wait}"), "").await
            }
        });
    }
    for socket in &sockets {
        socket.readable().await.expect("the head of a response");
    }
    let idle_kb = process.memory().saturating_sub(before) as f64 / readers as f64;
    let tokens = count(sockets);
    if matches!(who, Who::Node) {
        let until = begun + Duration::from_millis(wait - 200);
        assert!(Instant::now() < until, "connecting took so long that Node has begun");
    }
    let cpu = process.cpu();
    match (who, model) {
        (Who::Sluice, Some(mut model)) => {
            for _ in 0..TOKENS {
                model.say("abcdefg~").await;
                sleep(Duration::from_millis(pace)).await;
            }
        }
        // Its response is waited for, or the handler would be dropped with its connection.
        (Who::Axum, _) => {
            let started = process.send("POST", &format!("/start?tokens={TOKENS}&pace={pace}"), "").await;
            started.readable().await.expect("a response");
        }
        _ => {}
    }
    let all = readers * TOKENS;
    let patience = Duration::from_millis(wait + 3 * TOKENS * pace + 10_000);
    let _ = timeout(patience, async {
        while tokens.0.load(Relaxed) < all {
            sleep(Duration::from_millis(20)).await
        }
    })
    .await;
    let got = tokens.0.load(Relaxed);
    let used = process.cpu() - cpu;
    Round {
        cpu_us: used.as_secs_f64() * 1e6 / got as f64,
        idle_kb,
        delivered: 100.0 * got as f64 / all as f64,
    }
}

/// Counts the tokens that come, by their last letter.
fn count(sockets: Vec<TcpStream>) -> (Arc<AtomicU64>, JoinSet<()>) {
    let tokens = Arc::new(AtomicU64::new(0));
    let mut tasks = JoinSet::new();
    for mut socket in sockets {
        let tokens = tokens.clone();
        tasks.spawn(async move {
            let mut buffer = vec![0; 2_048];
            while let Ok(read @ 1..) = socket.read(&mut buffer).await {
                tokens.fetch_add(memchr::memchr_iter(b'~', &buffer[..read]).count() as u64, Relaxed);
            }
        });
    }
    (tokens, tasks)
}
