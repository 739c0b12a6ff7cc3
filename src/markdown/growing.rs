//! A text that grows, and the changes that it brings.

use super::{Change, Node, parse};

/// A text of which more may come.
#[derive(Debug, Default)]
pub struct Growing {
    source: String,
}

impl Growing {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes more of the text and gives what that changes. However a text is cut, the tree is the same
    /// in the end.
    pub fn push(&mut self, text: &str, change: &mut dyn FnMut(Change)) {
        self.source.push_str(text);
        // For now everything is a tail, and parsed again each time.
        change(Change::Tail { depth: 0, nodes: self.tail() });
    }

    /// Says that nothing more comes, and gives what that changes: everything is closed.
    pub fn finish(&mut self, change: &mut dyn FnMut(Change)) {
        for block in parse(&self.source) {
            change(Change::Add(block));
        }
    }

    fn tail(&self) -> Vec<Node> {
        parse(&self.source).into_iter().map(Node::Element).collect()
    }
}
