//! The page of a conversation that is not there.

use leptos::prelude::*;

use crate::app::components::header::Header;
use crate::app::components::icon::{NEW, icon};
use crate::app::state::words::words;

/// Says so, and where to go.
#[component]
pub fn MissingPage() -> impl IntoView {
    let words = words();
    view! {
        <Header />
        <main class="page">
            <div class="welcome">
                <h1>{words.missing}</h1>
                <p>{words.missing_more}</p>
                <p>
                    <a class="button primary" href="/">
                        {icon(NEW)}
                        {words.new_chat}
                    </a>
                </p>
            </div>
        </main>
    }
}
