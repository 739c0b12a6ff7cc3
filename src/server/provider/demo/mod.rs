//! The demo: a provider that needs no account, no key and no other server. `article` says one of a
//! few built-in pieces the way a model would (an image, then thinking, then Markdown text, in small
//! pieces with pauses); `echo` says what it was asked, to the byte. The request's options bend both
//! into whatever somebody who builds against the stream has to see.
//!
//! What is said is a function of the options alone, and of the seed above all; nothing is kept
//! between two answers.

mod options;
mod pieces;
mod script;

use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};

use self::script::{Act, Script};
use super::{BadPrompt, Delta, Deltas, Model, Prompt, Provider, ProviderError};
use crate::wire::{EndReason, ErrorKind};

/// Pieces that go out together where there is no pause between them.
const BATCH: usize = 256;

/// The pause between two pieces where the request names none.
const PACE: Duration = Duration::from_millis(50);

const ARTICLE: &str = "article";
const ECHO: &str = "echo";

/// The demo provider.
#[derive(Clone, Copy, Debug, Default)]
pub struct Demo;

impl Demo {
    /// The demo provider.
    pub fn new() -> Self {
        Self
    }
}

impl Provider for Demo {
    fn check(&self, prompt: &Prompt) -> Result<(), BadPrompt> {
        Script::for_prompt(prompt).map(drop)
    }

    fn stream(&self, prompt: Prompt) -> Deltas {
        match Script::for_prompt(&prompt) {
            Ok(script) => play(script),
            Err(BadPrompt(message)) => refuse(message),
        }
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>, ProviderError>> {
        let model = |name: &str, label: &str| Model { name: name.to_owned(), label: label.to_owned() };
        let models = vec![model(ARTICLE, "Demo: article"), model(ECHO, "Demo: echo")];
        Box::pin(std::future::ready(Ok(models)))
    }
}

/// Says what the script says, at its pace.
fn play(script: Script) -> Deltas {
    let pace = script.pace;
    stream::unfold(Some((script, true)), move |state| async move {
        let (mut script, first) = state?;
        if !first {
            pause(pace).await;
        }
        match script.act(if pace.is_zero() { BATCH } else { 1 }) {
            Act::Say(deltas) => Some((Ok(deltas), Some((script, false)))),
            Act::End => Some((Ok(vec![Delta::Finish(EndReason::Stop), Delta::Done]), None)),
            Act::Fail => Some((Err(simulated()), None)),
            Act::Cut => None,
            Act::Stall => std::future::pending().await,
        }
    })
    .boxed()
}

/// Without a pause the runtime still gets its turn: the stream is never pending of itself, and would
/// hold its thread for as long as the answer is.
async fn pause(pace: Duration) {
    if pace.is_zero() {
        tokio::task::yield_now().await;
    } else {
        tokio::time::sleep(pace).await;
    }
}

fn refuse(message: String) -> Deltas {
    let error = ProviderError { kind: ErrorKind::Provider, message, retry_after: None };
    stream::once(std::future::ready(Err(error))).boxed()
}

fn simulated() -> ProviderError {
    ProviderError {
        kind: ErrorKind::Provider,
        message: "This error is simulated: the request asked for it with the option `error_after`."
            .to_owned(),
        retry_after: None,
    }
}

#[cfg(test)]
mod tests;
