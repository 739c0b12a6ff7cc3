//! Markdown as nodes of the page, changed as the text grows. The bulk of the Markdown in the browser,
//! and with [`super::markdown`] the border of the part that holds it: nothing here is named elsewhere.

use web_sys::Element;

use super::{Draw, document, dom};
use crate::markdown::{Node, parse};

/// An element, and the blocks that it shows.
#[derive(Debug)]
pub(super) struct Drawn {
    element: Element,
    blocks: Vec<Node>,
}

impl Drawn {
    /// Takes over an element that shows `text`, as the server wrote it; an empty one shows nothing.
    ///
    /// An element that is not what it should be is emptied.
    pub(super) fn adopt(element: Element, text: &str) -> Self {
        // A long text is cut into several nodes by the browser's HTML parser.
        element.normalize();
        let mut blocks = blocks(text);
        if element.child_nodes().length() as usize != blocks.len() {
            element.set_text_content(None);
            blocks.clear();
        }
        Self { element, blocks }
    }
}

impl Draw for Drawn {
    fn show(&mut self, text: &str) {
        // Everything is parsed again each time.
        let new = blocks(text);
        dom::change(&document(), &self.element, &self.blocks, &new);
        self.blocks = new;
    }
}

fn blocks(text: &str) -> Vec<Node> {
    parse(text).into_iter().map(Node::Element).collect()
}
