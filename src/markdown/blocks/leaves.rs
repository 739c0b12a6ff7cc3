//! What begins where the marks of containers end.

use super::cursor::Cursor;
use super::paragraph::Paragraph;
use super::{Blocks, Context, Leaf, Line, scan};
use crate::markdown::leaf::{self, Kind};
use crate::markdown::{Attr, Change, Element, Tag};

impl Blocks {
    /// A line where no leaf is open.
    pub(super) fn begin(&mut self, cx: &mut Context<'_>, line: &str, ended: bool) {
        let mut at = Cursor::new(line);
        let continued = self.continued(&mut at);
        while self.spine.len() > continued {
            self.pop(cx);
        }
        if !self.begin_containers(cx, &mut at, ended) {
            self.begin_leaf(cx, at, ended);
        }
    }

    pub(super) fn begin_leaf(&mut self, cx: &mut Context<'_>, mut at: Cursor<'_>, ended: bool) {
        if scan::blank(at.rest().as_bytes()) {
            self.blank();
            return;
        }
        let unused = at.left();
        let indent = at.spaces(4);
        self.end_list(cx);
        if indent == 4 {
            self.after_blank = false;
            self.begin_indented(cx, &at, ended);
            return;
        }
        let rest = at.rest();
        let bytes = rest.as_bytes();
        if let Some(html) = self.html_begins(rest) {
            self.open(cx, Element::new(Tag::P).with(Attr::Class("raw")));
            self.leaf = Leaf::Html(html);
            self.html_line(cx, unused.max(indent), rest, ended);
        } else if self.is_rule(bytes) {
            (cx.change)(Change::Add(Element::new(Tag::Hr)));
        } else if let Some(level) = scan::heading(bytes) {
            if self.is_long() {
                self.begin_heading(cx, level, &rest[level..]);
            } else {
                self.add_heading(cx, level, rest.to_owned(), None);
            }
        } else if let Some((mark, count)) = scan::fence(bytes) {
            if self.is_long() {
                self.line = Line::Over;
            }
            self.begin_fence(cx, rest, mark, count, indent);
        } else {
            self.begin_paragraph(cx, rest, ended);
        }
    }

    /// Whether this is a rule, as far as its line has come.
    pub(super) fn is_rule(&self, bytes: &[u8]) -> bool {
        !self.is_long() && scan::rule(bytes)
    }

    /// A heading, from a source that the parser of inlines takes for one.
    pub(super) fn add_heading(
        &mut self,
        cx: &mut Context<'_>,
        level: usize,
        source: String,
        task: Option<bool>,
    ) {
        let leaf = leaf::Leaf { source, kind: Kind::Text(task) };
        cx.add_leaf(heading(level), &leaf);
    }

    /// A heading whose line is long: it is shown in parts.
    fn begin_heading(&mut self, cx: &mut Context<'_>, level: usize, text: &str) {
        self.open(cx, heading(level));
        let mut paragraph = Paragraph::inner();
        paragraph.is_line = true;
        paragraph.extend(text);
        self.leaf = Leaf::Paragraph(paragraph);
        self.paragraph_grew(cx, false);
    }

    /// Whatever the leaf that is open, it ends.
    pub(in crate::markdown) fn end_leaf(&mut self, cx: &mut Context<'_>) {
        match std::mem::take(&mut self.leaf) {
            Leaf::None => {}
            Leaf::Alert(kind) => self.open_alert(cx, kind, ""),
            Leaf::Paragraph(paragraph) => self.end_paragraph(cx, paragraph),
            Leaf::Fence { code, .. } | Leaf::Indented { code, .. } => self.end_code(cx, &code),
            Leaf::Html(html) => self.close_html(cx, &html),
            Leaf::Table(table) => self.end_table(cx, table),
        }
    }
}

/// The page has a heading of the first level, so an answer has none.
pub(super) fn heading(level: usize) -> Element {
    Element::new(match level {
        1 | 2 => Tag::H2,
        3 => Tag::H3,
        4 => Tag::H4,
        5 => Tag::H5,
        _ => Tag::H6,
    })
}
