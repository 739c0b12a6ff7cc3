//! The messages of a conversation.

use leptos::either::Either;
use leptos::prelude::*;

use super::answer::AnswerView;
use super::said::UserMessage;
use crate::app::state::chat::{ChatState, Entry};

/// All messages, oldest first.
#[component]
pub fn Transcript() -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let entry = |entry: Entry| match entry {
        Entry::User { id, siblings, parts, .. } => Either::Left(view! { <UserMessage id siblings parts /> }),
        Entry::Answer { siblings, answer } => Either::Right(view! { <AnswerView answer=*answer siblings /> }),
    };
    view! { <For each=move || chat.entries.get() key=Entry::key children=entry /> }
}
