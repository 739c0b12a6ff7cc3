//! The stall clock: how long an upstream may say nothing (`PROTOCOL.md`, section 6).

use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use tokio::time::{Instant, timeout_at};

use super::{Delta, Deltas, ProviderError};
use crate::wire::ErrorKind;

/// How long to wait for what. Every item counts as a sign of life, an empty one too: local servers
/// load a model first, and some queue for minutes behind nothing but comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For an item before the first content, the response's head included.
    pub first: Duration,
    /// For an item after the first content.
    pub between: Duration,
    /// For usage and the last word, counted from the finish and not started again.
    pub grace: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(600),
            between: Duration::from_secs(120),
            grace: Duration::from_secs(5),
        }
    }
}

/// Ends a stream that says nothing for too long: with a timeout, or simply where a finish has come
/// already. The upstream's connection is closed before the timeout is handed on.
pub fn watch(deltas: Deltas, patience: Patience) -> Deltas {
    stream::unfold(Some(Watched { deltas, patience, stage: Stage::Waiting }), async |state| {
        let mut watched = state?;
        let Ok(item) = timeout_at(watched.deadline(), watched.deltas.next()).await else {
            let silence = watched.silence()?;
            return Some((Err(timed_out(silence)), None));
        };
        watched.look(item.as_ref()?);
        Some((item?, Some(watched)))
    })
    .boxed()
}

struct Watched {
    deltas: Deltas,
    patience: Patience,
    stage: Stage,
}

/// How far the answer is.
#[derive(Clone, Copy)]
enum Stage {
    /// No content yet.
    Waiting,
    /// Content has come.
    Saying,
    /// A finish has come; the stream ends then.
    Finished(Instant),
}

impl Watched {
    fn deadline(&self) -> Instant {
        match self.stage {
            Stage::Finished(end) => end,
            Stage::Waiting => Instant::now() + self.patience.first,
            Stage::Saying => Instant::now() + self.patience.between,
        }
    }

    /// How long nothing came, where that is a failure.
    fn silence(&self) -> Option<Duration> {
        match self.stage {
            Stage::Waiting => Some(self.patience.first),
            Stage::Saying => Some(self.patience.between),
            Stage::Finished(_) => None,
        }
    }

    fn look(&mut self, item: &Result<Vec<Delta>, ProviderError>) {
        for delta in item.iter().flatten() {
            match (delta, self.stage) {
                (Delta::Finish(_), Stage::Waiting | Stage::Saying) => {
                    self.stage = Stage::Finished(Instant::now() + self.patience.grace);
                }
                (Delta::Think(_) | Delta::Text(_) | Delta::Image(_) | Delta::Picture(_), Stage::Waiting) => {
                    self.stage = Stage::Saying;
                }
                _ => {}
            }
        }
    }
}

fn timed_out(silence: Duration) -> ProviderError {
    ProviderError {
        kind: ErrorKind::Timeout,
        message: format!("The provider said nothing for {} seconds.", silence.as_secs_f64()),
        retry_after: None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::wire::{EndReason, Usage};

    const PATIENCE: Patience = Patience {
        first: Duration::from_secs(600),
        between: Duration::from_secs(120),
        grace: Duration::from_secs(5),
    };

    /// Each item after so many seconds, then silence; and whether it was dropped.
    fn silent_after(items: Vec<(u64, Vec<Delta>)>) -> (Deltas, Arc<AtomicBool>) {
        struct Guard(Arc<AtomicBool>);
        impl Drop for Guard {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        let dropped = Arc::new(AtomicBool::new(false));
        let guard = Guard(dropped.clone());
        let deltas = async_stream::stream! {
            let _guard = guard;
            for (seconds, item) in items {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                yield Ok(item);
            }
            std::future::pending::<()>().await;
        };
        (deltas.boxed(), dropped)
    }

    async fn run(items: Vec<(u64, Vec<Delta>)>) -> (u64, Option<ProviderError>) {
        let started = Instant::now();
        let (deltas, dropped) = silent_after(items);
        let mut watched = watch(deltas, PATIENCE);
        let mut error = None;
        while let Some(item) = watched.next().await {
            assert!(error.is_none(), "nothing follows an error");
            error = item.err();
            assert_eq!(dropped.load(Ordering::SeqCst), error.is_some(), "closed with the error, not later");
        }
        (started.elapsed().as_secs(), error)
    }

    fn text() -> Vec<Delta> {
        vec![Delta::Text("x".to_owned())]
    }

    #[tokio::test(start_paused = true)]
    async fn silence_before_the_first_content_is_a_timeout_after_the_longer_time() {
        let (seconds, error) = run(vec![]).await;
        assert_eq!((seconds, error.map(|error| error.kind)), (600, Some(ErrorKind::Timeout)));
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_item_is_a_sign_of_life() {
        let (seconds, error) = run((0..40).map(|_| (590, vec![])).collect()).await;
        assert_eq!((seconds, error.map(|error| error.kind)), (40 * 590 + 600, Some(ErrorKind::Timeout)));
    }

    #[tokio::test(start_paused = true)]
    async fn silence_after_the_first_content_is_a_timeout_after_the_shorter_time() {
        let (seconds, error) = run(vec![(500, text()), (110, vec![]), (110, text())]).await;
        assert_eq!((seconds, error.map(|error| error.kind)), (840, Some(ErrorKind::Timeout)));
    }

    #[tokio::test(start_paused = true)]
    async fn usage_alone_is_no_content() {
        let (seconds, _) = run(vec![(1, vec![Delta::Usage(Usage::default())])]).await;
        assert_eq!(seconds, 601);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_finish_the_stream_ends_after_the_grace_and_comments_do_not_prolong_it() {
        let finish = vec![Delta::Text("x".to_owned()), Delta::Finish(EndReason::Stop)];
        let mut items = vec![(1, finish)];
        items.extend((0..20).map(|_| (1, vec![])));
        let (seconds, error) = run(items).await;
        assert_eq!((seconds, error), (6, None));
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_in_time_passes_unchanged() {
        let error =
            || ProviderError { kind: ErrorKind::Provider, message: "x".to_owned(), retry_after: None };
        let items = || vec![Ok(text()), Ok(vec![]), Ok(vec![Delta::Finish(EndReason::Length)]), Err(error())];
        let watched = watch(stream::iter(items()).boxed(), PATIENCE);
        assert_eq!(watched.collect::<Vec<_>>().await, items());
    }
}
