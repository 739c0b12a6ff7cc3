//! The answer that events fold into. One `apply` for everybody (sections 1 to 3).

#[cfg(test)]
mod tests;

use super::{
    Check, Checker, Event, Image, Offset, ParseEventError, PartKind, Position, SnapshotPart, Status, Terminal,
};

/// A run of content of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Reasoning.
    Think(String),
    /// Markdown.
    Text(String),
    /// One image.
    Image(Image),
}

impl Part {
    /// Its type.
    pub fn kind(&self) -> PartKind {
        match self {
            Self::Think(_) => PartKind::Think,
            Self::Text(_) => PartKind::Text,
            Self::Image(_) => PartKind::Image,
        }
    }

    /// The bytes that count for offsets and the check.
    pub fn content(&self) -> &str {
        match self {
            Self::Think(r) | Self::Text(r) => r,
            Self::Image(image) => &image.url,
        }
    }

    /// The same, borrowed.
    pub fn as_slice(&self) -> Slice<'_> {
        match self {
            Self::Think(r) => Slice::Think(r),
            Self::Text(r) => Slice::Text(r),
            Self::Image(image) => Slice::Image(image),
        }
    }

    fn cut(&mut self, len: usize) {
        match self {
            Self::Think(r) | Self::Text(r) => r.truncate(len),
            // Cuts fall on borders, and an image has none inside.
            Self::Image(_) => {}
        }
    }
}

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

/// An answer so far: parts, offset, check, and the terminal once there is one.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    parts: Vec<Part>,
    /// The offset at which each part begins.
    starts: Vec<Offset>,
    offset: Offset,
    checker: Checker,
    /// Whether text may still join the last part: not across something unknown.
    closed: bool,
    unverified: bool,
    status: Option<Status>,
    terminal: Option<(Terminal, Verdict)>,
}

impl Answer {
    /// An answer from the parts of a snapshot.
    pub fn from_parts(parts: impl IntoIterator<Item = SnapshotPart>) -> Self {
        let mut answer = Self::default();
        for SnapshotPart(part) in parts {
            match part {
                Part::Think(r) => answer.push(PartKind::Think, &r),
                Part::Text(r) => answer.push(PartKind::Text, &r),
                Part::Image(image) => answer.push_image(image),
            }
        }
        answer
    }

    /// The parts, in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// How much we have, in bytes.
    pub fn offset(&self) -> Offset {
        self.offset
    }

    /// The check over what we have.
    pub fn check(&self) -> Check {
        self.checker.check()
    }

    /// The latest status; none once there is a terminal.
    pub fn status(&self) -> Option<&Status> {
        self.status.as_ref()
    }

    /// How it ended, once it has.
    pub fn terminal(&self) -> Option<&Terminal> {
        self.terminal.as_ref().map(|(terminal, _)| terminal)
    }

    /// Whether what we have is what the terminal says; `None` before it.
    pub fn verdict(&self) -> Option<Verdict> {
        self.terminal.as_ref().map(|(_, verdict)| *verdict)
    }

    /// The Markdown of all text parts, joined. Copies: for tests and for the clipboard.
    pub fn text(&self) -> String {
        self.parts
            .iter()
            .filter_map(|part| match part {
                Part::Text(r) => Some(r.as_str()),
                Part::Think(_) | Part::Image(_) => None,
            })
            .collect()
    }

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

    /// Appends text at the end. The server's run writes with this, and so does [`Answer::apply`].
    /// Nothing happens for an empty one, since content is never empty, nor behind a terminal.
    pub fn push(&mut self, kind: PartKind, r: &str) {
        if r.is_empty() || self.terminal.is_some() {
            return;
        }
        self.status = None;
        match (self.parts.last_mut(), kind) {
            (Some(Part::Think(have)), PartKind::Think) | (Some(Part::Text(have)), PartKind::Text)
                if !self.closed =>
            {
                have.push_str(r);
            }
            _ => {
                self.open(kind);
                self.parts.push(match kind {
                    PartKind::Think => Part::Think(r.to_owned()),
                    PartKind::Text => Part::Text(r.to_owned()),
                    PartKind::Image => {
                        Part::Image(Image { url: r.to_owned(), w: 0, h: 0, alt: String::new() })
                    }
                });
            }
        }
        self.checker.extend(r);
        self.offset = self.offset.plus(r.len());
    }

    /// Appends an image at the end, like [`Answer::push`].
    pub fn push_image(&mut self, image: Image) {
        if image.url.is_empty() || self.terminal.is_some() {
            return;
        }
        self.status = None;
        self.open(PartKind::Image);
        self.checker.extend(&image.url);
        self.offset = self.offset.plus(image.url.len());
        self.parts.push(Part::Image(image));
    }

    fn open(&mut self, kind: PartKind) {
        self.checker.open(kind);
        self.starts.push(self.offset);
        self.closed = false;
    }

    /// Sets or clears what the answer waits for.
    pub fn set_status(&mut self, status: Option<Status>) {
        if self.terminal.is_none() {
            self.status = status;
        }
    }

    /// Ends the answer with what it has. The server's side of [`Answer::apply`] with a terminal,
    /// which computes length and check instead of comparing them. Returns the terminal that holds:
    /// the first one wins.
    pub fn end(&mut self, outcome: super::Outcome, timing: super::Timing) -> &Terminal {
        let (offset, check) = (self.offset, self.check());
        let (terminal, _) = self
            .terminal
            .get_or_insert((Terminal { outcome, length: offset, check, timing }, Verdict::Whole));
        self.status = None;
        terminal
    }

    /// The border at or before `offset`: an offset inside an image or a character counts as its
    /// beginning, one beyond the end as the end.
    pub fn border(&self, offset: Offset) -> Offset {
        if offset >= self.offset {
            return self.offset;
        }
        let Some(index) = self.part_at(offset) else {
            return Offset::ZERO;
        };
        let start = self.starts[index];
        let inside = usize::try_from(offset.0 - start.0).unwrap_or(usize::MAX);
        match &self.parts[index] {
            Part::Think(r) | Part::Text(r) => start.plus(r.floor_char_boundary(inside)),
            Part::Image(_) => start,
        }
    }

    /// Cuts the answer to the border at or before `offset`. An answer that has ended stays as it is.
    /// Costs as much as the check over what is left.
    pub fn cut(&mut self, offset: Offset) {
        if self.terminal.is_some() || offset >= self.offset {
            return;
        }
        let at = self.border(offset);
        while self.starts.last().is_some_and(|&start| start >= at) {
            self.starts.pop();
            self.parts.pop();
        }
        if let (Some(part), Some(&start)) = (self.parts.last_mut(), self.starts.last()) {
            part.cut(usize::try_from(at.0 - start.0).unwrap_or(usize::MAX));
        }
        self.offset = at;
        self.checker = Checker::default();
        for part in &self.parts {
            self.checker.open(part.kind());
            self.checker.extend(part.content());
        }
    }

    /// The next event for a reader that has `after`, at most `max` bytes wide (but at least one
    /// character, and an image is whole), merged from all that is there; `None` when the reader has
    /// everything. The terminal is not among them.
    pub fn read(&self, after: Offset, max: usize) -> Option<(Offset, Slice<'_>)> {
        let after = self.border(after);
        if after >= self.offset {
            return None;
        }
        let index = self.part_at(after)?;
        let start = self.starts[index];
        let inside = usize::try_from(after.0 - start.0).unwrap_or(usize::MAX);
        match &self.parts[index] {
            Part::Image(image) => Some((start.plus(image.url.len()), Slice::Image(image))),
            Part::Think(r) => cut_slice(r, inside, max).map(|(end, s)| (start.plus(end), Slice::Think(s))),
            Part::Text(r) => cut_slice(r, inside, max).map(|(end, s)| (start.plus(end), Slice::Text(s))),
        }
    }

    /// The content from `after` on, which is a border: to be stored, or sent to somebody who has the
    /// rest.
    pub fn parts_after(&self, after: Offset) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut at = after;
        while let Some((end, slice)) = self.read(at, usize::MAX) {
            parts.push(slice.to_part());
            at = end;
        }
        parts
    }

    /// The part in which `offset` lies; one at a border is in the part that begins there.
    fn part_at(&self, offset: Offset) -> Option<usize> {
        self.starts.partition_point(|&start| start <= offset).checked_sub(1)
    }
}

/// A borrowed piece of an answer, to be encoded for one reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slice<'a> {
    /// Reasoning.
    Think(&'a str),
    /// Markdown.
    Text(&'a str),
    /// An image.
    Image(&'a Image),
}

impl Slice<'_> {
    /// As a part of its own.
    pub fn to_part(self) -> Part {
        match self {
            Self::Think(r) => Part::Think(r.to_owned()),
            Self::Text(r) => Part::Text(r.to_owned()),
            Self::Image(image) => Part::Image(image.clone()),
        }
    }

    /// The event's JSON.
    pub fn to_json(self) -> String {
        match self {
            Self::Think(r) => super::event::Flat::content("think", r),
            Self::Text(r) => super::event::Flat::content("text", r),
            Self::Image(image) => super::event::Flat::image(image),
        }
        .to_json()
    }
}

/// Where an event of this width begins and ends.
fn span(id: Position, width: usize) -> Option<(Offset, Offset)> {
    let Position::At(end) = id else {
        return None;
    };
    end.0.checked_sub(width as u64).map(|begin| (Offset(begin), end))
}

fn cut_slice(r: &str, from: usize, max: usize) -> Option<(usize, &str)> {
    let rest = r.get(from..)?;
    let first = rest.chars().next()?.len_utf8();
    let len = rest.floor_char_boundary(max).max(first);
    Some((from + len, &rest[..len]))
}
