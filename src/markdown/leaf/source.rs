//! A leaf as a little document of its own.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::markdown::blocks::{begins_block, label, special};
use crate::markdown::book::Book;

/// How a line continues a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::markdown) enum Continues {
    /// With all that its containers want.
    Inside,
    /// Lazily: without the mark of a quote.
    Lazily,
    /// Lazily: indented less than its item or footnote.
    Indented,
}

/// The lines of a paragraph that is open, joined; each but the first with its indentation.
#[derive(Clone, Debug, Default)]
pub(in crate::markdown) struct Lines {
    pub text: String,
    /// Where each begins, and how it continues the paragraph.
    pub starts: Vec<(usize, Continues)>,
    /// There are no definitions at their beginning: they stand within a paragraph or behind a box.
    pub inner: bool,
}

impl Lines {
    /// One more line, whose indentation must count as such if the paragraph could be left otherwise.
    pub(in crate::markdown) fn push(&mut self, line: &str, how: Continues, deep: bool) {
        if !self.starts.is_empty() {
            self.text.push('\n');
        }
        self.starts.push((self.text.len(), how));
        if deep {
            self.text.push_str("    ");
        }
        self.text.push_str(line);
    }

    /// Where the last line begins.
    pub(in crate::markdown) fn last(&self) -> usize {
        self.starts.last().map_or(0, |(start, _)| *start)
    }

    /// Takes the first lines away, and the indentation of what is the first one now.
    pub(in crate::markdown) fn drop_lines(&mut self, count: usize) {
        let cut = self.starts.get(count).map_or(self.text.len(), |(start, _)| *start);
        let rest = self.text[cut..].trim_start_matches([' ', '\t']);
        let cut = self.text.len() - rest.len();
        self.text.drain(..cut);
        self.starts.drain(..count);
        for (start, _) in &mut self.starts {
            *start = start.saturating_sub(cut);
        }
    }

    /// Takes the last line away.
    pub(in crate::markdown) fn drop_last(&mut self) {
        if let Some((start, _)) = self.starts.pop() {
            self.text.truncate(start.saturating_sub(1));
        }
    }

    /// The beginning, up to a place in a line.
    pub(in crate::markdown) fn up_to(&self, end: usize) -> Self {
        let starts = self.starts.iter().copied().filter(|(start, _)| *start < end).collect();
        Self { text: self.text[..end].to_owned(), starts, inner: self.inner }
    }

    /// Takes the beginning away up to a place in a line, which begins the rest.
    pub(in crate::markdown) fn drop_text(&mut self, cut: usize) {
        self.inner = true;
        self.text.drain(..cut);
        self.starts.retain(|(start, _)| *start > cut);
        for (start, _) in &mut self.starts {
            *start -= cut;
        }
        self.starts.insert(0, (0, Continues::Inside));
    }

    fn line(&self, at: usize) -> &str {
        let end = self.starts.get(at + 1).map_or(self.text.len(), |(start, _)| start - 1);
        &self.text[self.starts[at].0..end]
    }

    /// Whether it is lazy and would be something else were it not.
    fn is_lazy_special(&self, at: usize) -> bool {
        self.starts[at].1 != Continues::Inside && special(self.line(at))
    }

    fn lazy_special(&self) -> bool {
        (1..self.starts.len()).any(|at| self.is_lazy_special(at))
    }

    /// How far the line is indented at most, if it could end code and is indented less than its item:
    /// the parser of inlines does not count that indentation to the code.
    fn before_code(&self, at: usize) -> Option<usize> {
        let line = self.line(at);
        let code = line.trim_start_matches([' ', '\t']);
        let may = self.starts[at].1 == Continues::Indented && code.starts_with('`');
        may.then(|| line[..line.len() - code.len()].bytes().map(|b| if b == b'\t' { 4 } else { 1 }).sum())
    }

    /// The document. What would be another block, were it the first line of a document, stands in an
    /// item; there a line can be a lazy one, too.
    pub(in crate::markdown) fn document(&self) -> Cow<'_, str> {
        if self.starts.is_empty() {
            return Cow::Borrowed(&self.text);
        }
        let inner = self.inner && self.text.starts_with('[');
        let deepest = (1..self.starts.len()).filter_map(|at| self.before_code(at)).max();
        if let Some(deepest) = deepest.filter(|deepest| *deepest > 0) {
            let indent = (deepest + 1).clamp(3, DEEPEST_ITEM);
            return Cow::Owned(self.within(&format!("{}[ ] ", item(indent)), &" ".repeat(indent)));
        }
        if inner || begins_block(self.line(0)) || self.lazy_special() {
            return Cow::Owned(self.within("- [ ] ", "  "));
        }
        Cow::Borrowed(&self.text)
    }

    /// Behind the mark of an alert or behind a definition the text begins like a footnote and is none;
    /// the document with its definitions has one line more then, in front.
    pub(in crate::markdown) fn begins_as_note(&self) -> bool {
        self.text.starts_with("[^")
    }

    /// The same where the first lines may be definitions.
    pub(in crate::markdown) fn definitions(&self) -> Cow<'_, str> {
        const BEFORE: &str = "[x]: x";
        match self.lazy_special() {
            false if self.begins_as_note() => Cow::Owned(format!("{BEFORE}\n    {}", self.text)),
            true if self.begins_as_note() => Cow::Owned(self.within(&format!("> {BEFORE}\n>     "), "> ")),
            false => Cow::Borrowed(&self.text),
            // What is no alert where it stands must not become one.
            true if self.text.starts_with("[!") => Cow::Owned(self.within("- ", "  ")),
            true => Cow::Owned(self.within("> ", "> ")),
        }
    }

    fn within(&self, first: &str, next: &str) -> String {
        let mut out = String::with_capacity(self.text.len() + 64);
        for at in 0..self.starts.len() {
            let line = self.line(at);
            match at {
                0 => out.push_str(first),
                _ => out.push('\n'),
            }
            let text = line.trim_start_matches([' ', '\t']);
            if at == 0 || self.is_lazy_special(at) {
                out.push_str(text);
            } else if self.before_code(at).is_some() {
                out.push_str(line);
            } else if line[..line.len() - text.len()].contains('\t') {
                // A tab would reach less far behind the mark.
                out.push_str(next);
                out.push_str("    ");
                out.push_str(text);
            } else {
                out.push_str(next);
                out.push_str(line);
            }
        }
        out
    }
}

/// No item's mark reaches further with what is before and behind it.
const DEEPEST_ITEM: usize = 17;

/// The mark of an item whose lines are indented so far, of three columns or more.
fn item(indent: usize) -> String {
    let digits = (indent - 2).min(9);
    let after = (indent - digits - 1).min(4);
    format!("{}{}.{}", " ".repeat(indent - digits - 1 - after), "0".repeat(digits), " ".repeat(after))
}

/// A footnote is a reference only where the document has its definition: the ones that are defined are
/// added, the others are missing.
pub(super) fn with_notes<'a>(source: Cow<'a, str>, book: &Book, missing: &mut Vec<String>) -> Cow<'a, str> {
    let (mut known, mut seen) = (Vec::new(), HashSet::new());
    for (at, _) in source.match_indices("[^") {
        let Some((_, label)) = label(&source[at + 2..]) else { continue };
        let label = format!("^{label}");
        if seen.insert(label.clone()) {
            let list = if book.find(&label).is_some() { &mut known } else { &mut *missing };
            list.push(label);
        }
    }
    if known.is_empty() {
        return source;
    }
    let mut source = source.into_owned();
    for label in known {
        source.push_str("\n\n[");
        source.push_str(&label);
        source.push_str("]:");
    }
    Cow::Owned(source)
}
