//! The JSON bodies of the endpoints (section 4).

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::event::Flat;
use super::{AnswerId, Check, ConversationId, Image, MessageId, Offset, Part, Status, Terminal};

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

/// The answer to `POST /api/files`: where the image is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadedFile {
    /// Its URL, for an image part of a message.
    pub url: String,
    /// Width in pixels.
    pub w: u32,
    /// Height in pixels.
    pub h: u32,
}

/// The body of a cancel; an empty body is one without `seen`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelRequest {
    /// What the reader had on screen; the answer is cut to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Offset>,
}

/// Where an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AnswerState {
    /// Its run goes on.
    Running,
    /// The model finished.
    End,
    /// Somebody stopped it.
    Cancelled,
    /// It failed.
    Error,
}

impl From<&Terminal> for AnswerState {
    fn from(terminal: &Terminal) -> Self {
        match terminal.outcome {
            super::Outcome::End { .. } => Self::End,
            super::Outcome::Cancelled { .. } => Self::Cancelled,
            super::Outcome::Error { .. } => Self::Error,
        }
    }
}

/// The answer to a cancel: the terminal that holds, with the state beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoppedAnswer {
    /// How the answer ended.
    pub terminal: Terminal,
    /// Milliseconds from the cancel to the closing of the provider's stream, where a cancel ended it and
    /// the server still knows.
    pub closed_ms: Option<u64>,
}

impl Serialize for StoppedAnswer {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut flat = Flat::terminal(&self.terminal);
        flat.state = Some(AnswerState::from(&self.terminal));
        flat.closed_ms = self.closed_ms;
        flat.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StoppedAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let flat = Flat::deserialize(deserializer)?;
        let closed_ms = flat.closed_ms;
        flat.try_into_terminal()
            .map(|terminal| Self { terminal, closed_ms })
            .map_err(serde::de::Error::custom)
    }
}

/// The body of `GET /api/chat/{id}`: an answer so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The answer.
    pub id: AnswerId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// The message that it answers or continues.
    pub parent: MessageId,
    /// `provider/model`.
    pub model: String,
    /// Where it stands.
    pub state: AnswerState,
    /// Its content.
    pub parts: Vec<SnapshotPart>,
    /// Bytes of content.
    pub length: Offset,
    /// The check over the content.
    pub check: Check,
    /// What it waits for, while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How it ended, once it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<Terminal>,
}

/// A part in JSON: the same fields as the event that would bring the whole of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotPart(pub Part);

impl Serialize for SnapshotPart {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Part::Think(r) => Flat::content("think", r),
            Part::Text(r) => Flat::content("text", r),
            Part::Image(image) => Flat::image(image),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SnapshotPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use super::Event;
        use serde::de::Error;
        match Flat::deserialize(deserializer)?.try_into().map_err(Error::custom)? {
            Event::Think(r) => Ok(Self(Part::Think(r))),
            Event::Text(r) => Ok(Self(Part::Text(r))),
            Event::Image(Image { url, w, h, alt }) => Ok(Self(Part::Image(Image { url, w, h, alt }))),
            Event::Status(_) | Event::Terminal(_) | Event::Unknown => {
                Err(Error::custom("a part is `think`, `text` or `image`"))
            }
        }
    }
}

/// A conversation as the page is given it: the messages of one branch, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// Which one.
    pub id: ConversationId,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Its messages.
    pub messages: Vec<ChatMessage>,
}

/// One message of a [`Chat`], with all that stand below the same parent, itself included, in the
/// order in which they came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChatMessage {
    /// What the user said.
    User {
        /// The message.
        id: MessageId,
        /// The message above it.
        #[serde(default)]
        parent: Option<MessageId>,
        /// Its siblings.
        #[serde(default)]
        siblings: Vec<MessageId>,
        /// Its parts.
        parts: Vec<MessagePart>,
    },
    /// An answer, running or ended.
    Answer {
        /// Its siblings.
        #[serde(default)]
        siblings: Vec<MessageId>,
        /// The answer.
        answer: Box<Snapshot>,
    },
}

/// An answer that runs, as in the body of `GET /api/running`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningAnswer {
    /// Which one.
    pub answer: AnswerId,
    /// Its conversation.
    pub conversation: ConversationId,
}

/// The body of `GET /api/models`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Models {
    /// What can be asked, in the order in which it is offered.
    pub models: Vec<ModelInfo>,
    /// Providers that could not say which models they have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<ModelProblem>,
}

/// One model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// `provider/model`.
    pub id: String,
    /// The provider's name.
    pub provider: String,
    /// What a person reads.
    pub label: String,
    /// Whether a start without a model takes this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
}

/// A provider that could not say which models it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelProblem {
    /// The provider's name.
    pub provider: String,
    /// What happened, for a person.
    pub message: String,
}

/// The JSON of an error before a stream starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorDetail,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// A word for programs.
    pub kind: String,
    /// A sentence for people, that says what to do.
    pub message: String,
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
