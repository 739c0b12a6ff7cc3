//! Blocks of HTML, which are shown as the text that they are.

use super::{Blocks, Context, LONGEST, Leaf, scan};
use crate::markdown::{Attr, Change, Element, Tag};

/// A block that is open.
#[derive(Clone, Debug)]
pub(super) struct Html {
    /// It goes up to a line that has this, or to a blank one.
    end: Option<&'static str>,
    /// The last bytes of the line so far, in which the end may have begun.
    last: String,
    /// The line has the end.
    ends: bool,
    /// Of the piece that is open, or of what is before the first one.
    bytes: usize,
    /// A piece is open.
    piece: bool,
}

impl Html {
    /// Whether a line is of it.
    pub(super) fn takes(&self, line: &str) -> bool {
        self.end.is_some() || !scan::blank(line.as_bytes())
    }

    /// More of a line, or the end of one.
    pub(super) fn text(&mut self, cx: &mut Context<'_>, piece: &str) {
        const LONGEST_END: usize = "</textarea>".len();
        self.bytes += piece.len();
        if let Some(end) = self.end {
            self.last.push_str(piece);
            self.ends |= self.last.contains(end);
            let last = self.last.len().saturating_sub(LONGEST_END);
            self.last.drain(..self.last.floor_char_boundary(last));
        }
        if !piece.is_empty() {
            (cx.change)(Change::Text(piece.to_owned()));
        }
    }
}

impl Blocks {
    /// The block that begins with this line.
    pub(super) fn html_begins(&self, line: &str) -> Option<Html> {
        let bytes = line.as_bytes();
        let end = scan::html_end(bytes);
        let begins = bytes.first() == Some(&b'<')
            && (end.is_some() || scan::html_block(line) || (!self.is_long() && scan::html_alone(bytes)));
        begins.then_some(Html { end, last: String::new(), ends: false, bytes: 0, piece: false })
    }

    /// One line of the open block.
    pub(super) fn html_line(&mut self, cx: &mut Context<'_>, spaces: usize, rest: &str, ended: bool) {
        let Leaf::Html(html) = &mut self.leaf else { return };
        let mut text = " ".repeat(spaces);
        text.push_str(rest);
        if ended {
            text.push('\n');
        }
        html.text(cx, &text);
        if ended {
            self.end_html(cx);
        }
    }

    /// The end of a line, which may have ended the block.
    pub(super) fn end_html(&mut self, cx: &mut Context<'_>) {
        let Leaf::Html(html) = &mut self.leaf else { return };
        html.last.clear();
        if html.ends {
            self.end_leaf(cx);
        } else if html.bytes >= LONGEST {
            html.bytes = 0;
            let within = std::mem::replace(&mut html.piece, true);
            self.close(cx, usize::from(within));
            self.open(cx, Element::new(Tag::Span).with(Attr::Piece));
        }
    }

    pub(super) fn close_html(&mut self, cx: &mut Context<'_>, html: &Html) {
        self.close(cx, 1 + usize::from(html.piece));
    }
}
