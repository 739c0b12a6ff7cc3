//! The messages of a conversation.

use std::sync::Arc;

use leptos::either::Either;
use leptos::prelude::*;

use super::answer::AnswerView;
use super::image::is_shown;
use crate::app::state::chat::{ChatState, Entry};
use crate::app::state::words::words;
use crate::wire::MessagePart;

/// All messages, oldest first.
#[component]
pub fn Transcript() -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let entry = |entry: Entry| match entry {
        Entry::User { parts, .. } => Either::Left(view! { <UserMessage parts /> }),
        Entry::Answer(answer) => Either::Right(view! { <AnswerView answer=*answer /> }),
    };
    view! { <For each=move || chat.entries.get() key=Entry::key children=entry /> }
}

/// What the user said, as it was typed: text is not Markdown here.
#[component]
fn UserMessage(parts: Arc<[MessagePart]>) -> impl IntoView {
    let part = |part: &MessagePart| match part {
        MessagePart::Text(text) => Either::Left(text.clone()),
        MessagePart::Image(url) => Either::Right(is_shown(url).then(|| {
            view! { <img class="said-image" src=url.clone() alt=words().image /> }
        })),
    };
    view! {
        <article class="message user" data-testid="user-message" aria-label=words().you_said>
            {parts.iter().map(part).collect_view()}
        </article>
    }
}
