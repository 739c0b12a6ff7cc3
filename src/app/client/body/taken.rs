//! How much of a text has been taken, at a cost that does not grow with it.

/// So much of its end is compared with what comes, in bytes.
const COMPARED: usize = 64;

/// A text that grows, of which only the length and the end are known.
#[derive(Debug, Default)]
pub(super) struct Taken {
    bytes: usize,
    end: String,
}

impl Taken {
    /// All of a text.
    pub(super) fn all(text: &str) -> Self {
        let mut taken = Self::default();
        taken.keep(text);
        taken
    }

    /// Takes all of the text, and gives what is new of it; None if it is not the one that was taken
    /// before with more at its end. Only the end of that is looked at: a text does not change before
    /// it, but it is cut, or another one begins.
    pub(super) fn more<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let known = self.bytes - self.end.len();
        let more = text.get(known..).and_then(|end| end.strip_prefix(self.end.as_str()));
        self.keep(text);
        more
    }

    fn keep(&mut self, text: &str) {
        self.bytes = text.len();
        self.end.clear();
        self.end.push_str(&text[text.ceil_char_boundary(text.len().saturating_sub(COMPARED))..]);
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::Taken;

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_new_is_told_from_a_text_that_was_cut_or_is_another_one() {
        let mut taken = Taken::default();
        let long = "闸门 ".repeat(100);
        assert_eq!(taken.more(""), Some(""));
        assert_eq!(taken.more("a闸"), Some("a闸"));
        assert_eq!(taken.more("a闸"), Some(""));
        assert_eq!(taken.more("a闸b"), Some("b"));
        assert_eq!(taken.more("a门b"), None);
        assert_eq!(taken.more("a"), None);
        assert_eq!(taken.more(&long), None);
        assert_eq!(taken.more(&format!("{long}x")), Some("x"));
        assert_eq!(taken.more(&long), None);
        assert_eq!(Taken::all(&long).more(&format!("{long}x")), Some("x"));
    }
}
