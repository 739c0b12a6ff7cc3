//! The tree is the one that pulldown-cmark's events for the whole text give.

use proptest::prelude::*;

use super::documents::{HOSTILE, ORDINARY};
use super::reading_back::marks;
use super::{outline, reference};
use crate::markdown::parse;

/// The examples of the CommonMark specification 0.31.2, by John MacFarlane, CC-BY-SA 4.0.
pub(super) fn examples() -> Vec<String> {
    serde_json::from_str(include_str!("commonmark.json")).unwrap()
}

fn differs(source: &str) -> bool {
    outline(&parse(source)) != outline(&reference::parse(source))
}

pub(super) fn assert_agrees(source: &str) {
    assert_eq!(outline(&parse(source)), outline(&reference::parse(source)), "{source:?}");
}

/// What chance meets now and then and is no matter of blocks: pulldown-cmark takes the marks of
/// containers for text in a comment of several lines, and what space code ends with depends on them.
pub(super) fn assert_agrees_by_chance(source: &str) {
    if ["<!", "<?", "\\(", "\\["].iter().any(|mark| source.contains(mark)) {
        return;
    }
    let squeezed = |outline: String| outline.split(' ').filter(|part| !part.is_empty()).collect::<String>();
    let (ours, theirs) = (outline(&parse(source)), outline(&reference::parse(source)));
    assert_eq!(squeezed(ours), squeezed(theirs), "{source:?}");
}

#[test]
fn every_example_of_the_specification_is_read_as_pulldown_cmark_reads_it() {
    let examples = examples();
    assert_eq!(examples.len(), 652);
    let differing: Vec<_> = (1..).zip(&examples).filter(|(_, source)| differs(source)).collect();
    // `\[\\\]` is a formula.
    assert_eq!(differing.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [12], "{differing:#?}");
}

#[test]
fn ordinary_texts_are_read_as_pulldown_cmark_reads_them() {
    for text in ORDINARY.iter().chain(HOSTILE).chain(PIECES) {
        assert_agrees(text);
    }
}

/// What the built-in demo says.
const PIECES: &[&str] = &[
    include_str!("../../server/provider/demo/pieces/en-events.md"),
    include_str!("../../server/provider/demo/pieces/en-events.think.md"),
    include_str!("../../server/provider/demo/pieces/en-lock.md"),
    include_str!("../../server/provider/demo/pieces/en-lock.think.md"),
    include_str!("../../server/provider/demo/pieces/en-pressure.md"),
    include_str!("../../server/provider/demo/pieces/en-pressure.think.md"),
    include_str!("../../server/provider/demo/pieces/zh-events.md"),
    include_str!("../../server/provider/demo/pieces/zh-events.think.md"),
    include_str!("../../server/provider/demo/pieces/zh-lock.md"),
    include_str!("../../server/provider/demo/pieces/zh-lock.think.md"),
    include_str!("../../server/provider/demo/pieces/zh-weir.md"),
    include_str!("../../server/provider/demo/pieces/zh-weir.think.md"),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn texts_of_chance_are_read_as_pulldown_cmark_reads_them(source in marks()) {
        assert_agrees_by_chance(&source);
    }

    #[test]
    fn examples_in_a_row_are_read_as_pulldown_cmark_reads_them(
        source in prop::collection::vec(prop::sample::select(examples()), 1..5).prop_map(|parts| parts.join("\n"))
    ) {
        assert_agrees_by_chance(&source);
    }
}
