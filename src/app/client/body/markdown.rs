//! The part of the program that draws Markdown, and who waits for it.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use super::drawn::Drawn;
use super::{Body, Draw, Inner, warm};
use crate::app::client::backoff::Backoff;
use crate::app::client::clock::{random, sleep};
use crate::app::client::part::part;

/// Takes over an element that shows the blocks of a text; of one that is not known, without it.
pub(super) type Drawing = fn(Element, Option<String>) -> Box<dyn Draw>;

part! {
    markdown => fn drawing() -> Drawing {
        warm::up();
        |element, text| Box::new(Drawn::adopt(element, text))
    }
}

#[derive(Default)]
struct Part {
    drawing: Option<Drawing>,
    loading: bool,
    waiting: Vec<Weak<Inner>>,
}

thread_local! {
    static PART: RefCell<Part> = RefCell::default();
}

/// What draws, if it is there.
pub(super) fn loaded() -> Option<Drawing> {
    PART.with_borrow(|part| part.drawing)
}

/// Has the body drawn when that is possible.
pub(super) fn call_when_loaded(Body(body): &Body) {
    PART.with_borrow_mut(|part| part.waiting.push(Rc::downgrade(body)));
    load();
}

/// Begins to load what draws Markdown, unless that has been done: to be called when it is clear that
/// there will be some. When it fails it is tried again as long as there is text to be drawn.
pub fn load() {
    let begins =
        PART.with_borrow_mut(|part| part.drawing.is_none() && !std::mem::replace(&mut part.loading, true));
    if begins {
        spawn_local(try_until_loaded());
    }
}

async fn try_until_loaded() {
    let mut backoff = Backoff::default();
    backoff.next(random());
    loop {
        if let Ok(drawing) = drawing().await {
            return finish(drawing);
        }
        sleep(backoff.next(random())).await;
        if !PART.with_borrow_mut(Part::is_needed) {
            return;
        }
    }
}

impl Part {
    /// Whether a body that is still there waits. If none does, the next one begins anew.
    fn is_needed(&mut self) -> bool {
        self.waiting.retain(|body| body.strong_count() > 0);
        self.loading = !self.waiting.is_empty();
        self.loading
    }
}

fn finish(drawing: Drawing) {
    let waiting = PART.with_borrow_mut(|part| {
        part.drawing = Some(drawing);
        std::mem::take(&mut part.waiting)
    });
    for body in waiting.iter().filter_map(Weak::upgrade) {
        Body(body).draw(drawing);
    }
}

/// As if nobody had needed it yet.
#[cfg(all(test, target_family = "wasm"))]
pub(super) fn unload() {
    PART.take();
}
