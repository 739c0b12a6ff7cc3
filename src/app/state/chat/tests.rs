//! Where messages stand, as signals.

use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{ChatState, Entry};
use crate::wire::{
    Answer, AnswerState, Chat, ChatMessage, ConversationId, EndReason, ErrorKind, MessageId, MessagePart,
    Models, Outcome, PartKind, Snapshot, SnapshotPart, Timing,
};

fn id(n: u8) -> MessageId {
    MessageId::from_random([n; 16])
}

fn user(n: u8, parent: Option<u8>) -> ChatMessage {
    let (parent, siblings) = (parent.map(id), vec![id(n)]);
    ChatMessage::User { id: id(n), parent, siblings, parts: vec![MessagePart::Text(format!("said {n}"))] }
}

fn answer(n: u8, parent: u8, text: &str, outcome: Option<Outcome>) -> ChatMessage {
    let mut answer = Answer::default();
    if !text.is_empty() {
        answer.push(PartKind::Text, text);
    }
    let terminal = outcome.map(|outcome| answer.end(outcome, Timing::default()).clone());
    let snapshot = Snapshot {
        id: id(n).into(),
        conversation: ConversationId::from_random([0; 16]),
        parent: id(parent),
        model: "demo/echo".to_owned(),
        state: terminal.as_ref().map_or(AnswerState::Running, AnswerState::from),
        parts: answer.parts().iter().cloned().map(SnapshotPart).collect(),
        length: answer.offset(),
        check: answer.check(),
        status: None,
        terminal,
    };
    ChatMessage::Answer { siblings: vec![id(n)], answer: Box::new(snapshot) }
}

fn ended(reason: EndReason) -> Option<Outcome> {
    Some(Outcome::End { reason, usage: None })
}

fn chat(messages: Vec<ChatMessage>) -> (Owner, ChatState) {
    let owner = Owner::new();
    let id = ConversationId::from_random([0; 16]);
    let chat = Chat { id, title: String::new(), messages };
    let state = owner.with(|| ChatState::new(Some(chat), Models::default()));
    (owner, state)
}

fn shown(chat: ChatState) -> Vec<MessageId> {
    chat.entries.with_untracked(|entries| entries.iter().map(Entry::key).collect())
}

#[wasm_bindgen_test(unsupported = test)]
fn a_message_stands_below_the_newest_answer() {
    let stop = ended(EndReason::Stop);
    let (_owner, chat) = chat(vec![user(1, None), answer(2, 1, "a", stop)]);
    assert_eq!(chat.place(), (Some(id(2)), Vec::new()));
    assert_eq!(shown(chat), [id(1), id(2)]);
}

#[wasm_bindgen_test(unsupported = test)]
fn an_edited_message_stands_beside_the_old_one_which_leaves_with_what_followed() {
    let stop = ended(EndReason::Stop);
    let messages = || {
        vec![
            user(1, None),
            answer(2, 1, "a", stop.clone()),
            user(3, Some(2)),
            answer(4, 3, "b", stop.clone()),
        ]
    };
    let (_owner, second) = chat(messages());
    second.editing.set(Some(id(3)));
    assert_eq!(second.place(), (Some(id(2)), vec![id(3)]));
    assert_eq!(shown(second), [id(1), id(2)]);
    assert_eq!(second.editing.get_untracked(), None);
    let (_owner, first) = chat(messages());
    first.editing.set(Some(id(1)));
    assert_eq!(first.place(), (None, vec![id(1)]), "a new beginning of the same conversation");
    assert!(shown(first).is_empty());
}

#[wasm_bindgen_test(unsupported = test)]
fn only_an_answer_that_ended_early_and_says_something_goes_on() {
    let failed = |kind| Some(Outcome::Error { kind, message: String::new(), retry_after: None });
    for (text, outcome, goes_on) in [
        ("a", ended(EndReason::Length), true),
        ("a", Some(Outcome::Cancelled { discarded: 0 }), true),
        ("a", failed(ErrorKind::Interrupted), true),
        ("a", failed(ErrorKind::Incomplete), true),
        ("", Some(Outcome::Cancelled { discarded: 0 }), false),
        ("a", ended(EndReason::Stop), false),
        ("a", ended(EndReason::Filter), false),
        ("a", failed(ErrorKind::RateLimited), false),
        ("a", None, false),
    ] {
        let (_owner, chat) = chat(vec![user(1, None), answer(2, 1, text, outcome.clone())]);
        let goes = untrack(|| chat.can_proceed(chat.newest().unwrap()));
        assert_eq!(goes, goes_on, "{text:?} {outcome:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_goes_on_is_told_from_what_answers() {
    let stopped = || Some(Outcome::Cancelled { discarded: 0 });
    let (_owner, chat) =
        chat(vec![user(1, None), answer(2, 1, "a", stopped()), answer(3, 2, "b", stopped())]);
    let answers: Vec<_> =
        chat.entries.with_untracked(|entries| entries.iter().filter_map(Entry::answer).collect());
    assert_eq!(answers.iter().map(|&answer| chat.is_rest(answer)).collect::<Vec<_>>(), [false, true]);
    untrack(|| assert!(!chat.can_proceed(answers[0]) && chat.can_proceed(answers[1])));
}
