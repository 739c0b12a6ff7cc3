//! The element that shows a text part of an answer, and the handle with which it grows.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, Event};

use crate::markdown::{Node, parse};

mod copy;
mod dom;

// In the browser only: there is no DOM elsewhere.
#[cfg(all(test, target_family = "wasm"))]
mod tests;

/// A handle to one Markdown body in the page; clones are handles to the same one. Its element has one
/// child element for each top-level block.
#[derive(Clone, Debug)]
pub struct Body(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    element: Element,
    shown: RefCell<Shown>,
    /// Held, not used: without it the listener would be gone.
    #[expect(dead_code, reason = "lives as long as the element is in use")]
    on_copy: Closure<dyn FnMut(Event)>,
}

/// What the element shows.
#[derive(Debug)]
enum Shown {
    /// The blocks of this text, as the server wrote them; they are parsed when they are to change.
    Adopted(String),
    /// These blocks.
    Blocks(Vec<Node>),
}

impl Body {
    /// A new element that shows `text`.
    ///
    /// # Panics
    ///
    /// Outside of a browser.
    pub fn build(text: &str) -> Self {
        let element = document().create_element("div").expect("`div` is a valid name");
        let _ = element.set_attribute("class", CLASS);
        let _ = element.set_attribute("data-testid", TEST_ID);
        let blocks = blocks(text);
        dom::append(&document(), &element, &blocks);
        Self::new(element, Shown::Blocks(blocks))
    }

    /// Takes over an element of the server's page, in which `text` is shown.
    pub fn adopt(element: Element, text: String) -> Self {
        Self::new(element, Shown::Adopted(text))
    }

    fn new(element: Element, shown: Shown) -> Self {
        let on_copy = copy::listen(&element);
        Self(Rc::new(Inner { element, shown: RefCell::new(shown), on_copy }))
    }

    /// The element.
    pub fn element(&self) -> &Element {
        &self.0.element
    }

    /// Shows the whole of `text` in place of what is shown now. Blocks that stay as they are keep
    /// their nodes, and a node whose text only grows is appended to, so a selection in it survives.
    ///
    /// `done` says that nothing more will come.
    pub fn show(&self, text: &str, done: bool) {
        // Everything is parsed again each time, so there is nothing to be closed at the end.
        let _ = done;
        let new = blocks(text);
        let mut shown = self.0.shown.borrow_mut();
        let old = match &mut *shown {
            Shown::Blocks(blocks) => std::mem::take(blocks),
            Shown::Adopted(text) => self.adopted_blocks(text),
        };
        dom::change(&document(), self.element(), &old, &new);
        *shown = Shown::Blocks(new);
    }

    /// The blocks that stand in the server's page, if the page is what it should be; otherwise none,
    /// and none in the page either.
    fn adopted_blocks(&self, text: &str) -> Vec<Node> {
        // A long text is cut into several nodes by the browser's HTML parser.
        self.element().normalize();
        let blocks = blocks(text);
        if self.element().child_nodes().length() as usize == blocks.len() {
            return blocks;
        }
        self.element().set_text_content(None);
        Vec::new()
    }
}

/// The element's class.
pub const CLASS: &str = "md";

/// The name under which tests find the element.
pub const TEST_ID: &str = "text";

fn blocks(text: &str) -> Vec<Node> {
    parse(text).into_iter().map(Node::Element).collect()
}

fn document() -> Document {
    leptos::prelude::document()
}
