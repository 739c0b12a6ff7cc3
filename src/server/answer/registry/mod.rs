//! Which answers there are: finding, cancelling, draining.
//!
//! - `start`: from a request to a run, once for each id
//! - `save`: running answers go to the store piece by piece, and their ends before anybody sees them
//! - `cancel`: stopping one, also one that has not begun
//! - `chat`: what a reader is shown
//! - `adopt`: an anonymous owner's answers become a person's
//! - `prompt`: what of a conversation a model is asked with
//!
//! What runs is looked for here first and in the store second, and an answer leaves here only after
//! its end is there: so it is always found.

mod adopt;
mod cancel;
mod chat;
mod prompt;
mod save;
mod start;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

pub use self::start::{StartError, Started, Target};
use super::{Live, Origin, StoredAnswer};
use crate::server::provider::Patience;
use crate::server::store::{AnswerRecord, OwnerId, Store, StoreError};
use crate::wire::{
    AnswerId, ConversationId, ErrorKind, MessageId, Offset, Outcome, RunningAnswer, StartRequest, Terminal,
};

/// How often an answer is looked for that is neither here nor ended. Once more is enough, unless
/// something has gone wrong; then the next start of the server ends it.
const LOOKS: usize = 100;

/// What bounds the answers.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Running at once.
    pub running: usize,
    /// Running at once for one owner.
    pub running_per_owner: usize,
    /// Bytes of one answer's content.
    pub answer_bytes: u64,
}

/// Owns all running answers, and knows those that have ended through the store.
#[derive(Debug)]
pub struct Registry {
    inner: Mutex<Inner>,
    store: Arc<dyn Store>,
    limits: Limits,
    patience: Patience,
    runs: TaskTracker,
    readers: TaskTracker,
    draining: CancellationToken,
    /// Wakes the task that saves, when there is something to save again.
    begun: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    running: HashMap<AnswerId, Running>,
    /// Being placed in the store. Whoever wants one of them waits until that is done.
    starting: HashMap<AnswerId, Starting>,
    /// Cancels that overtook their start, oldest first.
    cancelled: VecDeque<(Instant, OwnerId, AnswerId)>,
}

/// An answer that runs, and what is known of it beside its content.
#[derive(Clone, Debug)]
struct Running {
    owner: OwnerId,
    live: Arc<Live>,
    request: Arc<StartRequest>,
    conversation: ConversationId,
    parent: MessageId,
    model: String,
}

#[derive(Debug)]
struct Starting {
    owner: OwnerId,
    done: watch::Receiver<()>,
}

/// An answer that a reader wants to attach to.
#[derive(Debug)]
pub struct Attached {
    /// Where to read it.
    pub origin: Origin,
    /// Bytes of content now.
    pub length: Offset,
    /// Whether it still runs: its end is not decided.
    pub running: bool,
}

/// Where an answer was found.
#[derive(Debug)]
enum Found {
    Running(Running),
    Stored(AnswerRecord),
}

impl Registry {
    /// A registry without answers. What a process that died has left in the store is the caller's to
    /// recover first.
    pub fn new(store: Arc<dyn Store>, limits: Limits, patience: Patience) -> Arc<Self> {
        let registry = Arc::new(Self {
            inner: Mutex::default(),
            store,
            limits,
            patience,
            runs: TaskTracker::new(),
            readers: TaskTracker::new(),
            draining: CancellationToken::new(),
            begun: Notify::new(),
        });
        registry.runs.spawn(registry.clone().keep_saving());
        registry
    }

    /// Looks for an answer of the owner's, here and then in the store.
    async fn find(&self, owner: OwnerId, id: AnswerId) -> Result<Option<Found>, StoreError> {
        for _ in 0..LOOKS {
            let starting = {
                let inner = self.lock();
                if let Some(running) = inner.running.get(&id) {
                    return Ok((running.owner == owner).then(|| Found::Running(running.clone())));
                }
                inner.starting.get(&id).map(|starting| starting.done.clone())
            };
            if let Some(mut done) = starting {
                // Its sender says nothing, and goes away.
                let _ = done.changed().await;
                continue;
            }
            match self.store.answer(owner, id).await? {
                // It was registered, or it ended, since we looked.
                Some(AnswerRecord { terminal: None, .. }) => tokio::task::yield_now().await,
                found => return Ok(found.map(Found::Stored)),
            }
        }
        Err(StoreError::Broken(format!("the answer {id} is marked as running, and nobody writes it")))
    }

    fn stored(&self, id: AnswerId, terminal: Terminal) -> StoredAnswer {
        StoredAnswer { id, terminal, store: self.store.clone() }
    }

    /// An answer to attach to; `None` where the owner has none.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn attach(&self, owner: OwnerId, id: AnswerId) -> Result<Option<Attached>, StoreError> {
        let stored = match self.find(owner, id).await? {
            None => return Ok(None),
            Some(Found::Stored(AnswerRecord { terminal: Some(terminal), .. })) => self.stored(id, terminal),
            Some(Found::Stored(_)) => return Ok(None),
            Some(Found::Running(Running { live, .. })) => match live.progress() {
                Ok((length, running)) => {
                    return Ok(Some(Attached { origin: Origin::Live(live), length, running }));
                }
                Err(stored) => *stored,
            },
        };
        let length = stored.terminal.length;
        Ok(Some(Attached { origin: Origin::Stored(stored), length, running: false }))
    }

    /// The owner's answers that run now.
    pub fn running(&self, owner: OwnerId) -> Vec<RunningAnswer> {
        let inner = self.lock();
        let theirs = inner.running.iter().filter(|(_, running)| running.owner == owner);
        theirs
            .map(|(&answer, running)| RunningAnswer { answer, conversation: running.conversation })
            .collect()
    }

    /// Held by a response while it streams.
    pub fn reader(&self) -> TaskTrackerToken {
        self.readers.token()
    }

    /// Fires when the server begins to stop.
    pub fn draining(&self) -> &CancellationToken {
        &self.draining
    }

    /// Refuses new starts from now on, ends every running answer with `error(interrupted)`, and
    /// returns when all readers have it.
    pub async fn drain(&self) {
        let running: Vec<_> = {
            let inner = self.lock();
            // Under the lock, so that no start can slip in behind it.
            self.draining.cancel();
            inner.running.values().map(|running| running.live.clone()).collect()
        };
        for live in &running {
            live.end(stopped());
        }
        self.runs.close();
        self.readers.close();
        self.runs.wait().await;
        self.readers.wait().await;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How an answer ends when the server stops.
fn stopped() -> Outcome {
    Outcome::Error {
        kind: ErrorKind::Interrupted,
        message: "The server was stopped. The text so far is kept.".to_owned(),
        retry_after: None,
    }
}
