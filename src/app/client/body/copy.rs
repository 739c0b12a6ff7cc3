//! The buttons of code blocks: one listener for the whole body, since blocks come and go.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event};

use super::labels::{Line, line};
use super::tables;
use crate::app::client::clock::sleep;
use crate::app::client::text;

/// How long a button says what it did.
const SAID_MS: u32 = 2000;

/// Answers clicks on the buttons of code in `body`, as long as what is returned lives.
pub(super) fn listen(body: &Element) -> Closure<dyn FnMut(Event)> {
    let on_click = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        let clicked = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        // Classes are ours alone: no text of a model can make such a button.
        let bars = ".code-bar > button, .table-bar > button";
        match clicked.and_then(|clicked| clicked.closest(bars).ok().flatten()) {
            Some(button) if button.class_name() == "copy" => copy_block_of(button),
            Some(button) if button.class_name() == "wrap" => wrap_block_of(&button),
            // It has a listener of its own, where it was made.
            Some(button) if button.class_name() == "diagram" => {}
            // The other two are a table's.
            Some(button) => tables::copy(button),
            None => {}
        }
    });
    let _ = body.add_event_listener_with_callback("click", on_click.as_ref().unchecked_ref());
    on_click
}

/// Breaks the long lines of this block, or lets them scroll again.
fn wrap_block_of(button: &Element) {
    if let Ok(Some(block)) = button.closest(".code")
        && let Ok(wraps) = block.class_list().toggle("wraps")
    {
        let _ = button.set_attribute("aria-pressed", if wraps { "true" } else { "false" });
    }
}

/// Copies the code of the button's block, as it stands at this moment; also if a diagram hides it.
fn copy_block_of(button: Element) {
    let block = button.closest(".code").ok().flatten();
    let code = block.and_then(|block| block.query_selector("pre").ok().flatten());
    let Some(code) = code.and_then(|code| code.text_content()) else {
        return;
    };
    spawn_local(async move {
        let copied = text::copy(code).await;
        say(&button, copied, Line::Copy).await;
    });
}

/// Says for a while whether something was copied, on a button that says `label` otherwise.
pub(super) async fn say(button: &Element, copied: bool, label: Line) {
    button.set_text_content(line(if copied { Line::Copied } else { Line::NotCopied }).as_deref());
    sleep(SAID_MS).await;
    button.set_text_content(line(label).as_deref());
}
