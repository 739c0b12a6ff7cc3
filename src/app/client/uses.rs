//! The first use of an element whose handlers come later: it is noticed, and what was done in vain is
//! done again once they are there.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, HtmlElement};

/// What counts as a use: pointing at it, coming to it with the keyboard, and what has an effect later.
const NOTICED: [&str; 5] = ["pointerover", "focusin", CLICK, "scroll", "toggle"];
const CLICK: &str = "click";
/// What works without us: the browser itself does what such a button is for.
const BUTTON: &str = "button:not([popovertarget])";

/// Listens at an element until it is dropped.
#[derive(Debug)]
pub struct Uses {
    element: HtmlElement,
    /// Where something was done, and what.
    done: Rc<RefCell<Vec<(Element, String)>>>,
    on: Closure<dyn FnMut(Event)>,
}

impl Uses {
    /// Calls `used` at each use.
    pub fn listen(element: HtmlElement, used: impl Fn() + 'static) -> Self {
        let done = Rc::<RefCell<Vec<(Element, String)>>>::default();
        let list = Rc::clone(&done);
        let on = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            used();
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let target = match event.type_().as_str() {
                CLICK => target.and_then(|target| target.closest(BUTTON).ok().flatten()),
                "scroll" | "toggle" => target,
                _ => None,
            };
            if let Some(target) = target {
                let deed = (target, event.type_());
                let mut done = list.borrow_mut();
                // A scroll is many events.
                if !done.contains(&deed) {
                    done.push(deed);
                }
            }
        });
        for name in NOTICED {
            // What scrolls or opens says it to nobody above it, but in the capturing phase.
            let on = on.as_ref().unchecked_ref();
            let _ = element.add_event_listener_with_callback_and_bool(name, on, true);
        }
        Self { element, done, on }
    }

    /// The element.
    pub fn element(&self) -> &HtmlElement {
        &self.element
    }

    /// Does again what was done so far, in its order.
    pub fn repeat(self) {
        let done = self.done.take();
        drop(self);
        for (target, name) in done {
            match target.dyn_ref::<HtmlElement>() {
                Some(button) if name == CLICK => button.click(),
                _ => {
                    if let Ok(event) = Event::new(&name) {
                        let _ = target.dispatch_event(&event);
                    }
                }
            }
        }
    }
}

impl Drop for Uses {
    fn drop(&mut self) {
        for name in NOTICED {
            let on = self.on.as_ref().unchecked_ref();
            let _ = self.element.remove_event_listener_with_callback_and_bool(name, on, true);
        }
    }
}
