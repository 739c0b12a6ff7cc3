//! What stood in the server's page: its code, formulas and tables are finished too, but nobody waits
//! for that, so it is done when the browser has nothing else to do.

use std::cell::RefCell;
use std::collections::VecDeque;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Node, NodeList};

use super::finish::{Finished, finished};
use crate::app::client::clock::{now, set_timeout};

/// How long one slice may take.
const SLICE_MS: f64 = 4.0;

/// Elements of one body that are to be finished.
struct Found {
    elements: NodeList,
    next: u32,
    except: Unfinished,
}

/// What is still drawn in a body.
#[derive(Clone, Debug, Default)]
pub(super) struct Unfinished {
    /// Elements that are not finished themselves, though what is in them may be.
    pub(super) open: Vec<Element>,
    /// Nodes in which nothing is finished.
    pub(super) tail: Vec<Node>,
}

/// Bodies that were adopted, and what was found in them.
#[derive(Default)]
struct Queue {
    bodies: Vec<Element>,
    found: VecDeque<Found>,
    /// A slice is on order.
    ordered: bool,
}

thread_local! {
    static QUEUE: RefCell<Queue> = RefCell::default();
}

/// Has everything finished that a body holds.
pub(super) fn finish_all(body: &Element) {
    QUEUE.with_borrow_mut(|queue| {
        queue.bodies.push(body.clone());
        queue.order();
    });
}

/// Has everything finished that a body holds by now, but for this.
pub(super) fn finish_but(body: &Element, except: Unfinished) {
    QUEUE.with_borrow_mut(|queue| queue.look_through(body, except));
}

impl Unfinished {
    /// Nothing in this element is finished.
    pub(super) fn all_of(element: &Element) -> Self {
        Self { open: Vec::new(), tail: vec![element.clone().into()] }
    }

    pub(super) fn holds(&self, node: &Node) -> bool {
        self.open.iter().any(|open| open.is_same_node(Some(node)))
            || self.tail.iter().any(|tail| tail.contains(Some(node)))
    }
}

impl Queue {
    fn look_through(&mut self, body: &Element, except: Unfinished) {
        if let Ok(elements) = body.query_selector_all(Finished::SELECTOR)
            && elements.length() > 0
        {
            self.found.push_back(Found { elements, next: 0, except });
            self.order();
        }
    }

    fn order(&mut self) {
        if !std::mem::replace(&mut self.ordered, true) {
            when_idle(work);
        }
    }

    /// The next element that is to be finished. What stands furthest down comes first: that is where
    /// the reader is.
    fn next(&mut self) -> Option<Element> {
        loop {
            let Some(found) = self.found.front_mut() else {
                let body = self.bodies.pop()?;
                self.look_through(&body, Unfinished::default());
                continue;
            };
            let Some(node) = found.elements.item(found.next) else {
                self.found.pop_front();
                continue;
            };
            found.next += 1;
            if !found.except.holds(&node) {
                return node.dyn_into().ok();
            }
        }
    }
}

/// One slice. The queue is not borrowed while an element is finished.
fn work() {
    QUEUE.with_borrow_mut(|queue| queue.ordered = false);
    let began = now();
    while let Some(element) = QUEUE.with_borrow_mut(Queue::next) {
        if let Some(kind) = Finished::of(&element) {
            finished(kind, &element);
        }
        if now() - began > SLICE_MS {
            return QUEUE.with_borrow_mut(Queue::order);
        }
    }
}

/// Calls `work` when the browser has time; where it can't say so (Safari), soon.
fn when_idle(work: fn()) {
    let callback = Closure::once_into_js(work);
    if let Some(window) = web_sys::window()
        && window.request_idle_callback(callback.unchecked_ref()).is_err()
    {
        set_timeout(callback.unchecked_ref(), 50);
    }
}
