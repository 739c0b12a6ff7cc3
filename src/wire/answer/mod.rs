//! The answer that events fold into. One `apply` for everybody (sections 1 to 3).

mod apply;
mod part;
#[cfg(test)]
mod tests;

pub use apply::{Applied, Verdict};
pub use part::{Part, Slice};

use super::{Check, Checker, Image, Offset, Outcome, PartKind, SnapshotPart, Status, Terminal, Timing};
use part::cut_slice;

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
    pub fn end(&mut self, outcome: Outcome, timing: Timing) -> &Terminal {
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
