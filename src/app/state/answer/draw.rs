//! Drawing an answer: once per frame what is new, by setting the signals; then the terminal.

use leptos::prelude::*;

use super::{Ended, Failure, LiveAnswer, Piece, State};
use crate::app::client::clock::{next_frame, now};
use crate::app::client::page::is_hidden;
use crate::app::state::fold::Step;
use crate::app::state::words::{is_theirs, words};
use crate::wire::{AnswerState, ErrorKind, Outcome, PartKind, Terminal, Verdict};

/// So much is drawn at least in a frame, in bytes, and then as much as there is time for. Little enough
/// that one step more is no long one.
const STEP: usize = 4 << 10;

/// A flush that has taken this long leaves the rest to the next frame.
const FLUSH_MS: f64 = 8.0;

impl LiveAnswer {
    pub(super) fn schedule(self) {
        let scheduled = self.fold.try_update_value(|fold| std::mem::replace(&mut fold.scheduled, true));
        if scheduled == Some(false) {
            next_frame(move || self.flush());
        }
    }

    /// Draws what is new, for as long as there is time in this frame.
    fn flush(self) {
        let valid = self.fold.try_update_value(|fold| {
            fold.scheduled = false;
            fold.take_valid()
        });
        if let Some(valid) = valid
            && self.pieces.with_untracked(|pieces| pieces.len() > valid)
        {
            self.pieces.update(|pieces| pieces.truncate(valid));
        }
        let began = now();
        if self.is_behind() {
            // Its view says how far it is.
            self.content.notify();
            if self.is_behind() {
                return self.schedule();
            }
        }
        while let Some(step) = self.fold.try_update_value(|fold| fold.advance(STEP)).flatten() {
            self.draw(step);
            if self.is_behind() || now() - began > FLUSH_MS {
                return self.schedule();
            }
        }
        self.settle();
    }

    fn draw(self, step: Step) {
        match step {
            Step::Opened { index, kind, shown } => {
                self.open(index, kind);
                self.grew(kind, shown);
            }
            Step::Grew { index, shown } => {
                let kind = self.with_answer(|answer| answer.parts()[index].kind());
                self.grew(kind, shown);
            }
        }
    }

    fn grew(self, kind: PartKind, shown: usize) {
        match kind {
            PartKind::Think => self.think.set(shown),
            PartKind::Text => self.content.set(shown),
            PartKind::Image => self.image.update(|count| *count += 1),
        }
    }

    /// Opens a part, which closes the one before it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a span of milliseconds")]
    fn open(self, index: usize, kind: PartKind) {
        let began = now();
        if let Some(last) = self.pieces.with_untracked(|pieces| pieces.last().copied())
            && last.began > 0.0
        {
            last.took.set(Some((began - last.began) as u64));
        }
        let key = self.views.get_value();
        self.views.set_value(key + 1);
        let took = RwSignal::new(None);
        self.pieces.update(|pieces| pieces.push(Piece { key, index, kind, began, took }));
    }

    /// Lets the end be known, once everything is drawn (or nobody can see it).
    pub(super) fn settle(self) {
        let terminal = self.fold.with_value(|fold| {
            let due = fold.is_over() && (fold.is_drawn() || is_hidden());
            due.then(|| (fold.answer().terminal().cloned(), fold.answer().verdict(), fold.is_held_back()))
        });
        if let Some((Some(terminal), Some(verdict), held_back)) = terminal
            && self.ended.with_untracked(Option::is_none)
        {
            self.held_back.set(held_back);
            self.end(&terminal, verdict);
        }
    }

    fn end(self, terminal: &Terminal, verdict: Verdict) {
        let mut ended = Ended { verdict, reason: None, usage: None, timing: terminal.timing };
        match &terminal.outcome {
            Outcome::End { reason, usage } => {
                ended.reason = Some(*reason);
                ended.usage = *usage;
            }
            Outcome::Cancelled { .. } => self.cancelled.set(true),
            Outcome::Error { message, retry_after, kind } => {
                let is_cut = matches!(kind, ErrorKind::Incomplete | ErrorKind::Interrupted);
                let (message, retry_after) = (message.clone(), *retry_after);
                let title = words().failures.get(*kind as usize).copied();
                let title = title.filter(|_| !is_theirs() || message.is_empty());
                self.error.set(Some(Failure { message, retry_after, title, is_cut }));
            }
        }
        self.status.set(None);
        self.ended.set(Some(ended));
        self.close(State::Of(AnswerState::from(terminal)));
    }

    /// The last part is closed with the answer: its view has a last look.
    pub(super) fn close(self, state: State) {
        self.stopping.set(false);
        self.state.set(state);
        self.think.notify();
        self.content.notify();
    }
}
