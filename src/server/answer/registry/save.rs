//! Running answers go to the store piece by piece, and their ends before anybody sees them.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::super::{Live, Unsaved};
use super::Registry;
use crate::server::store::{Ending, Piece, StoreError};
use crate::wire::{AnswerId, AnswerState, ErrorKind, Offset, Outcome};

/// How often what has been gained is saved: with the time that a write takes, no more than 250 ms
/// are lost when the process is killed.
const SAVE_EVERY: Duration = Duration::from_millis(200);
/// How long readers wait for an end to be saved before they are told that it could not be.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same when the server is stopping, and has little time itself.
const PATIENCE_WHEN_STOPPING: Duration = Duration::from_secs(1);
/// The pause before a save is tried again.
const PAUSE: Duration = Duration::from_millis(200);
/// The longest pause, for an end that nobody waits for any more.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

impl Registry {
    /// Saves what running answers have gained, all of them in one write, until the server stops.
    pub(super) async fn keep_saving(self: Arc<Self>) {
        let saving = async {
            loop {
                self.begun.notified().await;
                self.save_while_running().await;
            }
        };
        // When the server stops, every answer ends, and is saved with its end.
        let _ = self.draining.run_until_cancelled(saving).await;
    }

    async fn save_while_running(&self) {
        let mut ticks = interval(SAVE_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while self.any_running() {
            ticks.tick().await;
            self.save().await;
        }
    }

    pub(super) fn any_running(&self) -> bool {
        !self.lock().running.is_empty()
    }

    /// One write. The lock is held while the answers are listed, not while they are copied.
    async fn save(&self) {
        let running: Vec<_> =
            self.lock().running.iter().map(|(&id, running)| (id, running.live.clone())).collect();
        let gained: Vec<_> =
            running.iter().filter_map(|(id, live)| Some((*id, live, live.unsaved()?))).collect();
        if gained.is_empty() {
            return;
        }
        let ends: Vec<(&Live, Offset)> =
            gained.iter().map(|(_, live, unsaved)| (&***live, unsaved.to)).collect();
        let pieces = gained.iter().map(|(id, _, unsaved)| piece(*id, unsaved.clone())).collect();
        match self.store.append(pieces).await {
            Ok(()) => ends.iter().for_each(|(live, to)| live.mark_saved(*to)),
            // The next tick saves this as well.
            Err(error @ StoreError::Busy(_)) => tracing::warn!(%error, "can't save just now"),
            Err(error) => {
                tracing::error!(%error, "can't save; the running answers are ended");
                ends.iter().for_each(|(live, _)| live.end(not_saved(&error)));
            }
        }
    }

    /// Saves the end of an answer, shows it to the readers, and lets the answer go.
    ///
    /// A store that does not take it keeps nobody waiting: readers are told so, and the saving goes
    /// on behind them.
    pub(super) async fn conclude(&self, id: AnswerId, live: &Live) {
        let saved = tokio::select! {
            saved = timeout(PATIENCE, self.save_end(id, live, PAUSE)) => saved.is_ok(),
            () = self.stopping_for(PATIENCE_WHEN_STOPPING) => false,
        };
        if !saved {
            tracing::error!(answer = %id, "an answer's end could not be saved in time");
            live.redecide(Outcome::Error {
                kind: ErrorKind::Internal,
                message: "The answer could not be saved in time. It may be shorter when you come back."
                    .to_owned(),
                retry_after: None,
            });
        }
        live.publish();
        if !saved {
            let saving = self.save_end(id, live, PAUSE);
            if self.draining.run_until_cancelled(saving).await.is_none() {
                return;
            }
        }
        let Some((_, terminal)) = live.ending() else {
            return;
        };
        let (state, bytes) = (AnswerState::from(&terminal), terminal.length.0);
        tracing::info!(answer = %id, ?state, bytes, "answer ended");
        self.lock().running.remove(&id);
        live.hand_over(self.stored(id, terminal));
    }

    /// Saves an answer's end, however often it has to be tried.
    async fn save_end(&self, id: AnswerId, live: &Live, mut pause: Duration) {
        while let Some((rest, terminal)) = live.ending() {
            let ending = Ending { rest: piece(id, rest), terminal };
            let Err(error) = self.store.finish(ending).await else {
                return;
            };
            tracing::warn!(answer = %id, %error, "can't save an answer's end; trying again");
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Returns when the server has been stopping for so long.
    async fn stopping_for(&self, time: Duration) {
        self.draining.cancelled().await;
        sleep(time).await;
    }
}

fn piece(answer: AnswerId, Unsaved { from, parts, .. }: Unsaved) -> Piece {
    Piece { answer, from, parts }
}

fn not_saved(error: &StoreError) -> Outcome {
    let message = match error {
        StoreError::Full => {
            "The server's disk is full, so the answer was stopped. What had been saved is kept.".to_owned()
        }
        StoreError::Broken(_) | StoreError::Busy(_) => {
            "The server can't save answers, so this one was stopped. Its log says why.".to_owned()
        }
    };
    Outcome::Error { kind: ErrorKind::Internal, message, retry_after: None }
}
