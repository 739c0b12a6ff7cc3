//! The browser's entry: takes over the page that the server rendered.

use std::cell::Cell;
use std::rc::Rc;

use leptos::mount::hydrate_from;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

use crate::app::client::backoff::Backoff;
use crate::app::client::clock::{random, sleep};
use crate::app::client::page::{list_element, mark_hydrated};
use crate::app::client::part::{NotLoaded, part};
use crate::app::components::sidebar::Sidebar;
use crate::app::pages::chat::ChatPage;
use crate::app::pages::lab::LabPage;
use crate::app::pages::missing::MissingPage;
use crate::app::state::chat::ChatState;
use crate::app::state::list::ListState;
use crate::app::state::person::Person;
use crate::app::{Page, PageData, list_data, page_data};

/// Called once, by the page's script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let PageData { page, models, name } = page_data();
    match page {
        Page::Chat(chat) => {
            let state = Rc::new(Cell::new(None));
            let made = state.clone();
            take_over(name, move || {
                let chat = ChatState::new(chat, models);
                made.set(Some(chat));
                view! { <ChatPage chat /> }
            });
            if let Some(chat) = state.take() {
                spawn_local(take_over_list(chat));
            }
        }
        Page::Missing => take_over(name, MissingPage),
        Page::Lab => spawn_local(async {
            insist(lab).await;
        }),
        // Its page does not load us.
        Page::Login(_) => {}
    }
}

/// Asks for a part until it comes.
async fn insist<T, F: Future<Output = Result<T, NotLoaded>>>(part: impl Fn() -> F) -> T {
    let mut backoff = Backoff::default();
    loop {
        sleep(backoff.next(random())).await;
        if let Ok(value) = part().await {
            return value;
        }
    }
}

async fn take_over_list(chat: ChatState) {
    let take_over = insist(list).await;
    take_over(chat);
}

part! {
    /// The page does not wait for it: it can be read, and followed as links, from the beginning.
    list => fn list() -> fn(ChatState) {
        |chat| {
            if let Some(element) = list_element() {
                let list = ListState::new(list_data(), chat);
                hydrate_from(element, move || view! { <Sidebar list /> }).forget();
            }
        }
    }
}

part! {
    /// Few readers ever come here, so that everybody else is spared it.
    lab => fn lab() -> () {
        let PageData { models, name, .. } = page_data();
        take_over(name, move || view! { <LabPage models /> });
    }
}

fn take_over<V: IntoView + 'static>(name: Option<String>, page: impl FnOnce() -> V + 'static) {
    leptos::mount::hydrate_body(|| {
        provide_context(Person(name));
        Effect::new(|_| mark_hydrated());
        page()
    });
}
