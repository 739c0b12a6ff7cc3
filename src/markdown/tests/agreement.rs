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

fn assert_agrees(source: &str) {
    assert_eq!(outline(&parse(source)), outline(&reference::parse(source)), "{source:?}");
}

/// Whether a text of chance must be read as pulldown-cmark reads it.
pub(super) fn comparable(source: &str) -> bool {
    let is_tab_in_code = source.contains("\n\t") && source.contains('`');
    !is_tab_in_code && !["\\(", "\\["].iter().any(|mark| source.contains(mark))
}

fn assert_agrees_by_chance(source: &str) {
    if comparable(source) {
        assert_agrees(source);
    }
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

/// What random texts have found.
const FOUND: &[&str] = &[
    "> foo\n===",
    "> foo\n    - bar",
    "> a | b\n---|---",
    "> foo\n| a |\n> |---|",
    "foo\n| a |\n|---|\n| b |\n",
    "a | b\n- | -",
    "| a |\\\n|---|",
    "|a|\n|-|\n|\nb",
    "|a|\n|-|\n2. b\n",
    "[a]: /u\n2. |b\n-|-",
    "[a]:\n|||\n-|-",
    "[a]: /u\n\"b | c\n-|-",
    "[a]: /u\n===",
    "[a]: /u\n\"t\n===\n[a]",
    "> [a]:\n===",
    "[a]: /u\n    # b",
    "[a]: /u 'b\nc' d\n[a]",
    "[\n\t~~~",
    "- [ ] a\n  ===",
    "- [ ]\n  a",
    "- [ ] # a",
    "- [ ]",
    "2. [ ] [a]: /u",
    "1. [!NOTE]\n-]:",
    "> [!NOTE]\n>     # a",
    "> [!NOTE]\na",
    "> [!NOTE]\n\n> a",
    "-\n\n  a",
    "- a\n-\n\n\n- b",
    "- a\n\n  - b\n\n\n- c",
    "- > a\n\n\n- b",
    "~~~\n ",
    "- <pre\n\t",
    "- ```\n\n  a\n b",
    "\t- a\n\n\tb",
    "-\ta\n\n\t\t# b",
    "[^a]:\t- b\n\n    c",
    "[^a]: b\n[^a]: c\n\n[^a]",
    "```~2 &",
    "a\\\n=",
    "# a \\\nb",
    "* * *\n- - a\n+ + +",
    "> [!NOTE]\n    [^a]: #",
    "> [!NOTE]\n>     [^a]: #\n> b\n=\n\n[^a]",
    "[a]: /u\n    [^b]: /v\nc\n=\n\n[^b] [x][^b]",
    "[^a\nb]: /u\n\n[^a b] [c][^a b]",
    "  3. c```\n    ```",
    "   - b ``` c\n    ``` d\n===\ne",
    "[^a]: b```\n\t```",
    "           - a\n - `\n `\n",
    "* $>\n  &$1",
    "$5 **a**, US$10 **b**, x$20 [c](/u) x$30",
    ">(<!--\n|-\n-->",
    "- t<!E\n  ->",
    ">a<!b\n>`",
    ">[!NOTE]\n|]\n>-|",
    "> > [!NOTE]\n> |a|\n> > |-|\n> > |b|",
    "> [!NOTE]\n|a|\n|-|\n|b|",
    "> [!NOTE]\n|a|\nb\n> |-|",
    "> [!NOTE]\na\n> b|\n> -|",
];

#[test]
fn what_random_texts_have_found_is_read_as_pulldown_cmark_reads_it() {
    for text in FOUND {
        assert_agrees(text);
        super::chunks::assert_cuts(text);
    }
}

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
