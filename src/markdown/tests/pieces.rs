//! What is long is in pieces, the same ones however it comes, and without them it is what it was.

use super::chunks::{cuts, grown};
use super::long::{long, undivided};
use super::{outline, reference};
use crate::markdown::{Change, Element, Growing, Node, Tag, parse, write_html};

fn pieces(element: &Element) -> usize {
    let inner = element.children.iter().map(|node| match node {
        Node::Element(element) => pieces(element),
        Node::Text(_) => 0,
    });
    usize::from(element.is_piece()) + inner.sum::<usize>()
}

#[test]
fn what_is_long_is_in_pieces_the_same_ones_however_it_comes() {
    for (name, text) in long() {
        let whole = parse(&text);
        assert!(whole.iter().map(pieces).sum::<usize>() >= 2, "{name}");
        // Lists outside of everything are divided between groups.
        let is_list = whole.iter().filter(|block| block.is_piece()).count() >= 2;
        assert!(is_list || whole.iter().any(Element::is_long), "{name} is not skipped");
        for piece in [29, 1000] {
            assert_eq!(
                outline(&grown(cuts(&text, piece))),
                outline(&whole),
                "{name} in pieces of {piece} bytes"
            );
        }
    }
}

#[test]
fn without_its_pieces_a_long_text_is_what_pulldown_cmark_reads() {
    for (name, text) in long() {
        let (ours, theirs) = (undivided(parse(&text)), undivided(reference::parse(&text)));
        assert!(ours.iter().map(pieces).sum::<usize>() == 0, "{name}");
        assert_eq!(outline(&ours), outline(&theirs), "{name}");
    }
}

/// What is skipped is not within something else that is.
#[test]
fn nothing_that_is_skipped_stands_within_something_skipped() {
    fn check(element: &Element, parent_is_long: bool, within: bool, name: &str) {
        let is_skipped = element.is_piece() && parent_is_long && !element.is_long();
        assert!(!(is_skipped && within), "{name}: a piece within a piece");
        for node in &element.children {
            if let Node::Element(child) = node {
                check(child, element.is_long(), within || is_skipped, name);
            }
        }
    }
    for (name, text) in long() {
        for block in &parse(&text) {
            // The group is not skipped if one of its blocks is long.
            check(block, false, !block.is_long(), name);
        }
    }
}

/// A line, and where its pieces begin.
#[test]
fn pieces_begin_behind_so_many_items_and_go_on_with_the_number() {
    let mut html = String::new();
    write_html(&mut html, &parse(&"3. a\n".repeat(200)));
    let begins: Vec<_> =
        html.match_indices("<ol").map(|(at, _)| &html[at..html[at..].find('>').unwrap() + at]).collect();
    assert_eq!(
        begins,
        [
            "<ol start=\"3\"",
            "<ol start=\"67\" data-piece=\"\"",
            "<ol start=\"131\" data-piece=\"\"",
            "<ol start=\"195\" data-piece=\"\""
        ]
    );
    assert_eq!(html.matches("<li>").count(), 200);
}

#[test]
fn what_is_not_long_is_whole() {
    let lists = format!("{}\n{}", "- item\n".repeat(64), "> quoted\n>\n".repeat(64));
    let table = format!("|a|\n|-|\n{}\n", "|b|\n".repeat(64));
    for block in parse(&format!("{lists}\n{table}\n{}", "word ".repeat(1600))) {
        assert_eq!(pieces(&block), 0);
        assert!(!block.is_long());
    }
}

/// How many things there are side by side.
#[test]
fn no_piece_has_too_much_in_it() {
    fn most(element: &Element) -> usize {
        let inner = element.children.iter().map(|node| match node {
            Node::Element(element) => most(element),
            Node::Text(text) => text.len() / 256,
        });
        // The leaves are not divided further: a paragraph of 8 KB has some hundreds of words and links.
        let is_leaf = matches!(element.tag, Tag::P | Tag::H2 | Tag::Span);
        inner.max().unwrap_or(0).max(if is_leaf { 0 } else { element.children.len() })
    }
    for (name, text) in long() {
        for block in parse(&text) {
            assert!(most(&block) <= 130, "{name}: {}", most(&block));
        }
    }
}

#[test]
fn a_tail_stands_in_the_piece_in_which_it_will_stand() {
    let quote = "> quoted\n>\n".repeat(64);
    let (mut growing, mut tails) = (Growing::new(), Vec::new());
    let mut take = |change: Change| {
        if let Change::Tail { nodes, .. } = change {
            tails.extend(nodes);
        }
    };
    growing.push(&quote, &mut take);
    growing.push("> *more", &mut take);
    let Some(Node::Element(tail)) = tails.last() else { panic!("{tails:?}") };
    assert_eq!(outline(std::slice::from_ref(tail)), "div[data-piece=\"\"]{p{em{\"more\"}}}");
}
