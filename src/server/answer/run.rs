//! What asks the provider and writes into the buffer, until there is a terminal.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::{FutureExt, StreamExt};
use tokio::task::coop::consume_budget;

use super::{Full, Live};
use crate::server::provider::{Delta, Deltas, Patience, Prompt, Provider, ProviderError, watch};
use crate::wire::{EndReason, ErrorKind, Outcome, Usage};

/// Runs an answer until its end is decided. Whatever happens in here, it is when this returns, and
/// the provider's connection is closed.
pub(super) async fn run(live: &Live, provider: &Arc<dyn Provider>, prompt: Prompt, patience: Patience) {
    // A panic must not leave readers waiting for ever. What it may have broken is not used again.
    let pump = AssertUnwindSafe(async {
        let deltas = watch(provider.stream(prompt), patience);
        pump(live, deltas).await
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
async fn pump(live: &Live, mut deltas: Deltas) -> Outcome {
    let mut finish = Finish::default();
    while let Some(item) = deltas.next().await {
        let batch = match item {
            Ok(batch) => batch,
            Err(error) => return error.into(),
        };
        finish.note(&batch);
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
                Delta::Think(_) | Delta::Text(_) | Delta::Image(_) => {}
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
            run(&live, &provider, prompt, Patience::default()).await;
            live.with(|answer, _| assert_eq!(answer.text(), text)).unwrap();
            let outcome = &live.ending().unwrap().1.outcome;
            assert!(matches!(outcome, Outcome::Error { kind: ErrorKind::Internal, .. }), "{outcome:?}");
        }
    }
}
