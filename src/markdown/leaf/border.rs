//! Where a long paragraph can be cut.

use std::ops::Range;

use pulldown_cmark::{Event, Tag as Start, TagEnd};

use super::{notation, parser};
use crate::markdown::book::Book;

/// Where the beginning ends, and where the rest goes on: behind a space, if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::markdown) struct Border {
    pub end: usize,
    pub next: usize,
}

/// Finds a border in the first bytes of a text, and in their second half, so that each costs but twice
/// what it brings: the last space outside of emphasis, links, code and formulas that no mark without
/// its other half stands before, best behind a sentence; else any space outside; else where the bytes end.
pub(in crate::markdown) fn border(text: &str, longest: usize, book: &mut Book) -> Border {
    let window = &text[..text.floor_char_boundary(longest)];
    #[cfg(test)]
    {
        book.parsed += window.len();
    }
    #[cfg(not(test))]
    let _ = book;
    // Whatever the text begins with, it is no other block behind a word.
    let document = format!("{WORD}{window}");
    let mut search = Search::new(window);
    for (event, range) in parser(&document).into_offset_iter() {
        let range = range.start.saturating_sub(WORD.len())..range.end.saturating_sub(WORD.len());
        search.take(&event, range);
    }
    let found = search.sentence.or(search.best).or(search.second);
    found.unwrap_or(Border { end: window.len(), next: window.len() })
}

const WORD: &str = "x ";

struct Search<'a> {
    text: &'a str,
    formulas: Vec<Range<usize>>,
    depth: usize,
    brackets: usize,
    /// A mark has been met whose other half may come.
    blocked: bool,
    sentence: Option<Border>,
    best: Option<Border>,
    second: Option<Border>,
}

impl<'a> Search<'a> {
    fn new(text: &'a str) -> Self {
        let formulas = notation::ranges(text, text.len() / 2);
        let (sentence, best, second) = (None, None, None);
        Self { text, formulas, depth: 0, brackets: 0, blocked: false, sentence, best, second }
    }

    fn take(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(
                Start::Emphasis
                | Start::Strong
                | Start::Strikethrough
                | Start::Link { .. }
                | Start::Image { .. },
            ) => self.depth += 1,
            Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image,
            ) => self.depth -= 1,
            Event::SoftBreak if self.depth == 0 => self.space(range.start),
            Event::Text(_) if self.depth == 0 => self.text(range),
            _ => {}
        }
    }

    fn text(&mut self, range: Range<usize>) {
        let bytes = self.text.as_bytes();
        let escaped = range.start > 0 && bytes[range.start - 1] == b'\\';
        match bytes.get(range.start) {
            Some(b'[' | b'!') if !escaped && bytes[range.clone()].ends_with(b"[") => self.brackets += 1,
            Some(b']') if !escaped => self.brackets = self.brackets.saturating_sub(1),
            Some(b'*' | b'_' | b'~' | b'`' | b'$' | b'<')
                if !escaped && range.start >= self.text.len() / 2 =>
            {
                self.blocked = true;
            }
            _ => {}
        }
        for (at, c) in self.text[range.clone()].char_indices() {
            match c {
                ' ' => self.space(range.start + at),
                '。' | '！' | '？' => self.sentence_without_space(range.start + at + c.len_utf8()),
                _ => {}
            }
        }
    }

    /// One space that stands alone.
    fn space(&mut self, at: usize) {
        let bytes = self.text.as_bytes();
        let alone = at > 0
            && !matches!(bytes[at - 1], b' ' | b'\t' | b'\n' | b'\\')
            && bytes.get(at + 1).is_some_and(|b| !b.is_ascii_whitespace());
        if !alone || !self.can_be_at(at) {
            return;
        }
        let border = Some(Border { end: at, next: at + 1 });
        self.second = border;
        if !self.blocked && self.brackets == 0 {
            self.best = border;
            if self.text[..at].ends_with(['.', '!', '?', ':', '。', '！', '？']) {
                self.sentence = border;
            }
        }
    }

    /// A letter follows, and no mark that could look at what is before it.
    fn sentence_without_space(&mut self, at: usize) {
        let is_letter = self.text[at..].starts_with(char::is_alphabetic);
        if is_letter && self.can_be_at(at) && !self.blocked && self.brackets == 0 {
            self.sentence = Some(Border { end: at, next: at });
        }
    }

    fn can_be_at(&self, at: usize) -> bool {
        at >= self.text.len() / 2 && !self.formulas.iter().any(|formula| formula.contains(&at))
    }
}
