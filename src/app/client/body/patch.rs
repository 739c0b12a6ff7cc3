//! A closed leaf that a late definition changes: what is equal before and after stays the same nodes.

use wasm_bindgen::JsCast;
use web_sys::Text;

use super::alike::pairs;
use super::dom::{self, utf16_len};
use super::finish::{is_finished, within};
use crate::markdown::Node;

/// Makes the children of a closed element, which show `old`, show `new`.
pub(super) fn patch(parent: &web_sys::Node, old: &[Node], new: &[Node]) {
    if parent.child_nodes().length() as usize != old.len() {
        // A long text stands there as several nodes.
        parent.normalize();
    }
    let nodes: Vec<_> = std::iter::successors(parent.first_child(), web_sys::Node::next_sibling).collect();
    if nodes.len() != old.len() {
        // Something else has been there.
        parent.set_text_content(None);
        return new.iter().for_each(|new| insert(parent, new, None));
    }
    let before = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (rest, new) = (&old[before..], &new[before..]);
    let after = rest.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&rest[..rest.len() - after], &new[..new.len() - after]);
    let behind = nodes.get(before + old.len()).cloned();
    let place = Place { parent, nodes: &nodes[before..before + old.len()], behind };
    place.between(old, new, Node::eq, |_, _, _| (), |place, old, new| place.change_alike(old, new));
}

/// Some neighbours among the children of an element.
struct Place<'a> {
    parent: &'a web_sys::Node,
    nodes: &'a [web_sys::Node],
    behind: Option<web_sys::Node>,
}

impl Place<'_> {
    /// Does something with each pair of nodes that are alike, and something else with what is before,
    /// between and behind them.
    fn between(
        &self,
        old: &[Node],
        new: &[Node],
        alike: fn(&Node, &Node) -> bool,
        pair: fn(&web_sys::Node, &Node, &Node),
        gap: fn(&Place<'_>, &[Node], &[Node]),
    ) {
        let (mut from, mut from_new) = (0, 0);
        for (at, to) in pairs(old, new, alike) {
            let behind = Some(self.nodes[at].clone());
            let place = Place { parent: self.parent, nodes: &self.nodes[from..at], behind };
            gap(&place, &old[from..at], &new[from_new..to]);
            pair(&self.nodes[at], &old[at], &new[to]);
            (from, from_new) = (at + 1, to + 1);
        }
        let place = Place { parent: self.parent, nodes: &self.nodes[from..], behind: self.behind.clone() };
        gap(&place, &old[from..], &new[from_new..]);
    }

    /// No two are equal any more; elements that are the same but for what is in them are changed inside.
    fn change_alike(&self, old: &[Node], new: &[Node]) {
        self.between(old, new, are_alike, patch_element, |place, old, new| place.change(old, new));
    }

    /// Texts stay where texts are, and everything else is made anew.
    fn change(&self, old: &[Node], new: &[Node]) {
        if let ([Node::Text(text)], [node]) = (old, self.nodes) {
            return self.split(node.clone().unchecked_into(), text, new);
        }
        for at in 0..old.len().max(new.len()) {
            let node = self.nodes.get(at);
            match (node, old.get(at), new.get(at)) {
                (Some(node), Some(Node::Text(old)), Some(Node::Text(new))) => {
                    dom::change_text(node.unchecked_ref(), 0, old, new);
                }
                (_, _, new) => {
                    if let Some(new) = new {
                        insert(self.parent, new, node.or(self.behind.as_ref()));
                    }
                    if let Some(node) = node {
                        let _ = self.parent.remove_child(node);
                    }
                }
            }
        }
    }

    /// A text becomes several nodes. What is still text of it stays in its place, with a selection that
    /// may be in it.
    fn split(&self, node: Text, text: &str, new: &[Node]) {
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
                insert(self.parent, new, Some(&node));
            }
        }
        node.remove();
    }
}

/// Whether one may become the other one inside. What somebody else finishes shows something else by then.
fn are_alike(old: &Node, new: &Node) -> bool {
    match (old, new) {
        (Node::Element(old), Node::Element(new)) => {
            old.tag == new.tag && old.attrs == new.attrs && !is_finished(old)
        }
        _ => false,
    }
}

fn patch_element(node: &web_sys::Node, old: &Node, new: &Node) {
    if let (Node::Element(old), Node::Element(new)) = (old, new) {
        patch(node, &old.children, &new.children);
    }
}

fn insert(parent: &web_sys::Node, new: &Node, before: Option<&web_sys::Node>) {
    let built = dom::build(new);
    let _ = parent.insert_before(&built, before);
    if let (Node::Element(element), Some(built)) = (new, built.dyn_ref()) {
        within(built, element);
    }
}
