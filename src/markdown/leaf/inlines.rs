//! The events of the parser of inlines to elements: text, emphasis, links, images, mathematics.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag as Start, TagEnd};

use super::{notation, prices, urls};
use crate::markdown::labels::fill;
use crate::markdown::link::{host, size_in};
use crate::markdown::{Attr, Element, FilePath, Href, Labels, Node, OPEN_IMAGE, Tag};

/// Beyond so many elements in one another emphasis and links are left out and only their text is kept.
const MAX_NESTED: usize = 40;

/// What stands in a paragraph or a heading; blocks around it are passed over.
pub(super) fn text<'a>(
    source: &str,
    events: impl Iterator<Item = (Event<'a>, Range<usize>)>,
    open: bool,
    labels: &Labels,
) -> Vec<Node> {
    let mut builder = Builder::new(source, labels);
    for (event, range) in events {
        if matches!(event, Event::Start(Start::FootnoteDefinition(_))) {
            break;
        }
        builder.take(event, &range);
    }
    urls::link(builder.finish(), open)
}

/// What stands in the cells of the one row below a table's head.
pub(super) fn cells<'a>(
    source: &str,
    events: impl Iterator<Item = (Event<'a>, Range<usize>)>,
    open: bool,
    labels: &Labels,
) -> Vec<Vec<Node>> {
    let mut cells = Vec::new();
    let mut builder = Builder::new(source, labels);
    let mut in_head = true;
    for (event, range) in events {
        match event {
            Event::End(TagEnd::TableHead) => in_head = false,
            Event::End(TagEnd::Table) => break,
            _ if in_head => {}
            Event::End(TagEnd::TableCell) => {
                let cell = std::mem::replace(&mut builder, Builder::new(source, labels)).finish();
                cells.push(cell);
            }
            event => builder.take(event, &range),
        }
    }
    let last = cells.len();
    (1..).zip(cells).map(|(at, cell)| urls::link(cell, open && at == last)).collect()
}

/// Whether this is a comment, a declaration or an instruction. The parser of inlines gives these with
/// the marks of containers within.
fn is_comment(html: &str) -> bool {
    html.starts_with("<!") || html.starts_with("<?")
}

fn unindented(text: &str) -> String {
    let mut lines = text.split('\n');
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        out.push('\n');
        out.push_str(line.trim_start_matches([' ', '\t']));
    }
    out
}

/// The box of a task.
pub(in crate::markdown) fn task(done: bool, labels: &Labels) -> Element {
    let label = if done { labels.done } else { labels.to_do };
    let tick = Element::new(Tag::Input).with(Attr::Checkbox).with(Attr::Disabled).with(Attr::Label(label));
    if done { tick.with(Attr::Checked) } else { tick }
}

pub(super) fn link_to(href: Href) -> Element {
    Element::new(Tag::A).with(Attr::Href(href)).with(Attr::Rel).with(Attr::Target)
}

/// An image of ours, in its size, and around it a link that opens it large. The link's name is what the
/// image shows.
pub(in crate::markdown) fn image_of(path: FilePath, alt: &str, title: String, in_link: bool) -> Element {
    let mut image = Element::new(Tag::Img).with(Attr::Src(path.clone())).with(Attr::Alt(alt.to_owned()));
    if let Some((width, height)) = size_in(path.as_str()) {
        image = image.with(Attr::Width(width)).with(Attr::Height(height));
    }
    image = image.with(Attr::Lazy);
    if !title.is_empty() {
        image = image.with(Attr::Title(title));
    }
    if in_link {
        image
    } else {
        Element::new(Tag::A).with(Attr::Class(OPEN_IMAGE)).with(Attr::Opens(path)).and(image)
    }
}

struct Builder<'a> {
    source: &'a str,
    labels: &'a Labels,
    /// The elements whose end has not come, outermost first; below them what all stands in.
    open: Vec<Open>,
}

/// An element whose end has not come.
struct Open {
    element: Element,
    /// Begun inside of it and left out: their ends come before its own.
    left_out: usize,
    /// Of an image: its address and title. Its text is what it shows, and that has no elements.
    image: Option<(String, String)>,
}

impl<'a> Builder<'a> {
    fn new(source: &'a str, labels: &'a Labels) -> Self {
        let all = Open { element: Element::new(Tag::P), left_out: 0, image: None };
        Self { source, labels, open: vec![all] }
    }

    fn finish(mut self) -> Vec<Node> {
        while self.open.len() > 1 {
            self.close();
        }
        self.open.pop().map(|all| all.element.children).unwrap_or_default()
    }

    fn take(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::InlineHtml(text) if is_comment(&text) => self.text(&unindented(&text)),
            Event::Text(text) | Event::InlineHtml(text) | Event::Html(text) => self.text(&text),
            Event::Code(code) => match notation::formula(&code) {
                Some((class, source)) => self.math(class, &source),
                None => self.add(Element::new(Tag::Code).and_text(&code)),
            },
            Event::InlineMath(_) if prices::is_price(self.source, range.end) => {
                self.text(&self.source[range.clone()]);
            }
            Event::InlineMath(math) => self.math("math", &math),
            Event::DisplayMath(math) => self.math("math display", math.trim()),
            Event::FootnoteReference(label) => {
                self.add(Element::new(Tag::Sup).with(Attr::Class("footnote-ref")).and_text(&label));
            }
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => self.add(Element::new(Tag::Br)),
            // The box is made where the item is; a line of marks in a cell is no rule.
            Event::TaskListMarker(_) | Event::Rule => {}
        }
    }

    fn math(&mut self, class: &'static str, source: &str) {
        self.add(Element::new(Tag::Code).with(Attr::Class(class)).and_text(source));
    }

    fn start(&mut self, tag: Start<'_>) {
        match tag {
            Start::Emphasis => self.start_element(Element::new(Tag::Em), None),
            Start::Strong => self.start_element(Element::new(Tag::Strong), None),
            Start::Strikethrough => self.start_element(Element::new(Tag::Del), None),
            Start::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title),
            Start::Image { dest_url, title, .. } => {
                self.start_element(Element::new(Tag::Img), Some((dest_url.to_string(), title.to_string())));
            }
            _ => {}
        }
    }

    fn start_link(&mut self, link_type: LinkType, destination: &str, title: &str) {
        let href = match link_type {
            LinkType::Email => Href::mail(destination),
            _ => Href::parse(destination),
        };
        let Some(href) = href else {
            self.leave_out();
            return;
        };
        let link = link_to(href);
        let titled = if title.is_empty() { link } else { link.with(Attr::Title(title.to_owned())) };
        self.start_element(titled, None);
    }

    fn start_element(&mut self, element: Element, image: Option<(String, String)>) {
        let in_image = self.open.last().is_some_and(|top| top.image.is_some());
        if self.open.len() > MAX_NESTED || in_image {
            self.leave_out();
        } else {
            self.open.push(Open { element, left_out: 0, image });
        }
    }

    /// What begins now is not shown itself, only what is in it.
    fn leave_out(&mut self) {
        if let Some(top) = self.open.last_mut() {
            top.left_out += 1;
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let inline = matches!(
            tag,
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
        );
        match self.open.last_mut() {
            _ if !inline => {}
            Some(top) if top.left_out > 0 => top.left_out -= 1,
            _ => self.close(),
        }
    }

    fn close(&mut self) {
        let Some(Open { element, image, .. }) = self.open.pop() else { return };
        let element = match image {
            Some((address, title)) => self.image(&element.text(), &address, title),
            None => element,
        };
        if let Some(around) = self.open.last_mut() {
            around.element.children.push(Node::Element(element));
        }
    }

    fn add(&mut self, element: Element) {
        match self.open.last_mut() {
            Some(Open { element: image, image: Some(_), .. }) => {
                let text = if element.tag == Tag::Br { "\n".to_owned() } else { element.text() };
                image.push_text(&text);
            }
            Some(around) => around.element.children.push(Node::Element(element)),
            None => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(top) = self.open.last_mut() {
            top.element.push_text(text);
        }
    }

    /// An image of ours, or a text in its place that says where it would have come from: fetching it
    /// would tell that host what the model put into the address.
    fn image(&self, alt: &str, destination: &str, title: String) -> Element {
        let in_link = self.open.iter().any(|open| open.element.tag == Tag::A);
        if let Some(path) = FilePath::parse(destination) {
            let alt = if alt.trim().is_empty() { self.labels.unnamed_image } else { alt };
            return image_of(path, alt, title, in_link);
        }
        let labels = self.labels;
        let mut text = match host(destination) {
            Some(host) => fill(labels.image_from, host),
            None => labels.image.to_owned(),
        };
        if !alt.is_empty() {
            text.push_str(&fill(labels.image_shows, alt));
        }
        let shown = Element::new(Tag::Span).with(Attr::Class("image-blocked")).and_text(&text);
        match Href::parse(destination).filter(|href| href.is_web() && !in_link) {
            Some(href) => shown.and_text(" ").and(link_to(href).and_text(labels.open)),
            None => shown,
        }
    }
}
