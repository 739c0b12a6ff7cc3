//! Where messages are written.

use leptos::ev;
use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::icon::{SEND, STOP, icon};
use super::keys;
use super::picker::ModelPicker;
use crate::app::client::body::markdown;
use crate::app::client::page::{Kept, has_fine_pointer, is_overlaid};
use crate::app::client::shortcuts::is_meant;
use crate::app::client::text::{fit_height, focus_end, something_has_focus};
use crate::app::state::chat::ChatState;
use crate::app::state::words::words;

/// A text for the composer, from elsewhere on the page.
#[derive(Clone, Copy, Debug)]
pub struct Draft(pub RwSignal<Option<String>>);

/// The form's id. What else it says, where the browser's program is not there to say it, the server
/// writes behind the page.
pub const FORM: &str = "composer";

/// The key code of a key that an input method has taken. Safari sends it with the Enter that ends a
/// composition, when `isComposing` is already false.
const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// The field, the model, and Send, which is Stop while an answer runs. `sent` is called after a
/// message was sent.
#[component]
pub fn Composer(#[prop(into)] sent: Callback<()>) -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let Draft(draft) = expect_context();
    let words = words();
    let field = NodeRef::<Textarea>::new();

    let send = move || {
        if let Some(field) = field.get_untracked()
            && chat.send(&field.value())
        {
            field.set_value("");
            fit_height(&field);
            let _ = field.focus();
            sent.run(());
        }
    };
    let on_key = move |ev: ev::KeyboardEvent| {
        let composes = ev.is_composing() || ev.key_code() == TAKEN_BY_INPUT_METHOD;
        if ev.key() == "Enter" && !ev.shift_key() && !composes {
            ev.prevent_default();
            send();
        }
    };
    let on_input = move |_| {
        if let Some(field) = field.get_untracked() {
            Kept::Draft.set(&field.value());
            fit_height(&field);
            // There will be an answer.
            markdown::load();
        }
    };
    let running = Memo::new(move |_| chat.running().is_some());
    let on_click = move |ev: ev::MouseEvent| {
        // The form is for when this program has not come.
        ev.prevent_default();
        match running.get_untracked() {
            false => send(),
            // The second click of a double click on Send is not meant to stop.
            true if ev.detail() > 1 => {}
            true => chat.stop(),
        }
    };
    adopt(field, draft);
    on_escape(chat, draft);
    // Where this program does not come, the page that the server wrote is all there is: an answer that
    // runs in it is what the button is for.
    let stops = untrack(|| chat.running()).map(|_| "/stop");
    view! {
        <p class="editing" hidden=move || chat.editing.get().is_none()>
            {words.editing}
            " "
            <button type="button" class="link" on:click=move |_| stop_editing(chat, draft)>
                {words.cancel}
            </button>
        </p>
        <form id=FORM class="composer" method="post" action="/send">
            <textarea
                id="message"
                name="text"
                data-testid="composer"
                aria-label=words.message
                placeholder=words.placeholder
                rows="1"
                autocomplete="off"
                node_ref=field
                on:keydown=on_key
                on:input=on_input
            ></textarea>
            <div class="composer-row">
                <ModelPicker />
                <button
                    type="submit"
                    class="send"
                    formaction=stops
                    class:stop=running
                    aria-label=move || if running.get() { words.stop } else { words.send }
                    on:click=on_click
                >
                    {move || icon(if running.get() { STOP } else { SEND })}
                </button>
            </div>
        </form>
    }
}

/// Takes over the field with what was typed before, or puts back what was left in it, and lets other
/// parts of the page fill it.
fn adopt(field: NodeRef<Textarea>, draft: RwSignal<Option<String>>) {
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            if field.value().is_empty()
                && let Some(kept) = Kept::Draft.get()
            {
                field.set_value(&kept);
            }
            fit_height(&field);
            if has_fine_pointer() && !something_has_focus() {
                focus_end(&field);
            }
        }
    });
    Effect::new(move |_| {
        if let Some(text) = draft.get()
            && let Some(field) = field.get_untracked()
        {
            draft.set(None);
            Kept::Draft.set(&text);
            field.set_value(&text);
            fit_height(&field);
            focus_end(&field);
        }
    });
}

/// Esc stops wherever the focus is, unless it is meant for an input method, for what lies over the page,
/// or for an edit.
fn on_escape(chat: ChatState, draft: RwSignal<Option<String>>) {
    Effect::new(move |_| {
        let listener = window_event_listener(ev::keydown, move |ev| {
            if is_meant(&ev) {
                ev.prevent_default();
                press(ev.key());
            } else if ev.key() != "Escape" || ev.is_composing() || ev.default_prevented() || is_overlaid() {
            } else if chat.editing.get_untracked().is_some() {
                stop_editing(chat, draft);
            } else {
                chat.stop();
            }
        });
        on_cleanup(move || listener.remove());
    });
}

/// Does what a key stands for, as soon as that part of the program is there.
pub fn press(key: String) {
    spawn_local(async move {
        if let Ok(press) = keys::load().await {
            press(&key);
        }
    });
}

fn stop_editing(chat: ChatState, draft: RwSignal<Option<String>>) {
    chat.editing.set(None);
    draft.set(Some(String::new()));
}
