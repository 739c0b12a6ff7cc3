//! The user interface: Leptos components, compiled for the server (first rendering) and for the
//! browser (everything after).
//!
//! Inside: pages > components > state > client, each importing only what stands to its right, and
//! `client` is the only user of web-sys.

pub mod client;
pub mod components;

use leptos::config::LeptosOptions;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::wire::{Chat, Models};

/// What the server loaded for a page before rendering it. It stands in the page once as JSON, so
/// that the browser hydrates from what the server rendered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageData {
    /// Which page.
    pub page: Page,
    /// What can be asked.
    pub models: Models,
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
}

/// Where the page's files are, with their version in the query.
#[derive(Clone, Debug)]
pub struct Assets {
    /// The stylesheet.
    pub css: String,
    /// The JavaScript glue.
    pub js: String,
    /// The WASM module.
    pub wasm: String,
}

/// The whole document, for the server. The nonce of the Content-Security-Policy is in the context
/// (`use_nonce`).
pub fn shell(data: PageData, assets: Assets, options: LeptosOptions) -> impl IntoView {
    let _ = (data, assets, options);
    view! { <!DOCTYPE html> }
}

/// The body.
#[component]
pub fn App() -> impl IntoView {}
