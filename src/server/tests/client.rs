//! A server on a port of its own, and a reader of its streams.

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::http::HeaderMap;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::server::config::{Config, Overrides};
use crate::server::serve::Server;
use crate::sse::Decoder;
use crate::wire::{Answer, Applied, Event, Outcome, Terminal, Verdict};

/// A running server, stopped when it is dropped.
pub(crate) struct TestServer {
    pub(crate) addr: SocketAddr,
    pub(crate) http: reqwest::Client,
    /// What `http` is known by, for requests written by hand.
    pub(crate) cookie: String,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl TestServer {
    /// One with the built-in settings.
    pub(crate) async fn start() -> Self {
        Self::with("").await
    }

    /// One with the text of a settings file.
    pub(crate) async fn with(settings: &str) -> Self {
        Self::keeping(settings, ":memory:".into()).await
    }

    /// One that keeps its data in a folder.
    pub(crate) async fn keeping(settings: &str, data: PathBuf) -> Self {
        // For the client of these tests; whoever comes second is told that it is done.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("Leptos.toml");
        std::fs::write(&file, settings).unwrap();
        let addr = Some("127.0.0.1:0".parse().unwrap());
        let overrides = Overrides { addr, file: Some(file), data: Some(data), ..Overrides::default() };
        let config = Config::load(overrides).unwrap();
        let server = Server::bind(config).await.unwrap();
        let (addr, stop, tasks) = (server.addr().unwrap(), CancellationToken::new(), TaskTracker::new());
        tasks.spawn(server.run(stop.clone().cancelled_owned()));
        tasks.close();
        let (http, cookie) = visitor(addr).await;
        Self { addr, http, cookie, stop, tasks }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// Tells the server to stop, without waiting for it.
    pub(crate) fn tell_to_stop(&self) {
        self.stop.cancel();
    }

    /// Waits until it has stopped.
    pub(crate) async fn stopped(&self) {
        self.tasks.wait().await;
    }

    /// Starts an answer, whatever comes of it.
    pub(crate) async fn post(&self, body: &Value) -> reqwest::Response {
        self.http.post(self.url("/api/chat")).json(body).send().await.unwrap()
    }

    /// Starts an answer that must be accepted.
    pub(crate) async fn chat(&self, body: &Value) -> Stream {
        Stream::new(self.post(body).await)
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        self.http.get(self.url(path)).send().await.unwrap()
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        self.get(path).await.json().await.unwrap()
    }

    pub(crate) async fn cancel(&self, id: &str, body: &str) -> (u16, Value) {
        let url = self.url(&format!("/api/chat/{id}/cancel"));
        let response = self.http.post(url).body(body.to_owned()).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A client that has visited the page, and so is somebody; and the cookie that says who. As a program
/// must that has a cookie, it says where it comes from.
pub(crate) async fn visitor(addr: SocketAddr) -> (reqwest::Client, String) {
    let mut headers = HeaderMap::new();
    headers.insert("origin", format!("http://{addr}").parse().unwrap());
    let http = reqwest::Client::builder().cookie_store(true).default_headers(headers).build().unwrap();
    let response = http.get(format!("http://{addr}/lab")).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    (http, cookie)
}

/// A response that streams, read event by event.
pub(crate) struct Stream {
    pub(crate) response: reqwest::Response,
    decoder: Decoder,
    ready: std::collections::VecDeque<(String, String)>,
    pub(crate) answer: Answer,
    /// Every event's id and data, in order.
    pub(crate) seen: Vec<(String, String)>,
}

impl Stream {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            response,
            decoder: Decoder::new(64 << 20),
            ready: Default::default(),
            answer: Answer::default(),
            seen: Vec::new(),
        }
    }

    /// The answer's id, from the response's head.
    pub(crate) fn id(&self) -> String {
        self.response.headers()["location"].to_str().unwrap().strip_prefix("/api/chat/").unwrap().to_owned()
    }

    /// The next event's id and data; `None` at the end of the stream.
    pub(crate) async fn frame(&mut self) -> Option<(String, String)> {
        loop {
            if let Some(frame) = self.ready.pop_front() {
                self.seen.push(frame.clone());
                return Some(frame);
            }
            let chunk = self.response.chunk().await.ok().flatten()?;
            let ready = &mut self.ready;
            self.decoder
                .feed(&chunk, |frame| ready.push_back((frame.id.to_owned(), frame.data.into_owned())))
                .unwrap();
        }
    }

    /// Folds the next event in.
    pub(crate) async fn apply(&mut self) -> Option<Applied> {
        let (id, data) = self.frame().await?;
        Some(self.answer.apply_frame(&id, &data).unwrap())
    }

    /// Reads until there are so many bytes of content, or the end.
    pub(crate) async fn until(&mut self, bytes: u64) {
        while self.answer.offset().0 < bytes && self.apply().await.is_some() {}
    }

    /// Reads to the end of the stream, which must be a terminal that verifies.
    pub(crate) async fn end(&mut self) -> Terminal {
        let mut last = None;
        while let Some(applied) = self.apply().await {
            assert_ne!(applied, Applied::AfterTerminal, "nothing follows a terminal");
            last = Some(applied);
        }
        assert_eq!(last, Some(Applied::Ended(Verdict::Whole)), "{:?}", self.seen.last());
        self.answer.terminal().unwrap().clone()
    }

    /// Reads to the end, which must be an `end`; returns the text.
    pub(crate) async fn text(&mut self) -> String {
        let terminal = self.end().await;
        assert!(matches!(terminal.outcome, Outcome::End { .. }), "{terminal:?}");
        self.answer.text()
    }

    /// The types of the content events, without repetitions.
    pub(crate) fn kinds(&self) -> Vec<&'static str> {
        let mut kinds: Vec<_> = self
            .seen
            .iter()
            .filter_map(|(_, data)| match Event::from_json(data).unwrap() {
                Event::Think(_) => Some("think"),
                Event::Text(_) => Some("text"),
                Event::Image(_) => Some("image"),
                Event::Terminal(_) => Some("terminal"),
                Event::Status(_) | Event::Unknown => None,
            })
            .collect();
        kinds.dedup();
        kinds
    }
}

/// A body that says this to the default model.
pub(crate) fn says(text: &str) -> Value {
    json!({"message": {"parts": [{"t": "text", "r": text}]}, "options": {"pace_ms": 0}})
}

/// A body that is answered with the same text, at once and in large pieces unless `options` differ.
#[expect(clippy::needless_pass_by_value, reason = "callers make it on the spot")]
pub(crate) fn echo(text: &str, options: Value) -> Value {
    json!({"message": {"parts": [{"t": "text", "r": text}]}, "model": "demo/echo", "options": options})
}

/// Reads a whole event stream's frames.
pub(crate) async fn frames(response: reqwest::Response) -> Vec<String> {
    let mut decoder = Decoder::new(1 << 20);
    let mut frames = Vec::new();
    let mut body = response.bytes_stream();
    while let Some(Ok(chunk)) = body.next().await {
        decoder.feed(&chunk, |frame| frames.push(frame.data.into_owned())).unwrap();
    }
    frames
}
