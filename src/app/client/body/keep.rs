//! A text that has ended as another one, most often a shorter one: a stop keeps less than was shown. What
//! is the same before and after stays the same nodes, with the selection and the focus in it. Bit by bit, as
//! there may be much.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node, Text};

use super::adopted::Unfinished;
use super::finish::{Finished, finished};
use super::{dom, group};
use crate::markdown::Attr;

/// Makes a body show what is drawn elsewhere, and takes from there what it lacks. Block by block: the
/// server's last group may be longer than the one in which the same blocks were drawn. A long block goes
/// piece by piece.
#[derive(Debug)]
pub(super) struct Keep {
    body: Element,
    /// What of the body nobody has finished yet. All that is drawn elsewhere is finished.
    unfinished: Unfinished,
    /// The block of the body that is next.
    old: Option<Element>,
    /// The one that is drawn.
    new: Option<Element>,
    /// The long elements in which it goes on first, outermost first.
    inside: Vec<Inside>,
    /// What of the body is tidied next, when all blocks are there.
    group: Option<Element>,
}

impl Keep {
    pub(super) fn new(body: &Element, drawn: &Element, unfinished: Unfinished) -> Self {
        let (old, new) = (group::first_block(body), group::first_block(drawn));
        Self { body: body.clone(), unfinished, old, new, inside: Vec::new(), group: None }
    }

    /// Goes on with one block or one piece; false if there is none any more.
    pub(super) fn step(&mut self) -> bool {
        let Some(inside) = self.inside.last_mut() else { return self.block() };
        match inside.next() {
            (Some(was), Some(is)) => self.compare(&was, &is),
            (None, Some(is)) => {
                let _ = inside.element.append_child(&is);
            }
            (Some(was), None) => {
                let _ = inside.element.remove_child(&was);
            }
            (None, None) => drop(self.inside.pop()),
        }
        true
    }

    fn block(&mut self) -> bool {
        let was = self.old.take();
        self.old = was.as_ref().and_then(group::next_block);
        let is = self.new.take();
        self.new = is.as_ref().and_then(group::next_block);
        let is_tidying = was.is_none() && is.is_none();
        match (was, is) {
            (Some(was), Some(is)) => self.compare(&was, &is),
            (None, Some(is)) => {
                let _ = group::with_room(&self.body, &is).append_child(&is);
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

    /// Makes one node like another, or puts that in its place.
    fn compare(&mut self, was: &Node, is: &Node) {
        if let Some(inside) = Inside::of(was, is) {
            self.unfinished.finish(&inside.element);
            self.inside.push(inside);
        } else if !stays(was, is, &self.unfinished)
            && let Some(parent) = was.parent_node()
        {
            let _ = parent.replace_child(is, was);
        }
    }
}

/// What is in an element that has many pieces.
#[derive(Debug)]
struct Inside {
    element: Element,
    old: Option<Node>,
    new: Option<Node>,
}

impl Inside {
    /// None if they are too little for that, or not alike. Code stays whole.
    fn of(was: &Node, is: &Node) -> Option<Self> {
        let (element, like): (&Element, &Element) = (was.dyn_ref()?, is.dyn_ref()?);
        let is_long = element.has_attribute(Attr::Long.name()) && like.has_attribute(Attr::Long.name());
        if !is_long || Finished::of(like) == Some(Finished::Code) || !is_same_but_for_children(was, is) {
            return None;
        }
        Some(Self { element: element.clone(), old: was.first_child(), new: is.first_child() })
    }

    /// The next two, as long as there are any.
    fn next(&mut self) -> (Option<Node>, Option<Node>) {
        let (was, is) = (self.old.take(), self.new.take());
        self.old = was.as_ref().and_then(Node::next_sibling);
        self.new = is.as_ref().and_then(Node::next_sibling);
        (was, is)
    }
}

impl Unfinished {
    /// Finishes what stays as it is, if nobody has.
    fn finish(&self, element: &Element) {
        if let Some(kind) = Finished::of(element)
            && self.holds(element)
        {
            finished(kind, element);
        }
    }

    /// Whether something in this element may have to be finished.
    fn may_be_in(&self, element: &Element) -> bool {
        let mut nodes = self.open.iter().map(AsRef::<Node>::as_ref).chain(&self.tail);
        matches!(element.query_selector(Finished::SELECTOR), Ok(Some(_)))
            && nodes.any(|node| element.contains(Some(node)) || node.contains(Some(element)))
    }
}

fn children(old: &Node, new: &Node, unfinished: &Unfinished) {
    let (mut at, mut next) = (old.first_child(), new.first_child());
    while let Some(node) = next {
        next = node.next_sibling();
        let Some(was) = at else {
            let _ = old.append_child(&node);
            at = None;
            continue;
        };
        at = was.next_sibling();
        if !stays(&was, &node, unfinished) {
            let _ = old.replace_child(&node, &was);
        }
    }
    while let Some(was) = at {
        at = was.next_sibling();
        let _ = old.remove_child(&was);
    }
}

/// Makes one node like another, unless that one has to take its place.
fn stays(old: &Node, new: &Node, unfinished: &Unfinished) -> bool {
    if let (Some(old), Some(new)) = (old.dyn_ref::<Text>(), new.dyn_ref::<Text>()) {
        dom::change_text(old, 0, &old.data(), &new.data());
        return true;
    }
    let (Some(was), Some(is)) = (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) else { return false };
    let same = match Finished::of(is) {
        // It has got its colours, and its buttons may say what they did.
        Some(Finished::Code) => Finished::of(was) == Some(Finished::Code) && code(was) == code(is),
        // One of them may be typeset already.
        Some(Finished::Math) => Finished::of(was) == Some(Finished::Math) && formula(was) == formula(is),
        Some(Finished::Table) | None => {
            let same = is_same_but_for_children(old, new);
            if same && (unfinished.may_be_in(was) || !old.is_equal_node(Some(new))) {
                children(old, new, unfinished);
            }
            same
        }
    };
    if same {
        unfinished.finish(was);
    }
    same
}

/// What a code block says: its language and its text. Compared by the browser, as that may be much.
fn code(block: &Element) -> [Option<JsValue>; 2] {
    [".code-language", "pre"].map(|part| {
        let part = block.query_selector(part).ok()??;
        Reflect::get(&part, &JsValue::from_str("textContent")).ok()
    })
}

/// What a formula says: its LaTeX, and whether it stands by itself.
fn formula(formula: &Element) -> (Option<String>, bool) {
    let latex = formula.query_selector("annotation").ok().flatten();
    (latex.as_ref().unwrap_or(formula).text_content(), formula.class_list().contains("display"))
}

fn is_same_but_for_children(old: &Node, new: &Node) -> bool {
    match (old.clone_node(), new.clone_node()) {
        (Ok(old), Ok(new)) => old.is_equal_node(Some(&new)),
        _ => false,
    }
}
