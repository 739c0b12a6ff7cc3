//! Long elements in pieces, so that a browser can leave alone what is far from the screen in them too: laid
//! out or painted as a whole, one list of a megabyte would cost more with each item that comes.
//!
//! What the blocks change goes through here. Behind so many children, a quote, an alert or a footnote has
//! the next ones in a `<div>`, a table in another `<tbody>`; a list is gone on with by another list, with
//! the next number, as HTML knows nothing between a list and its items. Paragraphs and code are divided
//! where their text is ([`super::blocks`]); here their pieces are counted.
//!
//! An element with many pieces is marked as a long one, with all around it: its pieces are skipped one by
//! one, and what holds them is not. Where a piece ends, only what is before it decides.

use super::{Attr, Change, Element, Node, Tag};

/// So many children or items are in one piece.
const SIZE: usize = 64;

/// So many rows.
const ROWS: usize = 128;

/// A piece with so many bytes of text is full too.
const BYTES: usize = 16 << 10;

/// The open elements of a text, and the pieces in them.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// The elements that the blocks have opened, outermost first.
    open: Vec<Open>,
}

#[derive(Debug)]
struct Open {
    kind: Kind,
    /// What it is without its children; of a list, the piece that is open.
    bare: Element,
    /// The children of the piece that is open, or of what is before the first one.
    children: usize,
    bytes: usize,
    /// How many pieces there are, but for what is before the first one.
    pieces: usize,
    /// A piece is open, which the blocks know nothing of.
    within: bool,
    /// It is marked as a long one.
    long: bool,
}

/// How an element is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Elements in it, which hold its children.
    Holds,
    /// It ends, and is gone on with.
    Ends,
    /// Elsewhere, or not.
    Whole,
}

impl Open {
    fn new(element: &Element) -> Self {
        let bare = Element { tag: element.tag, attrs: element.attrs.clone(), children: Vec::new() };
        Self { kind: Kind::of(&bare), bare, children: 0, bytes: 0, pieces: 0, within: false, long: false }
    }

    fn is_full(&self) -> bool {
        let size = if self.bare.tag == Tag::Tbody { ROWS } else { SIZE };
        self.children >= size || (self.children > 0 && self.bytes >= BYTES)
    }

    /// What goes on with it.
    fn next(&self) -> Element {
        let mut next = self.bare.clone();
        if next.tag == Tag::Ol && !next.attrs.iter().any(|attr| matches!(attr, Attr::Start(_))) {
            next.attrs.push(Attr::Start(1));
        }
        for attr in &mut next.attrs {
            if let Attr::Start(first) = attr {
                *first += self.children as u64;
            }
        }
        if next.is_piece() { next } else { next.with(Attr::Piece) }
    }

    fn begin(&mut self) {
        (self.children, self.bytes) = (0, 0);
    }

    /// With so many pieces it is a long one. Each of them is looked at in every frame, so there must not be
    /// many small ones; and what holds them is not skipped any more.
    fn is_long(&self) -> bool {
        self.pieces >= if self.bare.tag == Tag::Code { 4 } else { 2 }
    }
}

impl Kind {
    fn of(element: &Element) -> Self {
        let class = element.attrs.iter().find_map(|attr| match attr {
            Attr::Class(class) => Some(*class),
            _ => None,
        });
        match (element.tag, class) {
            (Tag::Blockquote, _) => Self::Holds,
            (Tag::Div, Some(class)) if class == "footnote-body" || class.starts_with("alert ") => Self::Holds,
            (Tag::Ul | Tag::Ol | Tag::Tbody, _) => Self::Ends,
            _ => Self::Whole,
        }
    }
}

impl Pieces {
    /// Gives the change, with what divides before it.
    pub(super) fn take(&mut self, change: Change, give: &mut dyn FnMut(Change)) {
        match change {
            Change::Open(element) => {
                self.child(element.is_piece(), give);
                self.open.push(Open::new(&element));
                self.count(element.text().len());
                give(Change::Open(element));
            }
            Change::Add(element) => {
                self.child(false, give);
                self.count(element.text().len());
                give(Change::Add(element));
            }
            Change::Text(text) => {
                self.count(text.len());
                give(Change::Text(text));
            }
            Change::Close => {
                if let Some(Open { within, .. }) = self.open.pop() {
                    (0..=usize::from(within)).for_each(|_| give(Change::Close));
                }
            }
            Change::Loose { depth } => {
                if let Some(list) = self.open.get_mut(depth.wrapping_sub(1)) {
                    list.bare.attrs.push(Attr::Class("loose"));
                }
                give(Change::Loose { depth: self.outer(depth) });
            }
            Change::Tail { depth, nodes } => self.tail(depth, nodes, give),
            Change::Waits(_) | Change::Late { .. } | Change::Long { .. } => give(change),
        }
    }

    /// Where an element that the blocks have opened stands.
    fn outer(&self, depth: usize) -> usize {
        let around = self.open.get(..depth.saturating_sub(1)).unwrap_or_default();
        depth + around.iter().filter(|open| open.within).count()
    }

    /// Where its next child stands.
    fn inner(&self, depth: usize) -> usize {
        let open = self.open.get(..depth).unwrap_or_default();
        depth + open.iter().filter(|open| open.within).count()
    }

    fn count(&mut self, bytes: usize) {
        for open in &mut self.open {
            open.bytes += bytes;
        }
    }

    /// Another child comes. One that is a piece of a list begins a piece of what is around it, where that
    /// holds pieces.
    fn child(&mut self, is_piece: bool, give: &mut dyn FnMut(Change)) {
        let Some(open) = self.open.last_mut() else { return };
        match open.kind {
            Kind::Holds if is_piece || open.is_full() => {
                if std::mem::replace(&mut open.within, true) {
                    give(Change::Close);
                }
                open.begin();
                give(Change::Open(piece()));
                self.one_more(give);
            }
            Kind::Ends if open.is_full() => self.go_on(give),
            Kind::Whole if is_piece => self.one_more(give),
            _ => {}
        }
        if let Some(open) = self.open.last_mut() {
            open.children += 1;
        }
    }

    /// Ends the innermost list or body of a table, and goes on with another one.
    fn go_on(&mut self, give: &mut dyn FnMut(Change)) {
        let Some(mut ended) = self.open.pop() else { return };
        give(Change::Close);
        self.child(true, give);
        ended.bare = ended.next();
        ended.begin();
        give(Change::Open(ended.bare.clone()));
        self.open.push(ended);
    }

    /// The innermost element has one more piece.
    fn one_more(&mut self, give: &mut dyn FnMut(Change)) {
        let depth = self.open.len();
        let Some(open) = self.open.last_mut() else { return };
        open.pieces += 1;
        if open.is_long() && !std::mem::replace(&mut open.long, true) {
            give(Change::Long { depth: self.outer(depth) });
        }
    }

    /// A tail stands where it will be for good.
    fn tail(&mut self, depth: usize, nodes: Vec<Node>, give: &mut dyn FnMut(Change)) {
        let parent = depth.checked_sub(1).and_then(|at| self.open.get(at));
        let begins = matches!(nodes.first(), Some(Node::Element(_)));
        let (depth, nodes) = match parent {
            Some(open) if begins && open.is_full() && open.kind == Kind::Holds => {
                (self.outer(depth), vec![Node::Element(Element { children: nodes, ..piece() })])
            }
            Some(open) if begins && open.is_full() && open.bare.tag == Tag::Tbody => {
                let next = Element { children: nodes, ..open.next() };
                (self.inner(depth - 1), vec![Node::Element(next)])
            }
            _ => (self.inner(depth), nodes),
        };
        give(Change::Tail { depth, nodes });
    }
}

fn piece() -> Element {
    Element::new(Tag::Div).with(Attr::Piece)
}
