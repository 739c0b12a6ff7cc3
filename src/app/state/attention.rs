//! What a tab says of its answer to somebody who looks elsewhere: a mark before its title, and, for who
//! wants it, a notification when the answer has ended.

use leptos::prelude::*;

use super::answer::State;
use super::chat::ChatState;
use super::settings::Setting;
use super::words::words;
use crate::app::client::notification::notify;
use crate::app::client::page::{MARKS, PageEvent, PageEvents, is_hidden, mark_title, plain_title};
use crate::app::client::settings::on_root;
use crate::wire::{AnswerId, AnswerState};

/// Follows the newest answer, for the life of the page. It may have ended before anybody called this.
pub fn watch(chat: ChatState) {
    let newest = move || chat.newest().map(|answer| (answer.id, answer.state.get()));
    let ended_before = move |state| {
        state == State::Unsent
            || untrack(|| chat.newest()).is_some_and(|newest| newest.trouble().was_followed())
    };
    Effect::new(move |before: Option<Option<(AnswerId, State)>>| {
        let now = newest();
        if let Some((id, state)) = now
            && before.as_ref() != Some(&now)
        {
            let ended = match before {
                Some(before) => before == Some((id, State::Of(AnswerState::Running))),
                None => ended_before(state),
            };
            mark_title(mark(state, ended && is_hidden()));
            if ended && is_hidden() {
                tell(id, state);
            }
        }
        now
    });
    let events = PageEvents::listen(0, move |event| {
        if event == PageEvent::Woken && !is_hidden() {
            let state = untrack(newest).map_or(State::Unsent, |(_, state)| state);
            mark_title(mark(state, false));
        }
    });
    std::mem::forget(events);
}

/// Of an end only who has not seen it needs to be told.
fn mark(state: State, unseen: bool) -> &'static str {
    let [running, ended, failed] = MARKS;
    match state {
        State::Of(AnswerState::Running) => running,
        State::Of(AnswerState::End | AnswerState::Cancelled) if unseen => ended,
        State::Of(AnswerState::Error) | State::Unsent if unseen => failed,
        State::Of(_) | State::Unsent => "",
    }
}

fn tell(id: AnswerId, state: State) {
    if on_root(Setting::Notify.key()).as_deref() != Some("on") {
        return;
    }
    let words = words();
    let said = match state {
        State::Of(AnswerState::Running) => return,
        State::Of(AnswerState::End) => words.says_finished,
        State::Of(AnswerState::Cancelled) => words.says_stopped,
        State::Of(AnswerState::Error) => words.says_failed,
        State::Unsent => words.says_unsent,
    };
    notify(&plain_title(), said, &id.to_string());
}
