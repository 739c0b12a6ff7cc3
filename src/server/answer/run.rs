//! What asks the provider and writes into the buffer, until there is a terminal.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::{FutureExt, StreamExt};
use tokio::task::coop::consume_budget;

use super::{Full, Live};
use crate::server::provider::{Delta, Deltas, Patience, Prompt, Provider, ProviderError, watch};
use crate::server::store::{FileHash, OwnerId, Picture, Store};
use crate::wire::{EndReason, ErrorKind, Image, Outcome, Usage};

/// Runs an answer until its end is decided. Whatever happens in here, it is when this returns, and
/// the provider's connection is closed.
pub(super) async fn run(
    live: &Live,
    provider: &Arc<dyn Provider>,
    prompt: Prompt,
    patience: Patience,
    keeper: &Keeper,
) {
    // A panic must not leave readers waiting for ever. What it may have broken is not used again.
    let pump = AssertUnwindSafe(async {
        let deltas = watch(provider.stream(prompt), patience);
        pump(live, deltas, keeper).await
    });
    let outcome = tokio::select! {
        biased;
        // Somebody else has decided. Here the pump is dropped already, and the provider's stream with it.
        () = live.abort().cancelled() => return live.mark_closed(),
        outcome = pump.catch_unwind() => outcome,
    };
    live.end(outcome.unwrap_or_else(|_| {
        tracing::error!("a run panicked");
        Outcome::Error {
            kind: ErrorKind::Internal,
            message: "Something went wrong inside Sluice. The text so far is kept.".to_owned(),
            retry_after: None,
        }
    }));
}

/// Moves deltas into the buffer until the provider's stream has ended in one way or another.
async fn pump(live: &Live, mut deltas: Deltas, keeper: &Keeper) -> Outcome {
    let mut finish = Finish::default();
    let mut shown = HashSet::new();
    while let Some(item) = deltas.next().await {
        let batch = match item {
            Ok(batch) => batch,
            Err(error) => return error.into(),
        };
        finish.note(&batch);
        let batch = match keeper.keep(batch, &mut shown).await {
            Ok(batch) => batch,
            Err(outcome) => return outcome,
        };
        if let Err(Full) = live.append(batch) {
            return Outcome::Error {
                kind: ErrorKind::TooLarge,
                message: "The answer reached the largest size that this server keeps.".to_owned(),
                retry_after: None,
            };
        }
        if finish.done {
            break;
        }
        // A provider that is always ready must not starve the other tasks of this thread.
        consume_budget().await;
    }
    finish.into()
}

/// Keeps the images that a model makes: the file is there before anybody hears of it.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) store: Arc<dyn Store>,
    pub(super) owner: OwnerId,
}

impl Keeper {
    /// The batch, with every image's content replaced by its URL. One that was `shown` in this answer
    /// is left out: some providers send the same one at several places of an event.
    async fn keep(&self, batch: Vec<Delta>, shown: &mut HashSet<FileHash>) -> Result<Vec<Delta>, Outcome> {
        if !batch.iter().any(|delta| matches!(delta, Delta::Picture(_))) {
            return Ok(batch);
        }
        let mut kept = Vec::with_capacity(batch.len());
        for delta in batch {
            let Delta::Picture(bytes) = delta else {
                kept.push(delta);
                continue;
            };
            let picture = Picture::read(bytes).map_err(|_| unreadable())?;
            if shown.insert(picture.hash()) {
                kept.push(Delta::Image(self.keep_one(picture).await?));
            }
        }
        Ok(kept)
    }

    async fn keep_one(&self, picture: Picture) -> Result<Image, Outcome> {
        let (w, h) = (picture.width, picture.height);
        let hash = self.store.add_file(self.owner, picture).await.map_err(|error| {
            tracing::error!(%error, "can't keep an image of an answer");
            failed(ErrorKind::Internal, "The server can't save the model's image, so the answer was stopped.")
        })?;
        Ok(Image { url: hash.url(w, h), w, h, alt: "An image by the model".to_owned() })
    }
}

fn unreadable() -> Outcome {
    failed(ErrorKind::Provider, "The model sent an image of a kind that can't be shown.")
}

fn failed(kind: ErrorKind, message: &str) -> Outcome {
    Outcome::Error { kind, message: message.to_owned(), retry_after: None }
}

/// What a provider said about its end.
#[derive(Debug, Default)]
struct Finish {
    reason: Option<EndReason>,
    usage: Option<Usage>,
    done: bool,
}

impl Finish {
    fn note(&mut self, batch: &[Delta]) {
        for delta in batch {
            match delta {
                // The first one counts: some providers send the finish twice.
                Delta::Finish(reason) => {
                    self.reason.get_or_insert(*reason);
                }
                Delta::Usage(usage) => self.usage = Some(*usage),
                Delta::Done => self.done = true,
                Delta::Think(_) | Delta::Text(_) | Delta::Image(_) | Delta::Picture(_) => {}
            }
        }
    }
}

impl From<Finish> for Outcome {
    fn from(finish: Finish) -> Self {
        match finish {
            Finish { reason: None, done: false, .. } => Self::Error {
                kind: ErrorKind::Incomplete,
                message: "The model's answer broke off before its end. The text so far is kept.".to_owned(),
                retry_after: None,
            },
            Finish { reason, usage, .. } => Self::End { reason: reason.unwrap_or(EndReason::Unknown), usage },
        }
    }
}

impl From<ProviderError> for Outcome {
    fn from(error: ProviderError) -> Self {
        Self::Error { kind: error.kind, message: error.message, retry_after: error.retry_after }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::BoxFuture;
    use futures_util::stream;

    use super::*;
    use crate::server::provider::{BadPrompt, Model};
    use crate::server::store::Sqlite;

    #[derive(Debug, Clone, Copy)]
    enum Panics {
        AtOnce,
        After(&'static str),
    }

    impl Provider for Panics {
        fn check(&self, _: &Prompt) -> Result<(), BadPrompt> {
            Ok(())
        }

        fn stream(&self, _: Prompt) -> Deltas {
            let Self::After(text) = *self else { panic!("at once") };
            let first = stream::iter([Ok(vec![Delta::Text(text.to_owned())])]);
            first.chain(stream::once(async { panic!("in the middle") })).boxed()
        }

        fn models(&self) -> BoxFuture<'_, Result<Vec<Model>, ProviderError>> {
            Box::pin(async { Ok(Vec::new()) })
        }
    }

    #[tokio::test]
    async fn a_panic_is_an_error_of_that_answer_and_nothing_more() {
        for (provider, text) in [(Panics::AtOnce, ""), (Panics::After("so far"), "so far")] {
            let live = Live::new(100);
            let provider: Arc<dyn Provider> = Arc::new(provider);
            let prompt = Prompt { model: "x".to_owned(), messages: Vec::new(), options: Default::default() };
            let store = Arc::new(Sqlite::in_memory().await.unwrap());
            let keeper = Keeper { store, owner: OwnerId(1) };
            run(&live, &provider, prompt, Patience::default(), &keeper).await;
            live.with(|answer, _| assert_eq!(answer.text(), text)).unwrap();
            let outcome = &live.ending().unwrap().1.outcome;
            assert!(matches!(outcome, Outcome::Error { kind: ErrorKind::Internal, .. }), "{outcome:?}");
        }
    }
}
