//! Why the server refused something, in the reader's language. Its own sentences are in English, since its
//! JSON is for programs as well, and a proxy before it says nothing that a person could read.

use super::words;

/// What HTTP says, in the order of the sentences.
const STATUSES: [u16; 8] = [400, 401, 403, 404, 409, 413, 429, 503];

/// Why, by the status; `None` for one that no sentence was written for.
pub fn refused(status: u16) -> Option<&'static str> {
    let place = STATUSES.iter().position(|known| *known == status)?;
    words().refusals.get(place).copied()
}

/// Whether the page is in the language in which servers and providers speak.
pub fn is_theirs() -> bool {
    words().lang == "en"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_its_sentence() {
        assert_eq!(words().refusals.len(), STATUSES.len());
        assert_eq!(refused(413), Some("The message is too large."));
        assert_eq!(refused(418), None);
    }
}
