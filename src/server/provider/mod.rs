//! Where answers come from: upstreams behind one trait.
//!
//! # Architecture Invariant
//!
//! Knows nothing of readers, offsets, the registry, the store, axum or Leptos. What a provider sends
//! is data: it leaves here as a [`Delta`] or as a [`ProviderError`], and never as a header, an event
//! name or a URL to fetch.

mod catalog;
pub mod demo;
pub mod openai;
pub mod stall;

#[cfg(test)]
pub(crate) mod fake;

pub use catalog::{Catalog, Named, Resolved};
pub use demo::Demo;
pub use openai::{OpenAi, Settings};
pub use stall::{Patience, watch};

use std::fmt;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::wire::{EndReason, ErrorKind, Image, Usage};

/// One upstream.
pub trait Provider: fmt::Debug + Send + Sync {
    /// Says before anything is started whether this could be asked at all.
    ///
    /// # Errors
    ///
    /// When the provider has no such model, or an option is unknown or of the wrong type. The message
    /// names it and is shown as a 400.
    fn check(&self, prompt: &Prompt) -> Result<(), BadPrompt>;

    /// Asks the model. Dropping the stream closes the connection to the upstream at once, also
    /// while it is silent, and also before its response has begun.
    ///
    /// An `Err` is the last item. A stream that ends with neither an `Err` nor a [`Delta::Finish`] or
    /// [`Delta::Done`] was cut.
    fn stream(&self, prompt: Prompt) -> Deltas;

    /// Which models there are now.
    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>, ProviderError>>;
}

/// What a model says, as it comes. One item is what one read from the upstream brought; an empty one
/// is a sign of life (a comment, the response's head) that only resets the stall clock.
pub type Deltas = BoxStream<'static, Result<Vec<Delta>, ProviderError>>;

/// One thing that a provider sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delta {
    /// More reasoning.
    Think(String),
    /// More of the answer.
    Text(String),
    /// An image that has its URL already.
    Image(Image),
    /// An image's content, as the upstream sent it. What it is has not been looked at.
    Picture(Bytes),
    /// The model stopped. Usage may still follow.
    Finish(EndReason),
    /// What it cost.
    Usage(Usage),
    /// The provider says that this was all.
    Done,
}

/// What a model is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// The model's name as its provider knows it, without the provider's own.
    pub model: String,
    /// The branch, oldest first. Never empty; thinking and empty parts are left out.
    pub messages: Vec<Turn>,
    /// The options of the request.
    pub options: serde_json::Map<String, serde_json::Value>,
}

/// One message of a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Who said it.
    pub role: Role,
    /// What.
    pub text: String,
    /// What they show with it; only a person does.
    pub images: Vec<Picture>,
}

impl Turn {
    /// One without images.
    pub fn new(role: Role, text: String) -> Self {
        Self { role, text, images: Vec::new() }
    }
}

/// An image's content.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its type, as in `Content-Type`.
    pub mime: &'static str,
    /// Its bytes.
    pub bytes: Bytes,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.mime, self.bytes.len())
    }
}

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// A model that a provider has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// As the provider knows it.
    pub name: String,
    /// As a person reads it.
    pub label: String,
}

/// Why a prompt can't be asked; a sentence for the person who sent it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadPrompt(pub String);

/// Why an answer failed; becomes its `error` terminal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ProviderError {
    /// What kind of failure.
    pub kind: ErrorKind,
    /// For a person. Never holds a key, or more than 2 KiB of what the upstream said.
    pub message: String,
    /// Seconds after which another try may help, where the upstream said so.
    pub retry_after: Option<u64>,
}
