//! The user interface: Leptos components, compiled for the server (first rendering) and for the
//! browser (everything after).
//!
//! Inside: pages > components > state > client, each importing only what stands to its right, and
//! `client` is the only user of web-sys.

pub mod client;
pub mod components;
mod document;
mod images;
pub mod pages;
mod plain;
mod refusal;
mod settings;
mod shortcuts_list;
pub mod state;

pub use document::shell;
use leptos::either::EitherOf4;
use leptos::prelude::*;
pub use refusal::refusal;
use serde::{Deserialize, Serialize};

use crate::wire::{Chat, Conversations, Models};
use pages::chat::ChatPage;
use pages::lab::LabPage;
use pages::login::LoginPage;
use pages::missing::MissingPage;
use state::person::{LoginForm, Person};

/// What the server loaded for a page before rendering it. It stands in the page once as JSON, so
/// that the browser hydrates from what the server rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageData {
    /// Which page.
    pub page: Page,
    /// What can be asked.
    pub models: Models,
    /// Who has logged in.
    pub name: Option<String>,
}

/// What the server says beside the page: the browser's program has no part in it, or takes it over later.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The beginning of the list of conversations, where the page shows it.
    pub conversations: Option<Conversations>,
    /// A message that came by the plain form and was refused.
    pub not_sent: Option<NotSent>,
}

/// A message that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSent {
    /// What it says, so that nobody has to write it again.
    pub text: String,
    /// Why, as the API says it.
    pub reason: String,
    /// The status of the response.
    pub status: u16,
}

/// Which page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Page {
    /// `/` without a conversation and `/c/{id}` with one.
    Chat(Option<Chat>),
    /// `/c/{id}` of a conversation that is not there (any more).
    Missing,
    /// `/lab`: the streams to try.
    Lab,
    /// `/login`: a plain form, which no program takes over.
    Login(LoginForm),
}

/// Where the page's files are, with their version in the address.
#[derive(Clone, Debug)]
pub struct Assets {
    /// The stylesheet.
    pub css: String,
    /// The JavaScript glue.
    pub js: String,
    /// All scripts: the glue, and what it imports.
    pub scripts: Vec<String>,
    /// The WASM module.
    pub wasm: String,
    /// What is done with finished code.
    pub code: String,
    /// The colours of code.
    pub colours: String,
}

/// The page, as the server renders it from the [`PageData`] and the [`ChatState`](state::chat::ChatState) in the context. The
/// browser takes over just the page that it is.
#[component]
pub fn App() -> impl IntoView {
    let PageData { page, models, name } = expect_context();
    provide_context(Person(name));
    match page {
        Page::Chat(_) => EitherOf4::A(view! { <ChatPage chat=expect_context() /> }),
        Page::Missing => EitherOf4::B(view! { <MissingPage /> }),
        Page::Lab => EitherOf4::C(view! { <LabPage models /> }),
        Page::Login(form) => EitherOf4::D(view! { <LoginPage form /> }),
    }
}

/// What the server rendered the page from, for the browser.
///
/// # Panics
///
/// When there is none, or of another version than this program: nothing can be shown then, and what
/// the server wrote stays.
pub fn page_data() -> PageData {
    data(client::page::DATA_ID)
}

/// What the server rendered the list of conversations from, for the browser.
///
/// # Panics
///
/// As [`page_data`].
pub fn list_data() -> Conversations {
    data(client::page::LIST_DATA_ID)
}

fn data<T: serde::de::DeserializeOwned>(id: &str) -> T {
    let json = client::page::data(id).expect("the server writes the page's data into it");
    crate::wire::json::from_str(&json).expect("the page and its program are of the same version")
}
