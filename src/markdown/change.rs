//! How a tree grows: the changes that a text brings as it comes, and a tree that they are applied to.
//!
//! Whoever shows a growing text applies the same changes: the server to a [`Tree`] that it writes as
//! HTML, the browser to the nodes of the page. There is always one path of *open* elements, from the
//! outermost to the innermost; everything else is closed, and is not touched again except by
//! [`Change::Loose`] and [`Change::Late`]. Behind what is closed stands the *tail*: what the text that
//! has come so far looks like, although the next line may make something else of it.

use super::{Element, Node};

/// A closed leaf (paragraph, heading, row of a table, part of a long paragraph) that names something which is
/// not defined yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LeafId(pub u32);

/// One step. A depth counts open elements: 0 is the body itself, 1 the outermost open element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An element becomes the last child of the innermost open one, and is the innermost one now. What
    /// it has inside already is closed.
    Open(Element),
    /// The innermost open element is closed.
    Close,
    /// A closed node becomes the last child of the innermost open element; never a text.
    Add(Element),
    /// Text at the end of the innermost open element, joined to the text that ends it if one does.
    Text(String),
    /// The element that was added or closed last waits for a definition, under this name.
    Waits(LeafId),
    /// The open list at this depth has turned out to be a loose one: it gets the class `loose`.
    Loose {
        /// Which of the open elements.
        depth: usize,
    },
    /// The open element at this depth has many pieces: it is marked as a long one, and so is what is around it.
    Long {
        /// Which of the open elements.
        depth: usize,
    },
    /// The children of a leaf that waited become these.
    Late {
        /// Which.
        leaf: LeafId,
        /// All of them.
        children: Vec<Node>,
    },
    /// What stands behind the closed children of the open element at this depth, in place of any tail
    /// before. [`Change::Open`], [`Change::Close`], [`Change::Add`] and [`Change::Text`] take it away first.
    Tail {
        /// Which of the open elements.
        depth: usize,
        /// What stands there; may begin with text that goes on from the text before it.
        nodes: Vec<Node>,
    },
}

/// A tree to which changes are applied: what [`super::parse`] returns in the end.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    blocks: Vec<Element>,
    /// The open elements, outermost first; each is taken out of the one around it until it is closed.
    open: Vec<Element>,
    /// Where the leaves that wait are: child indices from the body on.
    waiting: Vec<(LeafId, Vec<usize>)>,
    tail: (usize, Vec<Node>),
}

impl Tree {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the change.
    ///
    /// # Panics
    ///
    /// When a change names an open element that is not there: whoever makes changes must not do that.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Tail { depth, nodes } => {
                assert!(depth <= self.open.len(), "a tail in an element that is not open");
                self.tail = (depth, nodes);
            }
            Change::Late { leaf, children } => self.patch(leaf, children),
            Change::Loose { depth } => {
                let list = depth.checked_sub(1).and_then(|at| self.open.get_mut(at));
                list.expect("a list that is open").attrs.push(super::Attr::Class("loose"));
            }
            Change::Long { depth } => {
                for open in self.open.iter_mut().take(depth).filter(|open| !open.is_long()) {
                    open.attrs.push(super::Attr::Long);
                }
            }
            Change::Waits(leaf) => self.waiting.push((leaf, self.last())),
            Change::Open(element) => {
                self.tail = (0, Vec::new());
                self.open.push(element);
            }
            Change::Close => {
                self.tail = (0, Vec::new());
                let closed = self.open.pop().expect("an open element");
                self.add(closed);
            }
            Change::Add(element) => {
                self.tail = (0, Vec::new());
                self.add(element);
            }
            Change::Text(text) => {
                self.tail = (0, Vec::new());
                self.open.last_mut().expect("text stands in an element").push_text(&text);
            }
        }
    }

    /// Everything that there is, the tail included.
    pub fn into_blocks(mut self) -> Vec<Element> {
        let (depth, nodes) = std::mem::take(&mut self.tail);
        self.put_tail(depth, nodes);
        while let Some(closed) = self.open.pop() {
            self.add(closed);
        }
        self.blocks
    }

    /// A tail stands behind the closed children; elements within that are still open stand before it.
    fn put_tail(&mut self, depth: usize, nodes: Vec<Node>) {
        while self.open.len() > depth {
            let Some(closed) = self.open.pop() else { return };
            self.add(closed);
        }
        for node in nodes {
            match (node, self.open.last_mut()) {
                (Node::Element(element), _) => self.add(element),
                (Node::Text(text), Some(around)) => around.push_text(&text),
                (Node::Text(_), None) => {}
            }
        }
    }

    fn add(&mut self, element: Element) {
        match self.open.last_mut() {
            Some(around) => around.children.push(Node::Element(element)),
            None => self.blocks.push(element),
        }
    }

    /// The place of the element that was added or closed last. An open element is the next child of the
    /// one around it.
    fn last(&self) -> Vec<usize> {
        let mut path = Vec::with_capacity(self.open.len() + 1);
        let mut count = self.blocks.len();
        for open in &self.open {
            path.push(count);
            count = open.children.len();
        }
        path.push(count.checked_sub(1).expect("something was added"));
        path
    }

    fn patch(&mut self, leaf: LeafId, children: Vec<Node>) {
        // They have come in the order of their names.
        let Ok(at) = self.waiting.binary_search_by_key(&leaf, |(waiting, _)| *waiting) else { return };
        let (_, path) = &self.waiting[at];
        let mut path = path.iter().copied();
        // The first steps lead through elements that may still be open.
        let (mut at, mut depth, mut count) = (path.next(), 0, self.blocks.len());
        while at == Some(count)
            && let Some(open) = self.open.get(depth)
        {
            (at, depth, count) = (path.next(), depth + 1, open.children.len());
        }
        let first = match (depth.checked_sub(1), at) {
            (None, Some(at)) => self.blocks.get_mut(at),
            (Some(open), Some(at)) => self.open.get_mut(open).and_then(|open| open.child(at)),
            (_, None) => None,
        };
        if let Some(found) = path.fold(first, |found, at| found.and_then(|found| found.child(at))) {
            found.children = children;
        }
    }
}

impl Element {
    fn child(&mut self, at: usize) -> Option<&mut Self> {
        match self.children.get_mut(at) {
            Some(Node::Element(element)) => Some(element),
            Some(Node::Text(_)) | None => None,
        }
    }
}
