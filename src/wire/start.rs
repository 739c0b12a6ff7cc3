//! The body of a start (section 4): what is asked, of which model and how.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::{AnswerId, ConversationId, MessageId};

/// The body of `POST /api/chat`. Unknown keys are refused, so that a misspelt one is not silently
/// without effect.
///
/// The options' type is a parameter for the page's sake: what can be any JSON would bring the whole
/// writing of floating point numbers into the browser, 20 KB of it, which it never sends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartRequest<O = AnyOptions> {
    /// The answer's id; made by the server where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AnswerId>,
    /// The conversation; an unknown one is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// The message below which this one stands: absent is the newest leaf, `null` a new beginning.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub parent: Option<Option<MessageId>>,
    /// What the user says; absent to answer or to continue `parent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<UserMessage>,
    /// `provider/model`; absent for the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The provider's own options, such as [`DemoOptions`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<O>,
}

/// A provider's own options, of whatever kind they are.
pub type AnyOptions = serde_json::Map<String, serde_json::Value>;

/// Tells an absent field from `null`: serde alone makes both of them `None`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<MessageId>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A user's message as the client sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserMessage {
    /// Its id; made by the server where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MessageId>,
    /// What it says.
    pub parts: Vec<MessagePart>,
}

/// One part of a user's message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FlatMessagePart", into = "FlatMessagePart")]
pub enum MessagePart {
    /// Text; a lone surrogate escape in its JSON has become U+FFFD.
    Text(String),
    /// The URL of an uploaded image.
    Image(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FlatMessagePart {
    t: Cow<'static, str>,
    #[serde(deserialize_with = "lossy")]
    r: String,
}

impl TryFrom<FlatMessagePart> for MessagePart {
    type Error = String;

    fn try_from(flat: FlatMessagePart) -> Result<Self, Self::Error> {
        match flat.t.as_ref() {
            "text" => Ok(Self::Text(flat.r)),
            "image" => Ok(Self::Image(flat.r)),
            other => Err(format!("a part of a message is `text` or `image`, not `{other}`")),
        }
    }
}

impl From<MessagePart> for FlatMessagePart {
    fn from(part: MessagePart) -> Self {
        match part {
            MessagePart::Text(r) => Self { t: "text".into(), r },
            MessagePart::Image(r) => Self { t: "image".into(), r },
        }
    }
}

/// Reads a string in which a lone surrogate escape becomes U+FFFD. serde_json refuses those for a
/// `String`, but hands them out as generalised UTF-8 where bytes are asked for.
fn lossy<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Lossy;

    impl serde::de::Visitor<'_> for Lossy {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, s: &str) -> Result<String, E> {
            Ok(s.to_owned())
        }

        fn visit_bytes<E>(self, mut bytes: &[u8]) -> Result<String, E> {
            let mut out = String::with_capacity(bytes.len());
            loop {
                match std::str::from_utf8(bytes) {
                    Ok(rest) => {
                        out.push_str(rest);
                        return Ok(out);
                    }
                    Err(error) => {
                        let (good, bad) = bytes.split_at(error.valid_up_to());
                        out.push_str(&String::from_utf8_lossy(good));
                        out.push(char::REPLACEMENT_CHARACTER);
                        // A surrogate is three bytes, ED A0..BF 80..BF; anything else is one at a time.
                        let surrogate = bad.len() >= 3 && bad[0] == 0xED && bad[1] >= 0xA0;
                        bytes = &bad[if surrogate { 3 } else { 1 }..];
                    }
                }
            }
        }
    }

    deserializer.deserialize_bytes(Lossy)
}

/// The demo's options (section 8). The same keys as a form stand on the page `/lab`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoOptions {
    /// Pause between pieces in milliseconds; 0 is as fast as it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace_ms: Option<u64>,
    /// Least and most characters of a piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pieces: Option<[usize; 2]>,
    /// The same seed gives the same pieces and the same text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Text goes on, repeating, to the first character border at or after this many bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<usize>,
    /// After so many characters the provider reports an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_after: Option<usize>,
    /// After so many characters the provider's stream ends without an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_after: Option<usize>,
    /// After so many characters the provider says nothing more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stall_after: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_parent_is_not_null() {
        let absent: StartRequest = serde_json::from_str("{}").unwrap();
        assert_eq!(absent.parent, None);
        let null: StartRequest = serde_json::from_str(r#"{"parent":null}"#).unwrap();
        assert_eq!(null.parent, Some(None));
        assert_eq!(serde_json::to_string(&null).unwrap(), r#"{"parent":null}"#);
    }

    #[test]
    fn a_misspelt_key_is_named() {
        let error = serde_json::from_str::<StartRequest>(r#"{"modle":"x"}"#).unwrap_err().to_string();
        assert!(error.contains("modle"), "{error}");
    }

    #[test]
    fn a_lone_surrogate_becomes_one_replacement_character() {
        let part = |json: &str| serde_json::from_str::<MessagePart>(json).unwrap();
        assert_eq!(part(r#"{"t":"text","r":"a\ud83db"}"#), MessagePart::Text("a\u{fffd}b".to_owned()));
        assert_eq!(
            part(r#"{"t":"text","r":"\udc00\ud800"}"#),
            MessagePart::Text("\u{fffd}\u{fffd}".to_owned())
        );
        assert_eq!(part(r#"{"t":"text","r":"\ud83d\ude00"}"#), MessagePart::Text("😀".to_owned()));
        assert_eq!(part(r#"{"t":"text","r":"plain"}"#), MessagePart::Text("plain".to_owned()));
    }
}
