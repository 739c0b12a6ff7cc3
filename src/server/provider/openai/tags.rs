//! `<think>…</think>` at the beginning of the text, as older servers send it: split off as thinking,
//! also where a tag is cut across deltas. Every byte that is not one of the two tags comes out again.

use crate::wire::PartKind;

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// White space before a tag that is waited for; a text that begins with more of it has no tag.
const MOST_LEAD: usize = 1024;

/// Splits the text of one answer.
#[derive(Debug, Default)]
pub(super) struct Tags {
    stage: Stage,
    /// Came, but may be the beginning of a tag.
    held: String,
    /// White space that stood before the opening tag; it belongs to the text behind the closing one.
    lead: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// There was nothing but white space yet.
    #[default]
    Start,
    Thinking,
    /// There is no tag, or there will be none any more.
    Text,
}

impl Tags {
    /// Takes more text and hands on what it is, in order.
    pub(super) fn push(&mut self, text: &str, mut out: impl FnMut(PartKind, &str)) {
        if self.stage == Stage::Text {
            return out(PartKind::Text, text);
        }
        self.held.push_str(text);
        if self.stage == Stage::Start {
            self.start(&mut out);
        }
        if self.stage == Stage::Thinking {
            self.think(&mut out);
        }
    }

    /// Reasoning came by another way, so the server tells the two apart itself: what looks like a tag
    /// from here on is text.
    pub(super) fn release(&mut self, mut out: impl FnMut(PartKind, &str)) {
        let kind = if self.stage == Stage::Thinking { PartKind::Think } else { PartKind::Text };
        out(kind, &std::mem::take(&mut self.held));
        out(PartKind::Text, &std::mem::take(&mut self.lead));
        self.stage = Stage::Text;
    }

    fn start(&mut self, out: &mut impl FnMut(PartKind, &str)) {
        let begin = self.held.len() - self.held.trim_start().len();
        let rest = &self.held[begin..];
        if let Some(thinking) = rest.strip_prefix(OPEN) {
            let thinking = thinking.to_owned();
            self.held.truncate(begin);
            self.lead = std::mem::replace(&mut self.held, thinking);
            self.stage = Stage::Thinking;
        } else if !OPEN.starts_with(rest) || begin > MOST_LEAD {
            out(PartKind::Text, &std::mem::take(&mut self.held));
            self.stage = Stage::Text;
        }
    }

    fn think(&mut self, out: &mut impl FnMut(PartKind, &str)) {
        let held = std::mem::take(&mut self.held);
        let Some((thinking, text)) = held.split_once(CLOSE) else {
            let sure = held.len() - tail(&held);
            out(PartKind::Think, &held[..sure]);
            held[sure..].clone_into(&mut self.held);
            return;
        };
        out(PartKind::Think, thinking);
        out(PartKind::Text, &std::mem::take(&mut self.lead));
        out(PartKind::Text, text);
        self.stage = Stage::Text;
    }
}

/// How many bytes at the end of `s` may be the beginning of the closing tag.
fn tail(s: &str) -> usize {
    let longest = s.len().min(CLOSE.len() - 1);
    (1..=longest).rev().find(|&n| s.as_bytes().ends_with(&CLOSE.as_bytes()[..n])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes out of text that comes in these pieces: the thinking and the text.
    fn split<'a>(pieces: impl IntoIterator<Item = &'a str>) -> (String, String) {
        let (mut tags, mut think, mut text) = (Tags::default(), String::new(), String::new());
        let mut out = |kind, s: &str| match kind {
            PartKind::Think => think.push_str(s),
            _ => text.push_str(s),
        };
        for piece in pieces {
            tags.push(piece, &mut out);
        }
        tags.release(&mut out);
        (think, text)
    }

    /// At every two-way split and character by character the same.
    fn always(whole: &str, think: &str, text: &str) {
        let expected = (think.to_owned(), text.to_owned());
        for at in (0..=whole.len()).filter(|&at| whole.is_char_boundary(at)) {
            assert_eq!(split([&whole[..at], &whole[at..]]), expected, "{whole:?} at {at}");
        }
        assert_eq!(split(whole.split("").filter(|s| !s.is_empty())), expected, "{whole:?} by character");
    }

    #[test]
    fn thinking_in_tags_is_split_off() {
        always("<think>hm</think>\n\nyes", "hm", "\n\nyes");
        always("<think>\nhm 字\n</think>yes", "\nhm 字\n", "yes");
        always("<think></think>yes", "", "yes");
        always("\n<think>hm</think>yes", "hm", "\nyes");
    }

    #[test]
    fn only_at_the_beginning_and_only_once() {
        always("yes <think>no</think>", "", "yes <think>no</think>");
        always("<think>a</think><think>b</think>", "a", "<think>b</think>");
        always("</think>a", "", "</think>a");
    }

    #[test]
    fn what_is_no_tag_is_not_lost() {
        for text in ["<thin", "<", "<thing>", "<thinking>a</thinking>", "  ", " \n<thi", "<THINK>", ""] {
            always(text, "", text);
        }
        always("<think>a</thin", "a</thin", "");
        always("<think>a</</think>b", "a</", "b");
        always("<think>a<</think>b", "a<", "b");
        always("<think>a </thinker> b", "a </thinker> b", "");
        always(" <think>a", "a", " ");
    }

    #[test]
    fn nothing_but_white_space_is_not_held_for_ever() {
        let (mut tags, mut seen) = (Tags::default(), 0);
        for _ in 0..3 * MOST_LEAD {
            tags.push(" ", |_, s| seen += s.len());
        }
        assert!(seen > 2 * MOST_LEAD - 2, "{seen}");
    }
}
