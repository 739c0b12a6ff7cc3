//! A client as section 9 of the protocol has it, that looks closely at what it is sent.

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::yield_now;

use super::relay::Relay;
use crate::sse::Decoder;
use crate::wire::{Answer, Applied, Event, Offset, Position, Verdict};

/// A reader behind a relay.
pub(super) struct Reader<'a> {
    pub(super) http: &'a reqwest::Client,
    pub(super) cookie: &'a str,
    pub(super) relay: &'a Relay,
    pub(super) id: &'a str,
    /// Told how much there is on the screen.
    pub(super) progress: &'a watch::Sender<u64>,
    answer: Answer,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        http: &'a reqwest::Client,
        cookie: &'a str,
        relay: &'a Relay,
        id: &'a str,
        progress: &'a watch::Sender<u64>,
    ) -> Self {
        Self { http, cookie, relay, id, progress, answer: Answer::default() }
    }

    /// Sends the message, however often a person has to press the button for that, and reads its answer.
    pub(super) async fn ask(mut self, body: &Value) -> Answer {
        loop {
            if let Some(response) = self.post(body).await {
                if response.status() != 200 {
                    panic!("neither a start nor the same again: {:?}", response.text().await);
                }
                self.read(response).await;
                break;
            }
            if self.has_arrived().await {
                break;
            }
        }
        self.follow().await
    }

    /// Reads an answer from where this reader is to its end.
    pub(super) async fn follow(mut self) -> Answer {
        while self.answer.terminal().is_none() {
            if let Some(response) = self.attach().await {
                self.read(response).await;
            }
        }
        self.answer
    }

    /// `None` where there was no response; the request may have arrived or not.
    async fn post(&mut self, body: &Value) -> Option<reqwest::Response> {
        let request = self.http.post(format!("{}/api/chat", self.relay.url())).json(body);
        self.send(request).await
    }

    /// A second reader may be here before the start, and looks again.
    async fn attach(&mut self) -> Option<reqwest::Response> {
        let url = format!("{}/api/chat/{}/events", self.relay.url(), self.id);
        let mine = self.answer.offset();
        let response = self.send(self.http.get(url).header("last-event-id", mine.0)).await?;
        let status = response.status().as_u16();
        assert!(status == 200 || status == 404 && mine == Offset::ZERO, "{status} at {mine}");
        if status == 404 {
            yield_now().await;
        }
        (status == 200).then_some(response)
    }

    /// Asks as often as the protocol says, without its pauses: whoever asks too early finds that the
    /// message was not sent, and sends the same once more.
    async fn has_arrived(&self) -> bool {
        for _ in 0..4 {
            let url = format!("{}/api/chat/{}", self.relay.url(), self.id);
            if let Some(response) = self.send(self.http.get(url)).await {
                match response.status().as_u16() {
                    200 => return true,
                    404 => {}
                    _ => panic!("{:?}", response.text().await),
                }
            }
        }
        false
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Option<reqwest::Response> {
        let sent = request.header("cookie", self.cookie).header("origin", self.relay.url()).send();
        tokio::select! {
            response = sent => response.ok(),
            () = self.relay.stalled.notified() => None,
        }
    }

    /// Reads until the stream ends, breaks or stalls, at a terminal or not.
    async fn read(&mut self, mut response: reqwest::Response) {
        let mut decoder = Decoder::new(64 << 20);
        loop {
            let chunk = tokio::select! {
                chunk = response.chunk() => chunk.ok().flatten(),
                () = self.relay.stalled.notified() => None,
            };
            let Some(chunk) = chunk else { return };
            assert!(!chunk.starts_with(b": \n\n"), "30 s without an event: somebody was not woken");
            decoder.feed(&chunk, |frame| self.take(frame.id, &frame.data)).unwrap();
            self.progress.send_replace(self.answer.offset().0);
        }
    }

    /// Takes an event, which must be the very next one that this reader lacks: content begins where
    /// its own ends, and nothing follows a terminal.
    fn take(&mut self, id: &str, data: &str) {
        let event = Event::from_json(data).unwrap();
        let mine = self.answer.offset();
        let position: Position = id.parse().unwrap();
        if let (Position::At(end), Some(width @ 1..)) = (position, event.width()) {
            assert_eq!(mine.plus(width), end, "a gap or a double at {mine}: {data}");
        }
        let applied = self.answer.apply(position, event);
        let fine = [Applied::Appended, Applied::Status, Applied::Ended(Verdict::Whole)];
        assert!(fine.contains(&applied), "{applied:?} at {mine}: {id} {data}");
    }
}
