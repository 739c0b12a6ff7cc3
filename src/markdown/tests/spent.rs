//! What references cost: no more than the text allows, the same however it comes, and bit by bit.

use std::fmt::Write;

use proptest::prelude::*;

use super::chunks::{cuts, grown};
use super::outline;
use crate::markdown::{Change, Element, Growing, Tree, parse, write_html};

/// An address of so many bytes.
fn address(bytes: usize) -> String {
    format!("https://a.test/{}", "x".repeat(bytes - 15))
}

/// Texts in which not every reference becomes a link.
fn expensive() -> Vec<String> {
    let mut late = String::new();
    for at in 0..120 {
        let _ = writeln!(late, "Some *words* of [r] and [S{}][s], [r] again.\n", at % 7);
    }
    let early = late.clone();
    let long = format!("[s]: {}\n\n[r]: {} \"title\"\n\n", address(300), address(1000));
    let rows = format!("|a|b|\n|-|-|\n{}\n", "|[r] and [t]|b|\n".repeat(150));
    let quoted = format!("> - [r] and *[s]*,\n>   then `[r]`\n>\n> [t]: {}\n\n", address(900)).repeat(80);
    let words = format!("{}\n\n", "[r] words and [s][], [a *b* c][t]. ".repeat(900));
    vec![
        format!("{late}{long}{early}"),
        format!("{rows}{long}{words}[t]: {}\n\n{early}", address(700)),
        format!("{quoted}{words}{long}{quoted}"),
        format!("{words}[s]: {}", address(300)),
        format!("{late}{late}\u{A0}\n\n{long}{early}\n{}", "And much more text.\n\n".repeat(6000)) + &late,
    ]
}

#[test]
fn what_references_become_does_not_depend_on_how_the_text_comes() {
    for text in expensive() {
        let whole = outline(&parse(&text));
        assert!(whole.contains("href=") && whole.contains("[r]"), "neither all nor none");
        for piece in [331, 1000, 1024, 8192, 10_000, 100_000] {
            assert!(outline(&grown(cuts(&text, piece))) == whole, "{} in pieces of {piece}", &text[..40]);
        }
    }
}

/// The tree, where leaves are read again only now and then: after a piece, so many of them.
fn behind<'a>(pieces: impl IntoIterator<Item = (&'a str, usize)>) -> Vec<Element> {
    let (mut growing, mut tree) = (Growing::new(), Tree::new());
    for (piece, leaves) in pieces {
        growing.advance(piece, &mut |change| tree.apply(change));
        for _ in 0..leaves {
            growing.catch_up(&mut |change| tree.apply(change));
        }
    }
    growing.finish(&mut |change| tree.apply(change));
    tree.into_blocks()
}

#[test]
fn what_references_become_does_not_depend_on_when_they_are_read_again() {
    for text in expensive() {
        let whole = outline(&parse(&text));
        for (piece, leaves) in [(331, 1), (1000, 20), (8192, 100), (text.len(), 0)] {
            let tree = behind(cuts(&text, piece).map(|piece| (piece, leaves)));
            assert!(outline(&tree) == whole, "{} in pieces of {piece}, {leaves} each", &text[..40]);
        }
    }
}

#[test]
fn a_short_text_does_not_become_a_giant_one() {
    for text in expensive() {
        let mut html = String::new();
        write_html(&mut html, &parse(&text));
        let most = 3 * text.len() + 2 * text.len().max(100_000);
        assert!(html.len() < most + html.matches("<a ").count() * 80, "{} of {}", html.len(), text.len());
    }
}

#[test]
fn a_definition_that_many_wait_for_is_no_more_work_than_another() {
    let mut growing = Growing::new();
    growing.push(&"Some *words* of [r], and of [s].\n\n".repeat(4000), &mut |_| {});
    let before = growing.parsed();
    growing.push("[r]: https://a.test\n", &mut |_| {});
    growing.advance("\nx", &mut |change| assert!(!matches!(change, Change::Late { .. })));
    growing.advance("\n\n[s]: https://a.test\n\nx", &mut |change| {
        assert!(!matches!(change, Change::Late { .. }))
    });
    assert!(growing.parsed() - before < 1000, "{}", growing.parsed() - before);
    let (mut leaves, mut late) = (0, 0);
    while growing.is_behind() {
        let before = growing.parsed();
        growing.catch_up(&mut |change| late += usize::from(matches!(change, Change::Late { .. })));
        assert!(growing.parsed() - before < 100, "{}", growing.parsed() - before);
        leaves += 1;
    }
    // For two definitions, but each only once.
    assert_eq!((leaves, late), (4000, 4000));
}

#[test]
fn a_definition_that_comes_last_is_no_more_work_either() {
    let mut growing = Growing::new();
    growing.push(&"[a] and [r].\n\n".repeat(4000), &mut |_| {});
    growing.push("[r]: https://a.test", &mut |_| {});
    let before = growing.parsed();
    growing.close(&mut |change| assert!(!matches!(change, Change::Late { .. })));
    assert!(growing.parsed() - before < 100 && growing.is_behind());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn references_of_chance_are_the_same_whenever_they_are_read(
        parts in prop::collection::vec(reference_part(), 1..60),
        pieces in prop::collection::vec((1..400_usize, 0..4_usize), 1..40),
    ) {
        let text = parts.concat();
        let mut rest = text.as_str();
        let pieces = pieces.iter().cycle().map_while(|(size, leaves)| {
            let (piece, behind) = rest.split_at(rest.ceil_char_boundary((*size).min(rest.len())));
            rest = behind;
            (!piece.is_empty()).then_some((piece, *leaves))
        });
        prop_assert_eq!(outline(&behind(pieces)), outline(&parse(&text)));
    }
}

/// Leaves that name something, and definitions of it, short and very long ones.
fn reference_part() -> impl Strategy<Value = String> {
    let label = prop::sample::select(vec!["r", "S", "[a] b", "t *u*", "^n"]);
    let part = (label, 0..9_u8, 0..4_usize).prop_map(|(label, kind, times)| match kind {
        0 => format!("\n\n[{label}]: https://a.test/{}\n", "y".repeat(10_usize.pow(times as u32))),
        1 => format!("\n\n- [{label}]: https://a.test '{}'\n\n", "z".repeat(2_000 * times)),
        2 => format!("\n\n|[{label}]|[r]\n|-|-|\n|[r]|[{label}][]|\n\n"),
        3 => format!("\n\n# [{label}][s] [r]\n"),
        4 => format!(" [x {label}][r] ![{label}] "),
        5 => "\n\n".to_owned(),
        6 => format!("[r][{label}]").repeat(times),
        7 => format!("\n> [{label}][r][s]\n"),
        _ => format!("[{label}] *[s]* "),
    });
    part.boxed()
}
