//! The state of the connection, when it is not fine.

use leptos::prelude::*;

use crate::app::client::link::LinkPhase;
use crate::app::state::answer::{LiveAnswer, State};
use crate::app::state::chat::ChatState;
use crate::app::state::words::words;
use crate::wire::{AnswerState, Phase};

/// The waves of waiting, one class each.
const DOTS: [&str; 3] = ["dot-1", "dot-2", "dot-3"];

/// One line: at the end of the transcript what an answer waits for, and in the dock, where it is seen
/// from everywhere, that the connection is lost.
#[component]
pub fn ConnectionLine(
    /// Whether this is the place in the dock.
    dock: bool,
) -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let line = Memo::new(move |_| line_at(chat, dock));
    move || {
        line.get().map(|Line { phase, text, .. }| {
            view! {
                <p class="connection" data-testid="connection" data-phase=phase>
                    <span class="dots" aria-hidden="true">
                        {DOTS.map(|dot| view! { <i class=dot></i> }).collect_view()}
                    </span>
                    {text}
                </p>
            }
        })
    }
}

/// Whether the line stands at the end of the transcript. Tracked.
pub fn is_in_transcript(chat: ChatState) -> bool {
    line_at(chat, false).is_some()
}

fn line_at(chat: ChatState, dock: bool) -> Option<Line> {
    chat.newest().and_then(line_of).filter(|line| line.is_lost == dock)
}

/// A state that is not fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    /// Its name, for styles and tests.
    phase: &'static str,
    /// What a person reads.
    text: &'static str,
    /// Whether there is no connection.
    is_lost: bool,
}

/// The first thing that is not fine.
fn line_of(answer: LiveAnswer) -> Option<Line> {
    let words = words();
    let waiting = |text| Some(Line { phase: "waiting", text, is_lost: false });
    match answer.state.get() {
        State::Unsent => return Some(Line { phase: "unsent", text: words.unsent, is_lost: false }),
        State::Of(AnswerState::Running) => {}
        State::Of(AnswerState::End | AnswerState::Cancelled | AnswerState::Error) => return None,
    }
    match answer.link.get() {
        LinkPhase::Offline => return Some(Line { phase: "offline", text: words.offline, is_lost: true }),
        LinkPhase::Reconnecting => {
            return Some(Line { phase: "reconnecting", text: words.reconnecting, is_lost: true });
        }
        LinkPhase::Sending => return waiting(words.sending),
        LinkPhase::Open => {}
    }
    if answer.stopping.get() {
        return waiting(words.stopping);
    }
    match answer.status.get() {
        Some(Phase::Waiting) => waiting(words.waiting),
        Some(Phase::Loading) => waiting(words.loading),
        Some(Phase::Retrying) => waiting(words.retrying),
        Some(Phase::Continuing) => waiting(words.continuing),
        Some(Phase::Queued) => waiting(words.queued),
        None if answer.pieces.with(Vec::is_empty) => waiting(words.waiting),
        None => None,
    }
}
