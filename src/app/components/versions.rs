//! The way from one version of a message to the others: plain links, which the server answers.

use leptos::prelude::*;

use super::icon::{NEXT, PREVIOUS, icon};
use crate::app::state::chat::ChatState;
use crate::app::state::words::words;
use crate::wire::MessageId;

/// Which version this is, and links to its neighbours; nothing where there is only one.
pub fn versions(chat: ChatState, id: MessageId, siblings: &[MessageId]) -> Option<impl IntoView + use<>> {
    let at = siblings.iter().position(|sibling| *sibling == id)?;
    let conversation = chat.conversation.get_untracked()?;
    let link = |sibling: Option<&MessageId>, name: &'static str, path: &'static str| {
        // Without an address it is no link.
        let href = sibling.map(|sibling| format!("/c/{conversation}?at={sibling}#{sibling}"));
        view! {
            <a class="bare" href=href title=name>
                {icon(path)}
            </a>
        }
    };
    let words = words();
    (siblings.len() > 1).then(|| {
        view! {
            <nav class="versions" aria-label=words.versions data-testid="versions">
                {link(at.checked_sub(1).and_then(|at| siblings.get(at)), words.previous, PREVIOUS)}
                <span>{format!("{} / {}", at + 1, siblings.len())}</span>
                {link(siblings.get(at + 1), words.next, NEXT)}
            </nav>
        }
    })
}
