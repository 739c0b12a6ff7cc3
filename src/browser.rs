//! The browser's entry: takes over the page that the server rendered.

use std::cell::Cell;
use std::rc::Rc;

use leptos::mount::hydrate_from;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

use crate::app::client::backoff::Backoff;
use crate::app::client::clock::{random, sleep};
use crate::app::client::lightbox;
use crate::app::client::page::mark_hydrated;
use crate::app::client::part::{NotLoaded, part};
use crate::app::client::settings::on_first_open;
use crate::app::components::sidebar::Sidebar;
use crate::app::pages::chat::ChatPage;
use crate::app::pages::lab::LabPage;
use crate::app::pages::missing::MissingPage;
use crate::app::state::attention;
use crate::app::state::chat::ChatState;
use crate::app::state::choices;
use crate::app::state::list::waiting::Waiting;
use crate::app::state::person::Person;
use crate::app::{Page, PageData, list_data, page_data};

/// Called once, by the page's script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let PageData { page, models, name } = page_data();
    match page {
        Page::Chat(chat) => {
            let waiting = Rc::new(Cell::new(None));
            let made = waiting.clone();
            lightbox::listen();
            take_over(name, move || {
                let chat = ChatState::new(chat, models);
                made.set(Waiting::start(chat));
                view! { <ChatPage chat /> }
            });
            if let Some(waiting) = waiting.take() {
                spawn_local(take_over_list(waiting));
            }
        }
        Page::Missing => take_over(name, MissingPage),
        Page::Lab => spawn_local(async {
            insist(lab).await;
        }),
        // Its page does not load us.
        Page::Login(_) => {}
    }
    on_first_open(|| {
        spawn_local(async {
            insist(settings).await;
        });
    });
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

async fn take_over_list(waiting: Waiting) {
    waiting.needed().await;
    let take_over = insist(list).await;
    take_over(waiting);
}

part! {
    /// Until somebody needs it, the list is links: a visit that only asks or reads goes without.
    list => fn list() -> fn(Waiting) {
        |waiting| {
            let (list, uses) = waiting.end(list_data());
            attention::watch(list.chat);
            hydrate_from(uses.element().clone(), move || view! { <Sidebar list /> }).forget();
            uses.repeat();
        }
    }
}

part! {
    /// Until it is there, the form is sent as any other.
    settings => fn settings() -> () {
        choices::take_effect();
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
