//! Text as it is, in the place of Markdown that can't be drawn yet.

use web_sys::Element;

use super::document;
use super::taken::Taken;
use crate::app::client::text::append;

/// Behind the first end of a line after so many bytes the text goes on in another paragraph: a growing one is laid
/// out from its beginning with each word.
const PIECE: usize = 4 << 10;

/// After so many, wherever that is.
const LONGEST: usize = 16 << 10;

/// A text of which the beginning is shown as blocks, and the rest behind them in paragraphs.
#[derive(Debug)]
pub(super) struct Plain {
    element: Element,
    /// Those in the page, and how many bytes the last one has.
    pieces: Vec<Element>,
    filled: usize,
    /// Nothing more goes into the last one.
    is_full: bool,
    /// How many bytes of the text the blocks show.
    adopted: usize,
    taken: Taken,
    text: String,
    done: bool,
}

/// What there is to be drawn.
#[derive(Debug)]
pub(super) struct Left {
    /// What the blocks show. None if there are none: then the text still stands there, to be replaced.
    pub(super) adopted: Option<String>,
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
        Self { element, pieces: Vec::new(), filled: 0, is_full: true, adopted, taken, text, done: false }
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

    fn append(&mut self, mut more: &str) {
        while !more.is_empty() {
            let Some(piece) = self.piece() else { return };
            let (fits, rest) = more.split_at(self.fits(more));
            append(&piece, fits);
            self.filled += fits.len();
            self.is_full = self.filled >= LONGEST || self.filled >= PIECE && fits.ends_with('\n');
            more = rest;
        }
    }

    /// How many bytes of the text go into the last piece.
    fn fits(&self, more: &str) -> usize {
        let from = more.ceil_char_boundary(PIECE.saturating_sub(self.filled + 1));
        let line = more[from..].find('\n').map_or(more.len(), |at| from + at + 1);
        line.min(more.ceil_char_boundary(LONGEST.saturating_sub(self.filled)))
    }

    /// The piece that what comes next goes into.
    fn piece(&mut self) -> Option<Element> {
        if self.is_full {
            let piece = document().create_element("p").ok()?;
            // Shows white space and line breaks.
            piece.set_class_name("raw");
            self.element.append_child(&piece).ok()?;
            self.pieces.push(piece);
            (self.filled, self.is_full) = (0, false);
        }
        self.pieces.last().cloned()
    }

    /// The text has become another one: the blocks may not be its beginning any more.
    fn start_over(&mut self, text: &str) {
        self.remove();
        if self.text.get(..self.adopted) != text.get(..self.adopted) {
            self.adopted = 0;
            self.element.set_text_content(None);
        }
        self.append(&text[self.adopted..]);
        text.clone_into(&mut self.text);
    }

    fn remove(&mut self) {
        self.pieces.drain(..).for_each(|piece| piece.remove());
        self.is_full = true;
    }

    /// Takes the rest out of the page again, if it stands behind blocks or nothing takes its place.
    pub(super) fn leave(&mut self) -> Left {
        let text = std::mem::take(&mut self.text);
        let adopted = (self.adopted > 0).then(|| text[..self.adopted].to_owned());
        if adopted.is_some() || text.is_empty() {
            self.remove();
        }
        Left { adopted, text, done: self.done }
    }
}
