//! `kill -9` at random moments, under several running answers: what was saved is there, an answer that
//! was running ends once and truthfully, and nothing of earlier answers changes.
//!
//! The moments are drawn from the seeds 1 to 4, or from the one in `SLUICE_SEED`. With `--nocapture` it
//! says how much of the answers was lost, in milliseconds of their streams.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use sluice::sse::Decoder;
use sluice::wire::{Answer, Applied, Check, ErrorKind, Outcome, Verdict};

/// Servers that are killed side by side, and how often each is.
const SERVERS: u64 = 4;
const KILLS: usize = 50;
/// Answers that run when a server is killed.
const ANSWERS: usize = 4;

struct Server {
    child: Child,
    addr: String,
    cookie: String,
}

impl Server {
    fn start(data: &Path, cookie: Option<String>) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sluice"))
            .args(["--addr", "127.0.0.1:0", "--data"])
            .arg(data)
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let addr = line.trim().rsplit("http://").next().unwrap().to_owned();
        let mut server = Self { child, addr, cookie: String::new() };
        server.cookie = cookie.unwrap_or_else(|| {
            let mut page = String::new();
            server.send("GET", "/lab", "").read_to_string(&mut page).unwrap();
            let cookie = page.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
            cookie.split(';').next().unwrap().to_owned()
        });
        server
    }

    /// HTTP/1.0, so that the body is what comes until the connection closes.
    fn send(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut tcp = TcpStream::connect(&self.addr).unwrap();
        let (addr, cookie, length) = (&self.addr, &self.cookie, body.len());
        write!(
            tcp,
            "{method} {path} HTTP/1.0\r\nHost: {addr}\r\nOrigin: http://{addr}\r\nCookie: {cookie}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        tcp
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What a reader has seen of an answer when the server dies.
struct Seen {
    id: String,
    /// What the model would say for ever.
    says: String,
    answer: Answer,
    /// When each event came, and how far the reader was then.
    times: Vec<(Instant, u64)>,
}

/// Reads until the server dies, and says when the first content is there.
fn follow(tcp: TcpStream, mut seen: Seen, begun: &mpsc::Sender<()>) -> Seen {
    let mut decoder = Decoder::new(1 << 20);
    let mut reader = BufReader::new(tcp);
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
        line.clear();
    }
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = reader.read(&mut buffer) {
        let Seen { answer, times, .. } = &mut seen;
        decoder
            .feed(&buffer[..length], |frame| {
                let applied = answer.apply_frame(frame.id, &frame.data).unwrap();
                assert!(matches!(applied, Applied::Appended | Applied::Status), "{applied:?}");
                times.push((Instant::now(), answer.offset().0));
            })
            .unwrap();
        if answer.offset().0 > 0 {
            let _ = begun.send(());
        }
    }
    seen
}

/// Attaches again with what the reader has: it must be told the truth.
fn resume(server: &Server, seen: &mut Seen) -> ErrorKind {
    let path = format!("/api/chat/{}/events?after={}", seen.id, seen.answer.offset());
    let mut response = Vec::new();
    server.send("GET", &path, "").read_to_end(&mut response).unwrap();
    let body = response.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let mut last = None;
    Decoder::new(1 << 24)
        .feed(&response[body..], |frame| last = Some(seen.answer.apply_frame(frame.id, &frame.data).unwrap()))
        .unwrap();
    let head = String::from_utf8_lossy(&response[..body]);
    assert_eq!(last, Some(Applied::Ended(Verdict::Whole)), "{head}");
    let text = seen.answer.text();
    assert!(seen.says.repeat(text.len() / seen.says.len() + 1).starts_with(&text), "only what was said");
    match seen.answer.terminal().unwrap().outcome {
        Outcome::Error { kind, .. } => kind,
        ref other => panic!("{other:?}"),
    }
}

/// How long before the kill the reader had what is left.
fn lost(seen: &Seen, killed: Instant) -> Duration {
    let kept = seen.answer.offset().0;
    let beyond = seen.times.iter().find(|(_, offset)| *offset > kept);
    beyond.map_or(Duration::ZERO, |(at, _)| killed.saturating_duration_since(*at))
}

fn start(server: &Server, rng: &mut fastrand::Rng, begun: &mpsc::Sender<()>) -> thread::JoinHandle<Seen> {
    let uuid = format!("{:08x}-0000-4000-8000-{:012x}", rng.u32(..), rng.u64(..1 << 48));
    let says = format!("water €{} ", rng.u32(..));
    let body = format!(
        r#"{{"id":"{uuid}","model":"demo/echo","message":{{"parts":[{{"t":"text","r":"{says}"}}]}},
            "options":{{"pace_ms":{},"pieces":[1,{}],"length":10000000}}}}"#,
        rng.u32(1..8),
        rng.u32(1..40)
    );
    let tcp = server.send("POST", "/api/chat", &body);
    let seen = Seen { id: uuid, says, answer: Answer::default(), times: Vec::new() };
    let begun = begun.clone();
    thread::spawn(move || follow(tcp, seen, &begun))
}

/// Kills one server again and again; returns what each answer lost.
fn kill_again_and_again(seed: u64) -> Vec<Duration> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let data = tempfile::tempdir().unwrap();
    let mut server = Server::start(data.path(), None);
    let cookie = server.cookie.clone();
    let mut earlier: Vec<(String, Check)> = Vec::new();
    let mut losses = Vec::new();
    for _ in 0..KILLS {
        let (begun, first) = mpsc::channel();
        let readers: Vec<_> = (0..ANSWERS).map(|_| start(&server, &mut rng, &begun)).collect();
        // Something runs; then a random moment, which is what the test is about.
        first.recv().unwrap();
        thread::sleep(Duration::from_micros(rng.u64(..700_000)));
        server.kill();
        let killed = Instant::now();
        let seen: Vec<Seen> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
        server = Server::start(data.path(), Some(cookie.clone()));
        for mut seen in seen.into_iter().filter(|seen| !seen.times.is_empty()) {
            assert_eq!(resume(&server, &mut seen), ErrorKind::Interrupted);
            losses.push(lost(&seen, killed));
            earlier.push((seen.id, seen.answer.check()));
        }
    }
    for (id, check) in earlier {
        let mut state = String::new();
        server.send("GET", &format!("/api/chat/{id}"), "").read_to_string(&mut state).unwrap();
        assert!(state.contains(&format!("\"check\":\"{check}\"")), "{id} is what it was: {state}");
        assert_eq!(state.matches("interrupted").count(), 1, "one end");
    }
    server.kill();
    losses
}

#[test]
fn kill_dash_nine_loses_nothing_that_was_saved() {
    let seed = std::env::var("SLUICE_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds: Vec<u64> = match seed {
        Some(seed) => vec![seed],
        None => (1..=SERVERS).collect(),
    };
    let runs: Vec<_> =
        seeds.into_iter().map(|seed| (seed, thread::spawn(move || kill_again_and_again(seed)))).collect();
    let mut losses = Vec::new();
    for (seed, run) in runs {
        losses.extend(run.join().unwrap_or_else(|_| panic!("again with SLUICE_SEED={seed}")));
    }
    losses.sort_unstable();
    let at = |part: usize| losses[(losses.len() - 1) * part / 100].as_millis();
    println!(
        "{} answers killed; lost p50 {} ms, p99 {} ms, most {} ms",
        losses.len(),
        at(50),
        at(99),
        at(100)
    );
}
