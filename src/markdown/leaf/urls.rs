//! Addresses that stand in the text as they are: `https://example.org/a`, `www.example.org`,
//! `me@example.org`. Where the scheme is missing it is `https`, as browsers have it: nobody should be
//! sent over a plain connection because a text left it out.

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
            Node::Text(text) if ["://", "www.", "@"].iter().any(|mark| text.contains(mark)) => {
                split(&text, open, &mut out)
            }
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
    while let Some(at) = text[from..].find([':', 'w', '@']).map(|at| from + at) {
        from = at + 1;
        let Some(found) = find(text, done, at) else { continue };
        if open && found.may_go_on {
            break;
        }
        let address = &text[found.start..found.end];
        let Some(href) = Href::parse(&format!("{}{address}", found.before)) else { continue };
        push(&text[done..found.start], out);
        let link: Element = link_to(href).and_text(address);
        out.push(Node::Element(link));
        (done, from) = (found.end, found.end);
    }
    push(&text[done..], out);
}

/// An address in a text.
struct Found {
    start: usize,
    end: usize,
    /// What it lacks to be one.
    before: &'static str,
    /// It stands at the end of the text.
    may_go_on: bool,
}

/// The address that this character belongs to, in the text behind what is done.
fn find(text: &str, done: usize, at: usize) -> Option<Found> {
    let rest = &text[at..];
    if rest.starts_with("://") {
        let start = done + scheme(&text[done..at])?;
        let found = Found { start, end: at + 3, before: "", may_go_on: false };
        return web(text, found);
    }
    if rest.starts_with("www.") && begins(&text[done..at]) {
        let found = Found { start: at, end: at + 4, before: "https://", may_go_on: false };
        return if is_host(rest) { web(text, found) } else { None };
    }
    rest.starts_with('@').then(|| mail(text, done, at))?
}

/// The rest of an address of a page, of which this is the beginning.
fn web(text: &str, mut found: Found) -> Option<Found> {
    let rest = &text[found.end..];
    let length = length(rest);
    found.end += length;
    found.may_go_on = !rest.contains(ends);
    (length > 0).then_some(found)
}

/// Whether an address without a scheme can begin behind this.
fn begins(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| !c.is_ascii() || c.is_whitespace() || "*_~(\"'|".contains(c))
}

/// Whether this begins with the name of a host that has more than `www.` and one word: `www.conf` is
/// a file.
fn is_host(address: &str) -> bool {
    const LONGEST: usize = 253;
    let is_end = |(at, c): &(usize, char)| *at > LONGEST || !(c.is_alphanumeric() || "-_.".contains(*c));
    let end = address.char_indices().find(is_end).map_or(address.len(), |(at, _)| at);
    let labels = || address[..end].trim_end_matches(['.', '_']).split('.');
    end <= LONGEST
        && labels().count() > 2
        && !labels().any(str::is_empty)
        && !labels().rev().take(2).any(|label| label.contains('_'))
}

/// The address of somebody's mail whose `@` stands here. Behind the `@` of `react@18.2` is a version,
/// and `git@example.org:a` or `me@example.org/a` lead elsewhere.
fn mail(text: &str, done: usize, at: usize) -> Option<Found> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let before = &text[done..at];
    let name = before.len() - before.trim_end_matches(is_name).len();
    let leads_here = before[..before.len() - name].ends_with(['@', '/']);
    let rest = &text[at + 1..];
    let length = rest.find(|c| !is_host(c)).unwrap_or(rest.len());
    let host = rest[..length].trim_end_matches('.');
    let after = &rest[length..];
    let leads_elsewhere = after.starts_with(['@', '/'])
        || (after.starts_with(':') && !after[1..].starts_with(char::is_whitespace) && after.len() > 1);
    let (label, last) = host.rsplit_once('.')?;
    let named = !label.is_empty() && host.split('.').all(|label| !label.is_empty());
    let known = last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphabetic());
    (name > 0 && named && known && !leads_here && !leads_elsewhere).then_some(Found {
        start: at - name,
        end: at + 1 + host.len(),
        before: "mailto:",
        may_go_on: after.is_empty() || after == ":",
    })
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

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn a_host_has_at_most_the_length_that_there_are_names_of() {
        let host = |length: usize| format!("www.{}.org", "a".repeat(length - "www..org".len()));
        assert!(is_host(&host(253)));
        assert!(!is_host(&host(254)));
        assert!(!is_host(&host(100_000)));
        // What stands behind it does not count.
        assert!(is_host(&format!("{}/{}", host(253), "a".repeat(1_000))));
    }
}
