//! Elements of the Markdown tree as nodes of the page: building them, and changing those that are
//! there into others with as little as possible.
//!
//! Names come from the tree's closed tables, everything else goes in as text nodes and attribute
//! values; no HTML is ever parsed here.

use wasm_bindgen::JsCast;
use web_sys::CharacterData;

use super::document;
use super::pattern::Patterns;
use crate::markdown::{Attr, Element, Node, Tag};

thread_local! {
    /// Elements with those of their attributes that are the same for many.
    static PATTERNS: Patterns<(Tag, Vec<Attr>)> = const { Patterns::none() };
}

/// Makes these nodes, at the end of `parent`.
pub(super) fn append(parent: &web_sys::Node, nodes: &[Node]) {
    for node in nodes {
        let _ = parent.append_child(&build(node));
    }
}

/// Makes a node, with all that is in it.
pub(super) fn build(node: &Node) -> web_sys::Node {
    match node {
        Node::Text(text) => document().create_text_node(text).into(),
        Node::Element(element) => build_element(element).into(),
    }
}

/// Makes an element, with all that is in it.
pub(super) fn build_element(element: &Element) -> web_sys::Element {
    let built = build_bare(element);
    match element.children.as_slice() {
        [Node::Text(text)] => built.set_text_content(Some(text)),
        children => append(&built, children),
    }
    built
}

/// Makes an element with its attributes, and nothing in it.
pub(super) fn build_bare(element: &Element) -> web_sys::Element {
    let common = || element.attrs.iter().filter(|attr| is_common(attr));
    let is = |(tag, attrs): &(Tag, Vec<Attr>)| *tag == element.tag && common().eq(attrs);
    let build = || {
        let built = document().create_element(element.tag.name()).expect("every tag is a valid name");
        set_attributes(&built, common());
        ((element.tag, common().cloned().collect()), built)
    };
    let built = PATTERNS.with(|patterns| patterns.copy(is, build));
    set_attributes(&built, element.attrs.iter().filter(|attr| !is_common(attr)));
    built
}

/// Whether it is the same for many elements, and not one of a text's own.
fn is_common(attr: &Attr) -> bool {
    use Attr::{Alt, Height, Href, Opens, Src, Start, Title, Width};
    !matches!(attr, Href(_) | Src(_) | Opens(_) | Alt(_) | Title(_) | Width(_) | Height(_) | Start(_))
}

fn set_attributes<'a>(element: &web_sys::Element, attrs: impl Iterator<Item = &'a Attr>) {
    for attr in attrs {
        let _ = element.set_attribute(attr.name(), &attr.value());
    }
}

/// Makes the children of `parent` from `first` on, which show `old`, show `new`: each is changed into
/// the one at its place, and left alone where they are equal.
pub(super) fn change(parent: &web_sys::Node, first: Option<web_sys::Node>, old: &[Node], new: &[Node]) {
    let mut at = first;
    for (old, new) in old.iter().zip(new) {
        let Some(node) = at else { return append(parent, std::slice::from_ref(new)) };
        at = node.next_sibling();
        if old != new && !change_node(&node, old, new) {
            let _ = parent.replace_child(&build(new), &node);
        }
    }
    for _ in new.len()..old.len() {
        let Some(node) = at else { return };
        at = node.next_sibling();
        let _ = parent.remove_child(&node);
    }
    append(parent, new.get(old.len()..).unwrap_or_default());
}

/// Changes one node, unless it would have to become another one.
fn change_node(node: &web_sys::Node, old: &Node, new: &Node) -> bool {
    match (old, new) {
        (Node::Text(old), Node::Text(new)) => change_text(node.unchecked_ref(), 0, old, new),
        (Node::Element(old), Node::Element(new)) if old.tag == new.tag => {
            change_element(node.unchecked_ref(), old, new);
        }
        _ => return false,
    }
    true
}

/// Changes an element into one of the same tag.
pub(super) fn change_element(node: &web_sys::Element, old: &Element, new: &Element) {
    change_attributes(node, old, new);
    change(node, node.first_child(), &old.children, &new.children);
}

/// Gives an element the attributes of another one of its tag.
pub(super) fn change_attributes(node: &web_sys::Element, old: &Element, new: &Element) {
    for attr in &old.attrs {
        if !new.attrs.iter().any(|new| new.name() == attr.name()) {
            let _ = node.remove_attribute(attr.name());
        }
    }
    set_attributes(node, new.attrs.iter().filter(|attr| !old.attrs.contains(attr)));
}

/// Changes a text that begins `from` units into the node and goes to its end. Only what differs is
/// changed: a selection in the rest survives that, while assigning the whole value would collapse it.
pub(super) fn change_text(node: &CharacterData, from: u32, old: &str, new: &str) {
    let equal = common_prefix(old, new);
    if equal == old.len() {
        if equal < new.len() {
            let _ = node.append_data(&new[equal..]);
        }
    } else {
        let _ = node.replace_data(from + utf16_len(&old[..equal]), u32::MAX, &new[equal..]);
    }
}

/// How many bytes two texts begin with in common, up to the border of a character.
pub(super) fn common_prefix(old: &str, new: &str) -> usize {
    let mut equal = old.bytes().zip(new.bytes()).take_while(|(old, new)| old == new).count();
    while !old.is_char_boundary(equal) {
        equal -= 1;
    }
    equal
}

/// The DOM counts in UTF-16.
pub(super) fn utf16_len(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}
