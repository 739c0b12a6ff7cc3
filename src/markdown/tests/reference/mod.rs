//! The tree that pulldown-cmark's events for a whole text give: what our own parser must agree with.

use std::ops::Range;

use pulldown_cmark::{Alignment, Event, Options, Parser, Tag as Start, TagEnd};

use crate::markdown::leaf::link_urls;
use crate::markdown::{Attr, Element, Labels, MAX_CONTAINERS, Node, Tag};

mod blocks;
mod inlines;

/// Beyond so many open elements emphasis and links are left out and only their text is kept. Above
/// what [`MAX_CONTAINERS`] lists and a table take.
const MAX_OPEN: usize = 112;

/// Reads a whole text. Each element is one block.
pub(crate) fn parse(source: &str) -> Vec<Element> {
    let source = source.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{FFFD}");
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    let source = without_prices(source, options);
    let mut builder = Builder::new(&source);
    for (event, range) in Parser::new_ext(&source, options).into_offset_iter() {
        builder.take(event, range);
    }
    let mut blocks = builder.finish();
    blocks.iter_mut().for_each(finish);
    blocks
}

/// A comment without the marks of the containers that it stands in, nor indentation.
fn unmarked(html: &str) -> String {
    let mut lines = html.split('\n');
    let mut out = lines.next().unwrap_or_default().to_owned();
    for mut line in lines {
        while let Some(rest) =
            ["", " ", "  ", "   "].iter().find_map(|indent| line.strip_prefix(indent)?.strip_prefix('>'))
        {
            line = rest.strip_prefix(' ').unwrap_or(rest);
        }
        out.push('\n');
        out.push_str(line.trim_start_matches([' ', '\t']));
    }
    out
}

/// No formula ends just before a digit: the dollar that would begin one is text.
fn without_prices(mut source: String, options: Options) -> String {
    loop {
        let price = Parser::new_ext(&source, options).into_offset_iter().find_map(|(event, range)| {
            let digit = source.as_bytes().get(range.end).is_some_and(u8::is_ascii_digit);
            (matches!(event, Event::InlineMath(_)) && digit).then_some(range.start)
        });
        match price {
            Some(at) => source.insert(at, '\\'),
            None => return source,
        }
    }
}

/// What is done to each element in the end: lines of code are grouped, addresses become links.
fn finish(element: &mut Element) {
    match element.tag {
        Tag::P | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 | Tag::Td | Tag::Th
            if !element.attrs.contains(&Attr::Class("raw")) =>
        {
            element.children = link_urls(std::mem::take(&mut element.children), false);
        }
        Tag::Pre => {
            if let Some(Node::Element(code)) = element.children.first_mut() {
                group(code);
            }
        }
        _ => {
            for child in &mut element.children {
                if let Node::Element(child) = child {
                    finish(child);
                }
            }
        }
    }
}

fn group(code: &mut Element) {
    let text = code.text();
    code.children.clear();
    let (mut lines, mut group) = (0, String::new());
    for line in text.split_inclusive('\n') {
        group.push_str(line);
        lines += usize::from(line.ends_with('\n'));
        if line.ends_with('\n') && (lines == 256 || group.len() >= 8192) {
            let group = std::mem::take(&mut group);
            *code = code.clone().and(Element::new(Tag::Span).with(Attr::Piece).and_text(&group));
            lines = 0;
        }
    }
    if !group.is_empty() {
        *code = code.clone().and(Element::new(Tag::Span).with(Attr::Piece).and_text(&group));
    }
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
            Event::InlineHtml(html) if html.starts_with("<!") || html.starts_with("<?") => {
                self.text(&unmarked(&html));
            }
            Event::Text(text) | Event::InlineHtml(text) | Event::Html(text) => self.text(&text),
            Event::Code(code) => self.inline(Element::new(Tag::Code).and_text(&code)),
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
            Event::TaskListMarker(checked) => {
                self.task(checked);
                // A box that stands alone on its line is a paragraph, also in a tight list.
                let line = self.source[range.end..].split('\n').next().unwrap_or_default();
                if line.bytes().all(|b| matches!(b, b' ' | b'\t' | 11 | 12)) {
                    self.end_implied();
                }
            }
        }
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
                let mut lines = self.source[range.clone()].split('\n');
                let line = match block {
                    // Its first line is its mark.
                    Start::BlockQuote(Some(_)) => lines.nth(1),
                    _ => lines.next(),
                };
                self.start_block(block, line.unwrap_or_default());
            }
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

    /// Shows what begins now as its source, and nothing of what the parser makes of it.
    fn show_source(&mut self, range: &Range<usize>) {
        self.end_implied();
        let text = self.source.get(range.clone()).unwrap_or_default().trim_end();
        self.push(Node::Element(Element::new(Tag::P).with(Attr::Class("raw")).and_text(text)));
        self.skipping = 1;
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
}
