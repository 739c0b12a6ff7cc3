//! The bar at the top of every page.

use leptos::prelude::*;

use super::icon::{LAB, LIST, MARK, NEW, SETTINGS as SLIDERS, icon};
use super::signed_in::SignedIn;
use crate::app::client::settings::SETTINGS;
use crate::app::state::words::words;

/// The id of the drawer with the conversations, for the button that opens it.
pub const SIDEBAR: &str = "conversations";

/// Name, New chat, Stream lab as plain links, each of which loads its page anew; and the settings.
#[component]
pub fn Header() -> impl IntoView {
    let words = words();
    view! {
        <header class="bar">
            // Only seen where there is a drawer.
            <button type="button" class="bare bar-list" popovertarget=SIDEBAR aria-label=words.conversations>
                {icon(LIST)}
            </button>
            <a class="brand" href="/">
                {icon(MARK)}
                <span>{words.name}</span>
            </a>
            <nav class="bar-links">
                <a class="bar-link" href="/">
                    {icon(NEW)}
                    <span>{words.new_chat}</span>
                </a>
                <a class="bar-link" href="/lab">
                    {icon(LAB)}
                    <span>{words.lab}</span>
                </a>
                <SignedIn />
                <button type="button" class="bare bar-settings" popovertarget=SETTINGS title=words.settings>
                    {icon(SLIDERS)}
                </button>
            </nav>
        </header>
    }
}
