//! The same stream on a terminal.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::client::clock::sleep;
use crate::app::client::page::origin;
use crate::app::client::text::copy;
use crate::app::state::lab::LabState;
use crate::app::state::lab::words::words;
use crate::app::state::words::words as page_words;

/// What the server writes, which does not know by which name it is asked.
const DEFAULT_ORIGIN: &str = "http://127.0.0.1:3000";

/// For so long a button says what became of a click.
const SAID_MS: u32 = 2_000;

/// A curl command for what the form says, to be copied.
#[component]
pub fn CurlCommand(lab: LabState) -> impl IntoView {
    let words = words();
    let here = RwSignal::new(DEFAULT_ORIGIN.to_owned());
    Effect::new(move |_| {
        if let Some(origin) = origin() {
            here.set(origin);
        }
    });
    let command = move || here.with(|origin| lab.form.with(|form| form.curl(origin)));
    view! {
        <section class="lab-curl" aria-label=words.curl>
            <h2>
                {words.curl}
                <small>{words.curl_more}</small>
            </h2>
            <pre data-testid="lab-curl" tabindex="0">{command}</pre>
            <CopyCommand command=Callback::new(move |()| untrack(command)) />
        </section>
    }
}

#[component]
fn CopyCommand(command: Callback<(), String>) -> impl IntoView {
    let words = page_words();
    let said = RwSignal::new(None::<bool>);
    let on_click = move |_| {
        let text = command.run(());
        spawn_local(async move {
            said.set(Some(copy(text).await));
            sleep(SAID_MS).await;
            said.try_set(None);
        });
    };
    let label = move || match said.get() {
        None => words.copy,
        Some(true) => words.copied,
        Some(false) => words.copy_failed,
    };
    view! {
        <button type="button" class="quiet" on:click=on_click>
            {label}
        </button>
    }
}
