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

    /// Whether it is worth listening to: what was stopped or failed is not read to its end.
    fn is_good(self) -> bool {
        matches!(self.state, State::Of(AnswerState::Running | AnswerState::End))
    }
}

/// Which answer is being read out: the newest one or none. Only its own reader says that it is over, and
/// ends when this changes.
pub(super) type Reads = StoredValue<Option<AnswerId>>;

/// The page's one polite live region. It says nothing about what was there when the page was loaded.
#[component]
pub fn Announcer() -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let said = RwSignal::new(String::new());
    let reads = Reads::new(None);
    Effect::new(move |before: Option<Option<Stand>>| {
        let newest = chat.newest();
        let now = newest.map(Stand::of);
        let before = before.flatten();
        if before != now {
            // Another one has only begun, or was there before.
            let is_same = |(_, now): &(_, Stand)| before.is_some_and(|before| before.id == now.id);
            let known = newest.zip(now).filter(is_same);
            tell(known, said, reads);
        }
        now
    });
    view! {
        <p class="visually-hidden" role="status" data-testid="announcer">
            {said}
        </p>
    }
}

/// Tells where an answer stands now, or has it read out; ends what is read out of another one.
fn tell(known: Option<(LiveAnswer, Stand)>, said: RwSignal<String>, reads: Reads) {
    let is_read = reads.get_value().is_some();
    match (announcing().as_deref(), known) {
        (Some("sentences"), Some((answer, now)))
            if now.is_good() && (is_read || now.part == Some(PartKind::Text)) =>
        {
            if !is_read {
                read_out(answer, said, reads);
            }
        }
        (mode, known) => {
            reads.set_value(None);
            if mode != Some("off") {
                said.set(known.map_or_else(String::new, |(answer, now)| line(answer, now)));
            }
        }
    }
}

/// Has the sentences of an answer read out. Where that can't be, at least its end is told.
fn read_out(answer: LiveAnswer, said: RwSignal<String>, reads: Reads) {
    reads.set_value(Some(answer.id));
    // Also where all has come: for who listens it only begins.
    said.set(words().says_answering.to_owned());
    spawn_local(async move {
        match reading_out::load().await {
            Ok(read) => read(answer, said, reads),
            Err(_) => end(answer, said, reads),
        }
    });
}

/// Tells where an answer stands that is read out no further, if it is still the one that is.
pub(super) fn end(answer: LiveAnswer, said: RwSignal<String>, reads: Reads) {
    if reads.get_value() == Some(answer.id) {
        reads.set_value(None);
        said.set(untrack(|| line(answer, Stand::of(answer))));
    }
}

/// What is said of an answer, and why it failed.
fn line(answer: LiveAnswer, stand: Stand) -> String {
    let mut line = sentence(stand).to_owned();
    answer.error.with_untracked(|failure| {
        if let Some(failure) = failure {
            line += ": ";
            line += failure.title.unwrap_or(&failure.message);
        }
    });
    line
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
