//! However a text is cut, the tree is the same in the end; and what is shown for good stays.

use proptest::prelude::*;

use super::agreement::examples;
use super::documents::{HOSTILE, ORDINARY};
use super::reading_back::marks;
use super::{outline, reference};
use crate::markdown::{Change, Element, Growing, Tree, parse};

/// The tree of the pieces in the end.
fn grown<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Vec<Element> {
    let (mut growing, mut tree) = (Growing::new(), Tree::new());
    for piece in pieces {
        growing.push(piece, &mut |change| tree.apply(change));
    }
    growing.finish(&mut |change| tree.apply(change));
    tree.into_blocks()
}

fn chars(text: &str) -> impl Iterator<Item = &str> {
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
            Change::Loose { depth: list } => assert!((1..=depth).contains(&list), "{text:?}"),
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

/// Long random runs: `SLUICE_RANDOM=seconds cargo test random_campaign -- --ignored --nocapture`.
#[test]
#[ignore = "runs for as long as it is told to"]
fn random_campaign() {
    let seconds: u64 = std::env::var("SLUICE_RANDOM").ok().and_then(|s| s.parse().ok()).unwrap_or(20);
    let mut seed: u64 = std::env::var("SLUICE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed as usize
    };
    let examples = examples();
    let start = std::time::Instant::now();
    let (mut count, mut bad, mut cuts) = (0, 0, 0);
    while start.elapsed().as_secs() < seconds {
        let mut text = String::new();
        if count % 2 == 0 {
            for _ in 0..1 + next() % 4 {
                text.push_str(&examples[next() % examples.len()]);
                if next() % 3 == 0 {
                    text.push('\n');
                }
            }
        } else {
            for _ in 0..1 + next() % 25 {
                text.push_str(super::documents::MARKS[next() % super::documents::MARKS.len()]);
            }
        }
        count += 1;
        if text.contains("\\(") || text.contains("\\[") || text.contains("<!") || text.contains("<?") {
            continue;
        }
        if outline(&parse(&text)) != outline(&reference::parse(&text)) {
            bad += 1;
            if bad <= 12 {
                // Make it small.
                let fails = |t: &str| {
                    std::panic::catch_unwind(|| outline(&parse(t)) != outline(&reference::parse(t)))
                        .unwrap_or(true)
                };
                let mut small = text.clone();
                loop {
                    let mut shorter = None;
                    'search: for len in [16, 8, 4, 2, 1] {
                        let ix: Vec<_> = small.char_indices().map(|(i, _)| i).chain([small.len()]).collect();
                        for w in 0..ix.len().saturating_sub(len) {
                            let mut t = small.clone();
                            t.replace_range(ix[w]..ix[w + len], "");
                            if fails(&t) {
                                shorter = Some(t);
                                break 'search;
                            }
                        }
                    }
                    match shorter {
                        Some(t) => small = t,
                        None => break,
                    }
                }
                println!(
                    "{small:?}\n  ours {}\n  ref  {}",
                    outline(&parse(&small)),
                    outline(&reference::parse(&small))
                );
            }
        }
        let whole = outline(&parse(&text));
        if outline(&grown(chars(&text))) != whole && cuts < 5 {
            cuts += 1;
            println!("CUT {text:?}\n {whole}\n {}", outline(&grown(chars(&text))));
        }
    }
    println!("{count} texts, {bad} differ, {cuts} cuts");
}
