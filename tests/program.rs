//! The program as a whole, from an empty folder: what it prints, how it stops, its exit codes.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// The program, run where nothing of ours lies around.
fn sluice(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sluice"));
    command
        .current_dir(dir)
        .env_clear()
        .env("SLUICE_DATA", ":memory:")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A running server, killed when the test is done with it.
struct Running {
    child: Child,
    addr: String,
    /// Who the test is.
    cookie: String,
}

impl Running {
    fn start(dir: &Path) -> Self {
        Self::keeping(dir, Path::new(":memory:"))
    }

    /// One that keeps its data there.
    fn keeping(dir: &Path, data: &Path) -> Self {
        let mut child = sluice(dir).env("SLUICE_DATA", data).args(["--addr", "127.0.0.1:0"]).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let addr = line.trim().rsplit("http://").next().unwrap().to_owned();
        assert!(line.contains("open http://127.0.0.1:"), "{line}");
        let mut server = Self { child, addr, cookie: String::new() };
        let page = server.get("/lab");
        let cookie = page.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        server.cookie = cookie.split(';').next().unwrap().to_owned();
        server
    }

    /// Sends a request and leaves the connection open.
    fn send(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut tcp = TcpStream::connect(&self.addr).unwrap();
        let (length, cookie) = (body.len(), &self.cookie);
        write!(
            tcp,
            "{method} {path} HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nCookie: {cookie}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        tcp
    }

    fn get(&self, path: &str) -> String {
        let mut response = String::new();
        self.send("GET", path, "").read_to_string(&mut response).unwrap();
        response
    }

    fn send_form(&self, path: &str, form: &str) -> String {
        let mut tcp = TcpStream::connect(&self.addr).unwrap();
        let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nConnection: close\r\n");
        write!(tcp, "{head}Content-Length: {}\r\n\r\n{form}", form.len()).unwrap();
        let mut response = String::new();
        tcp.read_to_string(&mut response).unwrap();
        response
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn message(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    assert_eq!(text.lines().count(), 1, "one sentence: {text}");
    assert_eq!(output.status.code(), Some(2), "{text}");
    text
}

#[test]
fn it_serves_from_an_empty_folder_and_stops_when_told() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Running::start(dir.path());
    assert!(server.get("/livez").ends_with("ok\n"));
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
    server.signal("-TERM");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "it leaves nothing behind");
}

#[test]
fn a_stream_that_is_open_gets_its_last_words() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Running::start(dir.path());
    let body = r#"{"message":{"parts":[{"t":"text","r":"hello"}]},"model":"demo/echo","options":{"stall_after":3,"pace_ms":0}}"#;
    let mut stream = BufReader::new(server.send("POST", "/api/chat", body));
    let mut seen = String::new();
    while !seen.contains("hel") {
        assert_ne!(stream.read_line(&mut seen).unwrap(), 0, "{seen}");
    }
    server.signal("-INT");
    stream.read_to_string(&mut seen).unwrap();
    assert!(seen.contains(r#""kind":"interrupted""#), "{seen}");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Running::start(dir.path());
    // A reader that never reads would be waited for.
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let body = r#"{"id":"ID","message":{"parts":[{"t":"text","r":"x"}]},"model":"demo/echo",
        "options":{"length":15000000,"pace_ms":0,"pieces":[9000,9000]}}"#;
    let _unread = server.send("POST", "/api/chat", &body.replace("ID", id));
    // Far more than the sockets hold has been generated when the answer has ended.
    while !server.get(&format!("/api/chat/{id}/events?after=15000000")).contains(r#""t":"end""#) {}
    server.signal("-TERM");
    while !server.get("/readyz").contains("503") {}
    server.signal("-TERM");
    assert_eq!(server.child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_port_that_is_taken_is_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::start(dir.path());
    let output = sluice(dir.path()).args(["serve", "--addr", &server.addr]).output().unwrap();
    let message = message(&output);
    assert!(message.contains(&server.addr) && message.contains("--addr"), "{message}");
}

#[test]
fn data_that_can_not_be_used_is_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let refused = |data: &Path| message(&sluice(dir.path()).arg("--data").arg(data).output().unwrap());
    let server = Running::keeping(dir.path(), &data);
    let taken = refused(&data);
    assert!(taken.contains("another Sluice") && taken.contains("--data"), "{taken}");
    assert!(server.get("/readyz").ends_with("ok\n"), "the first one goes on");
    drop(server);
    std::fs::write(dir.path().join("a file"), "").unwrap();
    let no_folder = refused(&dir.path().join("a file"));
    assert!(no_folder.contains("a file") && no_folder.contains("--data"), "{no_folder}");
    let other = dir.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("sluice.db"), "not a database ".repeat(999)).unwrap();
    let no_database = refused(&other);
    assert!(no_database.contains("sluice.db"), "{no_database}");
}

#[test]
fn the_place_of_the_data_is_printed_and_is_the_systems_own_by_default() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = sluice(dir.path())
        .env_remove("SLUICE_DATA")
        .env("XDG_DATA_HOME", dir.path())
        .args(["--addr", "127.0.0.1:0"])
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines().take(2);
    let said: Vec<String> = lines.map(Result::unwrap).collect();
    let data = dir.path().join("sluice");
    assert!(said[1].ends_with(&data.display().to_string()), "{said:?}");
    assert!(data.join("sluice.db").exists());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn settings_that_can_not_be_used_are_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let refused = |args: &[&str]| message(&sluice(dir.path()).args(args).output().unwrap());
    assert!(refused(&["--config", "nowhere.toml"]).contains("nowhere.toml"));
    assert!(refused(&["--openai", "localhost:11434"]).contains("--openai"));
    assert!(refused(&["--public-url", "chat.example.org"]).contains("--public-url"));
    std::fs::write(dir.path().join("Leptos.toml"), "[server]\nadr = \"127.0.0.1:1\"\n").unwrap();
    let message = refused(&[]);
    assert!(
        message.contains("Leptos.toml") && message.contains("line 2") && message.contains("`adr`"),
        "{message}"
    );
}

/// Runs a command to its end, with something to read.
fn run(dir: &Path, args: &[&str], input: &str) -> Output {
    let mut child = sluice(dir).env("SLUICE_DATA", dir).args(args).stdin(Stdio::piped()).spawn().unwrap();
    // Whoever refuses before reading closes it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// What a command that does its work prints.
fn done(dir: &Path, args: &[&str], input: &str) -> String {
    let output = run(dir, args, input);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn people_and_tokens_come_and_go_while_the_server_runs() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::keeping(dir.path(), dir.path());
    let asks = |token: &str| {
        let mut tcp = TcpStream::connect(&server.addr).unwrap();
        let head = "GET /api/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        write!(tcp, "{head}Authorization: Bearer {}\r\n\r\n", token.trim()).unwrap();
        let mut response = String::new();
        tcp.read_to_string(&mut response).unwrap();
        response.split(' ').nth(1).unwrap().to_owned()
    };
    assert!(server.get("/api/models").starts_with("HTTP/1.1 200"));
    let said = done(dir.path(), &["user", "add", "anna"], "correct horse\n");
    assert!(said.contains("nobody can use this server without"), "{said}");
    assert!(server.get("/api/models").starts_with("HTTP/1.1 401"), "what was anonymous is nobody");
    done(dir.path(), &["user", "add", "Ben 水"], "battery staple\r\n");
    assert_eq!(done(dir.path(), &["user", "list"], ""), "Ben 水\nanna\n");

    let first = done(dir.path(), &["token", "add", "anna"], "");
    let second = done(dir.path(), &["token", "add", "anna"], "");
    assert_eq!((asks(&first), asks(&second)), ("200".to_owned(), "200".to_owned()));
    let said = done(dir.path(), &["token", "end", "anna"], "");
    assert_eq!(said, "2 tokens of anna are worthless now.\n");
    assert_eq!((asks(&first), asks(&second)), ("401".to_owned(), "401".to_owned()));

    let signs_in = |password: &str| {
        let form = format!("name=anna&password={password}");
        server.send_form("/login", &form).split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(signs_in("correct+horse"), "303");
    done(dir.path(), &["user", "password", "anna"], "another horse\n");
    assert_eq!((signs_in("correct+horse"), signs_in("another+horse")), ("401".to_owned(), "303".to_owned()));

    done(dir.path(), &["user", "remove", "anna", "--yes"], "");
    assert_eq!(signs_in("another+horse"), "401");
    let said = done(dir.path(), &["user", "remove", "Ben 水", "--yes"], "");
    assert!(said.contains("nobody left"), "{said}");
    assert!(server.get("/api/models").starts_with("HTTP/1.1 200"));
}

#[test]
fn people_that_can_not_be_are_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let refused = |args: &[&str], input: &str| message(&run(dir.path(), args, input));
    done(dir.path(), &["user", "add", "anna"], "correct horse\n");
    assert!(refused(&["user", "add", "anna"], "correct horse\n").contains("taken"));
    assert!(refused(&["user", "add", "ben"], "1234567\n").contains("8 characters"));
    assert!(refused(&["user", "add", "ben"], "").contains("8 characters"));
    assert!(refused(&["user", "add", ""], "correct horse\n").contains("empty"));
    assert!(refused(&["user", "add", &"a".repeat(65)], "correct horse\n").contains("64 characters"));
    assert!(refused(&["user", "add", "a\tb"], "correct horse\n").contains("control characters"));
    for command in [["user", "password"], ["user", "remove"], ["token", "add"], ["token", "end"]] {
        let said = refused(&[command[0], command[1], "ben"], "correct horse\n");
        assert!(said.contains("`ben`") && said.contains("sluice user list"), "{said}");
    }
    assert!(refused(&["user", "remove", "anna"], "").contains("--yes"));
    assert!(refused(&["user", "list", "--data", ":memory:"], "").contains("--data"));
    assert_eq!(done(dir.path(), &["user", "list"], ""), "anna\n");
}

#[test]
fn help_and_version_go_to_standard_output() {
    let dir = tempfile::tempdir().unwrap();
    let version = sluice(dir.path()).arg("--version").output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&version.stdout).trim(),
        format!("sluice {}", env!("CARGO_PKG_VERSION"))
    );
    let help = sluice(dir.path()).arg("--help").output().unwrap();
    for word in
        ["--addr", "--config", "--openai", "--public-url", "--data", "decode", "serve", "user", "token"]
    {
        assert!(String::from_utf8_lossy(&help.stdout).contains(word), "{word}");
    }
}
