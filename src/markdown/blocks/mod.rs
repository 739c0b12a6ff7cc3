//! The blocks of a text, line by line, as pulldown-cmark finds them in a whole one.
//!
//! What is open is a spine of containers and at its end at most one leaf. A line costs its own length
//! and the depth of the spine, however much came before.
//!
//! - [`cursor`], [`scan`]: what a line begins with, what it may be
//! - [`containers`]: quotes, lists, footnotes: what a line continues, ends and begins
//! - [`leaves`]: paragraphs, headings, code and the like: what begins where containers end
//! - [`lines`]: what a line is to the leaf that is open
//! - [`long`]: a line that is taken before its end has come
//! - [`paragraph`], [`code`], [`html`], [`table`], [`row`]: those leaves
//! - [`looks`]: what a text looks like while a line is incomplete

use super::book::{Book, Destination};
use super::{Change, Element, Node, Tag, leaf};

mod code;
mod containers;
mod cursor;
mod html;
mod leaves;
mod lines;
mod long;
mod looks;
mod paragraph;
mod row;
mod scan;
mod table;

pub use containers::MAX_CONTAINERS;
pub(super) use scan::label;

use code::Code;
use containers::Container;
use html::Html;
use long::Line;
use paragraph::Paragraph;
use table::Table;

/// So much of a paragraph waits for its end, in bytes; what is before is shown for good. Marks further apart
/// than that do not belong together. And so much of a line decides what it is.
pub(super) const LONGEST: usize = 8192;

/// Where changes go, and what is defined.
pub(super) struct Context<'a> {
    pub change: &'a mut dyn FnMut(Change),
    pub book: &'a mut Book,
}

impl Context<'_> {
    /// Adds a leaf, which may have to wait.
    fn add_leaf(&mut self, mut element: Element, leaf: &leaf::Leaf) {
        // A heading or a row that is only to be looked at may go on; a paragraph has ended.
        let open = self.book.dry && element.tag != Tag::P;
        let parsed = if open { leaf.parse_open(self.book) } else { leaf.parse(self.book) };
        let mut parsed = parsed;
        element.children = std::mem::take(&mut parsed.children);
        (self.change)(Change::Add(element));
        self.book.wait(leaf, &parsed, self.change);
    }

    /// Adds a part of a long paragraph. What may have to wait stands in an element of its own.
    fn add_part(&mut self, leaf: &leaf::Leaf) {
        let mut parsed = leaf.parse(self.book);
        if !parsed.missing.is_empty() {
            let mut part = Element::new(Tag::Span);
            part.children = std::mem::take(&mut parsed.children);
            (self.change)(Change::Add(part));
            self.book.wait(leaf, &parsed, self.change);
            return;
        }
        for node in parsed.children {
            (self.change)(match node {
                Node::Element(element) => Change::Add(element),
                Node::Text(text) => Change::Text(text),
            });
        }
    }

    fn define_note(&mut self, label: &str) {
        let nowhere = Destination { address: String::new(), title: String::new() };
        self.book.define(&format!("^{label}"), nowhere);
    }
}

/// What is open.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks {
    spine: Vec<Container>,
    leaf: Leaf,
    /// How many elements are open.
    depth: usize,
    /// The last line was a blank that separates.
    after_blank: bool,
    /// An item has begun with a blank line.
    empty_item: bool,
    /// How the line is gone on with that has been begun.
    line: Line,
}

/// The leaf that is open.
#[derive(Clone, Debug, Default)]
enum Leaf {
    #[default]
    None,
    /// An alert of which only the mark has come. It is opened with the line behind that, which gives it
    /// its direction and continues it as if it were a paragraph.
    Alert(usize),
    Paragraph(Paragraph),
    Fence {
        code: Code,
        mark: u8,
        count: usize,
        indent: usize,
    },
    /// Blank lines wait for more code.
    Indented {
        code: Code,
        blanks: String,
    },
    Html(Html),
    Table(Table),
}

impl Blocks {
    fn open(&mut self, cx: &mut Context<'_>, element: Element) {
        self.depth += 1;
        (cx.change)(Change::Open(element));
    }

    fn close(&mut self, cx: &mut Context<'_>, elements: usize) {
        for _ in 0..elements {
            self.depth -= 1;
            (cx.change)(Change::Close);
        }
    }

    /// Nothing more comes.
    pub(in crate::markdown) fn finish(&mut self, cx: &mut Context<'_>) {
        self.end_leaf(cx);
        while !self.spine.is_empty() {
            self.pop(cx);
        }
    }
}

/// Whether this line, as the first of a document, would be another block than a paragraph.
pub(super) fn begins_block(line: &str) -> bool {
    let bytes = line.as_bytes();
    scan::rule(bytes)
        || scan::heading(bytes).is_some()
        || scan::fence(bytes).is_some()
        || bytes.first() == Some(&b'>')
        || cursor::Cursor::new(line).marker(0).is_some()
        || scan::html_end(bytes).is_some()
        || scan::html_block(line)
        || (bytes.first() == Some(&b'<') && scan::html_alone(bytes))
        || scan::note(line).is_some()
}

/// Whether this line could be something else at a paragraph's end, were it not a lazy one.
pub(super) fn special(line: &str) -> bool {
    let mut at = cursor::Cursor::new(line);
    let rest = line.as_bytes();
    !at.indented(4)
        && (scan::underline(at.rest().as_bytes()).is_some() || scan::delimiter_row(rest).is_some())
}
