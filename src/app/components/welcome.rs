//! What stands in the place of a transcript that is still empty.

use leptos::prelude::*;

use super::icon::{MARK, icon};
use crate::app::state::chat::ChatState;
use crate::app::state::words::words;

/// A greeting, and some questions to begin with.
#[component]
pub fn Welcome() -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let words = words();
    let suggestion = move |text: &'static str| {
        let ask = move |_| {
            chat.send(text);
        };
        view! {
            <li>
                <button type="button" class="suggestion" on:click=ask>
                    {text}
                </button>
            </li>
        }
    };
    view! {
        <div class="welcome">
            <div class="welcome-mark">{icon(MARK)}</div>
            <h1>{words.welcome}</h1>
            <p>{words.welcome_more}</p>
            <ul class="suggestions" aria-label=words.suggestions>
                {words.suggested.map(suggestion).collect_view()}
            </ul>
        </div>
    }
}
