//! What a line is to the leaf that is open: more of it, or its end.

use super::cursor::Cursor;
use super::{Blocks, Context, Leaf, scan};

impl Blocks {
    /// Takes a line without its end; the last one of a text may have none.
    pub(in crate::markdown) fn line(&mut self, cx: &mut Context<'_>, line: &str, ended: bool) {
        let mut at = Cursor::new(line);
        let inside = self.continued(&mut at) == self.spine.len();
        match &self.leaf {
            Leaf::None => self.begin(cx, line, ended),
            &Leaf::Alert(kind) => {
                self.leaf = Leaf::None;
                self.after_alert(cx, kind, line, at, inside, ended);
            }
            Leaf::Paragraph(_) => self.paragraph_line(cx, line, at, inside, ended),
            Leaf::Fence { .. } if inside => self.fence_line(cx, at, ended),
            Leaf::Indented { .. } if inside && (at.indented(4) || at.at_end()) => {
                self.indented_line(cx, &at, ended);
            }
            Leaf::Html(html) if inside && html.takes(at.rest()) => {
                // At the end of the text nothing but indentation is no line.
                if ended || !at.at_end() {
                    self.html_line(cx, at.left(), at.rest(), ended);
                }
            }
            Leaf::Table(_) if inside => {
                at.all_spaces();
                if self.interrupts(at.rest(), inside, true) || !self.table_row(cx, at.rest()) {
                    self.end_leaf(cx);
                    self.begin(cx, line, ended);
                }
            }
            Leaf::Fence { .. } | Leaf::Indented { .. } | Leaf::Html(_) | Leaf::Table(_) => {
                self.end_leaf(cx);
                self.begin(cx, line, ended);
            }
        }
    }

    fn after_alert(
        &mut self,
        cx: &mut Context<'_>,
        kind: usize,
        line: &str,
        mut at: Cursor<'_>,
        inside: bool,
        ended: bool,
    ) {
        let rest = at.rest().to_owned();
        let continued = self.continued(&mut Cursor::new(line));
        let ends = !at.indented(4) && self.interrupts(at.rest(), inside, false);
        self.open_alert(cx, kind, if ends && !inside { "" } else { &rest });
        if ends {
            self.begin(cx, line, ended);
        } else {
            at.all_spaces();
            self.begin_leaf(cx, at, ended);
            if let Leaf::Paragraph(paragraph) = &mut self.leaf
                && !inside
            {
                paragraph.lazily = Some(continued);
            }
        }
    }

    /// Whether this ends a paragraph or a table and begins something else.
    pub(super) fn interrupts(&self, rest: &str, inside: bool, table: bool) -> bool {
        let bytes = rest.as_bytes();
        let room = !inside || self.has_room();
        rest.is_empty()
            || self.is_rule(bytes)
            || scan::heading(bytes).is_some()
            || scan::fence(bytes).is_some()
            || (room && bytes[0] == b'>')
            || (room && scan::item_interrupts(bytes, !inside || table))
            || (bytes[0] == b'<' && (scan::html_end(bytes).is_some() || scan::html_block(rest)))
            || (room && scan::note(rest).is_some())
    }
}
