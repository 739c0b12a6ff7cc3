//! Titles, of conversations and of pages. Pure.

use super::words::words;
use crate::wire::Chat;

/// The longest title that is made of the first words, in characters.
const FIRST_WORDS: usize = 60;

/// The title of a conversation that begins with this text, as the server makes it too: the first words
/// on one line.
pub fn first_words(text: &str) -> String {
    let line = text.split_whitespace().take(FIRST_WORDS).collect::<Vec<_>>().join(" ");
    let Some((at, _)) = line.char_indices().nth(FIRST_WORDS) else {
        return line;
    };
    let cut = &line[..at];
    let words = cut.rsplit_once(' ').map_or(cut, |(words, _)| words);
    format!("{words}…")
}

/// The title of the page of a conversation.
pub fn title(conversation: &str) -> String {
    format!("{conversation} · {}", words().name)
}

/// The title of a page.
pub fn page_title(chat: Option<&Chat>) -> String {
    chat.map(|chat| chat.title.as_str())
        .filter(|title| !title.is_empty())
        .map_or_else(|| words().name.to_owned(), title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_are_one_line_cut_between_words() {
        assert_eq!(first_words("  Why is\n the sky\tblue? "), "Why is the sky blue?");
        assert_eq!(first_words(&"word ".repeat(40)), format!("{}…", ["word"; 12].join(" ")));
        assert_eq!(first_words(&"水".repeat(61)), format!("{}…", "水".repeat(60)));
    }

    #[test]
    fn a_page_is_named_after_its_conversation() {
        let id = crate::wire::ConversationId::from_random([1; 16]);
        let chat = |title: &str| Chat { id, title: title.to_owned(), messages: Vec::new() };
        assert_eq!(page_title(Some(&chat("Locks"))), "Locks · Sluice");
        assert_eq!(page_title(Some(&chat(""))), "Sluice");
        assert_eq!(page_title(None), "Sluice");
    }
}
