//! What the user said.

use std::sync::Arc;

use leptos::either::Either;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::button::bare;
use super::composer::Draft;
use super::icon::{COPY, EDIT};
use super::image::said_image;
use super::versions::versions;
use crate::app::client::text::copy;
use crate::app::state::chat::{ChatState, Siblings};
use crate::app::state::words::words;
use crate::wire::{MessageId, MessagePart};

/// The message as it was typed: text is not Markdown here. Below it, what can be done with it.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component's properties come by value")]
pub fn UserMessage(id: MessageId, siblings: Siblings, parts: Arc<[MessagePart]>) -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let Draft(draft) = expect_context();
    let words = words();
    let part = |part: &MessagePart| match part {
        MessagePart::Text(text) => Either::Left(text.clone()),
        MessagePart::Image(url) => Either::Right(said_image(url)),
    };
    let said = parts.iter().map(part).collect_view();
    let text = StoredValue::new(parts);
    let text = move || text.with_value(|parts| text_of(parts));
    let copy = move |()| {
        let text = text();
        spawn_local(async move {
            copy(text).await;
        });
    };
    let edit = move |()| {
        chat.editing.set(Some(id));
        draft.set(Some(text()));
    };
    view! {
        <div class="message said" id=id.to_string()>
            <h2 class="visually-hidden">{words.you_said}</h2>
            <article class="user" data-testid="user-message" aria-label=words.you_said>
                {said}
            </article>
            <div class="said-acts">
                {versions(chat, id, &siblings)}
                {bare(COPY, words.copy_message.to_owned(), Callback::new(copy))}
                {bare(EDIT, words.edit_message.to_owned(), Callback::new(edit))}
            </div>
        </div>
    }
}

fn text_of(parts: &[MessagePart]) -> String {
    let texts = parts.iter().filter_map(|part| match part {
        MessagePart::Text(text) => Some(text.as_str()),
        MessagePart::Image(_) => None,
    });
    texts.collect::<Vec<_>>().join("\n\n")
}
