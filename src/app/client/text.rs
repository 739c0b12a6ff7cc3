//! Text in the DOM: text that only grows, the composer's field, and the clipboard.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement, Text};

use super::page::document;

/// The largest text node that is appended to, in UTF-16 units: the browser copies a node's whole text
/// at each append, so one node for a long text would make its cost grow with what is there.
const NODE_LIMIT: u32 = 16_384;

/// Appends to an element that holds nothing but text, without touching what is there, so that the
/// reader's selection stays.
pub fn append(element: &Element, text: &str) {
    let last = element.last_child().and_then(|node| node.dyn_into::<Text>().ok());
    match last {
        Some(node) if node.length() < NODE_LIMIT => {
            let _ = node.append_data(text);
        }
        _ => {
            if let Some(node) = document().map(|document| document.create_text_node(text)) {
                let _ = element.append_child(&node);
            }
        }
    }
}

/// Replaces an element's text, for when it has become shorter.
pub fn replace(element: &Element, text: &str) {
    element.set_text_content(Some(text));
}

/// Lets the field be as high as its text, up to the limit of its style. Browsers with
/// `field-sizing` do it by themselves.
pub fn fit_height(field: &HtmlTextAreaElement) {
    let style = field.style();
    if Reflect::has(&style, &JsValue::from_str("fieldSizing")).unwrap_or(false) {
        return;
    }
    // Shrinks first, or the height could only grow.
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", field.scroll_height()));
}

/// Puts the cursor into a field, at its end.
pub fn focus_end(field: &HtmlTextAreaElement) {
    let _ = field.focus();
    let end = field.text_length();
    let _ = field.set_selection_range(end, end);
}

/// Whether the keyboard already goes somewhere.
pub fn something_has_focus() -> bool {
    document()
        .and_then(|document| document.active_element())
        .is_some_and(|element| element.tag_name() != "BODY")
}

/// Copies. On plain HTTP there is no clipboard object, and the old command does it.
pub async fn copy(text: String) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let navigator = window.navigator();
    if window.is_secure_context() {
        return JsFuture::from(navigator.clipboard().write_text(&text)).await.is_ok();
    }
    copy_by_command(&text).unwrap_or(false)
}

fn copy_by_command(text: &str) -> Option<bool> {
    let document = document()?;
    let before = document.active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let field: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    field.set_value(text);
    field.set_class_name("visually-hidden");
    document.body()?.append_child(&field).ok()?;
    field.select();
    // `execCommand` has no typed binding outside of `HtmlDocument`.
    let command = Reflect::get(&document, &JsValue::from_str("execCommand")).ok()?;
    let copied = command.dyn_into::<js_sys::Function>().ok()?.call1(&document, &JsValue::from_str("copy"));
    field.remove();
    if let Some(before) = before {
        let _ = before.focus();
    }
    copied.ok()?.as_bool()
}
