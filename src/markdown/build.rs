//! The parser's events to elements.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, LinkType, Options, Parser, TagEnd};
use pulldown_cmark::{HeadingLevel, Tag as Start};

use super::link::host;
use super::{Attr, Element, FilePath, Href, Language, Node, Tag};

/// Quotes, lists and footnotes that are in so many others are shown as the text that they are. An
/// HTML parser flattens at about 510 elements, and layout of deep nesting takes seconds.
pub const MAX_CONTAINERS: usize = 32;

/// Beyond so many open elements emphasis and links are left out and only their text is kept. Above
/// what [`MAX_CONTAINERS`] lists and a table take.
const MAX_OPEN: usize = 112;

/// What the copy button of a code block says.
pub const COPY: &str = "Copy";

/// Reads a whole text. Each element is one block.
pub fn parse(source: &str) -> Vec<Element> {
    let source = replace_nul(source);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    let mut builder = Builder::new(&source);
    for (event, range) in Parser::new_ext(&source, options).into_offset_iter() {
        builder.take(event, range);
    }
    builder.finish()
}

/// An HTML parser drops NUL or replaces it, depending on where it stands; so nobody gets one.
fn replace_nul(source: &str) -> Cow<'_, str> {
    if source.contains('\0') { Cow::Owned(source.replace('\0', "\u{FFFD}")) } else { Cow::Borrowed(source) }
}

struct Builder<'a> {
    source: &'a str,
    blocks: Vec<Element>,
    /// The elements whose end has not come, outermost first.
    open: Vec<Open>,
    /// How many of them are quotes, lists and footnotes.
    containers: usize,
    /// Within something that is shown as its source: how many ends must come.
    skipping: usize,
}

/// An element whose end has not come.
struct Open {
    element: Element,
    /// Begun inside of it and left out: their ends come before its own.
    left_out: usize,
    kind: Kind,
}

/// What is to be known of an open element beside itself.
enum Kind {
    /// Nothing.
    Plain,
    /// A paragraph that the parser did not announce: the text of a tight list's item.
    Implied,
    /// A table, with the alignment of its columns.
    Table(Vec<Alignment>),
    /// An image: its text is what it shows, and what it shows has no elements.
    Image { destination: String, title: String },
}

impl<'a> Builder<'a> {
    fn new(source: &'a str) -> Self {
        Self { source, blocks: Vec::new(), open: Vec::new(), containers: 0, skipping: 0 }
    }

    fn finish(mut self) -> Vec<Element> {
        while !self.open.is_empty() {
            self.close();
        }
        self.blocks
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.skipping > 0 {
            match event {
                Event::Start(_) => self.skipping += 1,
                Event::End(_) => self.skipping -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, &range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::InlineHtml(text) | Event::Html(text) => self.text(&text),
            Event::Code(code) => self.inline(Element::new(Tag::Code).and_text(&code)),
            Event::InlineMath(_) if self.is_price(&range) => self.text(&self.source[range]),
            Event::InlineMath(math) => self.math("math", &math),
            Event::DisplayMath(math) => self.math("math display", math.trim()),
            Event::FootnoteReference(label) => {
                self.inline(Element::new(Tag::Sup).with(Attr::Class("footnote-ref")).and_text(&label));
            }
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => self.inline(Element::new(Tag::Br)),
            Event::Rule => {
                self.end_implied();
                self.push(Node::Element(Element::new(Tag::Hr)));
            }
            Event::TaskListMarker(checked) => self.task(checked),
        }
    }

    /// `$5-$10` is two prices: no formula ends just before a digit.
    fn is_price(&self, range: &Range<usize>) -> bool {
        self.source.as_bytes().get(range.end).is_some_and(u8::is_ascii_digit)
    }

    fn math(&mut self, class: &'static str, source: &str) {
        self.inline(Element::new(Tag::Code).with(Attr::Class(class)).and_text(source));
    }

    fn task(&mut self, checked: bool) {
        if let Some(item) = self.open.iter_mut().rev().find(|open| open.element.tag == Tag::Li) {
            item.element.attrs.push(Attr::Class("task"));
        }
        let label = if checked { "Done" } else { "To do" };
        let tick =
            Element::new(Tag::Input).with(Attr::Checkbox).with(Attr::Disabled).with(Attr::Label(label));
        self.inline(if checked { tick.with(Attr::Checked) } else { tick });
    }

    fn start(&mut self, tag: Start<'_>, range: &Range<usize>) {
        match tag {
            Start::Emphasis => self.start_inline(Tag::Em),
            Start::Strong => self.start_inline(Tag::Strong),
            Start::Strikethrough => self.start_inline(Tag::Del),
            Start::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title),
            Start::Image { dest_url, title, .. } => {
                let kind = Kind::Image { destination: dest_url.to_string(), title: title.to_string() };
                self.open_inline(Element::new(Tag::Img), kind);
            }
            Start::BlockQuote(_) | Start::List(_) | Start::FootnoteDefinition(_)
                if self.containers == MAX_CONTAINERS =>
            {
                self.show_source(range);
            }
            block => {
                self.end_implied();
                self.start_block(block);
            }
        }
    }

    fn start_block(&mut self, tag: Start<'_>) {
        match tag {
            Start::Paragraph => self.start_paragraph(),
            Start::Heading { level, .. } => self.open(Element::new(heading(level))),
            Start::BlockQuote(kind) => self.start_container(quote(kind)),
            Start::CodeBlock(kind) => self.start_code(&kind),
            Start::HtmlBlock => self.open(Element::new(Tag::P).with(Attr::Class("raw"))),
            Start::List(None) => self.start_container(Element::new(Tag::Ul)),
            Start::List(Some(1)) => self.start_container(Element::new(Tag::Ol)),
            Start::List(Some(first)) => self.start_container(Element::new(Tag::Ol).with(Attr::Start(first))),
            Start::Item => self.open(Element::new(Tag::Li)),
            Start::FootnoteDefinition(label) => self.start_footnote(&label),
            Start::Table(columns) => {
                self.open(Element::new(Tag::Div).with(Attr::Class("table")).with(Attr::Focusable));
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

    fn end(&mut self, tag: TagEnd) {
        if let Some(top) = self.open.last_mut()
            && top.left_out > 0
        {
            top.left_out -= 1;
            return;
        }
        self.end_implied();
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) => self.containers -= 1,
            TagEnd::FootnoteDefinition => {
                self.containers -= 1;
                self.close();
            }
            TagEnd::CodeBlock => {
                self.close();
                self.close();
            }
            TagEnd::TableHead => self.close(),
            TagEnd::Table => {
                if self.top() == Some(Tag::Tbody) {
                    self.close();
                }
                self.close();
            }
            _ => {}
        }
        self.close();
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

    fn start_footnote(&mut self, label: &str) {
        let label = Element::new(Tag::Span).with(Attr::Class("footnote-label")).and_text(label);
        let note = Element::new(Tag::Div).with(Attr::Class("footnote")).with(Attr::NoteRole);
        self.start_container(note.and(label));
        self.open(Element::new(Tag::Div).with(Attr::Class("footnote-body")));
    }

    /// The bar with the language and the button is there from the first line on.
    fn start_code(&mut self, kind: &CodeBlockKind<'_>) {
        let language = match kind {
            CodeBlockKind::Fenced(info) => Language::parse(info).as_str(),
            CodeBlockKind::Indented => "",
        };
        let language = Element::new(Tag::Span).with(Attr::Class("code-language")).and_text(language);
        let copy = Element::new(Tag::Button).with(Attr::Class("copy")).with(Attr::PlainButton).and_text(COPY);
        let bar = Element::new(Tag::Div).with(Attr::Class("code-bar")).and(language).and(copy);
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

    fn start_link(&mut self, link_type: LinkType, destination: &str, title: &str) {
        let href = match link_type {
            LinkType::Email => Href::mail(destination),
            _ => Href::parse(destination),
        };
        let Some(href) = href.filter(|_| self.top() != Some(Tag::Img)) else {
            self.leave_out();
            return;
        };
        let mut link = link_to(href);
        if !title.is_empty() {
            link.attrs.push(Attr::Title(title.to_owned()));
        }
        self.open_inline(link, Kind::Plain);
    }

    fn start_inline(&mut self, tag: Tag) {
        self.open_inline(Element::new(tag), Kind::Plain);
    }

    fn open_inline(&mut self, element: Element, kind: Kind) {
        self.begin_inline();
        if self.open.len() >= MAX_OPEN || self.top() == Some(Tag::Img) {
            self.leave_out();
        } else {
            self.open_as(element, kind);
        }
    }

    /// What begins now is not shown itself, only what is in it.
    fn leave_out(&mut self) {
        self.begin_inline();
        if let Some(top) = self.open.last_mut() {
            top.left_out += 1;
        }
    }

    /// Shows what begins now as its source, and nothing of what the parser makes of it.
    fn show_source(&mut self, range: &Range<usize>) {
        self.end_implied();
        let text = self.source.get(range.clone()).unwrap_or_default().trim_end();
        self.push(Node::Element(Element::new(Tag::P).with(Attr::Class("raw")).and_text(text)));
        self.skipping = 1;
    }

    fn inline(&mut self, element: Element) {
        self.begin_inline();
        match self.open.last_mut() {
            Some(Open { element: image, kind: Kind::Image { .. }, .. }) => {
                let text = if element.tag == Tag::Br { "\n".to_owned() } else { element.text() };
                image.push_text(&text);
            }
            _ => self.push(Node::Element(element)),
        }
    }

    fn text(&mut self, text: &str) {
        self.begin_inline();
        if let Some(top) = self.open.last_mut() {
            top.element.push_text(text);
        }
    }

    /// Text and its like stand in paragraphs, also where the parser has none.
    fn begin_inline(&mut self) {
        if matches!(self.top(), None | Some(Tag::Li)) {
            self.open_as(Element::new(Tag::P), Kind::Implied);
        }
    }

    fn end_implied(&mut self) {
        if matches!(self.open.last(), Some(Open { kind: Kind::Implied, .. })) {
            self.close();
        }
    }

    fn top(&self) -> Option<Tag> {
        self.open.last().map(|open| open.element.tag)
    }

    fn open(&mut self, element: Element) {
        self.open_as(element, Kind::Plain);
    }

    fn open_as(&mut self, element: Element, kind: Kind) {
        self.open.push(Open { element, left_out: 0, kind });
    }

    /// Ends the innermost open element and puts it into the one around it.
    fn close(&mut self) {
        let Some(Open { element, kind, .. }) = self.open.pop() else {
            return;
        };
        let element = match kind {
            Kind::Image { destination, title } => self.image(&element.text(), &destination, title),
            Kind::Plain | Kind::Implied | Kind::Table(_) => element,
        };
        self.push(Node::Element(element));
    }

    fn push(&mut self, node: Node) {
        match (self.open.last_mut(), node) {
            (Some(around), node) => around.element.children.push(node),
            (None, Node::Element(block)) => self.blocks.push(block),
            (None, Node::Text(_)) => {}
        }
    }

    /// An image of ours, or a text in its place that says where it would have come from: fetching it
    /// would tell that host what the model put into the address.
    fn image(&self, alt: &str, destination: &str, title: String) -> Element {
        if let Some(path) = FilePath::parse(destination) {
            let image = Element::new(Tag::Img).with(Attr::Src(path)).with(Attr::Alt(alt.to_owned()));
            let image = image.with(Attr::Lazy);
            return if title.is_empty() { image } else { image.with(Attr::Title(title)) };
        }
        let from = host(destination).map(|host| format!(" from {host}")).unwrap_or_default();
        let name = if alt.is_empty() { String::new() } else { format!(": {alt}") };
        let text = format!("Image{from} not loaded{name}");
        let shown = Element::new(Tag::Span).with(Attr::Class("image-blocked")).and_text(&text);
        let in_link = self.open.iter().any(|open| open.element.tag == Tag::A);
        match Href::parse(destination).filter(|href| href.is_web() && !in_link) {
            Some(href) => shown.and_text(" ").and(link_to(href).and_text("Open")),
            None => shown,
        }
    }
}

fn link_to(href: Href) -> Element {
    Element::new(Tag::A).with(Attr::Href(href)).with(Attr::Rel).with(Attr::Target)
}

fn heading(level: HeadingLevel) -> Tag {
    match level {
        HeadingLevel::H1 => Tag::H1,
        HeadingLevel::H2 => Tag::H2,
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
