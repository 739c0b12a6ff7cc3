//! The work for what comes does not grow with what has come, and long paragraphs look the same
//! however they come. Measured in bytes that the parser of inlines gets, not in time.

use super::{assert_safe, outline};
use crate::markdown::{Change, Growing, Node, Tree, parse};

const QUARTER: usize = 1 << 18;

/// Feeds pieces of some bytes and gives the most that one of them cost, of the last tenth and of the
/// first, and the tree.
fn most(text: &str, piece: usize) -> (usize, usize, Tree) {
    let (mut growing, mut tree) = (Growing::new(), Tree::new());
    let (mut first, mut last, mut at) = (0, 0, 0);
    while at < text.len() {
        let end = text.ceil_char_boundary((at + piece).min(text.len()));
        let before = growing.parsed();
        growing.push(&text[at..end], &mut |change| tree.apply(change));
        let cost = growing.parsed() - before;
        if at < text.len() / 10 {
            first = first.max(cost);
        }
        if at > text.len() / 10 * 9 {
            last = last.max(cost);
        }
        at = end;
    }
    growing.finish(&mut |change| tree.apply(change));
    (first, last, tree)
}

#[test]
fn a_piece_costs_no_more_when_much_has_come() {
    let words = "Words of *some* kind, and `code`. ".repeat(8);
    for (name, text) in [
        ("paragraphs", format!("{words}\n\n").repeat(150)),
        ("one paragraph", format!("{words}\n").repeat(150)),
        ("one line", words.repeat(150)),
        ("fence", format!("```\n{}", format!("{words}\n").repeat(150))),
        ("list", format!("- {words}\n").repeat(150)),
        ("loose list", format!("- {words}\n\n").repeat(150)),
        ("table", format!("|a|b|\n|-|-|\n{}", format!("|{words}|b|\n").repeat(150))),
        ("quote", format!("> {words}\n>\n").repeat(150)),
        ("quoted paragraph", format!("> {words}\n").repeat(150)),
        ("definitions", "[a]: https://example.org/a\n".repeat(1000)),
    ] {
        // The parser of inlines gets the tail anew for each piece, and once more to mend it.
        const MOST: usize = 5 * 8192 + 1000;
        let (first, last, _) = most(&text, 200);
        assert!(first <= MOST && last <= MOST, "{name}: {first} at first, {last} in the end");
    }
}

/// How many bytes a change has that somebody must show.
pub(super) fn size(change: &Change) -> usize {
    fn of(node: &Node) -> usize {
        match node {
            Node::Element(element) => 1 + element.children.iter().map(of).sum::<usize>(),
            Node::Text(text) => text.len(),
        }
    }
    match change {
        Change::Open(element) | Change::Add(element) => of(&Node::Element(element.clone())),
        Change::Text(text) => text.len(),
        Change::Tail { nodes, .. } | Change::Late { children: nodes, .. } => nodes.iter().map(of).sum(),
        Change::Close | Change::Waits(_) | Change::Loose { .. } | Change::Long { .. } => 1,
    }
}

/// What the most expensive token costs, of those that come behind so much of a text of one line again
/// and again: bytes for the parser of inlines, and bytes to show.
fn most_behind(much: usize, begin: &str, line: &str) -> (usize, usize) {
    let mut growing = Growing::new();
    growing.push(begin, &mut |_| {});
    let lines = line.repeat(8192 / line.len() + 1);
    let mut come = 0;
    while come < much {
        growing.push(&lines, &mut |_| {});
        come += lines.len();
    }
    let (mut parsed, mut shown) = (0, 0);
    for token in lines.as_bytes()[..lines.len().min(8192)].chunks(64) {
        let (before, mut bytes) = (growing.parsed(), 0);
        growing.push(std::str::from_utf8(token).unwrap(), &mut |change| bytes += size(&change));
        parsed = parsed.max(growing.parsed() - before);
        shown = shown.max(bytes);
    }
    (parsed, shown)
}

#[test]
fn behind_a_megabyte_a_token_costs_no_more_than_behind_ten_kilobytes() {
    for (name, begin, line) in [
        ("paragraph", "", "Some *words* and `code`, and a [link](https://a.test).\n"),
        ("line", "", "Some *words* and `code`, and a [link](https://a.test). "),
        ("word", "", "word"),
        ("fence", "```\n", "let code = 1;\n"),
        ("line of a fence", "```\n", "let code = 1; "),
        ("indented code", "", "    let code = 1;\n"),
        ("list", "", "- An *item* of `some` words.\n"),
        ("loose list", "", "- An *item* of `some` words.\n\n"),
        ("nested list", "- a\n  - b\n", "    - An *item* of `some` words.\n"),
        ("tasks", "", "- [ ] An *item* of `some` words.\n"),
        ("item", "- a\n", "  b *c*\n\n"),
        ("table", "| a | b |\n|---|---|\n", "| some *words* | and `code` |\n"),
        ("quote", "", "> Some *words* and `code`.\n>\n"),
        ("quoted paragraph", "", "> Some *words* and `code`.\n"),
        ("quoted fence", "> ```\n", "> let code = 1;\n"),
        ("HTML", "<div>\n", "some text\n"),
        ("formulas", "", "\\(a](\n"),
        ("prices", "", "$5 US$1 "),
        ("no addresses", "", "www._"),
        ("references", "", "[a] and [b].\n\n"),
        ("footnotes", "", "[^a]: b\n"),
    ] {
        let (early, late) = (most_behind(10_000, begin, line), most_behind(1 << 20, begin, line));
        // Where parts of a paragraph end is not the same in both.
        assert!(
            late.0 <= early.0 + early.0 / 4 && late.1 <= early.1 + early.1 / 4,
            "{name}: {early:?}, {late:?}"
        );
    }
}

#[test]
fn long_paragraphs_and_lines_are_the_same_however_they_come() {
    let words = "Words of *some kind*, [links](https://a.test) and `code`, $x$ and \\(y z\\) 中文。";
    for (name, text) in [
        ("line", words.repeat(150)),
        ("lines", format!("{words}\n").repeat(150)),
        ("second line", format!("a\n{}", "abc ".repeat(4000))),
        ("second line of an item", format!("- a\n{}", "abc ".repeat(4000))),
        ("lazy line", format!("> a\n{}", "abc ".repeat(4000))),
        ("line behind a definition", format!("[r]: x y\n{}", "abc ".repeat(4000))),
        ("quoted", format!("> {words}\n").repeat(150)),
        ("lazy", format!("> a\n{}", format!("{words}\n").repeat(150))),
        ("opener", format!("**{}", words.repeat(150))),
        ("openers", "*a ".repeat(8000)),
        ("brackets", "[".repeat(20_000)),
        ("stars", "*".repeat(20_000)),
        ("no spaces", "中".repeat(12_000)),
        ("then a heading", format!("{}\n===\n", words.repeat(200))),
        ("then a table", format!("{}\n| a |\n|---|\n| b |\n", words.repeat(200))),
        ("like definitions", format!("[a]: {}", words.repeat(200))),
        ("heading", format!("# {}", words.repeat(200))),
        ("row", format!("|a|\n|-|\n|{}|", words.repeat(200))),
        ("fence", format!("```\n{}\n{}", words.repeat(300), format!("{words}\n").repeat(300))),
    ] {
        let whole = parse(&text);
        assert_safe(&whole, name);
        for piece in [97, 1000, 8192, 10_000] {
            let tree = most(&text, piece).2;
            assert!(outline(&tree.into_blocks()) == outline(&whole), "{name} in pieces of {piece}");
        }
    }
}

#[test]
fn much_of_one_construct_comes_in_pieces() {
    for piece in [
        "[", "*", "![", "](", "> ", "- ", "1. ", "*a ", "[^", "`a``b", "$a$", "<a ", "|\n", "#", " ", "\\(",
        "=", "http://", "](",
    ] {
        let text = piece.repeat(QUARTER / piece.len());
        let (_, _, tree) = most(&text, 20_000);
        assert_safe(&tree.into_blocks(), piece);
    }
}

#[test]
fn a_long_paragraph_is_one_and_loses_no_text() {
    let text = "word *emphasis* `code` ".repeat(3000);
    let blocks = parse(&text);
    assert_eq!(blocks.len(), 1);
    assert_eq!(blocks[0].text(), text.replace(['*', '`'], "").trim_end());
    assert_eq!(outline(&blocks).matches("em{").count(), 3000);
}
