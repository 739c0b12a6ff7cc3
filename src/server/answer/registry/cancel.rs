//! Stopping an answer, also one that has not begun.

use std::time::{Duration, Instant};

use super::{Found, Inner, Registry, Running};
use crate::server::store::{AnswerRecord, OwnerId, StoreError};
use crate::wire::{AnswerId, Offset, StoppedAnswer};

/// How long a cancel of an answer that is not there is remembered, for the start that it overtook.
const REMEMBER_CANCEL: Duration = Duration::from_secs(60);
/// How many of those are remembered of one owner, and of all.
const MAX_REMEMBERED: usize = 32;
const MAX_REMEMBERED_IN_ALL: usize = 4096;

impl Registry {
    /// Stops an answer and returns the terminal that holds. `None` where the owner has no such answer:
    /// the cancel is remembered then, for a start that it may have overtaken.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn cancel(
        &self,
        owner: OwnerId,
        id: AnswerId,
        seen: Option<Offset>,
    ) -> Result<Option<StoppedAnswer>, StoreError> {
        loop {
            match self.find(owner, id).await? {
                Some(Found::Running(Running { live, .. })) => {
                    live.cancel(seen);
                    let terminal = live.ended().await;
                    let ms = |closed: Duration| u64::try_from(closed.as_millis()).unwrap_or(u64::MAX);
                    return Ok(Some(StoppedAnswer { terminal, closed_ms: live.closed().map(ms) }));
                }
                Some(Found::Stored(record)) => {
                    return Ok(record.terminal.map(|terminal| StoppedAnswer { terminal, closed_ms: None }));
                }
                // It may have begun since we looked, and then it is looked for again.
                None if !self.remember_cancel(owner, id) => {}
                // It may even have ended.
                None => match self.store.answer(owner, id).await? {
                    Some(AnswerRecord { terminal: Some(_), .. }) => {
                        self.lock().take_cancelled(owner, id);
                    }
                    _ => return Ok(None),
                },
            }
        }
    }

    /// Remembers a cancel for a start that may come, unless it has come already; somebody else's stays
    /// unknown.
    fn remember_cancel(&self, owner: OwnerId, id: AnswerId) -> bool {
        let mut inner = self.lock();
        let begun = inner.owner_of(id) == Some(owner);
        if !begun {
            inner.remember_cancel(owner, id);
        }
        !begun
    }
}

impl Inner {
    pub(super) fn remember_cancel(&mut self, owner: OwnerId, id: AnswerId) {
        self.forget_cancels();
        self.cancelled.retain(|&(_, theirs, other)| (theirs, other) != (owner, id));
        let theirs = self.cancelled.iter().filter(|&&(_, theirs, _)| theirs == owner).count();
        if theirs >= MAX_REMEMBERED {
            let oldest = self.cancelled.iter().position(|&(_, theirs, _)| theirs == owner);
            oldest.and_then(|oldest| self.cancelled.remove(oldest));
        }
        if self.cancelled.len() >= MAX_REMEMBERED_IN_ALL {
            self.cancelled.pop_front();
        }
        self.cancelled.push_back((Instant::now(), owner, id));
    }

    pub(super) fn take_cancelled(&mut self, owner: OwnerId, id: AnswerId) -> bool {
        self.forget_cancels();
        let before = self.cancelled.len();
        self.cancelled.retain(|&(_, theirs, other)| (theirs, other) != (owner, id));
        self.cancelled.len() < before
    }

    fn forget_cancels(&mut self) {
        self.cancelled.retain(|(at, ..)| at.elapsed() < REMEMBER_CANCEL);
    }
}
