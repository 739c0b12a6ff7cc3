//! The state of the connection, when it is not fine.

use leptos::prelude::*;

use crate::app::client::link::LinkPhase;
use crate::app::state::answer::{LiveAnswer, State};
use crate::app::state::chat::ChatState;
use crate::app::state::words::words;
use crate::wire::{AnswerState, Phase};

/// One line at the end of the transcript.
#[component]
pub fn ConnectionLine() -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let line = Memo::new(move |_| chat.newest().and_then(line_of));
    move || {
        line.get().map(|(phase, text)| {
            view! {
                <p class="connection" data-testid="connection" data-phase=phase>
                    <span class="dots" aria-hidden="true">
                        {[(); 3].map(|()| view! { <i>{()}</i> }).collect_view()}
                    </span>
                    {text}
                </p>
            }
        })
    }
}

/// The name of the phase, and what a person reads. The first thing that is not fine counts.
fn line_of(answer: LiveAnswer) -> Option<(&'static str, &'static str)> {
    let words = words();
    match answer.state.get() {
        State::Unsent => return Some(("unsent", words.unsent)),
        State::Of(AnswerState::Running) => {}
        State::Of(AnswerState::End | AnswerState::Cancelled | AnswerState::Error) => return None,
    }
    match answer.link.get() {
        LinkPhase::Offline => return Some(("offline", words.offline)),
        LinkPhase::Reconnecting => return Some(("reconnecting", words.reconnecting)),
        LinkPhase::Sending => return Some(("waiting", words.sending)),
        LinkPhase::Open => {}
    }
    if answer.stopping.get() {
        return Some(("waiting", words.stopping));
    }
    let text = match answer.status.get() {
        Some(Phase::Waiting) => words.waiting,
        Some(Phase::Loading) => words.loading,
        Some(Phase::Retrying) => words.retrying,
        Some(Phase::Continuing) => words.continuing,
        Some(Phase::Queued) => words.queued,
        None if answer.pieces.with(Vec::is_empty) => words.waiting,
        None => return None,
    };
    Some(("waiting", text))
}
