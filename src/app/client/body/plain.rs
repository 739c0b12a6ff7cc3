//! Text as it is, in the place of Markdown that can't be drawn yet.

use web_sys::Element;

use super::document;
use super::taken::Taken;
use crate::app::client::text::{append, replace};

/// A text of which the beginning is shown as blocks, and the rest behind them in one paragraph.
#[derive(Debug)]
pub(super) struct Plain {
    element: Element,
    paragraph: Option<Element>,
    /// How many bytes of the text the blocks show.
    adopted: usize,
    taken: Taken,
    text: String,
    done: bool,
}

/// What there is to be drawn.
#[derive(Debug)]
pub(super) struct Left {
    /// What the blocks show.
    pub(super) adopted: String,
    /// All of it.
    pub(super) text: String,
    /// Nothing more will come.
    pub(super) done: bool,
}

impl Plain {
    /// An element that shows the blocks of `adopted`, or of a text that is not known.
    pub(super) fn behind(element: Element, adopted: Option<String>) -> Self {
        if adopted.is_none() {
            element.set_text_content(None);
        }
        let text = adopted.unwrap_or_default();
        let (adopted, taken) = (text.len(), Taken::all(&text));
        Self { element, paragraph: None, adopted, taken, text, done: false }
    }

    /// Shows the whole of `text` in place of what is shown now.
    pub(super) fn show(&mut self, text: &str, done: bool) {
        self.done = done;
        match self.taken.more(text) {
            Some(more) => {
                self.append(more);
                self.text.push_str(more);
            }
            None => self.start_over(text),
        }
    }

    fn append(&mut self, more: &str) {
        if !more.is_empty()
            && let Some(paragraph) = self.paragraph()
        {
            append(&paragraph, more);
        }
    }

    /// The text has become another one: the blocks may not be its beginning any more.
    fn start_over(&mut self, text: &str) {
        if self.text.get(..self.adopted) != text.get(..self.adopted) {
            self.adopted = 0;
            self.paragraph = None;
            self.element.set_text_content(None);
        }
        let rest = &text[self.adopted..];
        if let Some(paragraph) = self.paragraph() {
            replace(&paragraph, rest);
        }
        text.clone_into(&mut self.text);
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

    /// Takes the rest out of the page again.
    pub(super) fn leave(&mut self) -> Left {
        if let Some(paragraph) = self.paragraph.take() {
            paragraph.remove();
        }
        let text = std::mem::take(&mut self.text);
        Left { adopted: text[..self.adopted].to_owned(), text, done: self.done }
    }
}
