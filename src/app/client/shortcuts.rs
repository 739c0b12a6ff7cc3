//! What single keys do to the page: the focus, and what is read.

use js_sys::{Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

use super::page::{Kept, document, go_to, is_overlaid};
use super::scroll::{focus_on, is_in_field};

/// The id of the list of keys, a popover.
pub const LIST: &str = "shortcuts";

/// The id of the box in it that turns single keys on and off.
pub const SWITCH: &str = "shortcuts-on";

/// What can be asked for with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// The list of keys.
    Help,
    /// Into the composer.
    Write,
    /// Another conversation.
    New,
    /// The message below.
    Next,
    /// The message above.
    Previous,
    /// The newest answer.
    Newest,
    /// Copies it.
    Copy,
}

impl Shortcut {
    /// What a key asks for.
    pub fn of(key: &str) -> Option<Self> {
        Some(match key {
            "?" => Self::Help,
            "/" => Self::Write,
            "n" => Self::New,
            "j" => Self::Next,
            "k" => Self::Previous,
            "g" => Self::Newest,
            "c" => Self::Copy,
            _ => return None,
        })
    }

    /// Does it.
    pub fn act(self) {
        match self {
            Self::Help => toggle_list(),
            Self::Write => focus("#message"),
            Self::New => go_to("/"),
            Self::Next => step(1),
            Self::Previous => step(-1),
            Self::Newest => {
                if let Some(answer) = messages().pop() {
                    read(&answer);
                }
            }
            Self::Copy => {
                let buttons = all(".answer-foot .copy-answer");
                if let Some(button) = buttons.last() {
                    button.click();
                }
            }
        }
    }
}

/// Brings a message to the top of the screen, and the focus to it, so that a screen reader reads it.
fn read(message: &HtmlElement) {
    focus_on(&message.id());
    message.scroll_into_view();
}

fn all(selector: &str) -> Vec<HtmlElement> {
    let found = document().and_then(|document| document.query_selector_all(selector).ok());
    let at = |list: &web_sys::NodeList, at| list.get(at)?.dyn_into::<HtmlElement>().ok();
    found.map(|list| (0..list.length()).filter_map(|n| at(&list, n)).collect()).unwrap_or_default()
}

fn messages() -> Vec<HtmlElement> {
    all(".transcript .message")
}

fn focus(selector: &str) {
    if let Some(element) = all(selector).first() {
        let _ = element.focus();
    }
}

/// To the next message from the one with the focus; without one, from the one at the top of the screen.
fn step(by: isize) {
    let messages = messages();
    let active = document().and_then(|document| document.active_element());
    let focused = active.and_then(|active| active.closest(".message").ok().flatten());
    let here = focused.and_then(|focused| messages.iter().position(|message| **message == focused));
    let below = |message: &HtmlElement| message.get_bounding_client_rect().bottom() > 80.0;
    let to = match here {
        Some(here) => here.checked_add_signed(by),
        None => messages.iter().position(below),
    };
    if let Some(message) = to.and_then(|to| messages.get(to)) {
        read(message);
    }
}

fn toggle_list() {
    let Some(list) = document().and_then(|document| document.get_element_by_id(LIST)) else {
        return;
    };
    let switch = list.query_selector("input").ok().flatten();
    if let Some(switch) = switch.and_then(|switch| switch.dyn_into::<HtmlInputElement>().ok()) {
        switch.set_checked(Kept::Keys.get().is_none());
        let on_change = Closure::<dyn FnMut()>::new({
            let switch = switch.clone();
            move || Kept::Keys.set(if switch.checked() { "" } else { "off" })
        });
        switch.set_onchange(Some(on_change.as_ref().unchecked_ref()));
        on_change.forget();
    }
    // There is no typed binding for popovers yet.
    let toggle = Reflect::get(&list, &JsValue::from_str("togglePopover"));
    if let Some(toggle) = toggle.ok().and_then(|toggle| toggle.dyn_into::<Function>().ok()) {
        let _ = toggle.call0(&list);
    }
}

/// Whether a key is meant for the page: one of ours, alone, and nobody types.
pub fn is_meant(event: &KeyboardEvent) -> bool {
    let is_alone = !(event.ctrl_key() || event.meta_key() || event.alt_key());
    let is_free = !(event.is_composing() || event.default_prevented() || is_in_field(event) || is_overlaid());
    is_alone && is_free && Shortcut::of(&event.key()).is_some() && Kept::Keys.get().is_none()
}
