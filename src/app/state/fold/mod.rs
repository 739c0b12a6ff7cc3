//! One answer in the page as its bytes arrive: what we have, and how much of that is drawn. Pure: the
//! signals that tell the views stand in [`super::answer`].
//!
//! Bytes are folded as they come; drawing follows in steps, once per frame. What is drawn is what the
//! reader has *seen*, and where a stop cuts.

use crate::app::client::link::Next;
use crate::wire::{Answer, Applied, Event, Offset, Part, PartKind, Position, Terminal, Verdict};

/// An answer and how far it is drawn.
#[derive(Debug, Default)]
pub struct Fold {
    answer: Answer,
    /// A second reading from 0, after the first one did not agree with its check.
    again: Option<Answer>,
    reread: bool,
    /// Bytes drawn of each part that the views have.
    shown: Vec<usize>,
    /// Their sum, which would cost more with each part to compute.
    seen: Offset,
    /// Stop was pressed when this much was drawn: nothing more is.
    stop: Option<Offset>,
    /// What the views have is not the beginning of the answer any more.
    stale: bool,
    /// A frame is on order.
    pub(super) scheduled: bool,
}

/// What a step of drawing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A part begins, and this much of it is drawn.
    Opened {
        /// Its place among the parts.
        index: usize,
        /// Its type.
        kind: PartKind,
        /// Bytes of it that are drawn.
        shown: usize,
    },
    /// More of the last part is drawn, up to here.
    Grew {
        /// Its place among the parts.
        index: usize,
        /// Bytes of it that are drawn.
        shown: usize,
    },
}

impl Fold {
    /// An answer that stands in the server's page with all of its parts.
    pub fn drawn(answer: Answer) -> Self {
        let shown = answer.parts().iter().map(|part| part.content().len()).collect();
        Self { shown, seen: answer.offset(), answer, ..Self::default() }
    }

    /// The answer.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// The text of a part that is drawn so far; empty where there is no such part.
    pub fn shown_text(&self, index: usize) -> &str {
        let shown = self.shown.get(index).copied().unwrap_or(0);
        self.answer.parts().get(index).and_then(|part| part.content().get(..shown)).unwrap_or("")
    }

    /// Where to attach.
    pub fn offset(&self) -> Offset {
        self.again.as_ref().unwrap_or(&self.answer).offset()
    }

    /// How much is drawn.
    pub fn seen(&self) -> Offset {
        self.seen
    }

    /// Folds a frame in.
    pub fn take(&mut self, id: &str, data: &str) -> Next {
        let answer = self.again.as_mut().unwrap_or(&mut self.answer);
        match answer.apply_frame(id, data) {
            Ok(applied) => self.follow(&applied),
            Err(_) => Next::Attach,
        }
    }

    /// Folds in a terminal that came with the answer to a cancel.
    pub fn take_terminal(&mut self, terminal: Terminal) -> Next {
        let applied = self.answer.apply(Position::End, Event::Terminal(terminal));
        self.follow(&applied)
    }

    fn follow(&mut self, applied: &Applied) -> Next {
        // A terminal cuts what is beyond it, whether it then holds or not.
        if matches!(applied, Applied::Ended(_)) {
            self.trim();
        }
        match applied {
            Applied::Appended | Applied::Duplicate | Applied::Status | Applied::Skipped => Next::Read,
            Applied::Gap | Applied::Malformed | Applied::Ended(Verdict::Short) => Next::Attach,
            Applied::Ended(Verdict::Mismatch) if !self.reread => {
                self.reread = true;
                self.again = Some(Answer::default());
                Next::Attach
            }
            Applied::Ended(Verdict::Whole | Verdict::Unverified | Verdict::Mismatch)
            | Applied::AfterTerminal => {
                self.end();
                Next::Done
            }
        }
    }

    /// The second reading holds, whether its check agrees or not: if it does not, the first one was no
    /// better. A terminal within what was seen brings nothing that a stop would have to hold back.
    fn end(&mut self) {
        if let Some(again) = self.again.take() {
            self.answer = again;
            self.redraw();
        }
        if self.stop.is_some_and(|stop| self.answer.offset() <= stop) {
            self.stop = None;
        }
    }

    /// Forgets what we have: everything is read and drawn again.
    pub fn restart(&mut self) {
        self.answer = Answer::default();
        self.again = None;
        self.redraw();
    }

    fn redraw(&mut self) {
        self.stale = true;
        self.shown.clear();
        self.seen = Offset::ZERO;
    }

    /// How many parts' views still show what the answer begins with: none after it was read anew, and
    /// fewer than there are after a terminal has cut it. Asked once.
    pub fn take_valid(&mut self) -> usize {
        if std::mem::take(&mut self.stale) { 0 } else { self.shown.len() }
    }

    /// Stop was pressed: from now on nothing more is drawn. Returns what has been seen.
    pub fn freeze(&mut self) -> Offset {
        *self.stop.get_or_insert(self.seen)
    }

    /// Draws again after all.
    pub fn thaw(&mut self) {
        self.stop = None;
    }

    /// What was seen when Stop was pressed, while that holds something back.
    pub fn stopped_at(&self) -> Option<Offset> {
        self.stop
    }

    /// Whether Stop holds something back that belongs to the answer.
    pub fn is_held_back(&self) -> bool {
        self.stop.is_some() && self.seen < self.answer.offset()
    }

    /// Whether the terminal is there and holds.
    pub fn is_over(&self) -> bool {
        self.answer.terminal().is_some() && self.again.is_none()
    }

    /// Whether everything is drawn that should be.
    pub fn is_drawn(&self) -> bool {
        self.stop.is_some() || self.seen >= self.answer.offset()
    }

    /// Whether all that has arrived of a part is drawn.
    pub fn is_part_drawn(&self, index: usize) -> bool {
        self.answer.parts().get(index).map(|part| part.content().len()) == self.shown.get(index).copied()
    }

    /// Draws at most about `budget` bytes more, all of one part. `None` when there is nothing to draw.
    pub fn advance(&mut self, budget: usize) -> Option<Step> {
        if self.stop.is_some() {
            return None;
        }
        let parts = self.answer.parts();
        if let (Some(index), Some(&before)) = (self.shown.len().checked_sub(1), self.shown.last()) {
            let part = &parts[index];
            if before < part.content().len() {
                let shown = border(part, before, budget);
                self.shown[index] = shown;
                self.seen = self.seen.plus(shown - before);
                return Some(Step::Grew { index, shown });
            }
        }
        let index = self.shown.len();
        let part = parts.get(index)?;
        let shown = border(part, 0, budget);
        self.shown.push(shown);
        self.seen = self.seen.plus(shown);
        Some(Step::Opened { index, kind: part.kind(), shown })
    }

    /// The terminal may have cut what was there: nothing is drawn that is not in the answer.
    fn trim(&mut self) {
        self.shown.truncate(self.answer.parts().len());
        for (shown, part) in self.shown.iter_mut().zip(self.answer.parts()) {
            *shown = floor_border(part, *shown);
        }
        self.seen = Offset(self.shown.iter().map(|&bytes| bytes as u64).sum());
    }
}

/// The border at or just after `from + budget`; an image is whole.
fn border(part: &Part, from: usize, budget: usize) -> usize {
    let content = part.content();
    let mut end = from.saturating_add(budget).min(content.len());
    if matches!(part, Part::Image(_)) {
        end = content.len();
    }
    while !content.is_char_boundary(end) {
        end += 1;
    }
    end
}

fn floor_border(part: &Part, shown: usize) -> usize {
    let content = part.content();
    let mut end = shown.min(content.len());
    while !content.is_char_boundary(end) {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests;
