//! What readers that do not read cost the program: its own memory, as the system counts it.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

const LENGTH: usize = 12 * 1024 * 1024;
const READERS: usize = 50;
/// What one of them may cost, in bytes.
const MOST: usize = 2 * 1024 * 1024;

/// A running server, killed when the test is done with it.
struct Running {
    child: Child,
    addr: String,
    cookie: String,
    _dir: tempfile::TempDir,
}

impl Running {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_sluice"));
        command.current_dir(dir.path()).env_clear().args(["--addr", "127.0.0.1:0", "--data", "data"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let addr = line.trim().rsplit("http://").next().unwrap().to_owned();
        let mut server = Self { child, addr, cookie: String::new(), _dir: dir };
        let page = server.request("GET", "/lab", "");
        let cookie = page.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        server.cookie = cookie.split(';').next().unwrap().to_owned();
        server
    }

    /// Sends a request, and reads nothing yet.
    fn send(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut tcp = TcpStream::connect(&self.addr).unwrap();
        let (length, cookie) = (body.len(), &self.cookie);
        let kind = "Content-Type: application/json\r\nConnection: close";
        write!(
            tcp,
            "{method} {path} HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nCookie: {cookie}\r\n{kind}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        tcp
    }

    fn request(&self, method: &str, path: &str, body: &str) -> String {
        let mut response = String::new();
        self.send(method, path, body).read_to_string(&mut response).unwrap();
        response
    }

    /// Starts an answer of `LENGTH` bytes, and reads all of it.
    fn answer(&self, id: &str, options: &str) {
        let body = format!(
            r#"{{"id":"{id}","model":"demo/echo","message":{{"parts":[{{"t":"text","r":"0123456789"}}]}},
               "options":{{"pace_ms":0,"pieces":[4000,4000],"length":{LENGTH}{options}}}}}"#
        );
        let mut stream = BufReader::new(self.send("POST", "/api/chat", &body));
        read_content(&mut stream);
    }

    /// Anonymous memory that is resident, in bytes.
    fn memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() * 1024
    }

    /// The most that it takes while a reader that does read takes everything.
    fn memory_while_read(&self, ids: &[&str]) -> usize {
        let mut most = 0;
        for id in ids {
            let mut stream = BufReader::new(self.send("GET", &format!("/api/chat/{id}/events"), ""));
            read_content(&mut stream);
            most = most.max(self.memory());
        }
        most
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads until the event whose id is the whole length.
fn read_content(stream: &mut impl BufRead) {
    let last = format!("id: {LENGTH}");
    assert!(stream.lines().map_while(Result::ok).any(|line| line == last), "it was cut");
}

#[test]
fn a_reader_that_never_reads_costs_at_most_two_megabytes() {
    let server = Running::start();
    let (running, ended) = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002");
    server.answer(running, &format!(r#","stall_after":{LENGTH}"#));
    server.answer(ended, "");
    let before = server.memory_while_read(&[running, ended, running, ended]);
    let stalled: Vec<_> = [running, ended]
        .iter()
        .cycle()
        .take(READERS)
        .map(|id| server.send("GET", &format!("/api/chat/{id}/events"), ""))
        .collect();
    // Each has been sent something, and then the others, who read, were served from end to end.
    for reader in &stalled {
        assert_eq!(reader.peek(&mut [0]).unwrap(), 1);
    }
    let after = server.memory_while_read(&[running, ended, running, ended]);
    let each = after.saturating_sub(before) / READERS;
    println!("{} KiB for each reader that does not read", each / 1024);
    assert!(each <= MOST, "{each} bytes each");
    // When the answer has ended, those who are in the middle of it do not hold it.
    server.request("POST", &format!("/api/chat/{running}/cancel"), "");
    let ended_memory = server.memory_while_read(&[ended]);
    assert!(ended_memory <= after + MOST, "{ended_memory} bytes after the end, {after} before");
    drop(stalled);
}
