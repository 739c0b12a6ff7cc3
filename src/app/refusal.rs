//! The page of something that was refused to somebody who opened its address. It goes without a program.
//! Only the server calls this.

use leptos::prelude::*;

use super::Assets;
use super::components::icon::{MARK, icon};
use super::document::{document, title_element};
use super::state::words::{beside_words, is_theirs, refused, words};

/// Nothing is there, or nothing that this visitor may see.
const NOT_FOUND: u16 = 404;

/// What can't be done as it was asked, for whatever reason.
const BAD_REQUEST: u16 = 400;

/// Says why, in the words of the page's language and those of the server, and where to go.
pub fn refusal(status: u16, reason: &str, assets: &Assets) -> impl IntoView + use<> {
    let (words, beside) = (words(), beside_words());
    let (title, more) = match status {
        NOT_FOUND => (beside.no_page, Some(beside.no_page_more)),
        // In English the server's own sentence says it better.
        _ if is_theirs() => (beside.trouble, None),
        500.. => (beside.trouble, refused(status).or(Some(beside.trouble_more))),
        _ => (beside.trouble, refused(status).or_else(|| refused(BAD_REQUEST))),
    };
    let theirs = (status != NOT_FOUND).then(|| view! { <p class="failure-detail">{reason.to_owned()}</p> });
    let title_element = title_element(&format!("{title} · {}", words.name));
    let body = view! {
        <body>
        <main class="page">
            <div class="welcome">
                <span class="welcome-mark">{icon(MARK)}</span>
                <h1>{title}</h1>
                {more.map(|more| view! { <p>{more}</p> })}
                {theirs}
                <p>
                    <a class="button primary" href="/">
                        {beside.to_start}
                    </a>
                </p>
            </div>
        </main>
        </body>
    };
    document(title_element, assets.css.clone(), (), body)
}
