//! Which answers there are: starting, finding, cancelling, draining.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::{Live, Origin, run::run};
use crate::server::provider::{Patience, Prompt, Provider, Role, Turn};
use crate::server::store::{Placed, Store, StoreError, Stored, StoredMessage};
use crate::wire::{
    Answer, AnswerId, AnswerState, Chat, ChatMessage, ConversationId, ErrorKind, MessagePart, Offset,
    Outcome, Snapshot, SnapshotPart, StartRequest, Terminal,
};

/// How long a cancel of an answer that is not there is remembered, for the start that it overtook.
const REMEMBER_CANCEL: Duration = Duration::from_secs(60);
/// How many of those are remembered.
const MAX_REMEMBERED: usize = 32;

/// What bounds the answers.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Running at once.
    pub running: usize,
    /// Bytes of one answer's content.
    pub answer_bytes: u64,
}

/// Owns all running answers, and knows those that have ended through the store.
#[derive(Debug)]
pub struct Registry {
    inner: Mutex<Inner>,
    store: Store,
    limits: Limits,
    patience: Patience,
    runs: TaskTracker,
    readers: TaskTracker,
    draining: CancellationToken,
}

#[derive(Debug, Default)]
struct Inner {
    running: HashMap<AnswerId, Arc<Live>>,
    /// Cancels that overtook their start, oldest first.
    cancelled: VecDeque<(Instant, AnswerId)>,
}

/// What to ask, found before the start.
#[derive(Debug)]
pub struct Target {
    /// Who is asked.
    pub provider: Arc<dyn Provider>,
    /// `provider/model`.
    pub id: String,
    /// The model as the provider knows it.
    pub name: String,
}

/// An answer that a start has found or begun.
#[derive(Debug)]
pub struct Started {
    /// Its id.
    pub id: AnswerId,
    /// Where to read it.
    pub origin: Origin,
}

/// An answer that a reader wants to attach to.
#[derive(Debug)]
pub struct Attached {
    /// Where to read it.
    pub origin: Origin,
    /// Bytes of content now.
    pub length: Offset,
    /// Whether it still runs.
    pub running: bool,
}

/// Why there was no start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The server is stopping.
    #[error("the server is stopping; try again in a moment")]
    Draining,
    /// Too many answers run.
    #[error("{0} answers are running already, which is the limit; try again when one has ended")]
    TooMany(usize),
    /// The id belongs to another start.
    #[error("the id is taken by another request; make a new one")]
    IdTaken,
    /// It has no place in the tree.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The provider can't be asked this.
    #[error(transparent)]
    BadPrompt(#[from] crate::server::provider::BadPrompt),
}

impl Registry {
    /// A registry without answers.
    pub fn new(limits: Limits, patience: Patience) -> Self {
        Self {
            inner: Mutex::default(),
            store: Store::default(),
            limits,
            patience,
            runs: TaskTracker::new(),
            readers: TaskTracker::new(),
            draining: CancellationToken::new(),
        }
    }

    /// The answer that an earlier, equal start began, if there was one.
    ///
    /// # Errors
    ///
    /// When the id belongs to a start with another body.
    pub fn repeated(&self, request: &StartRequest) -> Result<Option<Started>, StartError> {
        self.find_repeated(&self.lock(), request)
    }

    /// Starts an answer, or finds the one that an equal start began. Looking up and registering are
    /// one step under one lock.
    ///
    /// # Errors
    ///
    /// See [`StartError`]; nothing is left behind then.
    pub fn start(self: &Arc<Self>, request: StartRequest, target: Target) -> Result<Started, StartError> {
        let mut inner = self.lock();
        if let Some(started) = self.find_repeated(&inner, &request)? {
            return Ok(started);
        }
        if self.draining.is_cancelled() {
            return Err(StartError::Draining);
        }
        if inner.running.len() >= self.limits.running {
            return Err(StartError::TooMany(self.limits.running));
        }
        let id = request.id.unwrap_or_else(|| AnswerId::from_random(random()));
        if self.store.message(id.into()).is_some() {
            return Err(StartError::IdTaken);
        }
        // Asked with what the request itself brings, before anything is placed: a refusal leaves
        // nothing behind.
        let options = request.options.clone().unwrap_or_default();
        let prompt = |messages| Prompt { model: target.name.clone(), messages, options: options.clone() };
        target.provider.check(&prompt(request.message.as_ref().map(said).into_iter().collect()))?;
        let request = Arc::new(request);
        let Placed { branch, .. } = self.store.place(id, &request, &target.id, random)?;
        let prompt = prompt(branch.iter().filter_map(turn).collect());
        let live = Arc::new(Live::new(self.limits.answer_bytes));
        if inner.take_cancelled(id) {
            live.cancel(None);
        }
        inner.running.insert(id, live.clone());
        drop(inner);
        tracing::info!(answer = %id, model = target.id, "answer started");
        self.spawn(id, live.clone(), target.provider, prompt);
        Ok(Started { id, origin: Origin::Live(live) })
    }

    /// The run, and what follows it: the answer goes to the store, then its readers see the terminal,
    /// and then it goes out of the registry, so that whoever looks here first and there second always
    /// finds it.
    fn spawn(self: &Arc<Self>, id: AnswerId, live: Arc<Live>, provider: Arc<dyn Provider>, prompt: Prompt) {
        let registry = self.clone();
        self.runs.spawn(async move {
            run(&live, &provider, prompt, registry.patience).await;
            let answer = live.sealed();
            let (state, bytes) = (state_of(&answer), answer.offset().0);
            registry.store.finish(id, Arc::new(answer));
            live.publish();
            tracing::info!(answer = %id, ?state, bytes, "answer ended");
            registry.lock().running.remove(&id);
        });
    }

    fn find_repeated(&self, inner: &Inner, request: &StartRequest) -> Result<Option<Started>, StartError> {
        let Some(id) = request.id else {
            return Ok(None);
        };
        match self.store.message(id.into()).map(|message| message.body) {
            None => Ok(None),
            Some(Stored::Answer(stored)) if *stored.request == *request => {
                Ok(self.origin(inner, id).map(|origin| Started { id, origin }))
            }
            Some(_) => Err(StartError::IdTaken),
        }
    }

    fn origin(&self, inner: &Inner, id: AnswerId) -> Option<Origin> {
        if let Some(live) = inner.running.get(&id) {
            return Some(Origin::Live(live.clone()));
        }
        match self.store.message(id.into())?.body {
            Stored::Answer(stored) => stored.content.map(Origin::Stored),
            Stored::User(_) => None,
        }
    }

    /// An answer to attach to; `None` where there is none.
    pub fn attach(&self, id: AnswerId) -> Option<Attached> {
        let origin = self.origin(&self.lock(), id)?;
        let look = |answer: &Answer| (answer.offset(), answer.terminal().is_none());
        let (length, running) = match &origin {
            Origin::Live(live) => live.with(|answer, _| look(answer)),
            Origin::Stored(answer) => look(answer),
        };
        Some(Attached { origin, length, running })
    }

    /// An answer so far; `None` where there is none.
    pub fn snapshot(&self, id: AnswerId) -> Option<Snapshot> {
        let origin = self.origin(&self.lock(), id)?;
        let StoredMessage { conversation, parent: Some(parent), body: Stored::Answer(stored), .. } =
            self.store.message(id.into())?
        else {
            return None;
        };
        let of = |answer: &Answer| Snapshot {
            id,
            conversation,
            parent,
            model: stored.model.to_string(),
            state: state_of(answer),
            parts: answer.parts().iter().cloned().map(SnapshotPart).collect(),
            length: answer.offset(),
            check: answer.check(),
            status: answer.status().cloned(),
            terminal: answer.terminal().cloned(),
        };
        Some(match &origin {
            Origin::Live(live) => live.with(|answer, _| of(answer)),
            Origin::Stored(answer) => of(answer),
        })
    }

    /// A conversation's newest branch, for the page; `None` where it is not there.
    pub fn chat(&self, id: ConversationId) -> Option<Chat> {
        let branch = self.store.newest_branch(id)?;
        let messages = branch.into_iter().filter_map(|message| match message.body {
            Stored::User(parts) => Some(ChatMessage::User { id: message.id, parts }),
            Stored::Answer(_) => {
                self.snapshot(message.id.into()).map(|snapshot| ChatMessage::Answer(Box::new(snapshot)))
            }
        });
        Some(Chat { id, messages: messages.collect() })
    }

    /// Stops an answer and returns the terminal that holds. `None` where there is no such answer: the
    /// cancel is remembered then, for a start that it may have overtaken.
    pub async fn cancel(&self, id: AnswerId, seen: Option<Offset>) -> Option<Terminal> {
        let origin = {
            let mut inner = self.lock();
            let origin = self.origin(&inner, id);
            if origin.is_none() {
                inner.remember_cancel(id);
            }
            origin?
        };
        match origin {
            Origin::Live(live) => {
                live.cancel(seen);
                Some(live.ended().await)
            }
            Origin::Stored(answer) => answer.terminal().cloned(),
        }
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
            inner.running.values().cloned().collect()
        };
        for live in &running {
            live.end(Outcome::Error {
                kind: ErrorKind::Interrupted,
                message: "The server was stopped. The text so far is kept.".to_owned(),
                retry_after: None,
            });
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

impl Inner {
    fn remember_cancel(&mut self, id: AnswerId) {
        self.forget_cancels();
        if self.cancelled.len() == MAX_REMEMBERED {
            self.cancelled.pop_front();
        }
        self.cancelled.push_back((Instant::now(), id));
    }

    fn take_cancelled(&mut self, id: AnswerId) -> bool {
        self.forget_cancels();
        let before = self.cancelled.len();
        self.cancelled.retain(|&(_, other)| other != id);
        self.cancelled.len() < before
    }

    fn forget_cancels(&mut self) {
        self.cancelled.retain(|(at, _)| at.elapsed() < REMEMBER_CANCEL);
    }
}

fn state_of(answer: &Answer) -> AnswerState {
    answer.terminal().map_or(AnswerState::Running, AnswerState::from)
}

fn random() -> [u8; 16] {
    uuid::Uuid::new_v4().into_bytes()
}

fn said(message: &crate::wire::UserMessage) -> Turn {
    Turn { role: Role::User, text: text_of(&message.parts) }
}

/// A message as the model is asked with it: without thinking, and not at all where it is empty. A
/// partial answer is sent as it is.
fn turn(message: &StoredMessage) -> Option<Turn> {
    let (role, text) = match &message.body {
        Stored::User(parts) => (Role::User, text_of(parts)),
        Stored::Answer(stored) => (Role::Assistant, stored.content.as_ref()?.text()),
    };
    (!text.is_empty()).then_some(Turn { role, text })
}

fn text_of(parts: &[MessagePart]) -> String {
    let texts = parts.iter().filter_map(|part| match part {
        MessagePart::Text(r) => Some(r.as_str()),
        MessagePart::Image(_) => None,
    });
    texts.collect::<Vec<_>>().join("\n\n")
}
