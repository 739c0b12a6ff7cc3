//! The beginning of a line: indentation in columns, and the marks of containers.

use super::scan;

/// A place in a line. A tab reaches to the next multiple of four columns and may be used up in part.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    line: &'a str,
    at: usize,
    /// Where the last tab ended: a tab stop.
    tab_stop: usize,
    /// Columns of the last tab that have not been used.
    left: usize,
}

/// The mark of a list's item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// `-`, `+` or `*`, or what follows a number: `.` or `)`.
    pub mark: u8,
    /// The number.
    pub number: u64,
    /// How far the item's lines are indented.
    pub indent: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(line: &'a str) -> Self {
        Self { line, at: 0, tab_stop: 0, left: 0 }
    }

    /// What stands behind this place; without the columns of a tab that are left.
    pub(super) fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    /// Columns of the last tab that have not been used.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Goes over at most so many columns of space, and says how many there were.
    pub(super) fn spaces(&mut self, most: usize) -> usize {
        let mut wanted = most - self.left.min(most);
        self.left -= most - wanted;
        while wanted > 0 {
            match self.line.as_bytes().get(self.at) {
                Some(b' ') => {
                    self.at += 1;
                    wanted -= 1;
                }
                Some(b'\t') => {
                    let width = 4 - (self.at - self.tab_stop) % 4;
                    self.at += 1;
                    self.tab_stop = self.at;
                    let used = width.min(wanted);
                    wanted -= used;
                    self.left = width - used;
                }
                _ => break,
            }
        }
        most - wanted
    }

    /// Whether there are so many columns of space; goes over those that there are.
    pub(super) fn indented(&mut self, columns: usize) -> bool {
        self.spaces(columns) == columns
    }

    pub(super) fn all_spaces(&mut self) {
        self.left = 0;
        self.at += self.rest().bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
    }

    pub(super) fn at_end(&self) -> bool {
        self.at == self.line.len()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is = self.line.as_bytes().get(self.at) == Some(&byte);
        self.at += usize::from(is);
        is
    }

    /// Goes on behind so many bytes, from where tabs are counted anew.
    pub(super) fn skip(&mut self, bytes: usize) {
        *self = Self::new(&self.line[self.at + bytes..]);
    }

    /// `>`, and a space if one follows.
    pub(super) fn quote(&mut self) -> bool {
        let is = self.take(b'>');
        if is {
            self.spaces(1);
        }
        is
    }

    /// The mark of an item that begins here, after so many columns of indentation.
    pub(super) fn marker(&mut self, outer: usize) -> Option<Marker> {
        let before = self.clone();
        let found = self.scan_marker(outer);
        if found.is_none() {
            *self = before;
        }
        found
    }

    fn scan_marker(&mut self, outer: usize) -> Option<Marker> {
        let rest = self.rest().as_bytes();
        let (mark, number, width) = match *rest.first()? {
            mark @ (b'-' | b'+' | b'*') if !scan::rule(rest) => (mark, 0, 1),
            b'0'..=b'9' => {
                let digits = rest.iter().take(10).take_while(|b| b.is_ascii_digit()).count();
                let mark = *rest.get(digits).filter(|b| digits < 10 && matches!(b, b'.' | b')'))?;
                let number = rest[..digits].iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
                (mark, number, digits + 1)
            }
            _ => return None,
        };
        self.at += width;
        if !(self.indented(1) || self.at_end()) {
            return None;
        }
        let indent = outer + width + 1;
        if scan::blank(self.rest().as_bytes()) {
            return Some(Marker { mark, number, indent });
        }
        let before = self.clone();
        let more = self.spaces(4);
        if more == 4 {
            *self = before;
            return Some(Marker { mark, number, indent });
        }
        Some(Marker { mark, number, indent: indent + more })
    }

    /// `[ ]` or `[x]` of a task, and whether it is done. What follows must be space, of which the end
    /// of the line is one, but not the end of the text.
    pub(super) fn task(&mut self, ended: bool) -> Option<bool> {
        let before = self.clone();
        self.spaces(3);
        let rest = self.rest().as_bytes();
        let done = match rest {
            [b'[', b'x' | b'X', b']', ..] => true,
            [b'[', b' ' | b'\t' | 11 | 12, b']', ..] => false,
            _ => {
                *self = before;
                return None;
            }
        };
        if rest.get(3).map_or(ended, |b| scan::is_space(*b)) {
            self.at += 3;
            return Some(done);
        }
        *self = before;
        None
    }
}
