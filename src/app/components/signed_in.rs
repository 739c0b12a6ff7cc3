//! Who is signed in, and the way out: plain forms, which work before the page is live.

use leptos::prelude::*;

use crate::app::state::person::Person;
use crate::app::state::words::words;

/// The person's name, which opens to the ways out; nothing where nobody has to sign in.
#[component]
pub fn SignedIn() -> impl IntoView {
    let words = words();
    let Person(name) = use_context().unwrap_or_default();
    name.map(|name| {
        view! {
            <details class="person">
                <summary class="bar-link">
                    <span class="person-name">{name}</span>
                </summary>
                <div class="person-ways">
                    <form method="post" action="/logout">
                        <button class="bar-link">{words.logout}</button>
                    </form>
                    <form method="post" action="/logout/everywhere">
                        <button class="bar-link">{words.logout_everywhere}</button>
                    </form>
                </div>
            </details>
        }
    })
}
