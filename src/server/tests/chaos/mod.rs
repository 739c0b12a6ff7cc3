//! Readers behind a network that breaks in every way, a thousand times: whatever happens, a reader has
//! the same bytes and the same check in the end, without a gap and without a double, and the model was
//! asked once.
//!
//! A run is a number. One that fails is named, and can be had again by itself:
//!
//! ```text
//! SLUICE_CHAOS_SEED=123 cargo test --features ssr --lib chaos
//! SLUICE_CHAOS_RUNS=100000 cargo test --features ssr --lib chaos
//! ```
//!
//! - `case`: what a number means
//! - `relay`: the network
//! - `reader`: a client as the protocol describes it
//!
//! No time is waited for anywhere: a reader's clock for dead connections is the relay, which knows.

mod case;
mod reader;
mod relay;

use std::cell::RefCell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::stream::{self, FuturesUnordered};
use futures_util::{FutureExt, StreamExt};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpSocket;
use tokio::sync::watch;
use tokio::task::yield_now;

use self::case::{Case, Second};
use self::reader::Reader;
use self::relay::Relay;
use super::TestServer;
use crate::server::provider::fake::{Connection, Fake, Framing};
use crate::wire::{Answer, ErrorKind, Offset, Outcome, PartKind};

const RUNS: u64 = 1_000;
/// As many run at once.
const AT_ONCE: usize = 32;
/// No run takes this long on any machine.
const STUCK: Duration = Duration::from_secs(120);

/// What all runs share.
struct World {
    server: TestServer,
    http: reqwest::Client,
    fake: Fake,
    /// How often the model was asked for each seed.
    asked: RefCell<HashMap<u64, usize>>,
    /// What the reader of each seed has, in bytes.
    progress: RefCell<HashMap<u64, watch::Sender<u64>>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_network_does_every_reader_has_the_same_bytes() {
    let world = World::start().await;
    let runs = stream::iter(seeds()).map(async |seed| {
        let run = tokio::time::timeout(STUCK, world.run(Case::draw(seed)));
        let passed = matches!(AssertUnwindSafe(run).catch_unwind().await, Ok(Ok(())));
        (!passed).then_some(seed)
    });
    let failed = runs.buffer_unordered(AT_ONCE).filter_map(async |seed| seed).collect::<Vec<_>>();
    let failed = tokio::select! {
        failed = failed => failed,
        never = world.model() => match never {},
    };
    assert!(failed.is_empty(), "run one of them again with SLUICE_CHAOS_SEED=…: {failed:?}");
    assert!(world.fake.is_alone(), "somebody was asked twice");
}

fn seeds() -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().map(|number| number.parse::<u64>().unwrap());
    match number("SLUICE_CHAOS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SLUICE_CHAOS_RUNS").unwrap_or(RUNS),
    }
}

impl World {
    async fn start() -> Self {
        let fake = Fake::start().await;
        let base_url = fake.base_url();
        let server = TestServer::with(&format!(
            "[server]\ndemo = false\nheartbeat_seconds = 30\n\
             [limits]\nrunning = 1000\nrunning_per_owner = 1000\n\
             [[providers]]\nname = \"fake\"\nbase_url = \"{base_url}\"\nmodels = [\"m\"]\n"
        ))
        .await;
        // A connection for each request, so that each has a plan.
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
        Self { server, http, fake, asked: RefCell::default(), progress: RefCell::default() }
    }

    async fn run(&self, case: Case) {
        let (id, expected) = (case.id(), case.expected());
        let progress = watch::Sender::new(0);
        self.progress.borrow_mut().insert(case.seed, progress.clone());
        let first = self.ask(&case, &id, &progress);
        let second = async {
            match &case.second {
                Second::Reads(plans) => Some(self.follow(plans.clone(), case.seed, &id).await),
                Second::None | Second::Stalls => None,
            }
        };
        let stalled = self.stalled(matches!(case.second, Second::Stalls), &id, progress.subscribe());
        let (first, second) = tokio::select! {
            readers = async { tokio::join!(first, second) } => readers,
            never = stalled => match never {},
        };
        for reader in [Some(first), second].into_iter().flatten() {
            assert_eq!(reader.parts(), expected.parts());
            assert_eq!(reader.check(), expected.check());
            self.ended_well(&case, &reader).await;
        }
        assert_eq!(self.asked.borrow()[&case.seed], 1, "the model is asked once");
    }

    /// The reader that asks, through its network.
    async fn ask(&self, case: &Case, id: &str, progress: &watch::Sender<u64>) -> Answer {
        let relay = Relay::start(self.server.addr, case.plans.clone(), case.seed).await;
        let text = case.seed.to_string();
        let body = json!({"id": id, "message": {"parts": [{"t": "text", "r": text}]}});
        let reader = Reader::new(&self.http, &self.server.cookie, &relay, id, progress);
        tokio::select! {
            answer = reader.ask(&body) => answer,
            never = relay.run() => match never {},
        }
    }

    /// One that reads with it, through another.
    async fn follow(&self, plans: Vec<relay::Plan>, seed: u64, id: &str) -> Answer {
        let relay = Relay::start(self.server.addr, plans, !seed).await;
        let progress = watch::Sender::new(0);
        let reader = Reader::new(&self.http, &self.server.cookie, &relay, id, &progress);
        tokio::select! {
            answer = reader.follow() => answer,
            never = relay.run() => match never {},
        }
    }

    /// One that attaches, where there is to be one, and never reads.
    async fn stalled(&self, wanted: bool, id: &str, mut progress: watch::Receiver<u64>) -> Infallible {
        if wanted && progress.wait_for(|had| *had > 0).await.is_ok() {
            let socket = TcpSocket::new_v4().unwrap();
            socket.set_recv_buffer_size(4 << 10).unwrap();
            let mut tcp = socket.connect(self.server.addr).await.unwrap();
            let cookie = &self.server.cookie;
            let head = format!("GET /api/chat/{id}/events HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n");
            tcp.write_all(head.as_bytes()).await.unwrap();
            // The connection lives as long as this does.
            return std::future::pending().await;
        }
        std::future::pending().await
    }

    /// The terminal is the right one, and the server says the same.
    async fn ended_well(&self, case: &Case, reader: &Answer) {
        let terminal = reader.terminal().unwrap();
        match (&terminal.outcome, case.finishes) {
            (Outcome::End { .. }, true) | (Outcome::Error { kind: ErrorKind::Incomplete, .. }, false) => {}
            (outcome, _) => panic!("{outcome:?}"),
        }
        let state = self.server.json(&format!("/api/chat/{}", case.id())).await;
        assert_eq!(state["length"], reader.offset().0);
        assert_eq!(state["check"], reader.check().to_string());
        assert_eq!(state["terminal"]["length"], reader.offset().0);
    }

    /// Answers whoever asks, for as long as it is polled.
    async fn model(&self) -> Infallible {
        let mut open = FuturesUnordered::new();
        loop {
            tokio::select! {
                connection = self.fake.next() => open.push(self.say(connection)),
                Some(()) = open.next() => {}
            }
        }
    }

    async fn say(&self, mut connection: Connection) {
        connection.read_request().await;
        let body: serde_json::Value = serde_json::from_slice(&connection.body).unwrap();
        let seed = body["messages"][0]["content"].as_str().unwrap().parse().unwrap();
        *self.asked.borrow_mut().entry(seed).or_default() += 1;
        let mut progress = self.progress.borrow()[&seed].subscribe();
        let case = Case::draw(seed);
        connection.begin(if seed % 2 == 0 { Framing::Chunked } else { Framing::Close }).await;
        let mut said = Offset::ZERO;
        for (kind, r) in &case.tokens {
            if connection.send(token(*kind, r)).await.is_err() {
                return;
            }
            said = said.plus(r.len());
            if case.lockstep {
                let _ = progress.wait_for(|had| *had >= said.0).await;
            }
            yield_now().await;
        }
        if case.finishes {
            let _ = connection
                .send("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
                .await;
        }
        connection.end().await;
    }
}

fn token(kind: PartKind, r: &str) -> String {
    let key = if kind == PartKind::Think { "reasoning_content" } else { "content" };
    format!("data: {}\n\n", json!({"choices": [{"delta": {key: r}}]}))
}
