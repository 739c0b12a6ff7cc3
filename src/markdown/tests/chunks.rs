//! However a text is cut, the tree is the same in the end; and what is shown for good stays.

use proptest::prelude::*;

use super::agreement::examples;
use super::documents::{HOSTILE, ORDINARY};
use super::outline;
use super::reading_back::marks;
use crate::markdown::{Change, Element, Growing, Tree, parse};

/// The tree of the pieces in the end.
pub(super) fn grown<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Vec<Element> {
    let (mut growing, mut tree) = (Growing::new(), Tree::new());
    for piece in pieces {
        growing.push(piece, &mut |change| tree.apply(change));
    }
    growing.finish(&mut |change| tree.apply(change));
    tree.into_blocks()
}

/// Pieces of so many bytes, or of what a character takes more.
pub(super) fn cuts(text: &str, piece: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (next, behind) = rest.split_at(rest.ceil_char_boundary(piece.min(rest.len())));
        rest = behind;
        (!next.is_empty()).then_some(next)
    })
}

pub(super) fn chars(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()])
}

pub(super) fn assert_cuts(text: &str) {
    let whole = outline(&parse(text));
    assert_eq!(outline(&grown([text])), whole, "{text:?}");
    assert_eq!(outline(&grown(chars(text))), whole, "one character at a time: {text:?}");
    for (at, _) in text.char_indices() {
        assert_eq!(outline(&grown([&text[..at], &text[at..]])), whole, "cut at {at}: {text:?}");
    }
}

#[test]
fn every_cut_of_every_text_gives_the_same_tree() {
    for text in examples().iter().map(String::as_str).chain(HOSTILE.iter().chain(ORDINARY).copied()) {
        assert_cuts(text);
    }
}

#[test]
fn after_every_line_what_is_shown_is_the_text_so_far() {
    for text in examples().iter().map(String::as_str).chain(ORDINARY.iter().copied()) {
        let mut so_far = String::new();
        let (mut growing, mut tree) = (Growing::plain(), Tree::new());
        for line in text.split_inclusive('\n') {
            so_far.push_str(line);
            growing.push(line, &mut |change| tree.apply(change));
            // A definition is taken when the paragraph that it may be ends, which is the next line.
            if line.ends_with('\n') && !so_far.contains("]:") {
                // So is whether a list with a paragraph is a loose one; and an empty paragraph is not shown.
                let tight =
                    |blocks: &[Element]| outline(blocks).replace("[class=\"loose\"]", "").replace("p{}", "");
                assert_eq!(tight(&tree.clone().into_blocks()), tight(&parse(&so_far)), "{so_far:?}");
            }
        }
    }
}

#[test]
fn nothing_but_looseness_and_references_changes_what_is_shown_for_good() {
    for text in examples().iter().map(String::as_str).chain(ORDINARY.iter().copied()) {
        let mut growing = Growing::new();
        let mut depth = 0_usize;
        let mut check = |change: Change| match change {
            Change::Open(_) => depth += 1,
            Change::Close => depth = depth.checked_sub(1).expect("something open"),
            Change::Loose { depth: list } | Change::Long { depth: list } => {
                assert!((1..=depth).contains(&list), "{text:?}")
            }
            Change::Tail { depth: tail, .. } => assert!(tail <= depth, "{text:?}"),
            Change::Text(text) => assert!(depth > 0 && !text.is_empty()),
            Change::Add(_) | Change::Waits(_) | Change::Late { .. } => {}
        };
        for piece in chars(text) {
            growing.push(piece, &mut check);
        }
        growing.finish(&mut check);
        assert_eq!(depth, 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cuts_of_chance_give_the_same_tree(source in marks(), cuts in prop::collection::vec(0..200_usize, 0..8)) {
        let mut cuts: Vec<_> = cuts.into_iter().map(|at| source.floor_char_boundary(at)).collect();
        cuts.sort_unstable();
        cuts.insert(0, 0);
        cuts.push(source.len());
        let pieces = cuts.windows(2).map(|ends| &source[ends[0]..ends[1]]);
        prop_assert_eq!(outline(&grown(pieces)), outline(&parse(&source)));
    }

    #[test]
    fn what_comes_by_chance_is_shown_safely(source in marks()) {
        let (mut growing, mut tree) = (Growing::new(), Tree::new());
        for piece in chars(&source) {
            growing.push(piece, &mut |change| tree.apply(change));
            super::assert_safe(&tree.clone().into_blocks(), &source);
        }
    }
}
