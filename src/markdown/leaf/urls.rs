//! Addresses that stand in the text as they are: `https://example.org/a`.

use super::inlines::link_to;
use crate::markdown::{Element, Href, Node, Tag};

/// Makes links of the addresses in these nodes, except in links and code. Where the text may go on, an
/// address at its very end is not one yet.
pub(in crate::markdown) fn link(nodes: Vec<Node>, open: bool) -> Vec<Node> {
    let mut out = Vec::with_capacity(nodes.len());
    let count = nodes.len();
    for (at, node) in nodes.into_iter().enumerate() {
        let open = open && at + 1 == count;
        match node {
            Node::Text(text) if text.contains("://") => split(&text, open, &mut out),
            Node::Element(mut element) if matches!(element.tag, Tag::Em | Tag::Strong | Tag::Del) => {
                element.children = link(std::mem::take(&mut element.children), open);
                out.push(Node::Element(element));
            }
            node => out.push(node),
        }
    }
    out
}

fn split(text: &str, open: bool, out: &mut Vec<Node>) {
    let (mut done, mut from) = (0, 0);
    while let Some(colon) = text[from..].find("://").map(|at| from + at) {
        from = colon + 3;
        let Some(start) = scheme(&text[done..colon]).map(|at| done + at) else { continue };
        let end = from + length(&text[from..]);
        if end == from {
            continue;
        }
        if open && !text[from..].contains(ends) {
            break;
        }
        let address = &text[start..end];
        let Some(href) = Href::parse(address) else { continue };
        push(&text[done..start], out);
        let link: Element = link_to(href).and_text(address);
        out.push(Node::Element(link));
        (done, from) = (end, end);
    }
    push(&text[done..], out);
}

fn push(text: &str, out: &mut Vec<Node>) {
    if !text.is_empty() {
        out.push(Node::Text(text.to_owned()));
    }
}

/// Where the scheme begins that ends this text and no word.
fn scheme(before: &str) -> Option<usize> {
    let name = ["https", "http"].into_iter().find(|name| {
        let at = before.len().checked_sub(name.len());
        at.and_then(|at| before.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(name))
    })?;
    let start = before.len() - name.len();
    (!before[..start].ends_with(|c: char| c.is_ascii_alphanumeric())).then_some(start)
}

/// An address goes up to space, an angle bracket, a quotation mark, or punctuation of Chinese text.
fn ends(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '<' | '>' | '"' | '`')
        || "，。、；：！？）】》」』”’…".contains(c)
}

/// How much belongs to the address: without the punctuation that ends a sentence, and without a
/// closing bracket that nothing opened.
fn length(rest: &str) -> usize {
    if !rest.starts_with(|c: char| c.is_alphanumeric() || c == '[') {
        return 0;
    }
    let mut address = &rest[..rest.find(ends).unwrap_or(rest.len())];
    // Counted once: a thousand brackets at the end must not be counted a thousand times.
    let count = |bracket| address.bytes().filter(|b| *b == bracket).count();
    let (mut round, mut square) = (count(b')'), count(b']'));
    let (round_open, square_open) = (count(b'('), count(b'['));
    while let Some(last) = address.bytes().last() {
        match last {
            b'?' | b'!' | b'.' | b',' | b':' | b';' | b'*' | b'_' | b'~' | b'\'' => {}
            b')' if round > round_open => round -= 1,
            b']' if square > square_open => square -= 1,
            _ => break,
        }
        address = &address[..address.len() - 1];
    }
    address.len()
}
