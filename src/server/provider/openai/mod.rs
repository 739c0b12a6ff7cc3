//! Any OpenAI-compatible server: `POST {base_url}/chat/completions`, streamed. Ollama, llama.cpp,
//! vLLM, LM Studio, OpenRouter, OpenAI and many more speak it, each a little differently; what they
//! differ in is kept to `reading`.
//!
//! From the network inwards: `client` (HTTP; the only user of reqwest) > `reading` (bytes to
//! deltas: frames, `chunk`, `surrogates`, `tags`, `weave`) > here (one answer's course).
//!
//! # Architecture Invariant
//!
//! The key leaves in the `Authorization` header and nowhere else. No URL but the administrator's is
//! ever asked; a redirect is an error.

mod chunk;
mod client;
mod models;
mod reading;
mod redact;
mod refusal;
mod request;
mod surrogates;
mod tags;
mod weave;

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};

use self::client::{Client, Reply};
use self::reading::{Fate, Reading};
use self::redact::Secret;
use super::{BadPrompt, Delta, Deltas, Model, Prompt, Provider, ProviderError};
use crate::wire::ErrorKind;

/// What an administrator says about one such server.
#[derive(Clone)]
pub struct Settings {
    /// What it is called, in model names and in messages.
    pub name: String,
    /// Up to and with its version, such as `http://localhost:11434/v1`.
    pub base_url: reqwest::Url,
    /// The key, where it wants one.
    pub key: Option<String>,
    /// Its models; none: it is asked for them.
    pub models: Vec<String>,
    /// How long connecting may take, TLS included.
    pub connect_timeout: Duration,
    /// How large one event of its stream may be, in bytes.
    pub event_limit: usize,
}

impl Settings {
    /// The usual limits.
    pub fn new(name: impl Into<String>, base_url: reqwest::Url) -> Self {
        Self {
            name: name.into(),
            base_url,
            key: None,
            models: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            event_limit: 16 << 20,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("name", &self.name)
            .field("base_url", &client::address(&self.base_url))
            .field("key", &self.key.as_ref().map(|_| "[key]"))
            .field("models", &self.models)
            .field("connect_timeout", &self.connect_timeout)
            .field("event_limit", &self.event_limit)
            .finish()
    }
}

/// Why settings can't be used; a sentence for the administrator.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Not `http` or `https`, or something in the address that has no place there.
    #[error("the `base_url` of the provider `{name}` {problem}")]
    BaseUrl {
        /// Whose.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The key can't stand in a header.
    #[error("the key of the provider `{name}` has characters in it that no HTTP header can hold")]
    Key {
        /// Whose.
        name: String,
    },
    /// Mostly: there are no CA certificates on this machine.
    #[error("no HTTPS client for the provider `{name}`: {source}")]
    Client {
        /// Whose.
        name: String,
        /// Why.
        source: reqwest::Error,
    },
}

/// One OpenAI-compatible server.
pub struct OpenAi {
    client: Client,
    models: Vec<String>,
    event_limit: usize,
    secret: Secret,
}

impl OpenAi {
    /// Makes the client; asks nobody yet.
    ///
    /// # Errors
    ///
    /// When the address or the key can't be used, or there are no CA certificates for an `https` one.
    pub fn new(mut settings: Settings) -> Result<Self, SettingsError> {
        // A trailing line break is what a key read from a file comes with.
        settings.key = settings.key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
        let client = Client::new(&settings)?;
        let secret = Secret::new(settings.key);
        Ok(Self { client, models: settings.models, event_limit: settings.event_limit, secret })
    }

    fn check_model(&self, model: &str) -> Result<(), BadPrompt> {
        let model_cut: String = model.chars().take(100).collect();
        if model.is_empty() {
            return Err(BadPrompt(format!(
                "A model of the provider `{}` has to be named.",
                self.client.name()
            )));
        }
        if !self.models.is_empty() && !self.models.iter().any(|known| known == model) {
            let name = self.client.name();
            return Err(BadPrompt(format!("The provider `{name}` has no model `{model_cut}`.")));
        }
        Ok(())
    }
}

impl fmt::Debug for OpenAi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenAi")
            .field("client", &self.client)
            .field("models", &self.models)
            .finish_non_exhaustive()
    }
}

impl Provider for OpenAi {
    fn check(&self, prompt: &Prompt) -> Result<(), BadPrompt> {
        self.check_model(&prompt.model)?;
        request::check_options(&prompt.options)
    }

    fn stream(&self, prompt: Prompt) -> Deltas {
        let course = Course {
            stage: Stage::Asking(request::body(&prompt)),
            client: self.client.clone(),
            reading: Reading::new(self.event_limit),
        };
        let secret = self.secret.clone();
        stream::unfold(course, Course::step)
            .map(move |item| item.map_err(|error| secret.clean(error)))
            .boxed()
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>, ProviderError>> {
        Box::pin(async {
            if self.models.is_empty() {
                return models::ask(&self.client).await.map_err(|error| self.secret.clean(error));
            }
            let model = |name: &String| Model { name: name.clone(), label: name.clone() };
            Ok(self.models.iter().map(model).collect())
        })
    }
}

/// One answer, as far as it has come.
struct Course {
    stage: Stage,
    client: Client,
    reading: Reading,
}

/// Each stage owns what it needs and nothing else: in the last two there is no connection any more.
enum Stage {
    /// The request is still to be sent.
    Asking(Vec<u8>),
    /// The answer comes.
    Reading(Box<Reply>),
    /// It failed, and what had come before has been handed on.
    Failing(ProviderError),
    Over,
}

type Step = Option<(Result<Vec<Delta>, ProviderError>, Course)>;

impl Course {
    async fn step(mut self) -> Step {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Asking(body) => match self.client.ask(body).await {
                Ok(reply) => self.goes_on(reply, Vec::new()),
                Err(error) => Some((Err(error), self)),
            },
            Stage::Reading(reply) => self.read(reply).await,
            Stage::Failing(error) => Some((Err(error), self)),
            Stage::Over => None,
        }
    }

    async fn read(mut self, mut reply: Box<Reply>) -> Step {
        match reply.next().await {
            Ok(Some(bytes)) => {
                let (deltas, fate) = self.reading.feed(&bytes);
                match fate {
                    Fate::Open => self.goes_on(reply, deltas),
                    Fate::Done => Some((Ok(deltas), self)),
                    Fate::Failed(error) => self.fails(deltas, error),
                }
            }
            Ok(None) => Some((Ok(self.reading.close()), self)),
            // What the model had to say was complete: how its connection ends takes nothing away.
            Err(_) if self.reading.has_finished() => Some((Ok(self.reading.close()), self)),
            Err(error) => {
                let deltas = self.reading.close();
                self.fails(deltas, error)
            }
        }
    }

    fn goes_on(mut self, reply: Box<Reply>, deltas: Vec<Delta>) -> Step {
        self.stage = Stage::Reading(reply);
        Some((Ok(deltas), self))
    }

    fn fails(mut self, deltas: Vec<Delta>, error: ProviderError) -> Step {
        if deltas.is_empty() {
            return Some((Err(error), self));
        }
        self.stage = Stage::Failing(error);
        Some((Ok(deltas), self))
    }
}

/// An error of a kind, without a time to try again.
fn error(kind: ErrorKind, message: String) -> ProviderError {
    ProviderError { kind, message, retry_after: None }
}

#[cfg(test)]
mod tests;
