//! Text as it is, in the place of Markdown that can't be drawn yet.

use web_sys::Element;

use super::document;
use crate::app::client::text::{append, replace};

/// A text of which the beginning is shown as blocks, and the rest behind them in one paragraph.
#[derive(Debug)]
pub(super) struct Plain {
    element: Element,
    paragraph: Option<Element>,
    /// What the blocks show.
    adopted: String,
    /// All of it.
    text: String,
}

impl Plain {
    /// An element that shows the blocks of `adopted`.
    pub(super) fn behind(element: Element, adopted: String) -> Self {
        Self { element, paragraph: None, text: adopted.clone(), adopted }
    }

    /// Shows the whole of `text` in place of what is shown now.
    pub(super) fn show(&mut self, text: &str) {
        match text.strip_prefix(self.text.as_str()) {
            Some(more) => self.append(more),
            None => self.start_over(text),
        }
        text.clone_into(&mut self.text);
    }

    fn append(&mut self, more: &str) {
        if !more.is_empty()
            && let Some(paragraph) = self.paragraph()
        {
            append(&paragraph, more);
        }
    }

    /// The text has become another one: the blocks are not its beginning any more.
    fn start_over(&mut self, text: &str) {
        if !text.starts_with(&self.adopted) {
            self.adopted.clear();
            self.paragraph = None;
            self.element.set_text_content(None);
        }
        let rest = &text[self.adopted.len()..];
        if let Some(paragraph) = self.paragraph() {
            replace(&paragraph, rest);
        }
    }

    fn paragraph(&mut self) -> Option<Element> {
        if self.paragraph.is_none() {
            let paragraph = document().create_element("p").ok()?;
            // Shows white space and line breaks.
            paragraph.set_class_name("raw");
            self.element.append_child(&paragraph).ok()?;
            self.paragraph = Some(paragraph);
        }
        self.paragraph.clone()
    }

    /// Takes the rest out of the page again; returns what the blocks show, and the whole text.
    pub(super) fn leave(&mut self) -> (String, String) {
        if let Some(paragraph) = self.paragraph.take() {
            paragraph.remove();
        }
        (std::mem::take(&mut self.adopted), std::mem::take(&mut self.text))
    }
}
