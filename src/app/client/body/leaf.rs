//! What is in a paragraph, a heading or a cell while it is open, in case that it turns out to wait for
//! a definition: a late one is compared with it.

use crate::markdown::{Element, Node, Tag};

/// The children of an open element, if it is one that may come to wait.
#[derive(Debug, Default)]
pub(super) struct Leaf(Option<Vec<Node>>);

impl Leaf {
    /// Of an open element with this tag.
    pub(super) fn of(tag: Tag) -> Self {
        let waits = matches!(
            tag,
            Tag::P | Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 | Tag::Td | Tag::Th
        );
        Self(waits.then(Vec::new))
    }

    pub(super) fn text(&mut self, text: &str) {
        match &mut self.0 {
            None => {}
            Some(nodes) => match nodes.last_mut() {
                Some(Node::Text(last)) => last.push_str(text),
                _ => nodes.push(Node::Text(text.to_owned())),
            },
        }
    }

    pub(super) fn element(&mut self, element: &Element) {
        if let Some(nodes) = &mut self.0 {
            nodes.push(Node::Element(element.clone()));
        }
    }

    pub(super) fn into_nodes(self) -> Vec<Node> {
        self.0.unwrap_or_default()
    }
}
