//! A closed leaf that a late definition changes: what is equal before and after stays the same nodes.

use wasm_bindgen::JsCast;
use web_sys::Text;

use super::dom::{self, utf16_len};
use super::finish::within;
use crate::markdown::Node;

/// Makes the children of a closed element, which show `old`, show `new`.
pub(super) fn patch(parent: &web_sys::Node, old: &[Node], new: &[Node]) {
    if parent.child_nodes().length() as usize != old.len() {
        // A long text stands there as several nodes.
        parent.normalize();
    }
    let before = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[before..], &new[before..]);
    let after = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - after], &new[..new.len() - after]);
    let nodes = parent.child_nodes();
    let first = u32::try_from(before).ok().and_then(|at| nodes.item(at));
    match (old, first.clone().map(JsCast::dyn_into::<Text>)) {
        ([Node::Text(text)], Some(Ok(node))) => split(parent, node, text, new),
        _ => change(parent, first, old, new),
    }
}

/// A text becomes several nodes. What is still text of it stays in its place, with a selection that
/// may be in it.
fn split(parent: &web_sys::Node, node: Text, text: &str, new: &[Node]) {
    let (mut node, mut text) = (node, text);
    for new in new {
        if let Node::Text(kept) = new
            && let Some(at) = text.find(kept.as_str())
            && node.replace_data(0, utf16_len(&text[..at]), "").is_ok()
            && let Ok(rest) = node.split_text(utf16_len(kept))
        {
            text = &text[at + kept.len()..];
            node = rest;
        } else {
            insert(parent, new, Some(&node));
        }
    }
    node.remove();
}

fn change(parent: &web_sys::Node, first: Option<web_sys::Node>, old: &[Node], new: &[Node]) {
    let mut at = first;
    for (old, new) in old.iter().zip(new) {
        let Some(node) = at else { return };
        at = node.next_sibling();
        match (old, new) {
            (Node::Text(old), Node::Text(new)) => dom::change_text(node.unchecked_ref(), 0, old, new),
            (Node::Element(old), Node::Element(new)) if old.tag == new.tag && old.attrs == new.attrs => {
                patch(&node, &old.children, &new.children);
            }
            _ => {
                insert(parent, new, Some(&node));
                let _ = parent.remove_child(&node);
            }
        }
    }
    for _ in new.len()..old.len() {
        let Some(node) = at else { return };
        at = node.next_sibling();
        let _ = parent.remove_child(&node);
    }
    for new in new.get(old.len()..).unwrap_or_default() {
        insert(parent, new, at.as_ref());
    }
}

fn insert(parent: &web_sys::Node, new: &Node, before: Option<&web_sys::Node>) {
    let built = dom::build(new);
    let _ = parent.insert_before(&built, before);
    if let (Node::Element(element), Some(built)) = (new, built.dyn_ref()) {
        within(built, element);
    }
}
