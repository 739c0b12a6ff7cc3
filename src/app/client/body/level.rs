//! One open element of the page: what is in it for good, and behind that the tail, which the next
//! changes claim piece by piece: a node of the tail that is what is to be added stays, and becomes it.

use std::collections::VecDeque;

use wasm_bindgen::JsCast;
use web_sys::Text;

use super::document;
use super::dom::{self, utf16_len};
use super::leaf::Leaf;
use crate::markdown::{Element, Node};

/// The largest text node that is appended to, in UTF-16 units: the browser copies a node's whole text
/// at each append, so one node for a long text would make its cost grow with what is there.
const NODE_LIMIT: u32 = 16_384;

/// An open element, or the last group of the body.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) element: web_sys::Element,
    /// What is in it for good, where that may be asked for.
    pub(super) leaf: Leaf,
    end: End,
    /// What stands behind the end. If that begins with a text, the end is within that text's node.
    tail: VecDeque<Node>,
}

/// Where that ends which is there for good.
#[derive(Debug)]
pub(super) enum End {
    /// There is nothing yet.
    Start,
    /// Behind this node.
    Behind(web_sys::Node),
    /// So many UTF-16 units into this text.
    Within(Text, u32),
}

impl End {
    /// Behind all of this node.
    pub(super) fn after(node: Option<web_sys::Node>) -> Self {
        match node.map(JsCast::dyn_into::<Text>) {
            None => Self::Start,
            Some(Err(node)) => Self::Behind(node),
            Some(Ok(text)) => Self::Within(text.clone(), text.length()),
        }
    }
}

impl Level {
    /// An element with nothing in it for good; all that is in it is its tail.
    pub(super) fn new(element: web_sys::Element, leaf: Leaf, tail: Vec<Node>) -> Self {
        let mut level = Self { element, leaf, end: End::Start, tail: tail.into() };
        level.enter();
        level
    }

    /// An element whose children up to `end` are there for good, and the rest is its tail.
    pub(super) fn standing(element: web_sys::Element, leaf: Leaf, end: End, tail: Vec<Node>) -> Self {
        Self { element, leaf, end, tail: tail.into() }
    }

    /// The first node behind the end, and behind the text that the end is in.
    fn next(&self) -> Option<web_sys::Node> {
        match &self.end {
            End::Start => self.element.first_child(),
            End::Behind(node) => node.next_sibling(),
            End::Within(text, _) => text.next_sibling(),
        }
    }

    /// Steps into the text that the tail begins with, if it does.
    fn enter(&mut self) {
        if let Some(Node::Text(_)) = self.tail.front()
            && let Some(Ok(text)) = self.next().map(JsCast::dyn_into)
        {
            self.end = End::Within(text, 0);
        }
    }

    /// Takes the text away that the tail begins with, if it does.
    fn drop_text(&mut self) {
        let Some(Node::Text(_)) = self.tail.front() else { return };
        self.tail.pop_front();
        match &self.end {
            End::Within(text, 0) => {
                let before = text.previous_sibling();
                text.remove();
                self.end = End::after(before);
            }
            End::Within(text, kept) => {
                let _ = text.replace_data(*kept, u32::MAX, "");
            }
            End::Start | End::Behind(_) => {}
        }
    }

    /// Whether something stands behind what is there for good.
    pub(super) fn has_tail(&self) -> bool {
        !self.tail.is_empty()
    }

    /// Takes the tail away.
    pub(super) fn cut(&mut self) {
        if self.tail.is_empty() {
            return;
        }
        self.drop_text();
        self.tail.clear();
        while let Some(node) = self.next() {
            let _ = self.element.remove_child(&node);
        }
    }

    /// Puts a text behind the end, which is not in a text of the tail. It is not there for good yet.
    fn put_text(&mut self, text: &str) {
        if let End::Within(node, _) = &self.end
            && node.length() < NODE_LIMIT
        {
            let _ = node.append_data(text);
        } else {
            let node = document().create_text_node(text);
            let _ = self.element.insert_before(&node, self.next().as_ref());
            self.end = End::Within(node, 0);
        }
    }

    /// Text that is there for good.
    pub(super) fn text(&mut self, text: &str) {
        self.leaf.text(text);
        if let (Some(Node::Text(old)), End::Within(node, kept)) = (self.tail.front_mut(), &self.end) {
            if let Some(rest) = old.strip_prefix(text).filter(|rest| !rest.is_empty()) {
                *old = rest.to_owned();
            } else {
                dom::change_text(node, *kept, old, text);
                self.tail.pop_front();
            }
        } else {
            self.put_text(text);
        }
        if let End::Within(_, kept) = &mut self.end {
            *kept += utf16_len(text);
        }
    }

    /// An element that is there for good, with all that is in it.
    pub(super) fn add(&mut self, new: &Element) -> web_sys::Element {
        self.leaf.element(new);
        self.claim(new, dom::build_element, |node, old| dom::change_element(node, &old, new))
    }

    /// An element that is there for good, and is open.
    pub(super) fn open(&mut self, new: Element) -> Self {
        let mut tail = Vec::new();
        let element = self.claim(&new, dom::build_bare, |node, old| {
            dom::change_attributes(node, &old, &new);
            tail = old.children;
        });
        let mut level = Self::new(element, Leaf::of(new.tag), tail);
        for child in new.children {
            match child {
                Node::Element(child) => drop(level.add(&child)),
                Node::Text(text) => level.text(&text),
            }
        }
        level
    }

    /// Changes what the tail begins with if that can be, builds if not, and steps behind it.
    fn claim(
        &mut self,
        new: &Element,
        build: fn(&Element) -> web_sys::Element,
        change: impl FnOnce(&web_sys::Element, Element),
    ) -> web_sys::Element {
        self.drop_text();
        let next = self.next();
        let element = match (self.tail.pop_front(), next) {
            (Some(Node::Element(old)), Some(node)) if old.tag == new.tag => {
                let node = node.unchecked_into();
                change(&node, old);
                node
            }
            (Some(_), Some(node)) => {
                let built = build(new);
                let _ = self.element.replace_child(&built, &node);
                built
            }
            (_, next) => {
                let built = build(new);
                let _ = self.element.insert_before(&built, next.as_ref());
                built
            }
        };
        self.end = End::Behind(element.clone().into());
        self.enter();
        element
    }

    /// Puts a tail in the place of the one that stands there.
    pub(super) fn change_tail(&mut self, nodes: Vec<Node>) {
        match (self.tail.front(), nodes.first()) {
            (Some(Node::Text(old)), Some(Node::Text(new))) => {
                if let End::Within(node, kept) = &self.end {
                    dom::change_text(node, *kept, old, new);
                }
            }
            (Some(Node::Text(_)), _) => self.drop_text(),
            (_, Some(Node::Text(new))) => self.put_text(new),
            _ => {}
        }
        let begins = |node: Option<&Node>| usize::from(matches!(node, Some(Node::Text(_))));
        let (old_begins, new_begins) = (begins(self.tail.front()), begins(nodes.first()));
        let next = self.next();
        let old = &self.tail.make_contiguous()[old_begins..];
        dom::change(&self.element, next, old, &nodes[new_begins..]);
        self.tail = nodes.into();
    }

    /// The nodes of the tail, but for a text that it begins with.
    pub(super) fn tail_nodes(&self) -> Vec<web_sys::Node> {
        let tail = if self.tail.is_empty() { None } else { self.next() };
        std::iter::successors(tail, web_sys::Node::next_sibling).collect()
    }
}
