//! What begins where the marks of containers end.

use super::cursor::Cursor;
use super::{Blocks, Context, Leaf, scan};
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
        let html_end = scan::html_end(bytes);
        if bytes[0] == b'<' && (html_end.is_some() || scan::html_block(rest) || scan::html_alone(bytes)) {
            self.open(cx, Element::new(Tag::P).with(Attr::Class("raw")));
            self.leaf = Leaf::Html(html_end);
            self.html_line(cx, unused.max(indent), rest, ended);
        } else if scan::rule(bytes) {
            (cx.change)(Change::Add(Element::new(Tag::Hr)));
        } else if let Some(level) = scan::heading(bytes) {
            self.add_heading(cx, level, rest.to_owned(), None);
        } else if let Some((mark, count)) = scan::fence(bytes) {
            self.begin_fence(cx, rest, mark, count, indent);
        } else {
            self.begin_paragraph(cx, rest, ended);
        }
    }

    /// One line of an HTML block: its text.
    pub(super) fn html_line(&mut self, cx: &mut Context<'_>, spaces: usize, rest: &str, ended: bool) {
        let mut text = " ".repeat(spaces);
        text.push_str(rest);
        if ended {
            text.push('\n');
        }
        (cx.change)(Change::Text(text));
        if let Leaf::Html(Some(end)) = self.leaf
            && rest.contains(end)
        {
            self.end_leaf(cx);
        }
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

    /// Whatever the leaf that is open, it ends.
    pub(in crate::markdown) fn end_leaf(&mut self, cx: &mut Context<'_>) {
        match std::mem::take(&mut self.leaf) {
            Leaf::None => {}
            Leaf::Alert(kind) => self.open_alert(cx, kind, ""),
            Leaf::Paragraph(paragraph) => self.end_paragraph(cx, paragraph),
            Leaf::Fence { code, .. } | Leaf::Indented { code, .. } => self.end_code(cx, &code),
            Leaf::Html(_) => self.close(cx, 1),
            Leaf::Table(table) => self.end_table(cx, &table),
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
