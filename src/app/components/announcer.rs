//! What a screen reader is told: that thinking and answering began, and how it ended; whole sentences
//! where the reader chose so. Never tokens.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::reading_out;
use crate::app::client::page::announcing;
use crate::app::state::answer::{LiveAnswer, State};
use crate::app::state::chat::ChatState;
use crate::app::state::words::words;
use crate::wire::{AnswerId, AnswerState, PartKind};

/// Where the newest answer stands: what is announced when it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stand {
    id: AnswerId,
    state: State,
    part: Option<PartKind>,
}

impl Stand {
    fn of(answer: LiveAnswer) -> Self {
        let part = answer.pieces.with(|pieces| pieces.last().map(|piece| piece.kind));
        Self { id: answer.id, state: answer.state.get(), part }
    }
}

/// The page's one polite live region. It says nothing about what was there when the page was loaded.
#[component]
pub fn Announcer() -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let said = RwSignal::new(String::new());
    // What is read out says itself when it is over.
    let reads = StoredValue::new(None::<AnswerId>);
    Effect::new(move |before: Option<Option<Stand>>| {
        let newest = chat.newest();
        let now = newest.map(Stand::of);
        if let (Some(before), Some(now), Some(newest)) = (before, now, newest)
            && before != Some(now)
        {
            match announcing().as_deref() {
                Some("off") => {}
                Some("sentences") if reads.get_value() == Some(now.id) => {}
                Some("sentences") if now.part == Some(PartKind::Text) => read_out(newest, said, reads),
                _ => said.set(sentence(now).to_owned()),
            }
        }
        now
    });
    view! {
        <p class="visually-hidden" role="status" data-testid="announcer">
            {said}
        </p>
    }
}

/// Has the sentences of an answer read out. Where that can't be, at least its end is told.
fn read_out(answer: LiveAnswer, said: RwSignal<String>, reads: StoredValue<Option<AnswerId>>) {
    reads.set_value(Some(answer.id));
    said.set(sentence(untrack(|| Stand::of(answer))).to_owned());
    spawn_local(async move {
        if let Ok(read) = reading_out::load().await {
            read(answer, said).await;
            said.set(sentence(untrack(|| Stand::of(answer))).to_owned());
        }
        reads.set_value(None);
    });
}

fn sentence(stand: Stand) -> &'static str {
    let words = words();
    match (stand.state, stand.part) {
        (State::Of(AnswerState::Running), None) => "",
        (State::Of(AnswerState::Running), Some(PartKind::Think)) => words.says_thinking,
        (State::Of(AnswerState::Running), Some(PartKind::Text | PartKind::Image)) => words.says_answering,
        (State::Of(AnswerState::End), _) => words.says_finished,
        (State::Of(AnswerState::Cancelled), _) => words.says_stopped,
        (State::Of(AnswerState::Error), _) => words.says_failed,
        (State::Unsent, _) => words.says_unsent,
    }
}
