//! What the changes of a text make, counted and not made: the server has drawn it already. In the end
//! this says which of the page's elements are open, and where those stand that wait.

use wasm_bindgen::JsCast;
use web_sys::Text;

use super::dom::utf16_len;
use super::group;
use super::late::{Found, Waiting};
use super::leaf::Leaf;
use super::level::{End, Level};
use crate::markdown::{Change, Element, Node, Tag};

/// The open elements and the tail of a text that stands in the page.
#[derive(Debug)]
pub(super) struct Spine {
    /// The body, and the open elements in it.
    open: Vec<Counted>,
    tail: (usize, Vec<Node>),
    waiting: Waiting,
    /// What was in the element that was added or closed last.
    last: Vec<Node>,
}

/// An open element.
#[derive(Debug)]
struct Counted {
    /// None is the last group of the body.
    tag: Option<Tag>,
    /// How many elements are closed in it; of the body, in all its groups.
    elements: u32,
    leaf: Leaf,
}

impl Default for Spine {
    fn default() -> Self {
        let body = Counted { tag: None, elements: 0, leaf: Leaf::default() };
        Self { open: vec![body], tail: (0, Vec::new()), waiting: Waiting::default(), last: Vec::new() }
    }
}

impl Spine {
    pub(super) fn apply(&mut self, change: Change) {
        match change {
            Change::Tail { depth, nodes } => {
                self.tail = (depth, nodes);
                return;
            }
            Change::Late { leaf, children } => {
                self.waiting.change(leaf, children);
                return;
            }
            Change::Loose { .. } | Change::Long { .. } => return,
            Change::Waits(leaf) => {
                let (path, shown) = (self.path(), std::mem::take(&mut self.last));
                self.waiting.add(leaf, path, shown);
                return;
            }
            Change::Open(element) => self.open(element),
            Change::Close => {
                if let Some(closed) = self.open.pop() {
                    self.innermost().elements += 1;
                    self.last = closed.leaf.into_nodes();
                }
            }
            Change::Add(element) => {
                self.add(&element);
                self.last = element.children;
            }
            Change::Text(text) => self.innermost().leaf.text(&text),
        }
        self.tail = (0, Vec::new());
    }

    fn innermost(&mut self) -> &mut Counted {
        self.open.last_mut().expect("the body is never closed")
    }

    fn open(&mut self, element: Element) {
        let leaf = Leaf::of(element.tag);
        self.open.push(Counted { tag: Some(element.tag), elements: 0, leaf });
        for child in element.children {
            match child {
                Node::Element(child) => self.add(&child),
                Node::Text(text) => self.innermost().leaf.text(&text),
            }
        }
    }

    fn add(&mut self, element: &Element) {
        let innermost = self.innermost();
        innermost.elements += 1;
        innermost.leaf.element(element);
    }

    /// The place of the element that was added or closed last. An open one is behind those that are
    /// closed in the one around it.
    fn path(&self) -> Vec<u32> {
        let mut path: Vec<_> = self.open.iter().map(|open| open.elements).collect();
        if let Some(last) = path.last_mut() {
            *last = last.saturating_sub(1);
        }
        path
    }

    /// Finds one more of the leaves that wait; false if there is none.
    pub(super) fn find_next(&mut self, body: &web_sys::Element) -> bool {
        self.waiting.find_next(body)
    }

    /// The leaves that wait, as far as they were found.
    pub(super) fn take_waiting(&mut self) -> Found {
        std::mem::take(&mut self.waiting).into_found()
    }

    /// Finds the open elements, each by what is last in the one around it. None where the page is not
    /// what it should be.
    pub(super) fn find(self, body: &web_sys::Element) -> Option<Vec<Level>> {
        let (depth, mut tail) = self.tail;
        let innermost = self.open.len() - 1;
        let is_empty = body.child_element_count() == 0;
        let (mut element, mut elsewhere) = if is_empty { (group::open(body), 0) } else { group::last(body)? };
        let mut levels = Vec::with_capacity(self.open.len());
        for (at, open) in self.open.into_iter().enumerate() {
            let tail = if at == depth { std::mem::take(&mut tail) } else { Vec::new() };
            let tag = open.tag.map_or("div", Tag::name);
            if element.local_name() != tag || !open.is_all(&element, elsewhere, at < innermost, &tail) {
                return None;
            }
            elsewhere = 0;
            let end = before(&element, &tail)?;
            let next = match &end {
                End::Behind(node) if at < innermost => node.dyn_ref().cloned(),
                _ => None,
            };
            levels.push(Level::standing(element.clone(), open.leaf, end, tail));
            match next {
                Some(next) => element = next,
                None if at < innermost => return None,
                None => {}
            }
        }
        Some(levels)
    }
}

impl Counted {
    /// Whether there are as many elements as there should be, with those that are in other groups.
    fn is_all(&self, element: &web_sys::Element, elsewhere: usize, has_open: bool, tail: &[Node]) -> bool {
        let in_tail = tail.iter().filter(|node| matches!(node, Node::Element(_))).count();
        let expected = self.elements as usize + usize::from(has_open) + in_tail;
        element.child_element_count() as usize + elsewhere == expected
    }
}

/// Where the tail begins that stands last in an element.
fn before(element: &web_sys::Element, tail: &[Node]) -> Option<End> {
    let mut at = element.last_child();
    for (index, node) in tail.iter().enumerate().rev() {
        let shown = at?;
        match node {
            Node::Element(expected) => {
                let shown: &web_sys::Element = shown.dyn_ref()?;
                if shown.local_name() != expected.tag.name() {
                    return None;
                }
                // A long text is cut into several nodes by the browser's HTML parser.
                shown.normalize();
            }
            Node::Text(text) => {
                let length = utf16_len(text);
                let shown = at_least(shown.dyn_into().ok()?, length);
                let kept = shown.length().checked_sub(length)?;
                if index == 0 {
                    return Some(End::Within(shown, kept));
                }
                at = shown.previous_sibling();
                continue;
            }
        }
        at = shown.previous_sibling();
    }
    Some(End::after(at))
}

/// A text of at least this length, joined with those before it if it is not so long.
fn at_least(mut text: Text, length: u32) -> Text {
    while text.length() < length
        && let Some(Ok(before)) = text.previous_sibling().map(JsCast::dyn_into::<Text>)
    {
        let _ = before.append_data(&text.data());
        text.remove();
        text = before;
    }
    text
}
