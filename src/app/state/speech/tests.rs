//! What is said of texts.

use super::*;

fn all(text: &str) -> Vec<String> {
    let mut speech = Speech::default();
    speech.feed(text, true);
    std::iter::from_fn(|| speech.say_next()).collect()
}

#[test]
fn prose_is_said_sentence_by_sentence_without_its_marks() {
    assert_eq!(
        all(
            "# A *heading*\n\nOne **sentence**. Another, with `code` and\na [link](https://x.test)! 一句。又一句。\n\n- first\n- 2.5 is a number\n1. third\n"
        ),
        [
            "A heading",
            "One sentence.",
            "Another, with code and a link!",
            "一句。",
            "又一句。",
            "first",
            "2.5 is a number",
            "third"
        ]
    );
}

#[test]
fn code_and_tables_and_formulas_are_not_read_out() {
    assert_eq!(
        all(
            "See:\n\n```rust\nfn main() {}\n\n```\n\n| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |\n\n$$\nx^2\n$$\n\n```\none\n```"
        ),
        ["See:", "code block in rust, 2 lines", "table, 3 columns, 2 rows", "formula", "code block, 1 line"]
    );
}

#[test]
fn neither_are_those_in_a_quote_or_a_list_and_tables_without_bars_around_them() {
    assert_eq!(
        all(
            "> ```py\n> x = 1. y = 2.\n> ```\n> Quoted.\n\n- ```\n  a\n  ```\n\nSee\na | b\n--|--\n1. x | 2. y\n\n\\[\nx. y.\n\\]\n\n> | a |\n> |---|\n> | 1 |\n\nThe end."
        ),
        [
            "code block in py, 1 line",
            "Quoted.",
            "code block, 1 line",
            "See",
            "table, 2 columns, 1 row",
            "formula",
            "table, 1 column, 1 row",
            "The end."
        ]
    );
    assert_eq!(
        all("Either a | b, or not.\n\n```\n> ```\n```"),
        ["Either a | b, or not.", "code block, 1 line"]
    );
}

#[test]
fn nothing_of_a_block_is_said_while_it_comes_either() {
    let text = "Now.\n\na | b. c | d\n--|--|--\n1. x | 2. y | z.\n\n> ```\n> one. two.\n> ```\n\nYes. No.";
    let mut speech = Speech::default();
    let mut said = Vec::new();
    for end in 1..=text.len() {
        speech.feed(&text[..end], end == text.len());
        said.extend(std::iter::from_fn(|| speech.say_next()));
    }
    assert_eq!(said, ["Now.", "table, 3 columns, 1 row", "code block, 1 line", "Yes.", "No."]);
}

#[test]
fn a_sentence_is_said_as_soon_as_the_next_one_begins_and_once() {
    let text = "The first one. The second one.\n\n```\ncode. more. code.\n```\nAnd an end";
    let whole = all(text);
    assert_eq!(whole, ["The first one.", "The second one.", "code block, 1 line", "And an end"]);
    let mut speech = Speech::default();
    let mut said = Vec::new();
    for end in 1..=text.len() {
        speech.feed(&text[..end], false);
        said.extend(std::iter::from_fn(|| speech.say_next()));
        if end == "The first one. T".len() {
            assert_eq!(said, ["The first one."]);
        }
    }
    speech.feed(text, true);
    said.extend(std::iter::from_fn(|| speech.say_next()));
    assert_eq!(said, whole);
}
