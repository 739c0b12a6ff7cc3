//! nginx and Caddy between a reader and the server, as the README says to set them up: a model that says
//! nothing for minutes is waited for, and what it says then is not held back.

use std::process::{Child, Command, Stdio};

use serde_json::json;
use tempfile::TempDir;

use super::{Stream, TestServer};
use crate::server::provider::fake::{Fake, Framing, soon};

/// What the repository recommends.
const NGINX: &str = include_str!("../../../deploy/nginx.conf");
const CADDY: &str = include_str!("../../../deploy/Caddyfile");

/// nginx's own 60 s, divided by 30: as the heartbeat of 15 s is, with half a second.
const SHORTENED: &str = "proxy_read_timeout 2s; proxy_send_timeout 2s;";

/// A running proxy, on a socket in its own folder.
struct Proxy {
    child: Child,
    dir: TempDir,
}

impl Proxy {
    async fn nginx(server: &TestServer) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path().display();
        let site = NGINX
            .replace("listen 80;", &format!("listen unix:{at}/socket;"))
            .replace("http://127.0.0.1:3000", &server.url(""));
        // What a distribution's own nginx.conf has around a site, with everything in the one folder.
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|what| format!("{what}_temp_path {at}/{what};\n"))
            .concat();
        let config = format!(
            "daemon off; master_process off; pid {at}/pid; error_log stderr;\nevents {{}}\n\
             http {{ access_log off; {SHORTENED}\n{temporary}\n{site} }}\n"
        );
        Self::start("nginx", "nginx-light", &["-p", ".", "-c", "config"], dir, &config).await
    }

    async fn caddy(server: &TestServer) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path().display();
        // Without a certificate, which nobody would give us here.
        let site = format!("http://chat.example.org {{\n\tbind unix/{at}/socket");
        let site = CADDY.replace("chat.example.org {", &site);
        let site = site.replace("127.0.0.1:3000", &server.addr.to_string());
        let config = format!("{{\n\tadmin off\n\tauto_https off\n}}\n{site}");
        let arguments = ["run", "--config", "config", "--adapter", "caddyfile"];
        Self::start("caddy", "caddy", &arguments, dir, &config).await
    }

    async fn start(program: &str, package: &str, arguments: &[&str], dir: TempDir, config: &str) -> Self {
        std::fs::write(dir.path().join("config"), config).unwrap();
        // Debian keeps nginx where only root looks.
        let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/usr/local/sbin";
        let mut command = Command::new(program);
        command.env("PATH", path).env("HOME", dir.path()).env_remove("XDG_DATA_HOME");
        command.env_remove("XDG_CONFIG_HOME").current_dir(dir.path()).args(arguments);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let Ok(child) = child else {
            panic!(
                "{program} is needed for this test: install it (Debian: {package}), or let `scripts/setup test` do it"
            )
        };
        let mut proxy = Self { child, dir };
        soon(proxy.listens()).await;
        proxy
    }

    async fn listens(&mut self) {
        while tokio::net::UnixStream::connect(self.dir.path().join("socket")).await.is_err() {
            let ended = self.child.try_wait().unwrap();
            assert_eq!(ended, None, "it did not take its configuration");
            tokio::task::yield_now().await;
        }
    }

    /// Starts an answer through it.
    async fn ask(&self, cookie: &str) -> Stream {
        let http = reqwest::Client::builder().unix_socket(self.dir.path().join("socket")).build().unwrap();
        let body = json!({"message": {"parts": [{"t": "text", "r": "hi"}]}});
        let request = http.post("http://chat.example.org/api/chat").header("cookie", cookie);
        let request = request.header("origin", "http://chat.example.org").json(&body);
        Stream::new(request.send().await.unwrap())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn server(fake: &Fake, heartbeat: f64) -> TestServer {
    let base_url = fake.base_url();
    TestServer::with(&format!(
        "[server]\ndemo = false\nheartbeat_seconds = {heartbeat}\n\
         [[providers]]\nname = \"fake\"\nbase_url = \"{base_url}\"\nmodels = [\"m\"]\n"
    ))
    .await
}

/// Reads so many comments, and nothing else that would be content.
async fn beats(stream: &mut Stream, mut beats: usize) {
    while beats > 0 {
        let chunk = stream.response.chunk().await.unwrap().expect("the stream was cut");
        beats = beats.saturating_sub(memchr::memmem::find_iter(&chunk, b": \n\n").count());
    }
}

fn token(text: &str) -> String {
    format!("data: {}\n\n", json!({"choices": [{"delta": {"content": text}}]}))
}

/// A silence of so many heartbeats before the model says anything, then one token, which must be here
/// before the model says more, then silence again, and the end.
async fn survives(proxy: &Proxy, fake: &Fake, server: &TestServer, silence: usize) {
    let (mut stream, mut model) = tokio::join!(proxy.ask(&server.cookie), fake.accept());
    soon(beats(&mut stream, silence)).await;
    model.begin(Framing::Chunked).await;
    for (length, text) in [(1, "a"), (2, "b")] {
        model.send(token(text)).await.unwrap();
        soon(stream.until(length)).await;
        assert_eq!(stream.answer.offset().0, length, "the stream was cut");
    }
    soon(beats(&mut stream, 8)).await;
    model.send(format!("{}data: [DONE]\n\n", token("c"))).await.unwrap();
    model.end().await;
    assert_eq!(soon(stream.text()).await, "abc");
    assert!(fake.is_alone(), "the proxy asked twice");
}

/// Five minutes are 20 heartbeats of 15 s, here as there.
#[tokio::test]
async fn through_nginx_five_minutes_of_silence_are_survived_and_no_token_is_held_back() {
    let fake = Fake::start().await;
    let server = server(&fake, 0.5).await;
    let nginx = Proxy::nginx(&server).await;
    survives(&nginx, &fake, &server, 20).await;
}

#[tokio::test]
async fn without_heartbeats_nginx_gives_a_silent_stream_up() {
    let fake = Fake::start().await;
    let server = server(&fake, 30.0).await;
    let nginx = Proxy::nginx(&server).await;
    let (mut stream, _model) = tokio::join!(nginx.ask(&server.cookie), fake.accept());
    soon(async { while stream.apply().await.is_some() {} }).await;
    assert_eq!(stream.answer.terminal(), None, "it is cut, and so it is not the end");
}

/// Caddy has no limit for silence, so there is nothing to be in proportion with.
#[tokio::test]
async fn through_caddy_no_token_is_held_back() {
    let fake = Fake::start().await;
    let server = server(&fake, 0.1).await;
    let caddy = Proxy::caddy(&server).await;
    survives(&caddy, &fake, &server, 20).await;
}
