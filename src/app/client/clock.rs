//! Time as the browser has it.

use js_sys::{Function, Promise};
use wasm_bindgen_futures::JsFuture;

/// Milliseconds since the page began, which never run backwards.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Waits. Dropping the future forgets the wait.
pub async fn sleep(ms: u32) {
    let promise = Promise::new(&mut |resolve, _| set_timeout(&resolve, ms));
    // A timer's promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// Calls `callback` after `ms`.
pub(super) fn set_timeout(callback: &Function, ms: u32) {
    let ms = i32::try_from(ms).unwrap_or(i32::MAX);
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(callback, ms);
    }
}
