//! Thinking and text to deltas: neighbours are joined, empty ones are nothing, and thinking that is
//! only white space opens no part.

use bytes::Bytes;

use crate::server::provider::Delta;

/// White space that is held back; more than this is handed on, so that nobody can fill the memory
/// with it.
const MOST_BLANK: usize = 64 << 10;

/// The deltas that are not handed on yet, and what must be known of those before.
#[derive(Debug, Default)]
pub(super) struct Weave {
    deltas: Vec<Delta>,
    /// The last content was thinking.
    thinking: bool,
    /// Thinking that would open a part, and is only white space so far.
    blank: String,
}

impl Weave {
    /// More thinking.
    pub(super) fn think(&mut self, more: &str) {
        if self.thinking {
            return self.join(true, more);
        }
        self.blank.push_str(more);
        if self.blank.len() > MOST_BLANK || !more.chars().all(char::is_whitespace) {
            let opening = std::mem::take(&mut self.blank);
            self.join(true, &opening);
        }
    }

    /// More text.
    pub(super) fn text(&mut self, more: &str) {
        if !more.is_empty() {
            self.blank.clear();
            self.join(false, more);
        }
    }

    /// An image.
    pub(super) fn image(&mut self, bytes: Bytes) {
        self.blank.clear();
        self.thinking = false;
        self.deltas.push(Delta::Picture(bytes));
    }

    /// Something that is no content.
    pub(super) fn push(&mut self, delta: Delta) {
        self.deltas.push(delta);
    }

    /// What there is to hand on.
    pub(super) fn take(&mut self) -> Vec<Delta> {
        std::mem::take(&mut self.deltas)
    }

    fn join(&mut self, thinking: bool, more: &str) {
        self.thinking = thinking;
        match (self.deltas.last_mut(), thinking) {
            (Some(Delta::Think(last)), true) | (Some(Delta::Text(last)), false) => last.push_str(more),
            (_, true) if !more.is_empty() => self.deltas.push(Delta::Think(more.to_owned())),
            (_, false) if !more.is_empty() => self.deltas.push(Delta::Text(more.to_owned())),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn think(s: &str) -> Delta {
        Delta::Think(s.to_owned())
    }

    fn text(s: &str) -> Delta {
        Delta::Text(s.to_owned())
    }

    #[test]
    fn blank_thinking_opens_no_part_but_belongs_to_what_follows() {
        let mut weave = Weave::default();
        weave.think("\n");
        weave.think(" ");
        weave.text("\n\na");
        weave.think("\n");
        weave.think("b");
        weave.think("\n");
        weave.text(" c");
        weave.think("\u{3000}");
        assert_eq!(weave.take(), [text("\n\na"), think("\nb\n"), text(" c")]);
    }

    #[test]
    fn blank_thinking_does_not_fill_the_memory() {
        let mut weave = Weave::default();
        for _ in 0..3 {
            weave.think(&" ".repeat(MOST_BLANK));
        }
        assert_eq!(weave.take(), [think(&" ".repeat(3 * MOST_BLANK))]);
    }

    #[test]
    fn neighbours_are_joined_in_one_taking_only() {
        let mut weave = Weave::default();
        weave.text("a");
        weave.text("");
        weave.text("b");
        assert_eq!(weave.take(), [text("ab")]);
        weave.text("c");
        assert_eq!(weave.take(), [text("c")]);
    }
}
