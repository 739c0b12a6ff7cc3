//! Formulas: typeset by a part of the program that is loaded when the first one is finished. Until then,
//! and where one can't be typeset, its source stands there. What the server has typeset needs no part.

use std::cell::RefCell;
use std::mem;

use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use super::formula;
use crate::app::client::backoff::Backoff;
use crate::app::client::clock::{now, random, sleep};
use crate::app::client::part::part;

/// How long one slice may take.
const SLICE_MS: f64 = 4.0;

part! {
    math => fn typesetting() -> fn(&Element) {
        formula::typeset
    }
}

part! {
    /// What every page with formulas needs, also one that the server has typeset.
    formulas => fn looking_after() -> fn(&[Element]) {
        super::latex::look_after
    }
}

#[derive(Default)]
struct Queue {
    elements: Vec<Element>,
    working: bool,
}

thread_local! {
    static QUEUE: RefCell<Queue> = RefCell::default();
}

/// Has a formula typeset that stands there for good, or looked after if the server did that.
pub(super) fn finished(element: &Element) {
    let begins = QUEUE.with_borrow_mut(|queue| {
        queue.elements.push(element.clone());
        !mem::replace(&mut queue.working, true)
    });
    if begins {
        spawn_local(work());
    }
}

/// Works until there is nothing to be done. A task of its own: before the next frame is drawn, but not
/// in the middle of drawing this one.
async fn work() {
    let mut backoff = Backoff::default();
    // The first wait is none.
    backoff.next(random());
    let mut done = Vec::new();
    loop {
        let elements = QUEUE.with_borrow_mut(|queue| mem::take(&mut queue.elements));
        if elements.is_empty() {
            break;
        }
        let plain: Vec<_> = elements.iter().filter(|it| !it.class_name().contains("typeset")).collect();
        if !plain.is_empty() {
            let Ok(typeset) = typesetting().await else {
                sleep(backoff.next(random())).await;
                // Also those that are not in the page: what is drawn beside it will be.
                QUEUE.with_borrow_mut(|queue| queue.elements.extend(elements));
                continue;
            };
            let mut began = now();
            for element in plain {
                typeset(element);
                if now() - began > SLICE_MS {
                    sleep(0).await;
                    began = now();
                }
            }
        }
        done.extend(elements);
    }
    QUEUE.with_borrow_mut(|queue| queue.working = false);
    // Without it formulas are only a little less comfortable.
    if let Ok(look_after) = looking_after().await {
        look_after(&done);
    }
}
