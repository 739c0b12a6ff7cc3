//! A text that grows, and the changes that it brings.

use super::blocks::{Blocks, Context, LONGEST};
use super::book::Book;
use super::pieces::Pieces;
use super::{Change, Element, Labels, Tree};

/// A text of which more may come.
#[derive(Debug)]
pub struct Growing {
    blocks: Blocks,
    book: Book,
    pieces: Pieces,
    /// The line that is incomplete, unless its beginning has been taken.
    line: String,
    /// The beginning of the line has been taken: whatever follows, it is more of the same.
    taken: bool,
    /// How long the line is so far.
    length: usize,
    /// How long it was when it was looked at.
    looked_at: usize,
    /// The last byte was a carriage return, so a line feed belongs to it.
    after_return: bool,
    /// A tail is shown.
    tail: bool,
}

/// A line that is longer is not looked at again for every bit that comes.
const LONG_LINE: usize = 1024;

/// Reads a whole text. Each element is one block. What is not in the text is said in English.
pub fn parse(source: &str) -> Vec<Element> {
    parse_with(source, &Labels::ENGLISH)
}

/// The same with these labels.
pub fn parse_with(source: &str, labels: &'static Labels) -> Vec<Element> {
    let mut tree = Tree::new();
    let mut growing = Growing::with(labels);
    growing.divided(&mut |change| tree.apply(change), |growing, change| growing.take(source, change));
    growing.finish(&mut |change| tree.apply(change));
    tree.into_blocks()
}

impl Default for Growing {
    fn default() -> Self {
        Self::new()
    }
}

impl Growing {
    /// An empty one, with English labels.
    pub fn new() -> Self {
        Self::with(&Labels::ENGLISH)
    }

    /// An empty one with these labels.
    pub fn with(labels: &'static Labels) -> Self {
        Self {
            blocks: Blocks::default(),
            book: Book::with(labels),
            pieces: Pieces::default(),
            line: String::new(),
            taken: false,
            length: 0,
            looked_at: 0,
            after_return: false,
            tail: false,
        }
    }

    /// Takes more of the text and gives what that changes. However a text is cut, the tree is the same
    /// in the end.
    pub fn push(&mut self, text: &str, change: &mut dyn FnMut(Change)) {
        self.advance(text, change);
        while self.catch_up(change).is_some() {}
    }

    /// The same, but for the leaves that a definition in it changes: there may be any number of them, and
    /// [`Growing::catch_up`] changes one by one.
    pub fn advance(&mut self, text: &str, change: &mut dyn FnMut(Change)) {
        self.divided(change, |growing, change| {
            growing.take(text, change);
            growing.look(change);
        });
    }

    /// Shows the end of what has come as if all had come at once: a long line is not looked at for each bit.
    pub fn show_end(&mut self, change: &mut dyn FnMut(Change)) {
        self.looked_at = 0;
        self.divided(change, Self::look);
    }

    /// Changes one of the leaves whose definition has come late, and gives how long its source is, in bytes;
    /// None if there is none. When that is done does not matter: only the text decides what they become.
    pub fn catch_up(&mut self, change: &mut dyn FnMut(Change)) -> Option<usize> {
        self.book.read_again(change)
    }

    /// Whether [`Growing::catch_up`] has something to do.
    pub fn is_behind(&self) -> bool {
        self.book.is_due()
    }

    /// Gives the changes that `take` makes, with what is long in pieces.
    fn divided(
        &mut self,
        give: &mut dyn FnMut(Change),
        take: impl FnOnce(&mut Self, &mut dyn FnMut(Change)),
    ) {
        let mut pieces = std::mem::take(&mut self.pieces);
        take(self, &mut |change| pieces.take(change, give));
        self.pieces = pieces;
    }

    /// The same without making what is unfinished look finished.
    #[cfg(all(test, not(target_family = "wasm")))]
    pub(super) fn plain() -> Self {
        let mut growing = Self::new();
        growing.book.plain = true;
        growing
    }

    /// How many bytes the parser of inlines has got.
    #[cfg(all(test, not(target_family = "wasm")))]
    pub(super) fn parsed(&self) -> usize {
        self.book.parsed
    }

    /// Says that nothing more comes, and gives what that changes: everything is closed.
    pub fn finish(&mut self, change: &mut dyn FnMut(Change)) {
        self.close(change);
        while self.catch_up(change).is_some() {}
    }

    /// The same, but for the leaves that [`Growing::catch_up`] changes.
    pub fn close(&mut self, change: &mut dyn FnMut(Change)) {
        self.divided(change, Self::end);
    }

    fn end(&mut self, change: &mut dyn FnMut(Change)) {
        if std::mem::take(&mut self.tail) {
            change(Change::Tail { depth: self.blocks.depth(), nodes: Vec::new() });
        }
        let mut cx = Context { change, book: &mut self.book };
        if !self.line.is_empty() {
            self.blocks.line(&mut cx, &self.line, false);
            self.line.clear();
        }
        self.blocks.finish(&mut cx);
    }

    /// Goes through the lines. A carriage return ends one as a line feed does, or both together; and
    /// nobody gets a NUL, which an HTML parser would drop or replace.
    fn take(&mut self, text: &str, change: &mut dyn FnMut(Change)) {
        let mut rest = text;
        while let Some(at) = rest.find(['\n', '\r', '\0']) {
            let (piece, byte) = (&rest[..at], rest.as_bytes()[at]);
            rest = &rest[at + 1..];
            match byte {
                b'\n' if piece.is_empty() && std::mem::take(&mut self.after_return) => {}
                b'\0' => {
                    self.add(piece, change);
                    self.add("\u{FFFD}", change);
                }
                byte => {
                    self.end_line(piece, change);
                    self.after_return = byte == b'\r';
                }
            }
        }
        self.add(rest, change);
    }

    /// More of the line.
    fn add(&mut self, piece: &str, change: &mut dyn FnMut(Change)) {
        let mut rest = piece;
        while !rest.is_empty() {
            let (next, behind) = rest.split_at(rest.floor_char_boundary(LONGEST));
            rest = behind;
            self.after_return = false;
            self.length += next.len();
            if self.taken {
                self.blocks.more(&mut Context { change, book: &mut self.book }, next);
            } else {
                self.line.push_str(next);
                self.take_long(change);
            }
        }
    }

    /// Takes the beginning of a long line. Its first bytes decide what it is, and not how much more has come.
    fn take_long(&mut self, change: &mut dyn FnMut(Change)) {
        if self.line.len() <= LONGEST {
            return;
        }
        let mut cx = Context { change, book: &mut self.book };
        let (beginning, more) = self.line.split_at(self.line.floor_char_boundary(LONGEST));
        self.blocks.long_line(&mut cx, beginning);
        self.blocks.more(&mut cx, more);
        self.line.clear();
        self.taken = true;
    }

    /// The rest of the line, and its end.
    fn end_line(&mut self, piece: &str, change: &mut dyn FnMut(Change)) {
        if self.taken || self.line.len() + piece.len() > LONGEST {
            self.add(piece, change);
            self.blocks.end_line(&mut Context { change, book: &mut self.book });
        } else {
            self.length += piece.len();
            let mut cx = Context { change, book: &mut self.book };
            if self.line.is_empty() {
                self.blocks.line(&mut cx, piece, true);
            } else {
                self.line.push_str(piece);
                self.blocks.line(&mut cx, &self.line, true);
                self.line.clear();
            }
        }
        self.book.seen += self.length + 1;
        (self.taken, self.length, self.looked_at) = (false, 0, 0);
    }

    /// Takes the beginning of the line, if nothing that follows can change what it is, and shows what
    /// is not shown for good.
    fn look(&mut self, change: &mut dyn FnMut(Change)) {
        if self.line.len() > LONG_LINE && self.line.len() < self.looked_at + self.looked_at / 4 {
            return;
        }
        self.looked_at = self.line.len();
        let mut cx = Context { change, book: &mut self.book };
        if !self.line.is_empty() && self.blocks.decided(&self.line) {
            self.blocks.line(&mut cx, &self.line, false);
            self.line.clear();
            self.taken = true;
        } else if self.blocks.ends_paragraph(&self.line) {
            self.blocks.end_leaf(&mut cx);
        }
        let (depth, nodes) = self.blocks.tail(&mut cx, &self.line);
        if self.tail || !nodes.is_empty() {
            self.tail = !nodes.is_empty();
            change(Change::Tail { depth, nodes });
        }
    }
}
