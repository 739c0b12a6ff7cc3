//! What a server said instead of an answer, as a message for a person. It is data: it is cut, a web
//! page is never passed on, and nothing in it is followed.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::error;
use crate::server::provider::ProviderError;
use crate::wire::ErrorKind;

/// So much of what an upstream says is shown, in bytes.
const MOST_SHOWN: usize = 2048;

/// A response that is no stream.
#[derive(Debug)]
pub(super) struct Refusal<'a> {
    /// The provider's name.
    pub(super) name: &'a str,
    pub(super) status: u16,
    /// The status in words, where it is a known one.
    pub(super) reason: &'a str,
    pub(super) content_type: &'a str,
    pub(super) retry_after: Option<u64>,
    /// Its body, as far as it was read.
    pub(super) body: &'a [u8],
}

impl Refusal<'_> {
    /// The error that it becomes.
    pub(super) fn error(&self) -> ProviderError {
        let kind = match (self.status, self.retry_after) {
            (429, _) | (503, Some(_)) => ErrorKind::RateLimited,
            _ => ErrorKind::Provider,
        };
        ProviderError { retry_after: self.retry_after, ..error(kind, self.message()) }
    }

    fn message(&self) -> String {
        let Self { name, status, reason, .. } = self;
        let status = format!("{status} {reason}");
        let status = status.trim_end();
        if (300..400).contains(&self.status) {
            return format!("The provider `{name}` answered {status}: it redirects, which is not followed.");
        }
        match self.detail() {
            Some(detail) => format!("The provider `{name}` answered {status}: {detail}"),
            None if self.status < 300 => {
                let what = if self.is_page() { "a web page" } else { self.kind_of_content() };
                format!(
                    "The provider `{name}` answered {status} with {what} and not with a stream of events."
                )
            }
            None => format!("The provider `{name}` answered {status}."),
        }
    }

    /// What it says of itself. A completion that came in one piece is not relayed as a message.
    fn detail(&self) -> Option<String> {
        if self.is_page() {
            return None;
        }
        let text = String::from_utf8_lossy(self.body);
        let json = serde_json::from_str::<Value>(&text).ok();
        match json {
            Some(json) => sentence(&json),
            None if self.status < 300 => None,
            None => Some(plain(&text)).filter(|text| !text.is_empty()),
        }
    }

    fn is_page(&self) -> bool {
        self.content_type.contains("html") || self.body.trim_ascii_start().starts_with(b"<")
    }

    fn kind_of_content(&self) -> &'static str {
        match self.content_type {
            "application/json" => "JSON in one piece",
            "" => "something without a content type",
            _ => "something else",
        }
    }
}

/// The message of an error that came as an event: its JSON, or whatever it is instead.
pub(super) fn reported(data: &str) -> String {
    let sentence = match serde_json::from_str::<Value>(data) {
        Ok(json) => sentence(&json),
        Err(_) => Some(plain(data)).filter(|text| !text.is_empty() && !text.starts_with('<')),
    };
    match sentence {
        Some(sentence) => format!("The provider reported an error: {sentence}"),
        None => "The provider reported an error and did not say which.".to_owned(),
    }
}

/// Finds what is meant for people in the JSON of an error: servers nest it differently.
fn sentence(json: &Value) -> Option<String> {
    let found = match json {
        Value::String(text) => Some(plain(text)),
        Value::Object(fields) => {
            let keys = ["error", "message", "detail", "msg", "error_msg"];
            return keys.into_iter().filter_map(|key| fields.get(key)).find_map(sentence);
        }
        Value::Array(items) => return items.iter().find_map(sentence),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    };
    found.filter(|text| !text.is_empty() && !text.starts_with('<'))
}

/// Text of an upstream without control characters, cut.
fn plain(text: &str) -> String {
    let printable = text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c });
    cut(printable.collect::<String>().trim())
}

/// At most 2 KiB of a message.
pub(super) fn cut(message: &str) -> String {
    const MORE: &str = " …";
    if message.len() <= MOST_SHOWN {
        return message.to_owned();
    }
    let end = (0..=MOST_SHOWN - MORE.len()).rev().find(|&at| message.is_char_boundary(at)).unwrap_or(0);
    format!("{}{MORE}", &message[..end])
}

/// Reads `Retry-After`: seconds, or a date. In seconds from now.
pub(super) fn retry_after(value: &str, now: SystemTime) -> Option<u64> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(seconds);
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let wait = date.duration_since(now).unwrap_or(Duration::ZERO);
    Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, content_type: &str, body: &str) -> ProviderError {
        let body = body.as_bytes();
        Refusal { name: "x", status, reason: "", content_type, retry_after: None, body }.error()
    }

    #[test]
    fn the_message_for_people_is_found_wherever_it_is() {
        for body in [
            r#"{"error":{"message":"no such model","type":"invalid"}}"#,
            r#"{"error":"no such model"}"#,
            r#"{"object":"error","message":"no such model","code":404}"#,
            r#"{"detail":"no such model"}"#,
            r#"{"detail":[{"loc":["body"],"msg":"no such model"}]}"#,
            r#"[{"error":{"message":"no such model"}}]"#,
            "no such model\n",
        ] {
            let error = refusal(404, "application/json", body);
            assert_eq!(error.message, "The provider `x` answered 404: no such model", "{body}");
            assert_eq!(error.kind, ErrorKind::Provider);
        }
    }

    #[test]
    fn a_web_page_is_never_relayed() {
        for (content_type, body) in [
            ("text/html; charset=utf-8", "<h1>secret</h1>"),
            ("text/plain", "  \n<!doctype html>secret"),
            ("application/json", r#"{"error":{"message":"<html>secret</html>"}}"#),
            ("", "<secret/>"),
        ] {
            for status in [200, 302, 404, 502] {
                let error = refusal(status, content_type, body);
                assert!(!error.message.contains("secret"), "{}", error.message);
                assert!(error.message.contains(&status.to_string()), "{}", error.message);
            }
        }
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let error = refusal(400, "text/plain", &"字".repeat(5000));
        assert!(error.message.len() <= MOST_SHOWN + 100, "{}", error.message.len());
        assert!(cut(&error.message).len() <= MOST_SHOWN);
        assert!(error.message.ends_with("字 …"), "{}", error.message);
    }

    #[test]
    fn an_error_without_words_says_so() {
        for data in ["{}", "{\"error\":{}}", "null", "7", "", "<html>"] {
            assert_eq!(reported(data), "The provider reported an error and did not say which.");
        }
        assert_eq!(reported("boo\u{1b}[31m"), "The provider reported an error: boo [31m");
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:30 GMT").unwrap();
        let read = |value| retry_after(value, now);
        assert_eq!(read(" 7 "), Some(7));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(7));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:00 GMT"), Some(0));
        assert_eq!(read("soon"), None);
        assert_eq!(read("-1"), None);
    }
}
