//! The form of the settings as the server wrote it, the cookie, and the page's root, on which the styles
//! see what is chosen.

use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AddEventListenerOptions, Element, Event, HtmlElement, HtmlInputElement};

use super::page::document;

/// The id of the dialog.
pub const SETTINGS: &str = "settings";
/// The id of its form.
pub const FORM: &str = "settings-form";
/// The id of the button that sends it.
pub const SUBMIT: &str = "settings-save";
/// The id of the choice of notifications.
pub const NOTIFY: &str = "settings-notify";
/// The ids of the reasons for which there is none, in the order of [`Offer`](super::notification::Offer).
pub const NOTIFY_REASONS: [&str; 3] = ["notify-insecure", "notify-unknown", "notify-denied"];

fn element(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Calls `open` when the dialog opens for the first time, or now if it is open.
pub fn on_first_open(open: impl FnOnce() + 'static) {
    let Some(dialog) = element(SETTINGS) else {
        return;
    };
    if dialog.matches(":popover-open").unwrap_or(false) {
        return open();
    }
    on_toggle(&dialog, open);
}

/// Calls `then` when the dialog opens or closes next.
fn on_toggle(dialog: &HtmlElement, then: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(then);
    let options = AddEventListenerOptions::new();
    options.set_once(true);
    let _ = dialog.add_event_listener_with_callback_and_add_event_listener_options(
        "toggle",
        then.unchecked_ref(),
        &options,
    );
}

/// Calls `choose` with the name and the value of what is chosen in the form, for the life of the page;
/// first for what was chosen before anybody listened.
pub fn on_choice(choose: impl Fn(&str, &str) + 'static) {
    let Some(form) = element(FORM) else {
        return;
    };
    for input in chosen(&form) {
        if !input.default_checked() {
            choose(&input.name(), &input.value());
        }
    }
    let listen = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            choose(&input.name(), &input.value());
        }
    });
    let _ = form.add_event_listener_with_callback("change", listen.as_ref().unchecked_ref());
    listen.forget();
}

fn chosen(form: &Element) -> Vec<HtmlInputElement> {
    let Ok(inputs) = form.query_selector_all("input:checked") else {
        return Vec::new();
    };
    (0..inputs.length()).filter_map(|at| inputs.get(at)?.dyn_into().ok()).collect()
}

/// Shows an element or hides it.
pub fn show(id: &str, shown: bool) {
    if let Some(element) = element(id) {
        element.set_hidden(!shown);
    }
}

/// Marks what is chosen in the form.
pub fn check(name: &str, value: &str) {
    let input = element(FORM).and_then(|form| {
        form.query_selector(&format!("[name={name}][value={value}]")).ok().flatten()?.dyn_into().ok()
    });
    if let Some(input) = input {
        HtmlInputElement::set_checked(&input, true);
    }
}

/// The page's cookies, as far as scripts may see them.
pub fn cookies() -> String {
    let cookies = document().and_then(|document| Reflect::get(&document, &"cookie".into()).ok());
    cookies.and_then(|cookies| cookies.as_string()).unwrap_or_default()
}

/// Keeps a cookie.
pub fn keep_cookie(cookie: &str) {
    if let Some(document) = document() {
        let _ = Reflect::set(&document, &"cookie".into(), &JsValue::from_str(cookie));
    }
}

/// Whether the page came by HTTPS.
pub fn is_https() -> bool {
    web_sys::window().is_some_and(|window| window.location().protocol().is_ok_and(|name| name == "https:"))
}

/// Loads the page anew. Where a choice was made with the keyboard, when the dialog is closed: with the arrow keys
/// one comes to the third choice by choosing the second.
pub fn reload_when_chosen() {
    let chosen = document().and_then(|document| document.query_selector(":focus-visible").ok().flatten());
    let dialog = element(SETTINGS).filter(|dialog| dialog.contains(chosen.as_deref()));
    let Some(dialog) = dialog else { return reload() };
    // It is open, so what comes first is that it closes.
    on_toggle(&dialog, reload);
}

fn reload() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}

fn root() -> Option<Element> {
    document()?.document_element()
}

/// What stands on the page's root under this name.
pub fn on_root(key: &str) -> Option<String> {
    root()?.get_attribute(&format!("data-{key}"))
}

/// Writes it there, or takes it away.
pub fn set_on_root(key: &str, value: Option<&str>) {
    let (Some(root), name) = (root(), format!("data-{key}")) else {
        return;
    };
    let _ = match value {
        Some(value) => root.set_attribute(&name, value),
        None => root.remove_attribute(&name),
    };
}

/// Gives the browser the page's colour anew, for what it draws around it.
pub fn colour_surroundings() {
    let Some((window, document)) = web_sys::window().zip(document()) else {
        return;
    };
    let Ok(metas) = document.query_selector_all("meta[name=theme-color]") else {
        return;
    };
    let colour = root()
        .and_then(|root| window.get_computed_style(&root).ok().flatten())
        .and_then(|style| style.get_property_value("background-color").ok());
    for at in 0..metas.length() {
        if let Some(meta) = metas.get(at).and_then(|meta| meta.dyn_into::<Element>().ok()) {
            let _ = meta.set_attribute("content", colour.as_deref().unwrap_or_default());
        }
    }
}
