//! From what the server sends to the signals.

use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Failure, LiveAnswer, State};
use crate::app::client::stream::Refusal;
use crate::wire::{
    Answer, AnswerState, EndReason, ErrorKind, Outcome, PartKind, Snapshot, SnapshotPart, Timing, Verdict,
};

const ID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

fn snapshot(parts: &[(PartKind, &str)], outcome: Option<Outcome>) -> Snapshot {
    let mut answer = Answer::default();
    for (kind, r) in parts {
        answer.push(*kind, r);
    }
    let terminal = outcome.map(|outcome| answer.end(outcome, Timing::default()).clone());
    Snapshot {
        id: ID.parse().unwrap(),
        conversation: ID.parse().unwrap(),
        parent: ID.parse().unwrap(),
        model: "demo/echo".to_owned(),
        state: terminal.as_ref().map_or(AnswerState::Running, AnswerState::from),
        parts: answer.parts().iter().cloned().map(SnapshotPart).collect(),
        length: answer.offset(),
        check: answer.check(),
        status: None,
        terminal,
    }
}

/// The signals of an answer that the server knows, while their owner lives.
fn known(parts: &[(PartKind, &str)], outcome: Option<Outcome>) -> (Owner, LiveAnswer) {
    let owner = Owner::new();
    let answer = owner.with(|| LiveAnswer::known(snapshot(parts, outcome)));
    (owner, answer)
}

fn end() -> Outcome {
    Outcome::End { reason: EndReason::Stop, usage: None }
}

#[wasm_bindgen_test(unsupported = test)]
fn an_ended_answer_is_known_with_its_verdict() {
    let parts = [(PartKind::Think, "hm"), (PartKind::Text, "hello")];
    let (_owner, answer) = known(&parts, Some(end()));
    assert_eq!(answer.state.get_untracked(), State::Of(AnswerState::End));
    assert_eq!(answer.ended.get_untracked().map(|ended| ended.verdict), Some(Verdict::Whole));
    assert_eq!(answer.pieces.with_untracked(|pieces| pieces.len()), 2);
    assert_eq!(answer.with_shown(1, str::to_owned), "hello");
    untrack(|| assert!(!answer.is_open(1) && !answer.is_growing(1)));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_running_answer_is_open_at_its_last_part_only() {
    let (_owner, answer) = known(&[(PartKind::Think, "hm"), (PartKind::Text, "he")], None);
    untrack(|| assert!(answer.is_running() && answer.is_open(1) && !answer.is_open(0)));
}

#[wasm_bindgen_test(unsupported = test)]
fn how_it_ended_is_told_by_its_own_signal() {
    let (_owner, stopped) = known(&[], Some(Outcome::Cancelled { discarded: 3 }));
    assert!(stopped.cancelled.get_untracked());
    let kind = ErrorKind::RateLimited;
    let outcome = Outcome::Error { kind, message: "slow down".to_owned(), retry_after: Some(3) };
    let (_owner, failed) = known(&[(PartKind::Text, "he")], Some(outcome));
    let error = failed.error.get_untracked().unwrap();
    assert_eq!((error.message.as_str(), error.retry_after), ("slow down", Some(3)));
    assert!(!failed.cancelled.get_untracked());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_refusal_is_told_by_its_own_words_or_by_its_status_or_as_silence() {
    let refusal =
        |status, message: &str| Some(Refusal { status, message: message.to_owned(), retry_after: Some(5) });
    let told = |refusal| {
        let failure = Failure::refused(refusal, "nobody there");
        (failure.title, failure.message, failure.retry_after)
    };
    // In the language of the server its own words are enough.
    assert_eq!(told(refusal(429, "too many")), (None, "too many".to_owned(), Some(5)));
    assert_eq!(told(refusal(413, "")), (Some("The message is too large."), String::new(), Some(5)));
    assert_eq!(told(refusal(418, "")), (Some("nobody there"), String::new(), Some(5)));
    assert_eq!(told(None), (Some("nobody there"), String::new(), None));
}

/// In the browser, where there are frames to wait for.
#[cfg(target_family = "wasm")]
mod in_the_browser {
    use super::*;
    use crate::app::client::clock::{Pause, next_frame};
    use crate::app::client::link::{Next, Reader};
    use crate::app::client::stream::RawFrame;
    use crate::wire::Event;

    fn take(answer: LiveAnswer, id: &str, event: &str) -> Next {
        answer.take(RawFrame { id, data: event, at_ms: 0.0 })
    }

    /// Until the frame after the one in which a flush that is on order draws.
    async fn frame() {
        let pause = Pause::default();
        let end = pause.clone();
        next_frame(move || next_frame(move || end.end()));
        pause.wait(None).await;
    }

    #[wasm_bindgen_test]
    async fn what_arrives_is_drawn_in_the_next_frame_and_the_end_with_it() {
        let (_owner, answer) = known(&[], None);
        assert_eq!(take(answer, "2", &Event::Think("hm".to_owned()).to_json()), Next::Read);
        assert_eq!(take(answer, "7", &Event::Text("hello".to_owned()).to_json()), Next::Read);
        assert!(answer.pieces.with_untracked(Vec::is_empty), "not before the frame");
        let whole = snapshot(&[(PartKind::Think, "hm"), (PartKind::Text, "hello")], Some(end()));
        assert_eq!(take(answer, "end", &whole.terminal.unwrap().to_json()), Next::Done);
        frame().await;
        assert_eq!((answer.think.get_untracked(), answer.content.get_untracked()), (2, 5));
        assert_eq!(answer.state.get_untracked(), State::Of(AnswerState::End));
    }

    #[wasm_bindgen_test]
    async fn an_answer_that_is_read_from_the_beginning_again_gets_new_views() {
        let (_owner, answer) = known(&[(PartKind::Text, "hellx")], None);
        let key = answer.pieces.with_untracked(|pieces| pieces[0].key);
        answer.restart();
        let _ = take(answer, "5", &Event::Text("hello".to_owned()).to_json());
        frame().await;
        assert_eq!(answer.with_shown(0, str::to_owned), "hello");
        assert!(answer.pieces.with_untracked(|pieces| pieces.len() == 1 && pieces[0].key != key));
    }

    #[wasm_bindgen_test]
    async fn a_terminal_that_cuts_takes_the_views_of_what_is_gone() {
        let (_owner, answer) = known(&[(PartKind::Think, "hm"), (PartKind::Text, "hello")], None);
        let cut = snapshot(&[(PartKind::Think, "h")], Some(Outcome::Cancelled { discarded: 6 }));
        assert_eq!(take(answer, "end", &cut.terminal.unwrap().to_json()), Next::Done);
        frame().await;
        assert_eq!(answer.pieces.with_untracked(Vec::len), 1);
        assert_eq!(answer.with_shown(0, str::to_owned), "h");
        assert!(answer.cancelled.get_untracked());
    }
}
