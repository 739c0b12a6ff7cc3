//! From a request to a run, once for each id.

use std::sync::Arc;

use tokio::sync::watch;

use super::super::run::{Keeper, run};
use super::super::{Live, Origin};
use super::prompt::{said, turns};
use super::{Found, Inner, Registry, Running, Starting, stopped};
use crate::server::provider::{BadPrompt, Prompt, Provider};
use crate::server::store::{AnswerRecord, NewAnswer, OwnerId, PlaceError, Placed, RequestDigest, StoreError};
use crate::wire::{AnswerId, StartRequest};

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

/// Why there was no start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The server is stopping.
    #[error("the server is stopping; try again in a moment")]
    Draining,
    /// Too many answers run.
    #[error("{0} answers are running already, which is the limit; try again when one has ended")]
    TooMany(usize),
    /// Too many of this owner's run.
    #[error("{0} of your answers are running already, which is the limit; stop one, or wait for its end")]
    TooManyOfYours(usize),
    /// The id belongs to another start.
    #[error("the id is taken by another request; make a new one")]
    IdTaken,
    /// It has no place in the tree.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// The provider can't be asked this.
    #[error(transparent)]
    BadPrompt(#[from] BadPrompt),
    /// Starting panicked; the log says where.
    #[error("something went wrong inside Sluice; the server's log says more")]
    Panicked,
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Place(error.into())
    }
}

/// An id that nobody else can start meanwhile. Dropping it wakes those who wait for it.
struct Claim<'a> {
    registry: &'a Registry,
    id: AnswerId,
    _done: watch::Sender<()>,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.registry.lock().starting.remove(&self.id);
    }
}

impl Registry {
    /// The answer that an earlier, equal start began, if there was one.
    ///
    /// # Errors
    ///
    /// When the id belongs to a start with another body, or the store fails.
    pub async fn repeated(
        &self,
        owner: OwnerId,
        request: &StartRequest,
    ) -> Result<Option<Started>, StartError> {
        let Some(id) = request.id else {
            return Ok(None);
        };
        match self.find(owner, id).await? {
            None => Ok(None),
            Some(Found::Running(running)) if *running.request == *request => {
                Ok(Some(Started { id, origin: Origin::Live(running.live) }))
            }
            Some(Found::Stored(record)) if record.request == RequestDigest::of(request) => {
                Ok(self.ended(record))
            }
            Some(_) => Err(StartError::IdTaken),
        }
    }

    fn ended(&self, record: AnswerRecord) -> Option<Started> {
        let origin = Origin::Stored(self.stored(record.id, record.terminal?));
        Some(Started { id: record.id, origin })
    }

    /// Starts an answer, or finds the one that an equal start began: for one id, one run.
    ///
    /// # Errors
    ///
    /// See [`StartError`]; nothing is left behind then.
    pub async fn start(
        self: &Arc<Self>,
        owner: OwnerId,
        request: StartRequest,
        target: Target,
    ) -> Result<Started, StartError> {
        let registry = self.clone();
        // In a task of its own: the request may be given up in the middle, and what has been placed
        // must also run.
        let start = self.runs.spawn(async move { registry.start_once(owner, request, target).await });
        start.await.unwrap_or(Err(StartError::Panicked))
    }

    async fn start_once(
        self: &Arc<Self>,
        owner: OwnerId,
        request: StartRequest,
        target: Target,
    ) -> Result<Started, StartError> {
        // The request is compared as it came; one without an id is never repeated.
        let id = request.id.unwrap_or_else(|| AnswerId::from_random(random()));
        let claim = loop {
            if let Some(started) = self.repeated(owner, &request).await? {
                return Ok(started);
            }
            if let Some(claim) = self.claim(owner, id)? {
                break claim;
            }
        };
        // Asked with what the request itself brings, before anything is placed: a refusal leaves
        // nothing behind.
        let options = request.options.clone().unwrap_or_default();
        let prompt = |messages| Prompt { model: target.name.clone(), messages, options: options.clone() };
        target.provider.check(&prompt(request.message.as_ref().map(said).into_iter().collect()))?;
        let request = Arc::new(request);
        let provider = target.id.split('/').next().unwrap_or_default().to_owned();
        let new = NewAnswer { owner, id, request: request.clone(), provider, model: target.name.clone() };
        let (conversation, parent, branch) = match self.store.place(new).await? {
            Placed::New { conversation, parent, branch } => (conversation, parent, branch),
            Placed::Repeated(record) => return self.ended(record).ok_or(StartError::IdTaken),
        };
        let turns = turns(&*self.store, owner, branch).await;
        let live = Arc::new(Live::new(self.limits.answer_bytes));
        let model = target.id.clone();
        let running = Running { owner, live: live.clone(), request, conversation, parent, model };
        self.register(id, running);
        drop(claim);
        tracing::info!(answer = %id, model = target.id, "answer started");
        let keeper = Keeper { store: self.store.clone(), owner };
        self.spawn(id, live.clone(), target.provider, prompt(turns), keeper);
        Ok(Started { id, origin: Origin::Live(live) })
    }

    /// Takes an id for a start. `None` where it is being started or runs by now: look again.
    fn claim(&self, owner: OwnerId, id: AnswerId) -> Result<Option<Claim<'_>>, StartError> {
        let mut inner = self.lock();
        if let Some(theirs) = inner.owner_of(id) {
            return if theirs == owner { Ok(None) } else { Err(PlaceError::Foreign.into()) };
        }
        if self.draining.is_cancelled() {
            return Err(StartError::Draining);
        }
        if inner.running.len() + inner.starting.len() >= self.limits.running {
            return Err(StartError::TooMany(self.limits.running));
        }
        if inner.count_of(owner) >= self.limits.running_per_owner {
            return Err(StartError::TooManyOfYours(self.limits.running_per_owner));
        }
        let (sender, done) = watch::channel(());
        inner.starting.insert(id, Starting { owner, done });
        Ok(Some(Claim { registry: self, id, _done: sender }))
    }

    /// From here on the answer runs, or has been stopped before it could.
    fn register(&self, id: AnswerId, running: Running) {
        let mut inner = self.lock();
        if inner.take_cancelled(running.owner, id) {
            running.live.cancel(None);
        }
        if self.draining.is_cancelled() {
            running.live.end(stopped());
        }
        inner.running.insert(id, running);
        drop(inner);
        self.begun.notify_one();
    }

    /// The run, and what follows it: the answer's end goes to the store, then its readers see it, and
    /// then it goes out of the registry.
    fn spawn(
        self: &Arc<Self>,
        id: AnswerId,
        live: Arc<Live>,
        provider: Arc<dyn Provider>,
        prompt: Prompt,
        keeper: Keeper,
    ) {
        let registry = self.clone();
        self.runs.spawn(async move {
            run(&live, &provider, prompt, registry.patience, &keeper).await;
            registry.conclude(id, &live).await;
        });
    }
}

impl Inner {
    pub(super) fn owner_of(&self, id: AnswerId) -> Option<OwnerId> {
        let running = self.running.get(&id).map(|running| running.owner);
        running.or_else(|| self.starting.get(&id).map(|starting| starting.owner))
    }

    fn count_of(&self, owner: OwnerId) -> usize {
        let running = self.running.values().filter(|running| running.owner == owner).count();
        running + self.starting.values().filter(|starting| starting.owner == owner).count()
    }
}

fn random() -> [u8; 16] {
    uuid::Uuid::new_v4().into_bytes()
}
