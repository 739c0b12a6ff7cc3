//! Time as the browser has it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, ResizeObserver};

/// Milliseconds since the page began, which never run backwards.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Milliseconds since 1970.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and positive")]
pub fn today() -> u64 {
    Date::now() as u64
}

/// A moment, in milliseconds since 1970, as people write it who read this language where the browser is.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970")]
pub fn written(at_ms: u64, language: &str) -> String {
    let own = web_sys::window().and_then(|window| window.navigator().language());
    // Of a language that is written in several countries the browser knows which one.
    let own = own.filter(|own| own.split('-').next() == language.split('-').next());
    let options = Object::new();
    for (key, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        let _ = Reflect::set(&options, &key.into(), &value.into());
    }
    let moment = Date::new(&(at_ms as f64).into());
    moment.to_locale_string(own.as_deref().unwrap_or(language), &options).into()
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

/// Calls `look` right behind the next layout in which the element has a size, in the same frame: what is asked of
/// the page there is known already. A task of our own would come behind those of others.
pub fn laid_out(element: &Element, look: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(move |_: JsValue, observer: ResizeObserver| {
        observer.disconnect();
        look();
    });
    // What is observed anew is reported as having changed.
    if let Ok(observer) = ResizeObserver::new(callback.unchecked_ref()) {
        observer.observe(element);
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
            let _ = resolve.call0(&JsValue::NULL);
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
