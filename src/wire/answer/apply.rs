//! Folding events in.

use super::Answer;
use crate::wire::{Event, Image, Offset, ParseEventError, PartKind, Position, Terminal};

/// What [`Answer::apply`] did with an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a gap or a short answer must be resumed"]
pub enum Applied {
    /// The answer grew.
    Appended,
    /// We had all of it already.
    Duplicate,
    /// It begins beyond our offset: something was lost, attach again from [`Answer::offset`].
    Gap,
    /// The status changed.
    Status,
    /// A type that is not known: the offset moved, and the answer can't be verified any more.
    Skipped,
    /// It makes no sense at its position (an `id` that is missing, or smaller than the event is
    /// wide). Treated by readers like a gap.
    Malformed,
    /// It is the terminal.
    Ended(Verdict),
    /// The answer has ended already, and nothing follows a terminal. Dropped.
    AfterTerminal,
}

/// Whether the reader has what the terminal says that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Length and check agree.
    Whole,
    /// Bytes are missing: the terminal was not taken, attach again from [`Answer::offset`].
    Short,
    /// The length agrees and the check does not: read once more from 0.
    Mismatch,
    /// Something of an unknown type was in it, so nobody can say.
    Unverified,
}

impl Answer {
    /// Folds one event in. `id` is the frame's.
    ///
    /// The rules are those of section 2: what we have is dropped, what begins before our offset and
    /// ends beyond it is shortened (an image is taken whole), what begins beyond it is a gap.
    pub fn apply(&mut self, id: Position, event: Event) -> Applied {
        if self.terminal.is_some() {
            return Applied::AfterTerminal;
        }
        match event {
            Event::Think(r) => self.apply_text(id, PartKind::Think, &r),
            Event::Text(r) => self.apply_text(id, PartKind::Text, &r),
            Event::Image(image) => self.apply_image(id, image),
            Event::Status(status) => {
                self.status = Some(status);
                Applied::Status
            }
            Event::Terminal(terminal) => self.apply_terminal(terminal),
            Event::Unknown => self.skip(id),
        }
    }

    /// Folds one frame in: its `id` and its `data` as they stand on the wire.
    ///
    /// # Errors
    ///
    /// When the data is not an event's JSON.
    pub fn apply_frame(&mut self, id: &str, data: &str) -> Result<Applied, ParseEventError> {
        let event = Event::from_json(data)?;
        match (id.parse(), &event) {
            (Ok(position), _) => Ok(self.apply(position, event)),
            // These two do not depend on their position.
            (Err(_), Event::Status(_) | Event::Terminal(_)) => Ok(self.apply(Position::End, event)),
            (Err(_), _) => Ok(Applied::Malformed),
        }
    }

    fn apply_text(&mut self, id: Position, kind: PartKind, r: &str) -> Applied {
        let Some((begin, end)) = span(id, r.len()) else {
            return Applied::Malformed;
        };
        if begin > self.offset {
            return Applied::Gap;
        }
        if end <= self.offset {
            return Applied::Duplicate;
        }
        let known = usize::try_from(self.offset.0 - begin.0).unwrap_or(usize::MAX);
        let Some(news) = r.get(known..) else {
            return Applied::Malformed;
        };
        self.push(kind, news);
        Applied::Appended
    }

    fn apply_image(&mut self, id: Position, image: Image) -> Applied {
        let Some((begin, end)) = span(id, image.url.len()) else {
            return Applied::Malformed;
        };
        if begin > self.offset {
            return Applied::Gap;
        }
        if end <= self.offset {
            return Applied::Duplicate;
        }
        if begin < self.offset {
            // An image is taken whole, so it replaces what we thought stood there. Nobody gets here
            // who has what the server has; if we do not, the check will say so.
            self.cut(begin);
            self.offset = begin;
        }
        self.push_image(image);
        Applied::Appended
    }

    fn apply_terminal(&mut self, terminal: Terminal) -> Applied {
        if self.offset > terminal.length {
            self.cut(terminal.length);
        }
        let verdict = if self.offset < terminal.length {
            return Applied::Ended(Verdict::Short);
        } else if self.unverified {
            Verdict::Unverified
        } else if self.check() == terminal.check {
            Verdict::Whole
        } else {
            Verdict::Mismatch
        };
        self.status = None;
        self.terminal = Some((terminal, verdict));
        Applied::Ended(verdict)
    }

    fn skip(&mut self, id: Position) -> Applied {
        let Position::At(end) = id else {
            return Applied::Malformed;
        };
        // Like every other event that is not beyond our offset: this is how passing events, which are
        // zero wide, can be added to the protocol.
        if end <= self.offset {
            return Applied::Duplicate;
        }
        self.offset = end;
        self.closed = true;
        self.unverified = true;
        Applied::Skipped
    }
}

/// Where an event of this width begins and ends.
fn span(id: Position, width: usize) -> Option<(Offset, Offset)> {
    let Position::At(end) = id else {
        return None;
    };
    end.0.checked_sub(width as u64).map(|begin| (Offset(begin), end))
}
