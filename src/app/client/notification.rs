//! Notifications: what a browser shows outside of its pages. Built through `Reflect`, so that a browser
//! without them is an answer and not an exception.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Whether notifications can be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// No: the page is not a secure context.
    Insecure,
    /// No: the browser does not have them, or has them only for service workers, of which we have none.
    Unknown,
    /// No: the reader has forbidden them.
    Denied,
    /// Yes, if the reader agrees or has agreed.
    Possible,
}

fn constructor() -> Option<Function> {
    let window = web_sys::window()?;
    Reflect::get(&window, &"Notification".into()).ok()?.dyn_into().ok()
}

fn permission(constructor: &Function) -> String {
    Reflect::get(constructor, &"permission".into()).ok().and_then(|it| it.as_string()).unwrap_or_default()
}

/// What this browser can do with them here.
pub fn offer() -> Offer {
    if !web_sys::window().is_some_and(|window| window.is_secure_context()) {
        return Offer::Insecure;
    }
    let Some(constructor) = constructor() else {
        return Offer::Unknown;
    };
    match permission(&constructor).as_str() {
        "denied" => Offer::Denied,
        "granted" if !is_android() => Offer::Possible,
        // On Android the constructor may be there and throw. Without a permission nothing is shown, and with one
        // only for a moment.
        _ => match Reflect::construct(&constructor, &Array::of1(&"".into())) {
            Ok(shown) => {
                close(&shown);
                Offer::Possible
            }
            Err(_) => Offer::Unknown,
        },
    }
}

fn is_android() -> bool {
    let navigator = web_sys::window().and_then(|window| Reflect::get(&window, &"navigator".into()).ok());
    let agent = navigator.and_then(|navigator| Reflect::get(&navigator, &"userAgent".into()).ok());
    agent.and_then(|agent| agent.as_string()).is_some_and(|agent| agent.contains("Android"))
}

/// Asks the reader, in answer to an act of theirs; whether they agree.
pub async fn ask() -> bool {
    let Some(constructor) = constructor() else {
        return false;
    };
    let asked = Reflect::get(&constructor, &"requestPermission".into())
        .and_then(JsCast::dyn_into::<Function>)
        .and_then(|ask| ask.call0(&constructor))
        .and_then(JsCast::dyn_into::<Promise>);
    let Ok(asked) = asked else {
        return false;
    };
    JsFuture::from(asked).await.is_ok_and(|permission| permission.as_string().as_deref() == Some("granted"))
}

/// Shows one, if that was agreed to. A click on it brings the page to the front. Of several with the
/// same tag one is shown.
pub fn notify(title: &str, body: &str, tag: &str) {
    let Some(constructor) = constructor().filter(|constructor| permission(constructor) == "granted") else {
        return;
    };
    let options = Object::new();
    for (key, value) in [("body", body), ("tag", tag), ("icon", "/icon-192.png")] {
        let _ = Reflect::set(&options, &key.into(), &value.into());
    }
    let Ok(shown) = Reflect::construct(&constructor, &Array::of2(&title.into(), &options)) else {
        return;
    };
    let on_click = Closure::once_into_js({
        let shown = shown.clone();
        move || {
            if let Some(window) = web_sys::window() {
                let _ = window.focus();
            }
            close(&shown);
        }
    });
    let _ = Reflect::set(&shown, &"onclick".into(), &on_click);
}

fn close(shown: &JsValue) {
    if let Ok(close) = Reflect::get(shown, &"close".into()).and_then(JsCast::dyn_into::<Function>) {
        let _ = close.call0(shown);
    }
}
