//! Paragraphs, and what they turn out to be: headings, tables, definitions.

use std::borrow::Cow;

use pulldown_cmark::{Event, Tag as Start, TagEnd};

use super::containers::Container;
use super::cursor::Cursor;
use super::{Blocks, Context, LONGEST, Leaf, scan, special};
use crate::markdown::book::Destination;
use crate::markdown::leaf::{self, Continues, Kind, Lines};
use crate::markdown::{Attr, Change, Element, Node, Tag};

/// A paragraph whose end has not come.
#[derive(Clone, Debug, Default)]
pub(super) struct Paragraph {
    pub lines: Lines,
    /// The box before it.
    pub task: Option<bool>,
    /// Its beginning has been shown for good: it will be no heading and no table.
    pub begun: bool,
    /// It stands in a piece of its element: what was shown before is in others.
    piece: bool,
    /// It ends with its line: it is a heading, of which so much is true for good.
    pub is_line: bool,
    /// The last line is complete.
    pub complete: bool,
    /// The last line with the marks of its containers, where it may be the head of a table.
    head: Option<String>,
    /// Its first line is the first one of an alert, and continues only so many containers.
    pub lazily: Option<usize>,
}

impl Paragraph {
    /// The text of something that is open already.
    pub(super) fn inner() -> Self {
        let mut paragraph = Self { begun: true, ..Self::default() };
        paragraph.lines.inner = true;
        paragraph.lines.push("", Continues::Inside, false);
        paragraph
    }

    pub(super) fn extend(&mut self, piece: &str) {
        let is_empty = self.begun && self.lines.text.is_empty();
        self.lines.text.push_str(if is_empty { piece.trim_start_matches([' ', '\t']) } else { piece });
        if let Some(head) = &mut self.head {
            head.push_str(piece);
        }
    }

    fn may_define(&self) -> bool {
        !self.begun
            && self.task.is_none()
            && self.lines.text.starts_with('[')
            && self.lines.text.contains("]:")
    }

    /// Takes definitions from its beginning; while it is open, only those that are complete.
    fn take_definitions(&mut self, cx: &mut Context<'_>, all: bool) {
        if !self.may_define() {
            return;
        }
        let document = self.lines.definitions();
        #[cfg(test)]
        {
            cx.book.parsed += document.len();
        }
        let parser = leaf::parser(&document);
        let mut found: Vec<_> = parser
            .reference_definitions()
            .iter()
            .map(|(label, to)| (to.span.start, label.to_owned(), to.dest.to_string(), to.title.clone()))
            .map(|(at, label, address, title)| {
                let title = title.map(|title| title.to_string()).unwrap_or_default();
                (at, label, Destination { address, title })
            })
            .collect();
        let before = usize::from(self.lines.begins_as_note());
        let line_in = |at: usize| document[..at].bytes().filter(|b| *b == b'\n').count();
        found.retain(|(at, ..)| line_in(*at) >= before);
        let line_of = |at: usize| line_in(at).saturating_sub(before);
        let around = |event: &Event<'_>| {
            matches!(
                event,
                Event::Start(Start::BlockQuote(_) | Start::List(_) | Start::Item)
                    | Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item)
            )
        };
        let wrapped = matches!(document, Cow::Owned(_));
        let text = parser.into_offset_iter().find(|(event, _)| !(wrapped && around(event)));
        let mut lines = text.map_or(self.lines.starts.len(), |(_, range)| line_of(range.start));
        if !all {
            // The last one may go on, with a title in its next line.
            let next = self.lines.starts.get(lines).map(|(start, _)| self.lines.text[*start..].trim_start());
            let done = next.is_some_and(|next| !next.starts_with(['"', '\'', '(']));
            if !done {
                lines = found.iter().map(|(at, ..)| line_of(*at)).max().unwrap_or(0);
            }
        }
        // Nothing can refer to a label that is a footnote's.
        found.retain(|(at, label, _)| line_of(*at) < lines && !label.starts_with('^'));
        drop(document);
        self.lines.drop_lines(lines);
        // In their order, so that changes come in one; there are few.
        while let Some(first) = (0..found.len()).min_by_key(|index| found[*index].0) {
            let (_, label, to) = found.swap_remove(first);
            cx.book.define(&label, to);
        }
    }

    /// Shows the beginning for good, in what is open. Only the first bytes decide where it ends, not how
    /// much more has come.
    pub(super) fn show_part(&mut self, cx: &mut Context<'_>) {
        let border = leaf::border(&self.lines.text, LONGEST, cx.book);
        let mut part = Self { task: self.task.take(), ..Self::default() };
        part.lines = self.lines.up_to(border.end);
        cx.add_part(&part.leaf());
        let between = &self.lines.text[border.end..border.next];
        if !between.is_empty() {
            (cx.change)(Change::Text(between.to_owned()));
        }
        if self.lines.last() < border.next {
            self.head = None;
        }
        self.lines.drop_text(border.next);
    }

    /// Shows what is not shown for good, in what is open.
    pub(super) fn show_rest(&self, cx: &mut Context<'_>) {
        cx.add_part(&self.leaf());
    }

    fn leaf(&self) -> leaf::Leaf {
        leaf::Leaf { source: self.lines.document().into_owned(), kind: Kind::Text(self.task) }
    }
}

impl Blocks {
    pub(super) fn begin_paragraph(&mut self, cx: &mut Context<'_>, rest: &str, ended: bool) {
        let mut paragraph = Paragraph::default();
        paragraph.lines.push(rest, Continues::Inside, false);
        self.leaf = Leaf::Paragraph(paragraph);
        self.paragraph_grew(cx, ended);
    }

    /// The first line of a task. A box without text is a paragraph of its own.
    pub(super) fn begin_task(&mut self, cx: &mut Context<'_>, rest: &str, done: bool, ended: bool) {
        if scan::blank(rest.as_bytes()) {
            let mut paragraph = Element::new(Tag::P);
            paragraph.children.push(Node::Element(leaf::task(done, cx.book.labels)));
            (cx.change)(Change::Add(paragraph));
            return;
        }
        self.end_list(cx);
        let mut paragraph = Paragraph { task: Some(done), ..Paragraph::default() };
        paragraph.lines.inner = true;
        paragraph.lines.push(rest, Continues::Inside, false);
        self.leaf = Leaf::Paragraph(paragraph);
        self.paragraph_grew(cx, ended);
    }

    pub(super) fn paragraph_line(
        &mut self,
        cx: &mut Context<'_>,
        line: &str,
        mut at: Cursor<'_>,
        inside: bool,
        ended: bool,
    ) {
        let whole = at.rest();
        if inside && !self.is_long() && self.table_begins(cx, line, whole, ended) {
            return;
        }
        let indented = at.indented(4);
        let rest = at.rest();
        if !indented {
            if inside
                && !self.is_long()
                && let Some(level) = scan::underline(rest.as_bytes())
                && self.heading_ends(cx, level, rest)
            {
                return;
            }
            if self.interrupts(rest, inside, false) {
                self.end_leaf(cx);
                self.begin(cx, line, ended);
                return;
            }
        }
        at.all_spaces();
        let Leaf::Paragraph(paragraph) = &mut self.leaf else { return };
        if at.at_end() {
            self.end_leaf(cx);
            self.begin(cx, line, ended);
            return;
        }
        if paragraph.lines.starts.is_empty() {
            // All lines before were definitions.
            paragraph.lines.push(at.rest(), Continues::Inside, false);
        } else {
            // What is text here for want of room or for its indentation must be so for the parser of
            // inlines too.
            let full = inside && !self.has_room();
            let (how, is_long) = (self.continues(line), self.is_long());
            // What is text anyhow may have been taken before the line was long.
            let is_made_text = is_long && !self.decided(line);
            let Leaf::Paragraph(paragraph) = &mut self.leaf else { return };
            let deep = is_made_text
                || (paragraph.begun && special(rest))
                || (indented && !Cursor::new(whole).indented(4))
                || (full && !at.rest().starts_with(|c: char| c.is_alphanumeric()));
            paragraph.lines.push(whole, how, deep);
            paragraph.head = (!indented && !is_long && rest.starts_with('|')).then(|| line.to_owned());
        }
        self.paragraph_grew(cx, ended);
    }

    fn continues(&self, line: &str) -> Continues {
        match self.spine.get(self.continued(&mut Cursor::new(line))) {
            None => Continues::Inside,
            Some(Container::Item(_) | Container::Note) => Continues::Indented,
            Some(Container::Quote | Container::List(_)) => Continues::Lazily,
        }
    }

    /// Whether the line underlines a heading.
    fn heading_ends(&mut self, cx: &mut Context<'_>, level: usize, rest: &str) -> bool {
        let Leaf::Paragraph(mut paragraph) = std::mem::take(&mut self.leaf) else { return false };
        if !paragraph.begun {
            paragraph.take_definitions(cx, true);
            if !paragraph.lines.starts.is_empty() {
                paragraph.lines.push(rest, Continues::Inside, false);
                let source = paragraph.lines.document().into_owned();
                self.add_heading(cx, level, source, paragraph.task);
                return true;
            }
        }
        self.leaf = Leaf::Paragraph(paragraph);
        false
    }

    /// Whether the line makes a table's head of the one before.
    fn table_begins(&mut self, cx: &mut Context<'_>, line: &str, whole: &str, ended: bool) -> bool {
        let Some(columns) = scan::delimiter_row(whole.as_bytes()) else { return false };
        let Leaf::Paragraph(paragraph) = &mut self.leaf else { return false };
        let columns_of = |paragraph: &Paragraph| {
            scan::head_columns(&paragraph.lines.text.as_bytes()[paragraph.lines.last()..])
        };
        // What begins with a pipe ends a paragraph, before it can be a part of a definition.
        let ends = paragraph.head.is_some();
        if !ends && columns_of(paragraph) == columns.len() {
            paragraph.take_definitions(cx, true);
        }
        let last = &paragraph.lines.text[paragraph.lines.last()..];
        if paragraph.lines.starts.is_empty() || scan::head_columns(last.as_bytes()) != columns.len() {
            return false;
        }
        if paragraph.lines.starts.len() == 1 && !paragraph.begun {
            let escapes = last.bytes().rev().take_while(|b| *b == b'\\').count();
            if escapes % 2 == 1 {
                return false;
            }
            if let Some(continued) = paragraph.lazily {
                self.end_lazily(cx, continued);
                self.begin(cx, line, ended);
                return true;
            }
            let head = last.to_owned();
            self.begin_table(cx, &head, columns);
            return true;
        }
        let Some(head) = paragraph.head.take() else { return false };
        paragraph.lines.drop_last();
        self.end_leaf(cx);
        self.begin(cx, &head, true);
        self.line(cx, line, ended);
        true
    }

    /// What could be the head of a table can't continue an alert: it stands behind that.
    fn end_lazily(&mut self, cx: &mut Context<'_>, continued: usize) {
        let leaf = std::mem::take(&mut self.leaf);
        while self.spine.len() > continued {
            self.pop(cx);
        }
        self.leaf = leaf;
        self.end_leaf(cx);
    }

    /// The paragraph has more text, or a complete line.
    pub(super) fn paragraph_grew(&mut self, cx: &mut Context<'_>, ended: bool) {
        let Leaf::Paragraph(mut paragraph) = std::mem::take(&mut self.leaf) else { return };
        while paragraph.lines.text.len() >= LONGEST {
            if !std::mem::replace(&mut paragraph.begun, true) {
                self.note_paragraph(cx);
                self.open(cx, Element::new(Tag::P));
            }
            paragraph.show_part(cx);
            self.close(cx, usize::from(std::mem::replace(&mut paragraph.piece, true)));
            self.open(cx, Element::new(Tag::Span).with(Attr::Piece));
        }
        paragraph.complete = ended;
        if ended && paragraph.lines.starts.len() > 1 {
            paragraph.take_definitions(cx, false);
        }
        self.leaf = Leaf::Paragraph(paragraph);
    }

    pub(super) fn end_paragraph(&mut self, cx: &mut Context<'_>, mut paragraph: Paragraph) {
        paragraph.take_definitions(cx, true);
        if paragraph.begun {
            paragraph.show_rest(cx);
            self.close(cx, 1 + usize::from(paragraph.piece));
        } else if !paragraph.lines.starts.is_empty() {
            self.note_paragraph(cx);
            cx.add_leaf(Element::new(Tag::P), &paragraph.leaf());
        }
    }
}
