//! A text that has ended as another one, most often a shorter one: a stop keeps less than was shown. What
//! is the same before and after stays the same nodes, with the selection and the focus in it. Bit by bit, as
//! there may be much.

use wasm_bindgen::JsCast;
use web_sys::{Element, Node, Text};

use super::finish::Finished;
use super::{dom, group};

/// Makes a body show what is drawn elsewhere, and takes from there what it lacks. Block by block: the
/// server's last group may be longer than the one in which the same blocks were drawn.
#[derive(Debug)]
pub(super) struct Keep {
    body: Element,
    /// The block of the body that is next.
    old: Option<Element>,
    /// The one that is drawn.
    new: Option<Element>,
    /// Nobody may have finished yet what stood open at the end, so that is not kept as it is.
    last: Option<Element>,
    /// What of the body is tidied next, when all blocks are there.
    group: Option<Element>,
}

impl Keep {
    pub(super) fn new(body: &Element, drawn: &Element) -> Self {
        let last = group::last(drawn).and_then(|(group, _)| group.last_element_child());
        let (old, new) = (group::first_block(body), group::first_block(drawn));
        Self { body: body.clone(), old, new, last, group: None }
    }

    /// Goes on with one block; false if there is none any more.
    pub(super) fn step(&mut self) -> bool {
        let was = self.old.take();
        self.old = was.as_ref().and_then(group::next_block);
        let is = self.new.take();
        self.new = is.as_ref().and_then(group::next_block);
        let is_tidying = was.is_none() && is.is_none();
        match (was, is) {
            (Some(was), Some(is)) if stays(&was, &is, self.last.as_ref()) => {}
            (Some(was), Some(is)) => {
                let _ = was.replace_with_with_node_1(&is);
            }
            (None, Some(is)) => {
                let _ = group::with_room(&self.body).append_child(&is);
            }
            (Some(was), None) => was.remove(),
            (None, None) => {
                let Some(group) = self.group.take() else { return false };
                self.group = group.next_element_sibling();
                group::tidy(&group);
            }
        }
        if !is_tidying && self.old.is_none() && self.new.is_none() {
            self.group = self.body.first_element_child();
        }
        true
    }
}

fn children(old: &Node, new: &Node, last: Option<&Element>) {
    let (mut at, mut next) = (old.first_child(), new.first_child());
    while let Some(node) = next {
        next = node.next_sibling();
        let Some(was) = at else {
            let _ = old.append_child(&node);
            at = None;
            continue;
        };
        at = was.next_sibling();
        if !stays(&was, &node, last) {
            let _ = old.replace_child(&node, &was);
        }
    }
    while let Some(was) = at {
        at = was.next_sibling();
        let _ = old.remove_child(&was);
    }
}

/// Makes one node like another, unless that one has to take its place.
fn stays(old: &Node, new: &Node, last: Option<&Element>) -> bool {
    if let (Some(old), Some(new)) = (old.dyn_ref::<Text>(), new.dyn_ref::<Text>()) {
        dom::change_text(old, 0, &old.data(), &new.data());
        return true;
    }
    let (Some(was), Some(is)) = (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) else { return false };
    if last.is_some_and(|last| last.is_same_node(Some(new))) && has_finished(is) {
        return false;
    }
    match Finished::of(is) {
        // It has got its colours, and its buttons may say what they did.
        Some(Finished::Code) => Finished::of(was) == Some(Finished::Code) && code(was) == code(is),
        Some(Finished::Math) => old.is_equal_node(Some(new)),
        Some(Finished::Table) | None => {
            let same = is_same_but_for_children(old, new);
            if same && (is.contains(last.map(AsRef::as_ref)) || !old.is_equal_node(Some(new))) {
                children(old, new, last);
            }
            same
        }
    }
}

/// Whether something is in this element that is finished when it is closed.
fn has_finished(element: &Element) -> bool {
    Finished::of(element).is_some() || matches!(element.query_selector(Finished::SELECTOR), Ok(Some(_)))
}

/// What a code block says: its language and its text.
fn code(block: &Element) -> [Option<String>; 2] {
    [".code-language", "pre"].map(|part| block.query_selector(part).ok()??.text_content())
}

fn is_same_but_for_children(old: &Node, new: &Node) -> bool {
    match (old.clone_node(), new.clone_node()) {
        (Ok(old), Ok(new)) => old.is_equal_node(Some(&new)),
        _ => false,
    }
}
