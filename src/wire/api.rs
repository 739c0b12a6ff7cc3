//! The JSON bodies of the endpoints (section 4).

use serde::{Deserialize, Deserializer, Serialize};

use super::event::Flat;
use super::{AnswerId, Check, ConversationId, Image, MessageId, MessagePart, Offset, Part, Status, Terminal};

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
