//! The list as signals: what comes from the server and from other tabs.

use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{ListState, Unlisted};
use crate::app::client::tabs::Note;
use crate::app::state::chat::ChatState;
use crate::wire::{AnswerId, ConversationId, Conversations, Listed, Models, RunningAnswer, RunningAnswers};

fn id(n: u8) -> ConversationId {
    ConversationId::from_random([n; 16])
}

fn answer(n: u8) -> AnswerId {
    AnswerId::from_random([n; 16])
}

fn row(n: u8) -> Listed {
    Listed { id: id(n), title: format!("Title {n}"), touched_ms: 1, running: None }
}

fn running(rows: &[u8]) -> RunningAnswers {
    let running = |&n: &u8| RunningAnswer { answer: answer(n), conversation: id(n) };
    RunningAnswers { running: rows.iter().map(running).collect() }
}

/// A list of these rows, beside an empty chat, while its owner lives.
fn list(rows: &[u8]) -> (Owner, ListState) {
    let owner = Owner::new();
    let list = owner.with(|| {
        let first = Conversations { conversations: rows.iter().map(|&n| row(n)).collect(), next: None };
        ListState::new(first, ChatState::new(None, Models::default()))
    });
    (owner, list)
}

/// The rows' titles in order, with a star where something runs.
fn shown(list: ListState) -> Vec<String> {
    list.rows.with_untracked(|rows| {
        rows.iter()
            .map(|row| format!("{}{}", row.title, if row.running.is_some() { "*" } else { "" }))
            .collect()
    })
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_asked_goes_to_the_top_and_keeps_its_title() {
    let (_owner, list) = list(&[3, 2, 1]);
    list.begin(Listed { title: "First words".to_owned(), running: Some(answer(1)), ..row(1) });
    assert_eq!(shown(list), ["Title 1*", "Title 3", "Title 2"]);
    list.begin(Listed { title: "First words".to_owned(), running: Some(answer(4)), ..row(4) });
    assert_eq!(shown(list)[0], "First words*");
}

#[wasm_bindgen_test(unsupported = test)]
fn older_ones_are_appended_once() {
    let (_owner, list) = list(&[3, 2]);
    list.append(Conversations { conversations: vec![row(2), row(1)], next: Some("more".to_owned()) });
    assert_eq!(shown(list), ["Title 3", "Title 2", "Title 1"]);
    assert_eq!(list.next.get_untracked().as_deref(), Some("more"));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_runs_is_what_was_last_said() {
    let (_owner, list) = list(&[2, 1]);
    assert_eq!(list.note_running(&running(&[1])), Ok(()));
    assert_eq!(shown(list), ["Title 2", "Title 1*"]);
    assert_eq!(list.note_running(&running(&[2])), Ok(()));
    assert_eq!(shown(list), ["Title 2*", "Title 1"]);
    assert_eq!(list.note_running(&running(&[2, 9])), Err(Unlisted), "another browser began it");
    assert_eq!(list.note_running(&running(&[])), Ok(()));
    assert_eq!(shown(list), ["Title 2", "Title 1"]);
}

#[wasm_bindgen_test(unsupported = test)]
fn other_tabs_are_heard() {
    let (_owner, list) = list(&[2, 1]);
    let note = |row: &Listed| Note::Listed(serde_json::to_string(row).unwrap());
    list.hear(note(&Listed { title: "Renamed".to_owned(), ..row(1) }));
    assert_eq!(shown(list), ["Title 2", "Renamed"], "it stays where it is");
    list.hear(note(&Listed { running: Some(answer(1)), ..row(1) }));
    assert_eq!(shown(list), ["Title 1*", "Title 2"]);
    list.hear(note(&row(3)));
    assert_eq!(shown(list), ["Title 3", "Title 1*", "Title 2"]);
    list.hear(Note::Running(serde_json::to_string(&running(&[2])).unwrap()));
    assert_eq!(shown(list), ["Title 3", "Title 1", "Title 2*"]);
    list.hear(Note::Gone(id(3).to_string()));
    list.hear(Note::Gone("nonsense".to_owned()));
    list.hear(Note::Listed("nonsense".to_owned()));
    assert_eq!(shown(list), ["Title 1", "Title 2*"]);
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_taken_back_stands_where_it_stood() {
    let (_owner, list) = list(&[3, 2, 1]);
    let (at, row) = list.take(id(2)).unwrap();
    assert_eq!(shown(list), ["Title 3", "Title 1"]);
    list.put_back(row, at);
    assert_eq!(shown(list), ["Title 3", "Title 2", "Title 1"]);
    assert!(list.take(id(9)).is_none());
}
