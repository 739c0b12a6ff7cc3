//! Blocks: one element each, or a few around one another.

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, HeadingLevel, Tag as Start};

use super::{Builder, Kind, Labels};
use crate::markdown::table::table_box;
use crate::markdown::{Attr, Element, Language, Tag};

impl Builder<'_> {
    pub(super) fn start_block(&mut self, tag: Start<'_>, line: &str) {
        match tag {
            Start::Paragraph => self.start_paragraph(),
            Start::Heading { level, .. } => self.open(Element::new(heading(level))),
            Start::BlockQuote(kind) => self.start_container(quote(kind).along(line)),
            Start::CodeBlock(kind) => self.start_code(&kind),
            Start::HtmlBlock => self.open(Element::new(Tag::P).with(Attr::Class("raw"))),
            Start::List(None) => self.start_container(Element::new(Tag::Ul).along(line)),
            Start::List(Some(1)) => self.start_container(Element::new(Tag::Ol).along(line)),
            Start::List(Some(first)) => {
                self.start_container(Element::new(Tag::Ol).with(Attr::Start(first)).along(line));
            }
            Start::Item => self.open(Element::new(Tag::Li)),
            Start::FootnoteDefinition(label) => self.start_footnote(&label, line),
            Start::Table(columns) => {
                self.open(table_box(&Labels::ENGLISH).along(line));
                self.open_as(Element::new(Tag::Table), Kind::Table(columns));
            }
            Start::TableHead => {
                self.open(Element::new(Tag::Thead));
                self.open(Element::new(Tag::Tr));
            }
            Start::TableRow => {
                if self.top() == Some(Tag::Table) {
                    self.open(Element::new(Tag::Tbody));
                }
                self.open(Element::new(Tag::Tr));
            }
            Start::TableCell => self.start_cell(),
            // Inline ones have been taken before; the rest needs options that are off.
            Start::Emphasis
            | Start::Strong
            | Start::Strikethrough
            | Start::Superscript
            | Start::Subscript
            | Start::Link { .. }
            | Start::Image { .. }
            | Start::DefinitionList
            | Start::DefinitionListTitle
            | Start::DefinitionListDefinition
            | Start::MetadataBlock(_) => self.leave_out(),
        }
    }

    /// A paragraph in an item: its list is not a tight one. `<p>` is there in both kinds, so that a
    /// list which turns out to be loose changes only a class.
    fn start_paragraph(&mut self) {
        if let [.., list, item] = self.open.as_mut_slice()
            && item.element.tag == Tag::Li
            && !list.element.attrs.contains(&Attr::Class("loose"))
        {
            list.element.attrs.push(Attr::Class("loose"));
        }
        self.open(Element::new(Tag::P));
    }

    fn start_container(&mut self, element: Element) {
        self.containers += 1;
        self.open(element);
    }

    fn start_footnote(&mut self, label: &str, line: &str) {
        let text = line.split_once("]:").map_or("", |(_, text)| text);
        let label = Element::new(Tag::Span).with(Attr::Class("footnote-label")).and_text(label);
        let note = Element::new(Tag::Div).with(Attr::Class("footnote")).with(Attr::NoteRole);
        self.start_container(note.along(text).and(label));
        self.open(Element::new(Tag::Div).with(Attr::Class("footnote-body")));
    }

    /// The bar with the language and the buttons is there from the first line on.
    fn start_code(&mut self, kind: &CodeBlockKind<'_>) {
        let language = match kind {
            CodeBlockKind::Fenced(info) => Language::parse(info).as_str(),
            CodeBlockKind::Indented => "",
        };
        let language = Element::new(Tag::Span).with(Attr::Class("code-language")).and_text(language);
        let copy = Element::new(Tag::Button).with(Attr::Class("copy")).with(Attr::PlainButton);
        let copy = copy.and_text("Copy");
        let wrap = Element::new(Tag::Button).with(Attr::Class("wrap")).with(Attr::PlainButton);
        let wrap = wrap.with(Attr::NotPressed).and_text("Wrap");
        let bar = Element::new(Tag::Div).with(Attr::Class("code-bar")).and(language).and(wrap).and(copy);
        self.open(Element::new(Tag::Div).with(Attr::Class("code")).and(bar));
        self.open(Element::new(Tag::Pre).with(Attr::Focusable));
        self.open(Element::new(Tag::Code));
    }

    fn start_cell(&mut self) {
        let column = self.open.last().map_or(0, |row| row.element.children.len());
        let in_head = self.open.iter().rev().nth(1).is_some_and(|part| part.element.tag == Tag::Thead);
        let alignment = self.open.iter().rev().find_map(|open| match &open.kind {
            Kind::Table(columns) => columns.get(column).copied(),
            _ => None,
        });
        let cell = Element::new(if in_head { Tag::Th } else { Tag::Td });
        let cell = if in_head { cell.with(Attr::ColumnScope) } else { cell };
        self.open(match alignment.unwrap_or(Alignment::None) {
            Alignment::None | Alignment::Left => cell,
            Alignment::Center => cell.with(Attr::Class("center")),
            Alignment::Right => cell.with(Attr::Class("right")),
        });
    }
}

fn heading(level: HeadingLevel) -> Tag {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => Tag::H2,
        HeadingLevel::H3 => Tag::H3,
        HeadingLevel::H4 => Tag::H4,
        HeadingLevel::H5 => Tag::H5,
        HeadingLevel::H6 => Tag::H6,
    }
}

fn quote(kind: Option<BlockQuoteKind>) -> Element {
    let (class, title) = match kind {
        None => return Element::new(Tag::Blockquote),
        Some(BlockQuoteKind::Note) => ("alert note", "Note"),
        Some(BlockQuoteKind::Tip) => ("alert tip", "Tip"),
        Some(BlockQuoteKind::Important) => ("alert important", "Important"),
        Some(BlockQuoteKind::Warning) => ("alert warning", "Warning"),
        Some(BlockQuoteKind::Caution) => ("alert caution", "Caution"),
    };
    let title = Element::new(Tag::P).with(Attr::Class("alert-title")).and_text(title);
    Element::new(Tag::Div).with(Attr::Class(class)).with(Attr::NoteRole).and(title)
}
