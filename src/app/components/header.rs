//! The bar at the top of every page.

use leptos::prelude::*;

use super::icon::{LAB, MARK, NEW, icon};
use super::signed_in::SignedIn;
use crate::app::state::words::words;

/// Name, New chat, Stream lab. Plain links: each loads its page anew.
#[component]
pub fn Header() -> impl IntoView {
    let words = words();
    view! {
        <header class="bar">
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
            </nav>
        </header>
    }
}
