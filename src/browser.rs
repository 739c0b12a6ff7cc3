//! The browser's entry: takes over the page that the server rendered.

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

use crate::app::client::backoff::Backoff;
use crate::app::client::clock::{random, sleep};
use crate::app::client::page::mark_hydrated;
use crate::app::client::part::part;
use crate::app::pages::chat::ChatPage;
use crate::app::pages::lab::LabPage;
use crate::app::pages::missing::MissingPage;
use crate::app::{Page, PageData, page_data};

/// Called once, by the page's script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let PageData { page, models, .. } = page_data();
    match page {
        Page::Chat(chat) => take_over(move || view! { <ChatPage chat models /> }),
        Page::Missing => take_over(MissingPage),
        Page::Lab => spawn_local(async {
            let mut backoff = Backoff::default();
            while lab().await.is_err() {
                sleep(backoff.next(random())).await;
            }
        }),
    }
}

part! {
    /// Few readers ever come here, so that everybody else is spared it.
    lab => fn lab() -> () {
        let models = page_data().models;
        take_over(move || view! { <LabPage models /> });
    }
}

fn take_over<V: IntoView + 'static>(page: impl FnOnce() -> V + 'static) {
    leptos::mount::hydrate_body(|| {
        Effect::new(|_| mark_hydrated());
        page()
    });
}
