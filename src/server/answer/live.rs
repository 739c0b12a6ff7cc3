//! One running answer: the buffer that its run writes and its readers follow.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::StoredAnswer;
use crate::server::provider::Delta;
use crate::wire::{Answer, Offset, Outcome, Part, PartKind, Phase, Status, Terminal, Timing};

/// A running answer, or one that has just ended.
///
/// It ends in two steps. First its end is *decided*, under the one lock: the first to come wins, and
/// content that comes later is dropped. Then, when the answer is stored, its terminal is *published*
/// and readers see it: a terminal that somebody has seen can't be lost any more. The lock is never
/// held across an await.
#[derive(Debug)]
pub struct Live {
    started: Instant,
    limit: u64,
    state: Mutex<State>,
    changed: watch::Sender<()>,
    /// Cancelled as soon as the end is decided, by whomever: the run drops the provider's stream
    /// then, which closes the connection.
    abort: CancellationToken,
}

#[derive(Debug, Default)]
struct State {
    answer: Answer,
    /// Counts the changes of the status, so that a reader knows whether it has seen the latest.
    status_version: u64,
    first: Option<Duration>,
    /// Since when it thinks, if it does.
    thinking: Option<Duration>,
    thought: Option<Duration>,
    /// How far it is in the store.
    saved: Offset,
    /// How it ends, once that is decided.
    decided: Option<(Outcome, Timing)>,
    /// When a cancel decided it.
    cancelled: Option<Instant>,
    /// How long after that the provider's stream was closed.
    closed: Option<Duration>,
    /// Where it is to be read from now on.
    handed_over: Option<StoredAnswer>,
}

/// Content that is not in the store yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaved {
    /// Where it begins.
    pub from: Offset,
    /// Where it ends.
    pub to: Offset,
    /// What it is.
    pub parts: Vec<Part>,
}

/// The answer has reached its limit; what fitted was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl Live {
    /// An answer that waits for its first content and will hold at most `limit` bytes.
    pub fn new(limit: u64) -> Self {
        let mut state = State { status_version: 1, ..State::default() };
        state.answer.set_status(Some(Status::phase(Phase::Waiting)));
        Self {
            started: Instant::now(),
            limit,
            state: Mutex::new(state),
            changed: watch::Sender::new(()),
            abort: CancellationToken::new(),
        }
    }

    /// Fires when the end is decided, by whomever.
    pub fn abort(&self) -> &CancellationToken {
        &self.abort
    }

    /// Wakes whoever follows the answer.
    pub fn subscribe(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Looks at the answer and at the version of its status.
    ///
    /// # Errors
    ///
    /// When it is the store's by now: there it is to be read.
    pub fn with<T>(&self, look: impl FnOnce(&Answer, u64) -> T) -> Result<T, Box<StoredAnswer>> {
        let state = self.lock();
        match &state.handed_over {
            None => Ok(look(&state.answer, state.status_version)),
            Some(stored) => Err(Box::new(stored.clone())),
        }
    }

    /// How much there is now, for one who attaches, and whether more may come: not once the end is
    /// decided, from when on there may be less than a reader has.
    ///
    /// # Errors
    ///
    /// When it is the store's by now: there it is to be read.
    pub fn progress(&self) -> Result<(Offset, bool), Box<StoredAnswer>> {
        let state = self.lock();
        match &state.handed_over {
            None => Ok((state.answer.offset(), state.decided.is_none())),
            Some(stored) => Err(Box::new(stored.clone())),
        }
    }

    /// Lets go of the content, which is saved with its end: readers go on in the store. Otherwise one
    /// who does not read would hold a whole answer in memory for ever.
    pub fn hand_over(&self, stored: StoredAnswer) {
        let mut state = self.lock();
        state.handed_over = Some(stored);
        state.answer = Answer::default();
        drop(state);
        self.changed.send_replace(());
    }

    /// Appends what one read from the provider brought, and wakes the readers once.
    ///
    /// # Errors
    ///
    /// When the answer is full.
    pub fn append(&self, deltas: Vec<Delta>) -> Result<(), Full> {
        let mut state = self.lock();
        if state.decided.is_some() {
            return Ok(());
        }
        let before = state.answer.offset();
        let now = self.started.elapsed();
        let result = deltas.into_iter().try_for_each(|delta| state.push(delta, now, self.limit));
        let grew = state.answer.offset() > before;
        drop(state);
        if grew {
            self.changed.send_replace(());
        }
        result
    }

    /// Decides how the answer ends, unless that is decided already.
    pub fn end(&self, outcome: Outcome) {
        if self.decide(|_| outcome) {
            self.abort.cancel();
        }
    }

    /// Decides that the answer is stopped at what its reader had seen (rounded down to a border),
    /// unless its end is decided already.
    pub fn cancel(&self, seen: Option<Offset>) {
        let arrived = Instant::now();
        let decided = self.decide(|answer| {
            let all = answer.offset();
            if let Some(seen) = seen {
                answer.cut(seen);
            }
            Outcome::Cancelled { discarded: all.0 - answer.offset().0 }
        });
        if decided {
            self.lock().cancelled = Some(arrived);
            // Not before: whoever closes the stream wants to know since when.
            self.abort.cancel();
        }
    }

    /// Notes that the provider's stream is closed.
    pub fn mark_closed(&self) {
        let mut state = self.lock();
        state.closed = state.cancelled.map(|since| since.elapsed());
    }

    /// How long after a cancel the provider's stream was closed.
    pub fn closed(&self) -> Option<Duration> {
        self.lock().closed
    }

    /// Whether this was the decision.
    fn decide(&self, outcome: impl FnOnce(&mut Answer) -> Outcome) -> bool {
        let mut state = self.lock();
        if state.decided.is_some() {
            return false;
        }
        let outcome = outcome(&mut state.answer);
        let timing = state.timing(self.started.elapsed());
        state.decided = Some((outcome, timing));
        true
    }

    /// What a running answer has gained since it was last saved; `None` where there is nothing, or
    /// where the end is decided and is what will be saved next.
    pub fn unsaved(&self) -> Option<Unsaved> {
        let state = self.lock();
        (state.decided.is_none() && state.answer.offset() > state.saved).then(|| state.unsaved())
    }

    /// Notes that everything up to `to` is in the store.
    pub fn mark_saved(&self, to: Offset) {
        self.lock().saved = to;
    }

    /// The end that is decided, and the content that is to be saved with it. `None` before that.
    pub fn ending(&self) -> Option<(Unsaved, Terminal)> {
        let state = self.lock();
        let (outcome, timing) = state.decided.clone()?;
        let answer = &state.answer;
        let terminal = Terminal { outcome, length: answer.offset(), check: answer.check(), timing };
        Some((state.unsaved(), terminal))
    }

    /// Replaces the decision, for when the one that was made could not be saved. Not after it was
    /// published.
    pub fn redecide(&self, outcome: Outcome) {
        if let Some((decided, _)) = &mut self.lock().decided {
            *decided = outcome;
        }
    }

    /// Shows the terminal to the readers.
    pub fn publish(&self) {
        let mut state = self.lock();
        let State { answer, decided, .. } = &mut *state;
        if let Some((outcome, timing)) = decided {
            answer.end(outcome.clone(), *timing);
        }
        drop(state);
        self.changed.send_replace(());
    }

    /// Waits for the terminal to be published.
    pub async fn ended(&self) -> Terminal {
        let mut changed = self.subscribe();
        loop {
            changed.mark_unchanged();
            match self.with(|answer, _| answer.terminal().cloned()) {
                Ok(Some(terminal)) => return terminal,
                Ok(None) => {}
                Err(stored) => return stored.terminal,
            }
            // The sender is a field of ours, so it can't be gone.
            let _ = changed.changed().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while it was held has left a shorter answer, not a broken one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn unsaved(&self) -> Unsaved {
        let (from, to) = (self.saved, self.answer.offset());
        Unsaved { from, to, parts: self.answer.parts_after(from) }
    }

    fn push(&mut self, delta: Delta, now: Duration, limit: u64) -> Result<(), Full> {
        let room = usize::try_from(limit.saturating_sub(self.answer.offset().0)).unwrap_or(usize::MAX);
        match delta {
            Delta::Think(r) => self.push_text(PartKind::Think, &r, now, room),
            Delta::Text(r) => self.push_text(PartKind::Text, &r, now, room),
            Delta::Image(image) if image.url.len() > room => Err(Full),
            Delta::Image(image) => {
                self.mark(PartKind::Image, now);
                self.answer.push_image(image);
                Ok(())
            }
            // A picture has become an image by now.
            Delta::Picture(_) | Delta::Finish(_) | Delta::Usage(_) | Delta::Done => Ok(()),
        }
    }

    fn push_text(&mut self, kind: PartKind, r: &str, now: Duration, room: usize) -> Result<(), Full> {
        let fits = &r[..r.floor_char_boundary(room)];
        if !fits.is_empty() {
            self.mark(kind, now);
            self.answer.push(kind, fits);
        }
        if fits.len() < r.len() { Err(Full) } else { Ok(()) }
    }

    /// Keeps the clocks: when content began, and how long it has been thinking.
    fn mark(&mut self, kind: PartKind, now: Duration) {
        self.first.get_or_insert(now);
        match (kind, self.thinking) {
            (PartKind::Think, None) => self.thinking = Some(now),
            (PartKind::Think, Some(_)) | (_, None) => {}
            (PartKind::Text | PartKind::Image, Some(_)) => self.stop_thinking(now),
        }
    }

    fn stop_thinking(&mut self, now: Duration) {
        if let Some(since) = self.thinking.take() {
            *self.thought.get_or_insert_default() += now.saturating_sub(since);
        }
    }

    fn timing(&mut self, now: Duration) -> Timing {
        self.stop_thinking(now);
        let ms = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Timing { first_ms: self.first.map(ms), think_ms: self.thought.map(ms), total_ms: ms(now) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{AnswerState, EndReason};

    fn text(r: &str) -> Vec<Delta> {
        vec![Delta::Text(r.to_owned())]
    }

    const END: Outcome = Outcome::End { reason: EndReason::Stop, usage: None };

    #[tokio::test]
    async fn the_first_decision_wins_and_nothing_follows_it() {
        let live = Live::new(100);
        live.append(text("abc")).unwrap();
        live.cancel(Some(Offset(2)));
        live.end(END);
        live.append(text("more")).unwrap();
        assert!(live.abort().is_cancelled());
        assert_eq!(live.ending().unwrap().1.outcome, Outcome::Cancelled { discarded: 1 });
        live.with(|answer, _| assert_eq!(answer.terminal(), None, "not seen before it is published"))
            .unwrap();
        live.publish();
        live.cancel(None);
        live.publish();
        assert_eq!(AnswerState::from(&live.ended().await), AnswerState::Cancelled);
        live.with(|answer, _| assert_eq!(answer.text(), "ab")).unwrap();
    }

    #[test]
    fn a_full_answer_keeps_what_fits_to_the_character() {
        let live = Live::new(4);
        assert_eq!(live.append(text("ab€")), Err(Full));
        live.with(|answer, _| assert_eq!(answer.text(), "ab")).unwrap();
        assert_eq!(live.append(text("cd")), Ok(()));
        assert_eq!(live.append(text("e")), Err(Full));
    }

    #[test]
    fn what_is_to_be_saved_is_what_was_not() {
        let live = Live::new(100);
        assert_eq!(live.unsaved(), None);
        live.append(vec![Delta::Think("ab".to_owned()), Delta::Text("cd".to_owned())]).unwrap();
        live.mark_saved(live.unsaved().unwrap().to);
        assert_eq!(live.unsaved(), None);
        live.append(text("ef")).unwrap();
        let more = Unsaved { from: Offset(4), to: Offset(6), parts: vec![Part::Text("ef".to_owned())] };
        assert_eq!(live.unsaved(), Some(more.clone()));
        live.end(END);
        assert_eq!(live.unsaved(), None, "it will be saved with the end");
        assert_eq!(live.ending().unwrap().0, more);
    }

    #[test]
    fn a_stop_beyond_the_end_discards_nothing() {
        let live = Live::new(100);
        live.append(text("abc")).unwrap();
        live.cancel(Some(Offset(999)));
        assert_eq!(live.ending().unwrap().1.outcome, Outcome::Cancelled { discarded: 0 });
    }
}
