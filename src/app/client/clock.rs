//! Time as the browser has it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;

/// Milliseconds since the page began, which never run backwards.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// A number from 0 to 1, for jitter.
pub fn random() -> f64 {
    js_sys::Math::random()
}

/// Calls `draw` before the next frame is drawn. In a hidden tab that is when it is shown again.
pub fn next_frame(draw: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(draw);
    if let Some(window) = web_sys::window() {
        let _ = window.request_animation_frame(callback.unchecked_ref());
    }
}

/// Waits.
pub async fn sleep(ms: u32) {
    Pause::default().wait(Some(ms)).await;
}

/// A wait that can be ended early from elsewhere: clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Pause(Rc<RefCell<Option<Function>>>);

impl Pause {
    /// Waits for `ms`, or without an end, until [`Pause::end`].
    pub async fn wait(&self, ms: Option<u32>) {
        let promise = Promise::new(&mut |resolve, _| {
            if let Some(ms) = ms {
                set_timeout(&resolve, ms);
            }
            self.0.replace(Some(resolve));
        });
        // Nothing rejects this promise.
        let _ = JsFuture::from(promise).await;
        self.0.take();
    }

    /// Ends the wait, if there is one. Resolving twice is harmless.
    pub fn end(&self) {
        if let Some(resolve) = self.0.take() {
            let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
        }
    }
}

/// Calls `callback` after `ms`.
pub(super) fn set_timeout(callback: &Function, ms: u32) {
    let ms = i32::try_from(ms).unwrap_or(i32::MAX);
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(callback, ms);
    }
}
