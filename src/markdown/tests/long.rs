//! Texts that are long, and trees as if nothing had ever been divided.

use crate::markdown::{Attr, Element, Node, Tag};

const WORDS: &str = "Words of *some* kind, and `code`. Then [more](https://a.test) of them! ";

/// Long ones of every kind, and some within others.
pub(crate) fn long() -> Vec<(&'static str, String)> {
    let many = |line: &str| line.repeat(300);
    vec![
        ("list", many("- item\n")),
        ("numbers", format!("7. a\n{}", many("1. item\n"))),
        ("right to left", many("- פריט\n")),
        ("loose list", format!("{}\n{}", many("- item\n"), many("- item\n\n"))),
        ("quote", many("> quoted\n>\n")),
        ("alert", format!("> [!NOTE]\n{}", many("> quoted\n>\n"))),
        ("footnote", format!("[^1]: a\n\n{}", many("    a paragraph\n\n"))),
        ("table", format!("|a|b|\n|-|-:|\n{}", many("|c|d|\n").repeat(2))),
        ("code", format!("```rust\n{}", many("    let code = 1;\n").repeat(3))),
        ("a line of code", format!("```\n{}\nmore\n```\n", many("{\"key\":\"值\"},").repeat(16))),
        ("paragraph", many(WORDS)),
        ("lines", many(&format!("{}\n", WORDS.trim()))),
        ("chinese", many("词元到达时追加在末尾。已经完成的部分不再改变！")),
        ("html", format!("<div>\n{}", many("    <p>a line of HTML, and another one</p>\n").repeat(2))),
        ("heading", format!("# {}", many(WORDS))),
        ("list in an item", format!("- outer\n{}- outer\n", many("  - inner\n"))),
        ("list in a quote", many("> - item\n")),
        ("code in a quote", format!("> ```\n{}", many("> code\n").repeat(3))),
        ("quote in a list", format!("- > a\n  >\n{}", many("  > b\n  >\n"))),
        ("table in an item", format!("- |a|\n  |-|\n{}", many("  |c|\n").repeat(2))),
        ("items with much in them", format!("- {}\n", WORDS.repeat(70)).repeat(30)),
        ("references", format!("{}\n\n[b]: https://b.test\n", many("- [b] and [c]\n"))),
    ]
}

/// The tree as if nothing had ever been divided.
pub(crate) fn undivided(blocks: Vec<Element>) -> Vec<Element> {
    let mut whole: Vec<Element> = Vec::new();
    for block in blocks {
        match (whole.last_mut(), block.is_piece()) {
            (Some(last), true) => join(last, block),
            _ => whole.push(block),
        }
    }
    whole.into_iter().map(undivided_element).collect()
}

fn join(last: &mut Element, piece: Element) {
    let loose = Attr::Class("loose");
    if piece.attrs.contains(&loose) && !last.attrs.contains(&loose) {
        last.attrs.push(loose);
    }
    last.children.extend(piece.children);
}

fn undivided_element(mut element: Element) -> Element {
    element.attrs.retain(|attr| *attr != Attr::Long);
    let mut children: Vec<Node> = Vec::new();
    for child in std::mem::take(&mut element.children) {
        match (child, children.last_mut()) {
            (Node::Element(piece), last) if piece.is_piece() => match (piece.tag, last) {
                (Tag::Ul | Tag::Ol | Tag::Tbody, Some(Node::Element(last))) => join(last, piece),
                _ => {
                    let inner = piece.children;
                    for node in inner {
                        push(&mut children, node);
                    }
                }
            },
            (node, _) => push(&mut children, node),
        }
    }
    // A list that goes on in a piece of what is around it.
    let mut whole: Vec<Node> = Vec::new();
    for child in children {
        match (child, whole.last_mut()) {
            (Node::Element(piece), Some(Node::Element(last))) if piece.is_piece() => join(last, piece),
            (Node::Element(element), _) => whole.push(Node::Element(element)),
            (text, _) => push(&mut whole, text),
        }
    }
    let inner = |node| match node {
        Node::Element(element) => Node::Element(undivided_element(element)),
        text @ Node::Text(_) => text,
    };
    element.children = whole.into_iter().map(inner).collect();
    element
}

fn push(children: &mut Vec<Node>, node: Node) {
    match (node, children.last_mut()) {
        (Node::Text(text), Some(Node::Text(last))) => last.push_str(&text),
        (node, _) => children.push(node),
    }
}
