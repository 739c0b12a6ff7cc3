//! Quotes, lists and footnotes: what a line continues, what it ends, and what it begins.

use super::cursor::{Cursor, Marker};
use super::{Blocks, Context, Leaf, scan};
use crate::markdown::{Attr, Change, Element, Labels, Tag};

/// Quotes, lists and footnotes that are in so many others are text. An HTML parser flattens at about
/// 510 elements, and layout of deep nesting takes seconds.
pub const MAX_CONTAINERS: usize = 32;

#[derive(Clone, Debug)]
pub(super) enum Container {
    Quote,
    List(List),
    /// How far its lines are indented.
    Item(usize),
    Note,
}

/// A list whose items have one mark. It stays open between its items.
#[derive(Clone, Debug)]
pub(super) struct List {
    mark: u8,
    /// A blank line stood between two of its blocks.
    loose: bool,
    /// An item of it has a paragraph, which is what looks different in a loose list.
    paragraphs: bool,
    /// How many elements are open with it.
    depth: usize,
}

impl Blocks {
    /// How many containers the line continues; goes over their marks.
    pub(super) fn continued(&self, at: &mut Cursor<'_>) -> usize {
        for (index, container) in self.spine.iter().enumerate() {
            let before = at.clone();
            let goes_on = match container {
                Container::List(_) => true,
                Container::Quote => {
                    at.spaces(3);
                    at.quote()
                }
                Container::Item(indent) => at.indented(*indent) || at.at_end(),
                Container::Note => at.indented(4) || at.at_end(),
            };
            if !goes_on {
                *at = before;
                return index;
            }
        }
        self.spine.len()
    }

    /// Ends the innermost container.
    pub(super) fn pop(&mut self, cx: &mut Context<'_>) {
        match self.spine.pop() {
            None => {}
            Some(Container::Note) => self.close(cx, 2),
            Some(Container::List(list)) => {
                self.empty_item &= list.loose;
                self.close(cx, 1);
            }
            Some(Container::Quote | Container::Item(_)) => self.close(cx, 1),
        }
    }

    fn containers(&self) -> usize {
        self.spine.iter().filter(|container| !matches!(container, Container::Item(_))).count()
    }

    /// Whether one more container can begin here. An open list would end first.
    pub(super) fn has_room(&self) -> bool {
        let ends = matches!(self.spine.last(), Some(Container::List(_)));
        self.containers() - usize::from(ends) < MAX_CONTAINERS
    }

    /// What begins now is no item: an open list ends, and a blank line before makes the list around
    /// a loose one.
    pub(super) fn end_list(&mut self, cx: &mut Context<'_>) {
        self.end_empty_item(cx);
        if let Some(Container::List(_)) = self.spine.last() {
            self.pop(cx);
        }
        if std::mem::take(&mut self.after_blank) && self.spine.len() >= 2 {
            let around = self.spine.len() - 2;
            self.loosen(cx, around);
        }
    }

    /// An item can begin with at most one blank line.
    fn end_empty_item(&mut self, cx: &mut Context<'_>) {
        if self.empty_item && self.after_blank && matches!(self.spine.last(), Some(Container::Item(_))) {
            self.pop(cx);
        }
        self.empty_item = false;
    }

    fn loosen(&mut self, cx: &mut Context<'_>, at: usize) {
        if let Some(Container::List(list)) = self.spine.get_mut(at)
            && !std::mem::replace(&mut list.loose, true)
            && list.paragraphs
        {
            (cx.change)(Change::Loose { depth: list.depth });
        }
    }

    /// A paragraph stands in the innermost container.
    pub(super) fn note_paragraph(&mut self, cx: &mut Context<'_>) {
        if let [.., Container::List(list), Container::Item(_)] = self.spine.as_mut_slice()
            && !std::mem::replace(&mut list.paragraphs, true)
            && list.loose
        {
            (cx.change)(Change::Loose { depth: list.depth });
        }
    }

    /// Begins the containers whose marks stand here, and goes over the marks. Says whether the line
    /// is done with that.
    pub(super) fn begin_containers(
        &mut self,
        cx: &mut Context<'_>,
        at: &mut Cursor<'_>,
        ended: bool,
    ) -> bool {
        loop {
            let before = at.clone();
            let outer = at.spaces(4);
            if outer >= 4 {
                *at = before;
                return false;
            }
            if self.has_room()
                && let Some((length, label)) = scan::note(at.rest())
            {
                at.skip(length);
                self.begin_note(cx, &label, at.rest());
            } else if let Some(marker) = at.marker(outer).filter(|marker| self.takes_item(marker)) {
                if self.begin_item(cx, &marker, at, ended) {
                    return true;
                }
            } else if self.has_room() && at.quote() {
                self.end_list(cx);
                self.spine.push(Container::Quote);
                if let Some(kind) = scan::alert(at.rest()) {
                    self.leaf = Leaf::Alert(kind);
                    return true;
                }
                self.open(cx, Element::new(Tag::Blockquote).along(at.rest()));
            } else {
                *at = before;
                return false;
            }
        }
    }

    fn takes_item(&self, marker: &Marker) -> bool {
        matches!(self.spine.last(), Some(Container::List(list)) if list.mark == marker.mark)
            || self.has_room()
    }

    /// Opens the alert that has begun, in the direction of its first line.
    pub(super) fn open_alert(&mut self, cx: &mut Context<'_>, kind: usize, line: &str) {
        let alert = alert(kind, cx.book.labels).along(line);
        self.open(cx, alert);
    }

    fn begin_note(&mut self, cx: &mut Context<'_>, label: &str, line: &str) {
        self.end_list(cx);
        if let Some(Container::Note) = self.spine.last() {
            self.pop(cx);
        }
        cx.define_note(label);
        let name = Element::new(Tag::Span).with(Attr::Class("footnote-label")).and_text(label);
        let note = Element::new(Tag::Div).with(Attr::Class("footnote")).with(Attr::NoteRole);
        self.spine.push(Container::Note);
        self.open(cx, note.along(line).and(name));
        self.open(cx, Element::new(Tag::Div).with(Attr::Class("footnote-body")));
    }

    /// Says whether the item's first line has nothing more.
    fn begin_item(
        &mut self,
        cx: &mut Context<'_>,
        marker: &Marker,
        at: &mut Cursor<'_>,
        ended: bool,
    ) -> bool {
        self.continue_list(cx, marker, at.rest());
        self.spine.push(Container::Item(marker.indent));
        let blank = scan::blank(at.rest().as_bytes());
        let task = if blank { None } else { at.task(ended) };
        let item = Element::new(Tag::Li);
        self.open(cx, if task.is_some() { item.with(Attr::Class("task")) } else { item });
        if blank {
            self.empty_item = true;
            return true;
        }
        if let Some(done) = task {
            at.all_spaces();
            self.empty_item |= scan::blank(at.rest().as_bytes());
            self.begin_task(cx, at.rest(), done, ended);
            return true;
        }
        false
    }

    fn continue_list(&mut self, cx: &mut Context<'_>, marker: &Marker, line: &str) {
        self.end_empty_item(cx);
        if matches!(self.spine.last(), Some(Container::List(list)) if list.mark == marker.mark) {
            if std::mem::take(&mut self.after_blank) {
                self.loosen(cx, self.spine.len() - 1);
            }
            return;
        }
        if !self.spine.is_empty() {
            self.end_list(cx);
        }
        let element = match (marker.mark, marker.number) {
            (b'-' | b'+' | b'*', _) => Element::new(Tag::Ul),
            (_, 1) => Element::new(Tag::Ol),
            (_, first) => Element::new(Tag::Ol).with(Attr::Start(first)),
        };
        self.open(cx, element.along(line));
        let list = List { mark: marker.mark, loose: false, paragraphs: false, depth: self.depth };
        self.spine.push(Container::List(list));
        self.after_blank = false;
    }

    /// A blank line, where no leaf is open.
    pub(super) fn blank(&mut self) {
        match self.spine.last_mut() {
            Some(Container::Quote) => {}
            Some(Container::Item(indent)) if self.empty_item => {
                // Nothing can be nested in an empty item, so its indentation counts no more.
                *indent = 0;
                self.after_blank = true;
            }
            _ => self.after_blank = true,
        }
    }
}

/// An alert with its title, by its place in the order of `scan::alert`.
pub(super) fn alert(kind: usize, labels: &Labels) -> Element {
    let (class, title) = match kind {
        0 => ("alert note", labels.note),
        1 => ("alert tip", labels.tip),
        2 => ("alert important", labels.important),
        3 => ("alert warning", labels.warning),
        _ => ("alert caution", labels.caution),
    };
    let title = Element::new(Tag::P).with(Attr::Class("alert-title")).and_text(title);
    Element::new(Tag::Div).with(Attr::Class(class)).with(Attr::NoteRole).and(title)
}
