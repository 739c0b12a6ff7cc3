//! One leaf (a paragraph, a heading, a row of a table) and what stands in it.
//!
//! - [`border`]: where a long one can be cut
//! - [`mend`]: what is unfinished at the end of a text
//! - [`prices`]: dollars that are no mathematics
//! - [`source`]: the leaf as a little document of its own, for the parser of inlines
//! - [`inlines`]: that parser's events to elements
//! - [`notation`]: `\(…\)` and `\[…\]`, which that parser does not know
//! - [`urls`]: addresses that stand in the text as they are

use std::rc::Rc;

use pulldown_cmark::{Alignment, BrokenLink, CowStr, Options, Parser};

use super::book::{Book, Reference};
use super::{Attr, Element, Node, Tag};

mod border;
mod inlines;
mod mend;
mod notation;
mod prices;
mod source;
mod urls;

pub(super) use border::border;
#[cfg(all(test, not(target_family = "wasm")))]
pub(super) use inlines::image_of;
pub(super) use inlines::task;
pub(super) use mend::{mend, mend_row, mended};
pub(super) use source::{Continues, Lines};

/// What the parser of inlines knows beside CommonMark.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_MATH)
    .union(Options::ENABLE_GFM);

/// What says where a reference leads. Always of this type, so that the parser of inlines is in the
/// program once.
type Refer<'a, 'text> = &'a mut dyn FnMut(BrokenLink<'text>) -> Option<(CowStr<'text>, CowStr<'text>)>;

/// The parser of inlines, which knows no references but those of the text itself.
pub(super) fn parser(text: &str) -> Parser<'_, Refer<'_, '_>> {
    Parser::new_with_broken_link_callback(text, OPTIONS, None)
}

/// A leaf whose source is complete.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// A document whose only block it is.
    pub source: String,
    pub kind: Kind,
}

/// What surrounds the text.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// A paragraph or a heading, with a box before it if it is a task.
    Text(Option<bool>),
    /// A row with cells in these columns; of the head or not.
    Row(Rc<[Alignment]>, bool),
}

/// What a leaf has inside.
#[derive(Debug)]
pub(super) struct Parsed {
    pub children: Vec<Node>,
    /// Labels that are not defined yet.
    pub missing: Vec<String>,
    /// Those that were, one for each reference.
    pub found: Vec<String>,
    /// Those that were too, but for whose address there was no room.
    pub refused: Vec<String>,
}

impl Leaf {
    /// Reads it, with what is defined now.
    pub(super) fn parse(&self, book: &mut Book) -> Parsed {
        self.read(book, false)
    }

    /// The same for a leaf that may go on.
    pub(super) fn parse_open(&self, book: &mut Book) -> Parsed {
        let row_ends = matches!(self.kind, Kind::Row(..)) && self.source.ends_with('|');
        self.read(book, !row_ends && !self.source.ends_with(char::is_whitespace))
    }

    fn read(&self, book: &mut Book, open: bool) -> Parsed {
        let (mut missing, mut found, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        let labels = book.labels;
        let source = source::with_notes(
            notation::hide(&self.source, matches!(self.kind, Kind::Row(..))),
            book,
            &mut missing,
        );
        let (source, times) = prices::escape(source);
        #[cfg(test)]
        {
            book.parsed += source.len() * (times + 1);
        }
        #[cfg(not(test))]
        let _ = times;
        let mut refer = |link: BrokenLink<'_>| match book.refer(&link.reference) {
            Reference::To(to) => {
                found.push(link.reference.to_string());
                Some((CowStr::from(to.address), CowStr::from(to.title)))
            }
            Reference::Missing => {
                missing.push(link.reference.to_string());
                None
            }
            Reference::Refused => {
                refused.push(link.reference.to_string());
                None
            }
        };
        let refer: Refer<'_, '_> = &mut refer;
        let parser = Parser::new_with_broken_link_callback(&source, OPTIONS, Some(refer));
        let events = parser.into_offset_iter();
        let children = match &self.kind {
            Kind::Text(task) => {
                let task = task.map(|done| Node::Element(inlines::task(done, labels)));
                let mut children: Vec<_> = task.into_iter().collect();
                children.append(&mut inlines::text(&source, events, open, labels));
                children
            }
            Kind::Row(columns, head) => row(inlines::cells(&source, events, open, labels), columns, *head),
        };
        Parsed { children, missing, found, refused }
    }
}

/// Cells beyond the columns are left out, and missing ones are empty.
fn row(cells: Vec<Vec<Node>>, columns: &[Alignment], head: bool) -> Vec<Node> {
    let mut cells = cells.into_iter();
    let cell = |alignment: &Alignment| {
        let mut cell = empty_cell(*alignment, head);
        cell.children = cells.next().unwrap_or_default();
        Node::Element(cell)
    };
    columns.iter().map(cell).collect()
}

/// A cell of a table, in its head or not.
pub(super) fn empty_cell(alignment: Alignment, head: bool) -> Element {
    let cell = Element::new(if head { Tag::Th } else { Tag::Td });
    let cell = if head { cell.with(Attr::ColumnScope) } else { cell };
    match alignment {
        Alignment::None | Alignment::Left => cell,
        Alignment::Center => cell.with(Attr::Class("center")),
        Alignment::Right => cell.with(Attr::Class("right")),
    }
}

// Only the reference names it, which is not built for WASM.
#[cfg(all(test, not(target_family = "wasm")))]
pub(super) use urls::link as link_urls;
