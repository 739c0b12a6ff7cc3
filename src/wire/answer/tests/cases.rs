//! The rules one by one.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

/// An answer that has this text.
fn with(r: &str) -> Answer {
    let mut answer = Answer::default();
    answer.push(PartKind::Text, r);
    answer
}

#[wasm_bindgen_test(unsupported = test)]
fn a_snapshot_and_the_rest_join_at_every_offset() {
    for max in [0, 1, 2, 3, 5, 8, usize::MAX] {
        joins_at_every_offset(&example(), max);
    }
    joins_at_every_offset(&Answer::default(), 1);
}

#[wasm_bindgen_test(unsupported = test)]
fn text_of_one_type_is_one_part_and_an_image_is_never_merged() {
    let kinds: Vec<_> = example().parts().iter().map(Part::kind).collect();
    use PartKind::{Image, Text, Think};
    assert_eq!(kinds, [Image, Think, Text, Think, Image, Image, Text]);
}

#[wasm_bindgen_test(unsupported = test)]
fn where_an_event_begins_and_ends_says_what_becomes_of_it() {
    let cases = [
        (at(5), text("de"), Applied::Appended, "abcde"),
        (at(3), text("abc"), Applied::Duplicate, "abc"),
        (at(2), text("ab"), Applied::Duplicate, "abc"),
        (at(5), text("bcde"), Applied::Appended, "abcde"),
        (at(4), text("abcd"), Applied::Appended, "abcd"),
        (at(6), text("ef"), Applied::Gap, "abc"),
        (at(u64::MAX), text("z"), Applied::Gap, "abc"),
        (at(1), text("ab"), Applied::Malformed, "abc"),
        (Position::End, text("de"), Applied::Malformed, "abc"),
        // Two bytes of this character we had already: it can't be one that the server sent.
        (at(4), text("b漢"), Applied::Malformed, "abc"),
        (at(3), text(""), Applied::Duplicate, "abc"),
        (at(4), text(""), Applied::Gap, "abc"),
    ];
    for (id, event, applied, then) in cases {
        let mut answer = with("abc");
        assert_eq!(answer.apply(id, event.clone()), applied, "{event:?} at {id}");
        assert_eq!(answer.text(), then, "{event:?} at {id}");
        assert_eq!(answer.check(), check_of(answer.parts()));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn an_image_is_taken_whole() {
    let event = || Event::Image(image("/img"));
    for (id, applied, length) in [(7, Applied::Appended, 7), (3, Applied::Malformed, 3), (8, Applied::Gap, 3)]
    {
        let mut answer = with("abc");
        assert_eq!(answer.apply(at(id), event()), applied, "at {id}");
        assert_eq!(answer.offset(), Offset(length));
    }
    let mut answer = with("abcd");
    assert_eq!(answer.apply(at(4), event()), Applied::Duplicate);
    // It begins before our end: what we thought stood there makes room, and nothing overlaps.
    assert_eq!(answer.apply(at(6), event()), Applied::Appended);
    assert_eq!(answer.parts(), [Part::Text("ab".to_owned()), Part::Image(image("/img"))]);
    assert_eq!(answer.offset(), Offset(6));
    assert_eq!(answer.check(), check_of(answer.parts()));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_status_is_shown_until_content_or_the_terminal_comes() {
    let mut answer = with("abc");
    for id in ["3", "0", "", "end", "x"] {
        let json = status(Phase::Waiting).to_json();
        assert_eq!(answer.apply_frame(id, &json).unwrap(), Applied::Status);
        assert_eq!(answer.status(), Some(&Status::phase(Phase::Waiting)));
        assert_same(&answer, &with("abc"));
    }
    let _ = answer.apply(at(2), text("ab"));
    assert!(answer.status().is_some(), "a duplicate says nothing new");
    let _ = answer.apply(at(4), text("d"));
    assert_eq!(answer.status(), None);
    let _ = answer.apply(at(4), status(Phase::Loading));
    let end = terminal(&answer);
    let _ = answer.apply(Position::End, Event::Terminal(end));
    assert_eq!(answer.status(), None);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_terminal_is_compared_with_what_there_is() {
    let whole = terminal(&with("abc"));
    for (have, verdict, taken) in [
        ("abc", Verdict::Whole, true),
        ("ab", Verdict::Short, false),
        ("abcdef", Verdict::Whole, true),
        ("abx", Verdict::Mismatch, true),
        ("abxdef", Verdict::Mismatch, true),
        // Cut to the border before a character that reaches over the length, so it is short.
        ("ab漢", Verdict::Short, false),
    ] {
        let mut answer = with(have);
        let applied = answer.apply(Position::End, Event::Terminal(whole.clone()));
        assert_eq!(applied, Applied::Ended(verdict), "{have}");
        assert_eq!(answer.verdict(), taken.then_some(verdict));
        assert_eq!(answer.terminal(), taken.then_some(&whole));
        assert!(answer.offset() <= whole.length, "{have} was cut");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_short_answer_takes_the_rest_and_then_the_terminal() {
    let whole = example();
    let mut reader = Answer::default();
    assert_eq!(
        reader.apply(Position::End, Event::Terminal(terminal(&whole))),
        Applied::Ended(Verdict::Short)
    );
    read_on(&whole, &mut reader, 7);
    assert_eq!(
        reader.apply(Position::End, Event::Terminal(terminal(&whole))),
        Applied::Ended(Verdict::Whole)
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn what_the_types_are_counts_for_the_check() {
    let mut think = Answer::default();
    think.push(PartKind::Think, "abc");
    let end = Event::Terminal(terminal(&with("abc")));
    assert_eq!(think.apply(Position::End, end), Applied::Ended(Verdict::Mismatch));
}

#[wasm_bindgen_test(unsupported = test)]
fn something_unknown_moves_the_offset_and_leaves_the_answer_unverified() {
    let mut answer = with("abc");
    assert_eq!(answer.apply(at(8), Event::Unknown), Applied::Skipped);
    assert_eq!(answer.offset(), Offset(8));
    assert_eq!(answer.apply(at(9), text("d")), Applied::Appended);
    assert_eq!(answer.parts().len(), 2, "text does not join across what is not known");
    let mut end = terminal(&answer);
    end.length = Offset(9);
    assert_eq!(answer.apply(Position::End, Event::Terminal(end)), Applied::Ended(Verdict::Unverified));
}

/// So can passing events be added: whoever does not know them drops them as duplicates.
#[wasm_bindgen_test(unsupported = test)]
fn something_unknown_that_is_zero_wide_changes_nothing() {
    let mut answer = with("abc");
    assert_eq!(answer.apply(at(3), Event::Unknown), Applied::Duplicate);
    assert_eq!(answer.apply(at(1), Event::Unknown), Applied::Duplicate);
    assert_eq!(answer.apply(Position::End, Event::Unknown), Applied::Malformed);
    assert_eq!(answer.apply(at(4), text("d")), Applied::Appended);
    assert_eq!(answer.parts().len(), 1);
    let end = terminal(&answer);
    assert_eq!(answer.apply(Position::End, Event::Terminal(end)), Applied::Ended(Verdict::Whole));
}

#[wasm_bindgen_test(unsupported = test)]
fn nothing_follows_a_terminal() {
    let mut answer = example();
    let end = terminal(&answer);
    let _ = answer.apply(Position::End, Event::Terminal(end.clone()));
    let offset = answer.offset().0;
    let late =
        [text("x"), Event::Unknown, status(Phase::Waiting), Event::Image(image("x")), Event::Terminal(end)];
    for event in late {
        assert_eq!(answer.apply(at(offset + 1), event.clone()), Applied::AfterTerminal, "{event:?}");
    }
    answer.push(PartKind::Text, "x");
    answer.push_image(image("x"));
    answer.set_status(Some(Status::phase(Phase::Waiting)));
    answer.cut(Offset::ZERO);
    assert_same(&answer, &example());
    assert_eq!(answer.status(), None);
    assert_eq!(answer.verdict(), Some(Verdict::Whole));
}

#[wasm_bindgen_test(unsupported = test)]
fn the_first_end_wins() {
    let mut answer = with("abc");
    let first = answer.end(Outcome::Cancelled { discarded: 1 }, Timing::default()).clone();
    assert_eq!(first, Terminal { outcome: Outcome::Cancelled { discarded: 1 }, ..terminal(&with("abc")) });
    let outcome = Outcome::End { reason: EndReason::Stop, usage: None };
    assert_eq!(answer.end(outcome, Timing::default()), &first);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_cut_answer_grows_on_as_if_it_had_never_been_longer() {
    let whole = example();
    for k in borders(&whole) {
        let mut cut = whole.clone();
        cut.cut(Offset(k));
        let mut fresh = Answer::from_parts(through_json(cut.parts()));
        for answer in [&mut cut, &mut fresh] {
            answer.push(PartKind::Text, "more");
            answer.push(PartKind::Think, "still");
        }
        assert_same(&cut, &fresh);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn positions_that_make_no_sense_are_refused_and_never_panic() {
    let big = u64::MAX.to_string();
    for id in ["", " ", "-1", "+3", "3.0", "0x3", "END", "18446744073709551616", "٣", "\u{fffd}", "\0"] {
        let mut answer = with("abc");
        assert_eq!(answer.apply_frame(id, r#"{"t":"text","r":"d"}"#).unwrap(), Applied::Malformed, "{id:?}");
        assert_eq!(answer.apply_frame(id, r#"{"t":"video"}"#).unwrap(), Applied::Malformed, "{id:?}");
        assert_same(&answer, &with("abc"));
    }
    let mut answer = with("abc");
    assert_eq!(answer.apply_frame(&big, r#"{"t":"video"}"#).unwrap(), Applied::Skipped);
    assert_eq!(answer.apply_frame(&big, r#"{"t":"text","r":"d"}"#).unwrap(), Applied::Duplicate);
    for k in [0, 2, 3, 4, u64::MAX - 1, u64::MAX] {
        let _ = (answer.border(Offset(k)), answer.read(Offset(k), 1));
        let mut cut = answer.clone();
        cut.cut(Offset(k));
        assert_eq!(cut.text(), if k == 0 { "" } else { &"abc"[..k.min(3) as usize] });
    }
    let endless = r#"{"t":"end","length":18446744073709551615,"check":"00000000"}"#;
    assert_eq!(answer.apply_frame("end", endless).unwrap(), Applied::Ended(Verdict::Unverified));
}

#[wasm_bindgen_test(unsupported = test)]
fn data_that_is_no_event_is_an_error_and_changes_nothing() {
    let mut answer = with("abc");
    for data in ["[DONE]", "", "{", r#"{"t":"text"}"#, r#"{"t":"end","length":3}"#, r#"["text","d"]"#] {
        assert!(answer.apply_frame("4", data).is_err(), "{data}");
        assert_same(&answer, &with("abc"));
    }
}
