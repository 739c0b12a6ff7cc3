//! A line whose beginning has been taken before its end has come: because nothing that follows can change
//! what it is, or because it is a long one. What a long line is, its first bytes decide.

use super::{Blocks, Context, LONGEST, Leaf};

/// How a line is gone on with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Line {
    /// It is taken as a whole, or is of a leaf that knows what to do with more of it.
    #[default]
    Whole,
    /// It is longer than [`LONGEST`], and this is its beginning: no rule and nothing else that is known by
    /// a whole line.
    Beginning,
    /// What follows on it means nothing: it is behind the opening of a fence.
    Over,
}

impl Blocks {
    /// Takes the beginning of a line that is longer than [`LONGEST`], and that many bytes of it.
    pub(in crate::markdown) fn long_line(&mut self, cx: &mut Context<'_>, beginning: &str) {
        debug_assert!(beginning.len() + 3 >= LONGEST, "so much of a line decides");
        self.line = Line::Beginning;
        self.line(cx, beginning, false);
        if self.line == Line::Beginning {
            self.line = Line::Whole;
        }
    }

    pub(super) fn is_long(&self) -> bool {
        self.line == Line::Beginning
    }

    /// More of a line whose beginning has been taken.
    pub(in crate::markdown) fn more(&mut self, cx: &mut Context<'_>, piece: &str) {
        if self.line == Line::Over {
            return;
        }
        match std::mem::take(&mut self.leaf) {
            leaf @ (Leaf::None | Leaf::Alert(_)) => {
                self.leaf = leaf;
                self.more_of_nothing(cx, piece);
            }
            Leaf::Paragraph(mut paragraph) => {
                paragraph.extend(piece);
                self.leaf = Leaf::Paragraph(paragraph);
                self.paragraph_grew(cx, false);
            }
            Leaf::Fence { mut code, mark, count, indent } => {
                self.code_text(cx, &mut code, piece);
                self.leaf = Leaf::Fence { code, mark, count, indent };
            }
            Leaf::Indented { code, blanks } => self.indented_text(cx, code, blanks, piece),
            Leaf::Html(mut html) => {
                html.text(cx, piece);
                self.leaf = Leaf::Html(html);
            }
            leaf @ Leaf::Table(_) => {
                self.leaf = leaf;
                self.row_more(cx, piece);
            }
        }
    }

    /// More of a line that had nothing but space and marks of containers: a paragraph, however far it is
    /// indented.
    fn more_of_nothing(&mut self, cx: &mut Context<'_>, piece: &str) {
        let text = piece.trim_start_matches([' ', '\t', '\u{b}', '\u{c}']);
        if !text.is_empty() {
            if let Leaf::Alert(kind) = std::mem::take(&mut self.leaf) {
                self.open_alert(cx, kind, "");
            }
            self.end_list(cx);
            self.begin_paragraph(cx, text, false);
        }
    }

    /// The end of such a line.
    pub(in crate::markdown) fn end_line(&mut self, cx: &mut Context<'_>) {
        if std::mem::take(&mut self.line) == Line::Over {
            return;
        }
        match &self.leaf {
            Leaf::None | Leaf::Alert(_) => {}
            Leaf::Paragraph(paragraph) if paragraph.is_line => self.end_leaf(cx),
            Leaf::Paragraph(_) => self.paragraph_grew(cx, true),
            Leaf::Fence { .. } | Leaf::Indented { .. } => self.more(cx, "\n"),
            Leaf::Html(_) => {
                self.more(cx, "\n");
                self.end_html(cx);
            }
            Leaf::Table(_) => self.end_row(cx),
        }
    }
}
