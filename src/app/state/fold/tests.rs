//! What arrives, what is drawn of it, and what a stop holds back.

use super::*;
use crate::wire::{EndReason, Image, Outcome, Timing};
use wasm_bindgen_test::wasm_bindgen_test;

fn text(id: u64, r: &str) -> (String, String) {
    (id.to_string(), Event::Text(r.to_owned()).to_json())
}

fn take(fold: &mut Fold, (id, data): (String, String)) -> Next {
    fold.take(&id, &data)
}

fn end_of(answer: &Answer) -> (String, String) {
    let mut ended = Answer::default();
    for part in answer.parts() {
        match part {
            Part::Think(r) => ended.push(PartKind::Think, r),
            Part::Text(r) => ended.push(PartKind::Text, r),
            Part::Image(image) => ended.push_image(image.clone()),
        }
    }
    let outcome = Outcome::End { reason: EndReason::Stop, usage: None };
    ("end".to_owned(), ended.end(outcome, Timing::default()).to_json())
}

fn whole(r: &str) -> Answer {
    let mut answer = Answer::default();
    answer.push(PartKind::Text, r);
    answer
}

#[wasm_bindgen_test(unsupported = test)]
fn drawing_follows_in_steps_that_never_split_a_character() {
    let mut fold = Fold::default();
    assert_eq!(take(&mut fold, text(9, "水闸门")), Next::Read);
    let first = Step::Opened { index: 0, kind: PartKind::Text, shown: 6 };
    assert_eq!(fold.advance(4), Some(first));
    assert_eq!((fold.seen(), fold.shown_text(0)), (Offset(6), "水闸"));
    assert!(!fold.is_drawn());
    assert_eq!(fold.advance(4), Some(Step::Grew { index: 0, shown: 9 }));
    assert_eq!(fold.advance(4), None);
    assert!(fold.is_drawn());
}

#[wasm_bindgen_test(unsupported = test)]
fn an_image_is_drawn_whole() {
    let mut fold = Fold::default();
    let image = Image { url: "/i/abc.svg".to_owned(), w: 2, h: 1, alt: String::new() };
    let event = Event::Image(image).to_json();
    assert_eq!(fold.take("10", &event), Next::Read);
    let step = Step::Opened { index: 0, kind: PartKind::Image, shown: 10 };
    assert_eq!(fold.advance(1), Some(step));
}

#[wasm_bindgen_test(unsupported = test)]
fn nothing_is_drawn_after_stop() {
    let mut fold = Fold::default();
    let _ = take(&mut fold, text(5, "hello"));
    fold.advance(100);
    assert_eq!(fold.freeze(), Offset(5));
    assert_eq!(take(&mut fold, text(11, " there")), Next::Read);
    assert_eq!(fold.advance(100), None);
    assert_eq!((fold.seen(), fold.shown_text(0)), (Offset(5), "hello"));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_cut_takes_back_what_was_drawn_beyond_it() {
    let mut fold = Fold::default();
    let _ = take(&mut fold, text(11, "hello there"));
    fold.advance(100);
    assert_eq!(take(&mut fold, end_of(&whole("hello"))), Next::Done);
    assert_eq!((fold.seen(), fold.shown_text(0)), (Offset(5), "hello"));
    assert_eq!(fold.answer().verdict(), Some(Verdict::Whole));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_gap_and_a_short_answer_ask_for_another_connection() {
    let mut fold = Fold::default();
    assert_eq!(take(&mut fold, text(9, "x")), Next::Attach);
    assert_eq!(take(&mut fold, end_of(&whole("x"))), Next::Attach);
    assert_eq!(fold.take("1", "not JSON"), Next::Attach);
    assert!(!fold.is_over());
    assert_eq!(fold.offset(), Offset::ZERO);
}

#[wasm_bindgen_test(unsupported = test)]
fn an_answer_that_does_not_verify_is_read_once_more_and_replaced() {
    let mut fold = Fold::default();
    let _ = take(&mut fold, text(5, "hellx"));
    fold.advance(100);
    assert_eq!(take(&mut fold, end_of(&whole("hello"))), Next::Attach);
    assert_eq!(fold.offset(), Offset::ZERO);
    assert!(!fold.is_over());
    let _ = take(&mut fold, text(5, "hello"));
    assert_eq!(take(&mut fold, end_of(&whole("hello"))), Next::Done);
    assert_eq!(fold.answer().verdict(), Some(Verdict::Whole));
    assert_eq!(fold.take_valid(), 0);
    fold.advance(100);
    assert_eq!(fold.take_valid(), 1);
    assert_eq!(fold.shown_text(0), "hello");
}

#[wasm_bindgen_test(unsupported = test)]
fn an_answer_that_had_ended_before_stop_holds_its_rest_back() {
    let mut fold = Fold::default();
    let _ = take(&mut fold, text(5, "hello"));
    fold.advance(100);
    fold.freeze();
    let _ = take(&mut fold, text(11, " there"));
    assert_eq!(take(&mut fold, end_of(&whole("hello there"))), Next::Done);
    assert!(fold.is_held_back() && fold.is_over());
    fold.thaw();
    fold.advance(100);
    assert_eq!((fold.shown_text(0), fold.is_held_back()), ("hello there", false));
}

#[wasm_bindgen_test(unsupported = test)]
fn an_answer_that_does_not_verify_twice_says_so() {
    let mut fold = Fold::default();
    for _ in 0..2 {
        let _ = take(&mut fold, text(5, "hellx"));
        let _ = take(&mut fold, end_of(&whole("hello")));
    }
    assert!(fold.is_over());
    assert_eq!(fold.answer().verdict(), Some(Verdict::Mismatch));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_the_server_drew_is_seen() {
    let fold = Fold::drawn(whole("hello"));
    assert_eq!(fold.seen(), Offset(5));
    assert!(fold.is_drawn());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_terminal_that_cuts_and_does_not_verify_leaves_nothing_to_draw_beyond_it() {
    let mut fold = Fold::default();
    let _ = fold.take("2", &Event::Think("hm".to_owned()).to_json());
    let _ = take(&mut fold, text(13, "hello there"));
    while fold.advance(100).is_some() {}
    assert_eq!(take(&mut fold, end_of(&whole("x"))), Next::Attach);
    assert_eq!((fold.seen(), fold.advance(100)), (Offset(1), None));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_terminal_inside_an_image_cuts_it_and_asks_for_the_rest() {
    let mut fold = Fold::default();
    let image = Image { url: "/i/abc.svg".to_owned(), w: 2, h: 1, alt: String::new() };
    let _ = fold.take("10", &Event::Image(image).to_json());
    while fold.advance(100).is_some() {}
    assert_eq!(take(&mut fold, end_of(&whole("hello"))), Next::Attach);
    assert_eq!((fold.seen(), fold.offset(), fold.advance(100)), (Offset::ZERO, Offset::ZERO, None));
}
