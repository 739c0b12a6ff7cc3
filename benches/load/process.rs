//! A program under measurement: its port, its processor time, its memory.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// A running program, killed when it is dropped.
pub struct Process {
    child: Child,
    pub port: u16,
    /// What its requests carry.
    pub cookie: String,
    _dir: tempfile::TempDir,
}

impl Process {
    /// One of our own peers.
    pub async fn peer(arguments: &[&str]) -> Self {
        let load = std::env::current_exe().expect("our own path");
        Self::start(Command::new(load).arg("peer").args(arguments), "").await
    }

    /// The article's server.
    pub async fn node() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("node-server.mjs");
        Self::start(Command::new("node").arg(script), "").await
    }

    /// Sluice, in front of a model.
    pub async fn sluice(program: &Path, base_url: &str) -> Self {
        let settings = format!(
            "[server]\ndemo = false\n[[providers]]\nname = \"model\"\nbase_url = \"{base_url}\"\nmodels = [\"m\"]\n"
        );
        let mut command = Command::new(program);
        command.args(["--addr", "127.0.0.1:0", "--data", ":memory:"]).env("RUST_LOG", "error");
        let mut sluice = Self::start(&mut command, &settings).await;
        let mut page = sluice.send("GET", "/lab", "").await;
        let mut head = vec![0; 4096];
        let read = page.read(&mut head).await.expect("a page");
        let head = String::from_utf8_lossy(&head[..read]).into_owned();
        let cookie = head.split("set-cookie: ").nth(1).and_then(|rest| rest.split(';').next());
        sluice.cookie = cookie.expect("the page makes us somebody").to_owned();
        sluice
    }

    async fn start(command: &mut Command, settings: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("Leptos.toml"), settings).expect("a settings file");
        command.current_dir(dir.path()).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the program starts; scripts/bench-load builds it");
        let mut line = String::new();
        let stdout = child.stdout.as_mut().expect("its output");
        BufReader::new(stdout).read_line(&mut line).await.expect("a line");
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok());
        Self { child, port: port.expect("it says where it listens"), cookie: String::new(), _dir: dir }
    }

    /// Sends a request on a connection of its own.
    pub async fn send(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut tcp = TcpStream::connect(("127.0.0.1", self.port)).await.expect("a connection");
        tcp.set_nodelay(true).expect("an option");
        let (cookie, length) = (&self.cookie, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncookie: {cookie}\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        tcp.write_all(request.as_bytes()).await.expect("it reads");
        tcp
    }

    /// Processor time so far, of all its threads. The system counts in hundredths of a second.
    pub fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).expect("it runs");
        let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks: u64 = [11, 12].iter().map(|&at: &usize| fields[at].parse::<u64>().unwrap_or(0)).sum();
        Duration::from_millis(ticks * 10)
    }

    /// Resident memory, in KB.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.split_whitespace().next().and_then(|kb| kb.parse().ok()).unwrap_or(0)
    }

    fn pid(&self) -> u32 {
        self.child.id().expect("it runs")
    }
}
