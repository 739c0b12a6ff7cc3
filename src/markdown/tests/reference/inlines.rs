//! What stands in a paragraph: text, emphasis, links, images, mathematics.

use pulldown_cmark::LinkType;

use super::{Builder, Kind, MAX_OPEN, Open};
use crate::markdown::leaf::image_of;
use crate::markdown::link::host;
use crate::markdown::{Attr, Element, FilePath, Href, Node, Tag};

impl Builder<'_> {
    pub(super) fn math(&mut self, class: &'static str, source: &str) {
        self.inline(Element::new(Tag::Code).with(Attr::Class(class)).and_text(source));
    }

    pub(super) fn task(&mut self, checked: bool) {
        if let Some(item) = self.open.iter_mut().rev().find(|open| open.element.tag == Tag::Li) {
            item.element.attrs.push(Attr::Class("task"));
        }
        let label = if checked { "Done" } else { "To do" };
        let tick =
            Element::new(Tag::Input).with(Attr::Checkbox).with(Attr::Disabled).with(Attr::Label(label));
        self.inline(if checked { tick.with(Attr::Checked) } else { tick });
    }

    pub(super) fn start_link(&mut self, link_type: LinkType, destination: &str, title: &str) {
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

    pub(super) fn start_inline(&mut self, tag: Tag) {
        self.open_inline(Element::new(tag), Kind::Plain);
    }

    pub(super) fn open_inline(&mut self, element: Element, kind: Kind) {
        self.begin_inline();
        if self.open.len() >= MAX_OPEN || self.top() == Some(Tag::Img) {
            self.leave_out();
        } else {
            self.open_as(element, kind);
        }
    }

    /// What begins now is not shown itself, only what is in it.
    pub(super) fn leave_out(&mut self) {
        self.begin_inline();
        if let Some(top) = self.open.last_mut() {
            top.left_out += 1;
        }
    }

    pub(super) fn inline(&mut self, element: Element) {
        self.begin_inline();
        match self.open.last_mut() {
            Some(Open { element: image, kind: Kind::Image { .. }, .. }) => {
                let text = if element.tag == Tag::Br { "\n".to_owned() } else { element.text() };
                image.push_text(&text);
            }
            _ => self.push(Node::Element(element)),
        }
    }

    pub(super) fn text(&mut self, text: &str) {
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

    /// An image of ours, or a text in its place that says where it would have come from: fetching it
    /// would tell that host what the model put into the address.
    pub(super) fn image(&self, alt: &str, destination: &str, title: String) -> Element {
        let in_link = self.open.iter().any(|open| open.element.tag == Tag::A);
        if let Some(path) = FilePath::parse(destination) {
            let alt = if alt.trim().is_empty() { "Image" } else { alt };
            return image_of(path, alt, title, in_link);
        }
        let from = host(destination).map(|host| format!(" from {host}")).unwrap_or_default();
        let name = if alt.is_empty() { String::new() } else { format!(": {alt}") };
        let text = format!("Image{from} not loaded{name}");
        let shown = Element::new(Tag::Span).with(Attr::Class("image-blocked")).and_text(&text);
        match Href::parse(destination).filter(|href| href.is_web() && !in_link) {
            Some(href) => shown.and_text(" ").and(link_to(href).and_text("Open")),
            None => shown,
        }
    }
}

fn link_to(href: Href) -> Element {
    Element::new(Tag::A).with(Attr::Href(href)).with(Attr::Rel).with(Attr::Target)
}
