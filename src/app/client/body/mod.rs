//! The element that shows a text part of an answer, and the handle with which it grows.
//!
//! What draws Markdown is a part of the program that is loaded when it is first needed ([`markdown`]).
//! Until it is there, the text stands in the page as it is.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, Event};

mod adopted;
mod copy;
mod dom;
mod drawn;
mod finish;
pub mod markdown;
mod plain;

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
    /// The blocks of this text, as the server wrote them, and nothing else was asked for yet.
    Adopted(String),
    /// The blocks of a text, as the server wrote them, and behind them the rest as it is.
    Waiting(plain::Plain),
    /// The blocks of the text.
    Drawn(Box<dyn Draw>),
}

/// An element whose Markdown is drawn.
trait Draw: fmt::Debug {
    /// Shows the whole of `text` in place of what is shown now.
    fn show(&mut self, text: &str);
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
        let body = Self::of(element, String::new());
        if !text.is_empty() {
            body.show(text, true);
        }
        body
    }

    /// Takes over an element of the server's page, in which `text` is shown.
    pub fn adopt(element: Element, text: String) -> Self {
        adopted::finish_all(&element);
        Self::of(element, text)
    }

    fn of(element: Element, text: String) -> Self {
        let on_copy = copy::listen(&element);
        Self(Rc::new(Inner { element, shown: RefCell::new(Shown::Adopted(text)), on_copy }))
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
        let mut shown = self.0.shown.borrow_mut();
        if let Shown::Adopted(adopted) = &mut *shown {
            let adopted = std::mem::take(adopted);
            *shown = match markdown::loaded() {
                Some(draw) => Shown::Drawn(draw(self.element().clone(), &adopted)),
                None => {
                    markdown::call_when_loaded(self);
                    Shown::Waiting(plain::Plain::behind(self.element().clone(), adopted))
                }
            };
        }
        match &mut *shown {
            Shown::Adopted(_) => {}
            Shown::Waiting(plain) => plain.show(text),
            Shown::Drawn(drawn) => drawn.show(text),
        }
    }

    /// Draws what was shown as it is.
    fn draw(&self, draw: markdown::Drawing) {
        let mut shown = self.0.shown.borrow_mut();
        if let Shown::Waiting(plain) = &mut *shown {
            let (adopted, text) = plain.leave();
            let mut drawn = draw(self.element().clone(), &adopted);
            drawn.show(&text);
            *shown = Shown::Drawn(drawn);
        }
    }
}

/// The element's class.
pub const CLASS: &str = "md";

/// The name under which tests find the element.
pub const TEST_ID: &str = "text";

fn document() -> Document {
    leptos::prelude::document()
}
