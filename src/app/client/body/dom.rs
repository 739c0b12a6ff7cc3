//! Elements of the Markdown tree as nodes of the page: building them, and changing those that are
//! there into others with as little as possible.
//!
//! Names come from the tree's closed tables, everything else goes in as text nodes and attribute
//! values; no HTML is ever parsed here.

use wasm_bindgen::JsCast;
use web_sys::{CharacterData, Document};

use crate::markdown::{Element, Node};

/// Appends these nodes.
pub(super) fn append(document: &Document, parent: &web_sys::Node, nodes: &[Node]) {
    for node in nodes {
        if let Some(built) = build(document, node) {
            let _ = parent.append_child(&built);
        }
    }
}

fn build(document: &Document, node: &Node) -> Option<web_sys::Node> {
    match node {
        Node::Text(text) => Some(document.create_text_node(text).into()),
        Node::Element(element) => {
            let built = document.create_element(element.tag.name()).ok()?;
            for attr in &element.attrs {
                let _ = built.set_attribute(attr.name(), &attr.value());
            }
            append(document, &built, &element.children);
            Some(built.into())
        }
    }
}

/// Makes the children of `parent`, which show `old`, show `new`. Leading ones that are equal are left
/// alone, the first that differs is changed inside if it can be, and what follows it is made anew.
pub(super) fn change(document: &Document, parent: &web_sys::Node, old: &[Node], new: &[Node]) {
    let equal = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    for _ in equal + 1..old.len() {
        remove_last(parent);
    }
    let mut shown = equal;
    if let Some(old) = old.get(equal) {
        let changed = new.get(equal).is_some_and(|new| {
            parent.last_child().is_some_and(|node| change_node(document, &node, old, new))
        });
        if changed {
            shown += 1;
        } else {
            remove_last(parent);
        }
    }
    append(document, parent, &new[shown..]);
}

fn remove_last(parent: &web_sys::Node) {
    if let Some(last) = parent.last_child() {
        let _ = parent.remove_child(&last);
    }
}

/// Changes one node, unless it would have to become another one.
fn change_node(document: &Document, node: &web_sys::Node, old: &Node, new: &Node) -> bool {
    match (old, new) {
        (Node::Text(old), Node::Text(new)) => change_text(node.unchecked_ref(), old, new),
        (Node::Element(old), Node::Element(new)) if old.tag == new.tag => {
            change_attributes(node.unchecked_ref(), old, new);
            change(document, node, &old.children, &new.children);
        }
        _ => return false,
    }
    true
}

fn change_attributes(element: &web_sys::Element, old: &Element, new: &Element) {
    if old.attrs == new.attrs {
        return;
    }
    for attr in &old.attrs {
        let _ = element.remove_attribute(attr.name());
    }
    for attr in &new.attrs {
        let _ = element.set_attribute(attr.name(), &attr.value());
    }
}

/// Changes only the end of a text that differs: a selection in what stays survives that, while
/// assigning the whole value would collapse it.
fn change_text(node: &CharacterData, old: &str, new: &str) {
    let equal = common_prefix(old, new);
    if equal == old.len() {
        let _ = node.append_data(&new[equal..]);
    } else {
        let _ = node.replace_data(utf16_len(&old[..equal]), utf16_len(&old[equal..]), &new[equal..]);
    }
}

/// How many bytes two texts begin with in common, up to the border of a character.
fn common_prefix(old: &str, new: &str) -> usize {
    let mut equal = old.bytes().zip(new.bytes()).take_while(|(old, new)| old == new).count();
    while !old.is_char_boundary(equal) {
        equal -= 1;
    }
    equal
}

/// The DOM counts in UTF-16.
fn utf16_len(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}
