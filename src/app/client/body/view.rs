//! Markdown as nodes of the page to which more is added: it holds the open elements, and what is closed
//! is not touched again, but for the class of a loose list and for a leaf whose definition comes late.

use web_sys::Element;

use super::adopted::Unfinished;
use super::finish::{Finished, finished, within};
use super::group;
use super::late::Found;
use super::leaf::Leaf;
use super::level::Level;
use super::patch::patch;
use super::spine::Spine;
use crate::markdown::{Attr, Change, LeafId, Node};

/// The open elements of a body, and the leaves in it that wait.
#[derive(Debug)]
pub(super) struct View {
    body: Element,
    /// The body's last group, and the open elements in it, outermost first.
    levels: Vec<Level>,
    waiting: Found,
    /// The element that was added or closed last, and what is in it.
    last: Option<(Element, Vec<Node>)>,
    /// The tail that stands there is to stay: no other change came behind it.
    is_tail_due: bool,
}

impl View {
    /// A body that is empty.
    pub(super) fn new(body: Element) -> Self {
        let group = Level::new(group::open(&body), Leaf::default(), Vec::new());
        Self::of(body, vec![group])
    }

    /// A body in which a text stands already, whose leaves that wait are found. None if it is not what it
    /// should be.
    pub(super) fn adopt(body: &Element, mut spine: Spine) -> Option<Self> {
        let waiting = spine.take_waiting();
        let mut view = Self::of(body.clone(), spine.find(body)?);
        view.waiting = waiting;
        Some(view)
    }

    fn of(body: Element, levels: Vec<Level>) -> Self {
        Self { body, levels, waiting: Found::new(), last: None, is_tail_due: true }
    }

    /// Makes the change.
    pub(super) fn apply(&mut self, change: Change) {
        match change {
            Change::Tail { depth, nodes } => return self.tail(depth, nodes),
            Change::Late { leaf, children } => return self.late(leaf, children),
            Change::Loose { depth } => return self.loose(depth),
            Change::Long { depth } => return self.long(depth),
            Change::Waits(leaf) => {
                if let Some(last) = self.last.take() {
                    self.waiting.insert(leaf, last);
                }
                return;
            }
            Change::Open(element) => {
                self.make_room(element.is_piece());
                let level = self.innermost().open(element);
                self.levels.push(level);
            }
            Change::Close => self.close(),
            Change::Add(element) => {
                self.make_room(false);
                let node = self.innermost().add(&element);
                within(&node, &element);
                self.last = Some((node, element.children));
            }
            Change::Text(text) => self.innermost().text(&text),
        }
        self.is_tail_due = false;
    }

    /// After some changes: takes away what is left of a tail that is not due any more.
    pub(super) fn settle(&mut self) {
        if !self.is_tail_due {
            self.levels.iter_mut().for_each(Level::cut);
        }
    }

    /// Opens another group for the next block, where one is due: also for a list that goes on with another
    /// one. Not while a tail stands in the last one: what comes next claims that.
    fn make_room(&mut self, is_piece: bool) {
        if let [group] = self.levels.as_mut_slice()
            && !group.has_tail()
            && (is_piece || group::is_full(&group.element))
        {
            *group = Level::new(group::open(&self.body), Leaf::default(), Vec::new());
        }
    }

    fn innermost(&mut self) -> &mut Level {
        self.levels.last_mut().expect("the body is never closed")
    }

    fn tail(&mut self, depth: usize, nodes: Vec<Node>) {
        self.is_tail_due = !nodes.is_empty();
        if !self.is_tail_due {
            // What stands there may still be claimed by what comes next.
            return;
        }
        self.make_room(false);
        for (at, level) in self.levels.iter_mut().enumerate() {
            if at != depth {
                level.cut();
            }
        }
        if let Some(level) = self.levels.get_mut(depth) {
            level.change_tail(nodes);
        }
    }

    fn close(&mut self) {
        if self.levels.len() > 1
            && let Some(mut closed) = self.levels.pop()
        {
            closed.cut();
            if let Some(kind) = Finished::of(&closed.element) {
                finished(kind, &closed.element);
            }
            self.last = Some((closed.element, closed.leaf.into_nodes()));
        }
    }

    fn loose(&self, depth: usize) {
        if let Some(level) = self.levels.get(depth).filter(|_| depth > 0) {
            let loose = Attr::Class("loose");
            let _ = level.element.set_attribute(loose.name(), &loose.value());
        }
    }

    /// What is long, and all around it: its pieces are skipped, and nothing that holds them.
    fn long(&self, depth: usize) {
        for level in self.levels.iter().take(depth + 1) {
            group::mark_long(&level.element);
        }
    }

    fn late(&mut self, leaf: LeafId, children: Vec<Node>) {
        if let Some((element, shown)) = self.waiting.get_mut(&leaf) {
            patch(element, shown, &children);
            *shown = children;
        }
    }

    /// What may still change.
    pub(super) fn unfinished(&self) -> Unfinished {
        Unfinished {
            open: self.levels.iter().map(|level| level.element.clone()).collect(),
            tail: self.levels.iter().flat_map(Level::tail_nodes).collect(),
        }
    }

    /// Where it stands.
    pub(super) fn body(&self) -> &Element {
        &self.body
    }

    /// Moves all that is in the body into another one, in the place of what is there.
    pub(super) fn move_into(&mut self, body: &Element) {
        body.set_text_content(None);
        while let Some(node) = self.body.first_child() {
            let _ = body.append_child(&node);
        }
        self.body = body.clone();
    }
}
