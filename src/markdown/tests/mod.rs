//! Tests of the tree: what it looks like, that it is safe whatever the text, and that its HTML reads
//! back as the same tree. The documents serve the browser's tests too.

#[cfg(not(target_family = "wasm"))]
mod agreement;
#[cfg(not(target_family = "wasm"))]
mod campaign;
#[cfg(not(target_family = "wasm"))]
mod chunks;
mod differences;
pub(crate) mod documents;
mod flashes;
#[cfg(not(target_family = "wasm"))]
mod growth;
mod large;
mod late;
#[cfg(not(target_family = "wasm"))]
mod lines;
pub(crate) mod long;
mod looks;
#[cfg(not(target_family = "wasm"))]
mod pieces;
#[cfg(not(target_family = "wasm"))]
mod reference;
mod safety;
mod shapes;
#[cfg(not(target_family = "wasm"))]
mod spent;

// proptest and the HTML parser are not built for WASM.
#[cfg(not(target_family = "wasm"))]
mod reading_back;

use super::{Element, Node};

/// A tree as one line, for comparing it with trees of other kinds: `tag[name="value"]{children}`.
pub(crate) fn outline(blocks: &[Element]) -> String {
    let mut out = String::new();
    for block in blocks {
        outline_element(&mut out, block);
    }
    out
}

fn outline_element(out: &mut String, element: &Element) {
    let attrs = element.attrs.iter().map(|attr| (attr.name().to_owned(), attr.value().into_owned()));
    outline_tag(out, element.tag.name(), attrs.collect());
    for child in &element.children {
        match child {
            Node::Element(element) => outline_element(out, element),
            Node::Text(text) => outline_text(out, text),
        }
    }
    out.push('}');
}

/// The beginning of an element, up to its children.
pub(crate) fn outline_tag(out: &mut String, name: &str, mut attrs: Vec<(String, String)>) {
    use std::fmt::Write;

    attrs.sort();
    out.push_str(name);
    for (name, value) in attrs {
        let _ = write!(out, "[{name}={value:?}]");
    }
    out.push('{');
}

/// A text.
pub(crate) fn outline_text(out: &mut String, text: &str) {
    use std::fmt::Write;

    let _ = write!(out, "{text:?}");
}

/// Every beginning of a text, one character longer each time, up to the whole.
pub(crate) fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, c)| &text[..at + c.len_utf8()])
}

/// Panics if a tree has what it must not have. Written apart from the tables that it checks.
fn assert_safe(blocks: &[Element], source: &str) {
    for block in blocks {
        assert_safe_element(block, source, 0);
    }
}

fn assert_safe_element(element: &Element, source: &str, depth: usize) {
    let tag = element.tag.name();
    assert!(depth < 140, "{depth} deep: {}", &source[..source.len().min(80)]);
    assert!(documents::TAGS.contains(&tag), "<{tag}> of {source:?}");
    let mut names: Vec<_> = element.attrs.iter().map(super::Attr::name).collect();
    for attr in &element.attrs {
        assert_safe_attribute(tag, attr.name(), &attr.value(), source);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), element.attrs.len(), "a name twice: {:?}", element.attrs);
    let mut after_text = false;
    for child in &element.children {
        match child {
            Node::Element(child) => assert_safe_element(child, source, depth + 1),
            Node::Text(text) => assert!(!text.is_empty() && !after_text, "{:?}", element.children),
        }
        after_text = matches!(child, Node::Text(_));
    }
}

/// Panics if an element of a page must not have this attribute, or not with this value.
pub(crate) fn assert_safe_attribute(tag: &str, name: &str, value: &str, source: &str) {
    let ok = match (tag, name) {
        ("a", "href") if value.starts_with("/api/files/") => !value.contains(".."),
        ("a", "href") => ["http://", "https://", "mailto:"]
            .iter()
            .any(|scheme| value.to_ascii_lowercase().starts_with(scheme)),
        ("a", "rel") => value == "noopener noreferrer nofollow",
        ("a", "target") => value == "_blank",
        ("img", "src") => value.starts_with("/api/files/") && !value.contains(".."),
        ("img", "width" | "height") => value.parse::<u32>().is_ok_and(|pixels| pixels > 0),
        ("img", "alt" | "loading") | ("a" | "img", "title") => true,
        ("input", "type") => value == "checkbox",
        ("input", "checked" | "disabled" | "aria-label") => true,
        ("button", "type") => value == "button",
        ("button", "aria-pressed") => value == "false",
        ("ol", "start") => value.bytes().all(|b| b.is_ascii_digit()),
        (_, "data-piece" | "data-long") => value.is_empty(),
        ("th", "scope") | (_, "class") => value.bytes().all(|b| b.is_ascii_lowercase() || b" -".contains(&b)),
        ("pre" | "div", "tabindex") => value == "0",
        ("div", "role") => value == "note",
        ("blockquote" | "div" | "ol" | "ul", "dir") => value == "rtl",
        _ => false,
    };
    assert!(ok, "<{tag} {name}={value:?}> of {source:?}");
}
