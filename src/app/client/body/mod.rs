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
mod alike;
mod code;
mod copy;
mod dom;
mod drawn;
mod finish;
mod formula;
pub mod group;
mod keep;
mod labels;
mod late;
mod latex;
mod leaf;
mod level;
pub mod markdown;
mod math;
mod pace;
mod patch;
mod pattern;
mod plain;
mod spine;
mod tables;
mod taken;
mod view;
mod warm;
mod wide;

use taken::Taken;

// In the browser only: there is no DOM elsewhere.
#[cfg(all(test, target_family = "wasm"))]
mod tests;

/// A handle to one Markdown body in the page; clones are handles to the same one. Its element has the
/// top-level blocks, one element each, in [`group`]s.
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
    /// A text that is finished, as the server wrote it.
    Finished(Taken),
    /// The beginning of a text, as the server wrote it, and nothing else was asked for yet.
    Adopted(String),
    /// The same, and behind it the rest as it is.
    Waiting(plain::Plain),
    /// The blocks of the text.
    Drawn(Box<dyn Draw>),
}

/// An element whose Markdown is drawn.
trait Draw: fmt::Debug {
    /// Shows the whole of `text` in place of what is shown now; false if it goes on in the next frame.
    fn show(&mut self, text: &str, done: bool) -> bool;
}

impl Body {
    /// A new element that shows `text`, with more to come.
    ///
    /// # Panics
    ///
    /// Outside of a browser.
    pub fn build(text: &str) -> Self {
        let element = document().create_element("div").expect("`div` is a valid name");
        let _ = element.set_attribute("class", CLASS);
        let _ = element.set_attribute("data-testid", TEST_ID);
        let body = Self::of(element, Shown::Adopted(String::new()));
        if !text.is_empty() {
            body.show(text, false);
        }
        body
    }

    /// Takes over an element of the server's page, in which `text` is shown; `done` says that nothing
    /// more will come, so that there is nothing to be parsed.
    pub fn adopt(element: Element, text: String, done: bool) -> Self {
        let shown = if done {
            adopted::finish_all(&element);
            Shown::Finished(Taken::all(&text))
        } else {
            Shown::Adopted(text)
        };
        Self::of(element, shown)
    }

    fn of(element: Element, shown: Shown) -> Self {
        let on_copy = copy::listen(&element);
        Self(Rc::new(Inner { element, shown: RefCell::new(shown), on_copy }))
    }

    /// The element.
    pub fn element(&self) -> &Element {
        &self.0.element
    }

    /// Shows the whole of `text` in place of what is shown now. What is closed in it keeps its nodes,
    /// and a node whose text only grows is appended to, so a selection in it survives. What takes longer
    /// than a frame has goes on in the next ones.
    ///
    /// The cost is that of what is new. A text that is shorter than before, or ends otherwise where
    /// that ended, is another one and drawn anew.
    ///
    /// `done` says that nothing more will come. Returns whether all of it is shown; asking again with the
    /// same text costs nothing.
    pub fn show(&self, text: &str, done: bool) -> bool {
        let mut shown = self.0.shown.borrow_mut();
        if let Shown::Finished(taken) = &mut *shown
            && taken.more(text) == Some("")
        {
            return true;
        }
        let adopted = match &mut *shown {
            Shown::Finished(_) => Some(None),
            Shown::Adopted(adopted) => Some(Some(std::mem::take(adopted))),
            Shown::Waiting(_) | Shown::Drawn(_) => None,
        };
        if let Some(adopted) = adopted {
            let element = self.element().clone();
            *shown = match markdown::loaded() {
                Some(draw) => Shown::Drawn(draw(element, adopted)),
                None => {
                    markdown::call_when_loaded(self);
                    Shown::Waiting(plain::Plain::behind(element, adopted))
                }
            };
        }
        match &mut *shown {
            Shown::Finished(_) | Shown::Adopted(_) => true,
            Shown::Waiting(plain) => {
                plain.show(text, done);
                true
            }
            Shown::Drawn(drawn) => drawn.show(text, done),
        }
    }

    /// Draws what was shown as it is.
    fn draw(&self, draw: markdown::Drawing) {
        let mut shown = self.0.shown.borrow_mut();
        if let Shown::Waiting(plain) = &mut *shown {
            let plain::Left { adopted, text, done } = plain.leave();
            let mut drawn = draw(self.element().clone(), adopted);
            drawn.show(&text, done);
            *shown = Shown::Drawn(drawn);
        }
    }
}

/// The id of the element in which the page has the labels of Markdown.
pub const LABELS_ID: &str = "labels";

/// The element's class.
pub const CLASS: &str = "md";

/// The name under which tests find the element.
pub const TEST_ID: &str = "text";

fn document() -> Document {
    leptos::prelude::document()
}
