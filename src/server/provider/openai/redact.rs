//! Keeps the key out of messages. Servers like to repeat it in their errors, whole or with asterisks
//! in its middle.

use std::fmt;
use std::sync::Arc;

use super::refusal::cut;
use crate::server::provider::ProviderError;

/// What stands in a message in the place of a key.
const MARK: &str = "[key]";

/// This many characters of the key give it away.
const TELLING: usize = 6;

/// How the keys of well-known services begin: somebody else's are none of the reader's business either.
const BEGINNINGS: [&str; 9] = ["sk-", "sk_", "pk-", "gsk_", "xai-", "hf_", "r8_", "nvapi-", "aiza"];

/// A provider's key, as far as it is needed to recognise it.
#[derive(Clone, Default)]
pub(super) struct Secret {
    key: Option<Arc<str>>,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MARK)
    }
}

impl Secret {
    pub(super) fn new(key: Option<String>) -> Self {
        Self { key: key.map(Arc::from) }
    }

    /// The error as it may be shown: no key in its message, and no more than 2 KiB.
    pub(super) fn clean(&self, mut error: ProviderError) -> ProviderError {
        error.message = cut(&self.hide(&error.message));
        error
    }

    fn hide(&self, message: &str) -> String {
        let whole = match &self.key {
            Some(key) => message.replace(&**key, MARK),
            None => message.to_owned(),
        };
        let mut out = String::with_capacity(whole.len());
        for piece in whole.split_inclusive(|c| !is_part_of_a_key(c)) {
            let word = piece.trim_end_matches(|c| !is_part_of_a_key(c));
            // `split_inclusive` leaves one character behind the word.
            out.push_str(if self.gives_away(word) { MARK } else { word });
            out.push_str(&piece[word.len()..]);
        }
        out
    }

    /// Whether a word is a key, or a piece of ours.
    fn gives_away(&self, word: &str) -> bool {
        let word = word.to_ascii_lowercase();
        if word.len() >= 10 && BEGINNINGS.iter().any(|beginning| word.starts_with(beginning)) {
            return true;
        }
        let Some(key) = self.key.as_deref().map(str::to_ascii_lowercase) else {
            return false;
        };
        let masked = word.contains("**") && key.get(..2).is_some_and(|begin| word.starts_with(begin));
        masked || word == key || windows(&key).any(|window| word.contains(window))
    }
}

/// Every run of so many characters of a key; none of a key that is shorter.
fn windows(key: &str) -> impl Iterator<Item = &str> {
    (0..key.len()).filter_map(|at| key.get(at..at + TELLING))
}

fn is_part_of_a_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '*' | '+' | '/' | '=' | '~')
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk-proj-A1b2C3d4E5f6G7h8";

    fn hidden(message: &str) -> String {
        Secret::new(Some(KEY.to_owned())).hide(message)
    }

    #[test]
    fn the_key_is_hidden_whole_in_part_and_in_asterisks() {
        for message in [
            "bad key: sk-proj-A1b2C3d4E5f6G7h8",
            "bad key: sk-p***********************G7h8",
            "bad key: sk****h8",
            "bad key: SK-PROJ-A1B2C3D4E5F6G7H8",
            "bad key: A1b2C3d4E5",
            "bad key: f6G7h8",
            "bad key: xsk-proj-A1b2C3d4E5f6G7h8x",
            "bad key: sk-somebody-elses-0123",
            "bad key: gsk_aaaaaaaaaaaaaaaaaaa",
        ] {
            let hidden = hidden(message);
            assert!(hidden.starts_with("bad key: ") && hidden.contains(MARK), "{message} -> {hidden}");
            assert!(!hidden.to_lowercase().contains("g7h8"), "{message} -> {hidden}");
        }
    }

    #[test]
    fn other_words_stay_as_they_are() {
        for message in
            ["The model `gpt-x` does not exist.", "  é 字 “quoted”\n\n", "", "sk-1 is a shop", "a ** b"]
        {
            assert_eq!(hidden(message), message);
        }
        assert_eq!(hidden("(sk-proj-A1b2C3d4E5f6G7h8), sorry"), "([key]), sorry");
        assert_eq!(Secret::new(None).hide("no key, no cry"), "no key, no cry");
    }

    #[test]
    fn a_short_key_is_hidden_as_a_word() {
        let secret = Secret::new(Some("test".to_owned()));
        assert_eq!(secret.hide("key test is bad"), "key [key] is bad");
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new(Some(KEY.to_owned()))), MARK);
    }
}
