//! Bytes of a chat completion's stream to deltas: pure, so that all of it can be tried without a
//! network.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::chunk::{Chunk, Finish, Words};
use super::surrogates::Joiner;
use super::tags::Tags;
use super::weave::Weave;
use super::{error, refusal};
use crate::server::provider::{Delta, ProviderError};
use crate::sse::{Decoder, Frame};
use crate::wire::{ErrorKind, PartKind};

/// One stream, as far as it has been read.
#[derive(Debug)]
pub(super) struct Reading {
    decoder: Decoder,
    folding: Folding,
}

/// How it stands with the stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// More may come.
    Open,
    /// The provider says that this was all.
    Done,
    /// Nothing more is worth reading.
    Failed(ProviderError),
}

impl Reading {
    /// At the beginning of a stream. `event_limit` caps one event, in bytes.
    pub(super) fn new(event_limit: usize) -> Self {
        Self { decoder: Decoder::new(event_limit), folding: Folding::default() }
    }

    /// What these bytes bring.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> (Vec<Delta>, Fate) {
        let folding = &mut self.folding;
        let fed = self.decoder.feed(bytes, |frame| folding.frame(&frame));
        if let (Err(too_large), None) = (fed, &folding.fate) {
            folding.fail(error(
                ErrorKind::TooLarge,
                format!("The provider sent one event of more than {} bytes.", too_large.limit),
            ));
        }
        (folding.weave.take(), folding.fate.take().unwrap_or(Fate::Open))
    }

    /// The stream is over: what was held back comes out. An event that is not complete is dropped.
    pub(super) fn close(&mut self) -> Vec<Delta> {
        self.folding.release();
        self.folding.weave.take()
    }

    /// Whether the provider has said why the model stopped.
    pub(super) fn has_finished(&self) -> bool {
        self.folding.finished
    }
}

#[derive(Debug, Default)]
struct Folding {
    think: Joiner,
    text: Joiner,
    tags: Tags,
    weave: Weave,
    finished: bool,
    /// Once there is one, nothing more is taken.
    fate: Option<Fate>,
}

impl Folding {
    /// Takes an event. Its type is looked at and goes no further.
    fn frame(&mut self, frame: &Frame<'_>) {
        if self.fate.is_some() {
            return;
        }
        let data = frame.data.trim();
        match frame.event.as_ref() {
            "message" if data == "[DONE]" => self.done(),
            // What is no object carries no text: keep-alives of all kinds.
            "message" if data.starts_with('{') => self.chunk(data),
            "error" => self.fail(error(ErrorKind::Provider, refusal::reported(data))),
            _ => {}
        }
    }

    fn chunk(&mut self, data: &str) {
        let Ok(chunk) = serde_json::from_str::<Chunk<'_>>(data) else {
            let message = "The provider sent an event that is no part of a chat completion.";
            return self.fail(error(ErrorKind::Provider, message.to_owned()));
        };
        if let Some(words) = chunk.words() {
            self.words(words);
        }
        for url in chunk.images() {
            self.image(&url);
        }
        match (chunk.error(), chunk.finish()) {
            (Some(json), _) => return self.fail(error(ErrorKind::Provider, refusal::reported(json))),
            (None, Some(Finish::Error)) => {
                let message = "The provider stopped with an error and did not say which.";
                return self.fail(error(ErrorKind::Provider, message.to_owned()));
            }
            (None, Some(Finish::Reason(reason))) if !self.finished => {
                self.release();
                self.weave.push(Delta::Finish(reason));
                self.finished = true;
            }
            (None, _) => {}
        }
        if let Some(usage) = chunk.usage() {
            self.weave.push(Delta::Usage(usage));
        }
    }

    fn words(&mut self, words: &Words<'_>) {
        if let Some(bytes) = words.reasoning() {
            self.release_text();
            let mut more = String::new();
            self.think.push(&bytes, &mut more);
            self.weave.think(&more);
        }
        if let Some(bytes) = words.content().filter(|bytes| !bytes.is_empty()) {
            self.release_think();
            let mut more = String::with_capacity(bytes.len());
            self.text.push(&bytes, &mut more);
            let weave = &mut self.weave;
            self.tags.push(&more, |kind, s| put(weave, kind, s));
        }
    }

    /// An image comes as its content. One that is an address somewhere else is not fetched: it is shown
    /// as the Markdown of a remote image, which names its host.
    fn image(&mut self, url: &[u8]) {
        self.release();
        let url = String::from_utf8_lossy(url);
        let content = url.strip_prefix("data:").and_then(|data| data.split_once(";base64,"));
        match content.map(|(_, base64)| STANDARD.decode(base64.trim())) {
            Some(Ok(bytes)) => self.weave.image(bytes.into()),
            Some(Err(_)) => {
                let message = "The provider sent an image that can't be decoded.";
                self.fail(error(ErrorKind::Provider, message.to_owned()));
            }
            None if url.starts_with("http") => self.weave.text(&format!("\n\n![]({url})\n\n")),
            None => {}
        }
    }

    fn done(&mut self) {
        self.release();
        self.weave.push(Delta::Done);
        self.fate = Some(Fate::Done);
    }

    fn fail(&mut self, error: ProviderError) {
        self.release();
        self.fate = Some(Fate::Failed(error));
    }

    /// Hands on everything that waited for something to come after it.
    fn release(&mut self) {
        self.release_think();
        self.release_text();
    }

    fn release_think(&mut self) {
        let mut rest = String::new();
        self.think.release(&mut rest);
        self.weave.think(&rest);
    }

    fn release_text(&mut self) {
        let mut rest = String::new();
        self.text.release(&mut rest);
        let weave = &mut self.weave;
        self.tags.push(&rest, |kind, s| put(weave, kind, s));
        self.tags.release(|kind, s| put(weave, kind, s));
    }
}

fn put(weave: &mut Weave, kind: PartKind, s: &str) {
    match kind {
        PartKind::Think => weave.think(s),
        PartKind::Text | PartKind::Image => weave.text(s),
    }
}
