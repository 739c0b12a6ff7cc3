//! What must hold for every answer, however it is cut into events.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// Text in which every width of character is likely.
fn content() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => vec(select(vec!["a", "b", "\n", "\r", "é", "漢", "😀", "\u{301}", "\0", "data: "]), 0..8)
            .prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

fn any_image() -> impl Strategy<Value = Image> {
    (content(), any::<u32>(), any::<u32>(), content()).prop_map(|(url, w, h, alt)| Image { url, w, h, alt })
}

/// Content of all types in any order; pieces of one type next to each other join.
fn answer() -> impl Strategy<Value = Answer> {
    let piece = prop_oneof![
        content().prop_map(Part::Think),
        content().prop_map(Part::Text),
        any_image().prop_map(Part::Image)
    ];
    vec(piece, 0..6).prop_map(|pieces| Answer::from_parts(pieces.into_iter().map(SnapshotPart)))
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => content().prop_map(Event::Text),
        2 => content().prop_map(Event::Think),
        2 => any_image().prop_map(Event::Image),
        1 => Just(Event::Unknown),
        1 => Just(status(Phase::Queued)),
        1 => (0_u64..40, any::<u32>()).prop_map(|(length, check)| Event::Terminal(Terminal {
            length: Offset(length),
            check: Check(check),
            ..terminal(&Answer::default())
        })),
    ]
}

fn any_position() -> impl Strategy<Value = Position> {
    prop_oneof![
        8 => (0_u64..40).prop_map(at),
        1 => (u64::MAX - 2..=u64::MAX).prop_map(at),
        1 => Just(Position::End),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_snapshot_and_the_rest_join_at_every_offset(
        whole in answer(),
        max in prop_oneof![0_usize..12, Just(usize::MAX)],
    ) {
        joins_at_every_offset(&whole, max);
    }

    /// Events that begin and end anywhere: duplicates, overlaps and gaps are told apart, and what the
    /// reader has is at any time a beginning of the answer.
    #[test]
    fn however_it_is_cut_and_repeated_the_reader_has_a_beginning_of_it(
        whole in answer(),
        reads in vec((0_u64..80, 0_usize..20), 0..30),
    ) {
        let mut reader = Answer::default();
        for (after, max) in reads {
            let begin = whole.border(Offset(after));
            let Some((end, slice)) = whole.read(Offset(after), max) else {
                prop_assert_eq!(begin, whole.offset());
                continue;
            };
            let expected = match () {
                () if begin > reader.offset() => Applied::Gap,
                () if end <= reader.offset() => Applied::Duplicate,
                () => Applied::Appended,
            };
            prop_assert_eq!(reader.apply_frame(&end.to_string(), &slice.to_json()).unwrap(), expected);
            let mut beginning = whole.clone();
            beginning.cut(reader.offset());
            assert_same(&reader, &beginning);
        }
        read_on(&whole, &mut reader, usize::MAX);
        assert_same(&reader, &whole);
    }

    #[test]
    fn an_event_is_never_wider_than_asked_but_by_its_first_character(
        whole in answer(),
        after in 0_u64..80,
        max in 0_usize..20,
    ) {
        if let Some((end, slice)) = whole.read(Offset(after), max) {
            let event = Event::from_json(&slice.to_json()).unwrap();
            let width = event.width().unwrap();
            prop_assert_eq!(whole.border(Offset(after)).plus(width), end);
            match event {
                Event::Image(_) => {}
                Event::Think(r) | Event::Text(r) => {
                    prop_assert!(width <= max || r.chars().count() == 1, "{} bytes", width);
                }
                other => prop_assert!(false, "{:?} was served", other),
            }
        }
    }

    /// A peer that sends anything at all can neither make it panic nor break its bookkeeping.
    #[test]
    fn no_order_of_events_breaks_it(events in vec((any_position(), any_event()), 0..20)) {
        let mut answer = Answer::default();
        let mut known = true;
        for (id, event) in events {
            let before = answer.clone();
            match answer.apply(id, event) {
                Applied::Appended => prop_assert_eq!(Position::At(answer.offset()), id),
                Applied::Skipped => {
                    prop_assert_eq!(Position::At(answer.offset()), id);
                    known = false;
                }
                Applied::Ended(_) => prop_assert!(answer.offset() <= before.offset()),
                Applied::Duplicate | Applied::Gap | Applied::Malformed | Applied::Status
                | Applied::AfterTerminal => assert_same(&answer, &before),
            }
            let length: usize = answer.parts().iter().map(|part| part.content().len()).sum();
            prop_assert_eq!(answer.check(), check_of(answer.parts()));
            prop_assert!(answer.parts().iter().all(|part| !part.content().is_empty()));
            prop_assert!(length as u64 <= answer.offset().0);
            for k in [0, 1, 7, 20, 39, u64::MAX] {
                prop_assert!(answer.border(Offset(k)) <= Offset(k).min(answer.offset()));
                let _ = answer.read(Offset(k), 3);
            }
            if answer.verdict() == Some(Verdict::Whole) {
                prop_assert!(known);
                prop_assert_eq!(length as u64, answer.offset().0, "whole, and nothing is missing");
            }
        }
    }

    #[test]
    fn no_text_breaks_a_frame(id in any::<String>(), data in any::<String>()) {
        let _ = example().apply_frame(&id, &data);
        let _ = Event::from_json(&data);
    }
}
