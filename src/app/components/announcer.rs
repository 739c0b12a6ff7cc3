//! What a screen reader is told: that an answer began and how it ended. Never its tokens.

use leptos::prelude::*;

use crate::app::state::answer::State;
use crate::app::state::chat::ChatState;
use crate::app::state::words::words;
use crate::wire::{AnswerId, AnswerState};

/// The page's one polite live region. It says nothing about what was there when the page was loaded.
#[component]
pub fn Announcer() -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let said = RwSignal::new("");
    Effect::new(move |before: Option<Option<(AnswerId, State)>>| {
        let now = chat.newest().map(|answer| (answer.id, answer.state.get()));
        if let (Some(before), Some((_, state))) = (before, now)
            && before != now
        {
            said.set(sentence(state));
        }
        now
    });
    view! {
        <p class="visually-hidden" role="status" data-testid="announcer">
            {said}
        </p>
    }
}

fn sentence(state: State) -> &'static str {
    let words = words();
    match state {
        State::Of(AnswerState::Running) => words.says_answering,
        State::Of(AnswerState::End) => words.says_finished,
        State::Of(AnswerState::Cancelled) => words.says_stopped,
        State::Of(AnswerState::Error) => words.says_failed,
        State::Unsent => words.says_unsent,
    }
}
