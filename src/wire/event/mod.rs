//! The events of an answer and their JSON (section 1).

mod flat;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub(super) use self::flat::Flat;
use self::flat::Stranger;
use super::{Check, Offset};

/// One event of an answer's stream. Closed: what a reader does not know becomes
/// [`Event::Unknown`], and the server never sends that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// More of the model's reasoning; never empty.
    Think(String),
    /// More of the answer, in Markdown; never empty.
    Text(String),
    /// One whole image.
    Image(Image),
    /// What is going on while nothing comes. Zero wide and not part of the answer.
    Status(Status),
    /// The end, whatever its kind. Nothing follows it.
    Terminal(Terminal),
    /// A `t` that this version does not know. Its content is lost to this reader, and with it the
    /// possibility to verify the answer.
    Unknown,
}

impl Event {
    /// How far the event moves a reader, in bytes: its `r` in UTF-8. `None` where that is unknown.
    pub fn width(&self) -> Option<usize> {
        match self {
            Self::Think(r) | Self::Text(r) => Some(r.len()),
            Self::Image(image) => Some(image.url.len()),
            Self::Status(_) | Self::Terminal(_) => Some(0),
            Self::Unknown => None,
        }
    }

    /// Reads the JSON of a frame's `data`.
    ///
    /// # Errors
    ///
    /// When it is not JSON, or lacks what its `t` must have. What is not known is no error, be it a
    /// `t`, a field or a phase: the protocol changes by adding.
    pub fn from_json(json: &str) -> Result<Self, ParseEventError> {
        // serde would also take the fields' values as an array.
        if !json.trim_ascii_start().starts_with('{') {
            return Err(ParseEventError::NotAnObject);
        }
        match super::json::from_str::<Flat<'_>>(json) {
            Ok(flat) => flat.try_into(),
            // A `t` that is not known may use our fields' names for something else.
            Err(_) if Stranger::is_what(json) => Ok(Self::Unknown),
            Err(error) => Err(error.into()),
        }
    }

    /// The JSON of a frame's `data`: one line.
    pub fn to_json(&self) -> String {
        let flat = match self {
            Self::Think(r) => Flat::content(PartKind::Think.name(), r),
            Self::Text(r) => Flat::content(PartKind::Text.name(), r),
            Self::Image(image) => Flat::image(image),
            Self::Status(status) => Flat::status(status),
            Self::Terminal(terminal) => Flat::terminal(terminal),
            Self::Unknown => Flat::unknown(),
        };
        flat.to_json()
    }
}

/// Why the data of a frame is not an event.
#[derive(Debug, thiserror::Error)]
pub enum ParseEventError {
    /// It is something else altogether, such as `[DONE]`.
    #[error("not an event: expected a JSON object")]
    NotAnObject,
    /// It is not a JSON object of the right types.
    #[error("not an event: {0}")]
    Json(#[from] super::json::JsonError),
    /// A field that this kind of event must have is missing.
    #[error("an event of type `{t}` needs the field `{field}`")]
    Missing {
        /// The event's type.
        t: String,
        /// The field's name.
        field: &'static str,
    },
}

/// The type of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PartKind {
    /// The model's reasoning.
    Think,
    /// The answer's text.
    Text,
    /// An image.
    Image,
}

impl PartKind {
    /// Its name on the wire and in the check.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Think => "think",
            Self::Text => "text",
            Self::Image => "image",
        }
    }
}

/// An image of an answer. Its URL is of the same origin and never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Where it is; this is what counts for offsets and the check.
    pub url: String,
    /// Width in pixels.
    pub w: u32,
    /// Height in pixels.
    pub h: u32,
    /// What it shows, in words.
    pub alt: String,
}

/// What is going on while nothing comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// What the answer waits for.
    pub phase: Phase,
    /// Until when, where known, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<u64>,
    /// URL of an image that will still change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
}

impl Status {
    /// A phase of unknown length.
    pub fn phase(phase: Phase) -> Self {
        Self { phase, until: None, preview: None }
    }
}

/// What an answer waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// The provider's first byte.
    Waiting,
    /// The provider loads the model.
    Loading,
    /// The provider is asked again.
    Retrying,
    /// The answer goes on where it broke off.
    Continuing,
    /// The answer's turn.
    Queued,
}

/// How an answer ended, with what a reader needs to see that it has all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// How it ended.
    pub outcome: Outcome,
    /// Bytes of content.
    pub length: Offset,
    /// The check over that content.
    pub check: Check,
    /// How long it took.
    pub timing: Timing,
}

/// How an answer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The model finished.
    End {
        /// Why it stopped.
        reason: EndReason,
        /// What it cost, where the provider said so.
        usage: Option<Usage>,
    },
    /// Somebody stopped it.
    Cancelled {
        /// Bytes that had been generated and were cut.
        discarded: u64,
    },
    /// It failed; what had come stays.
    Error {
        /// What kind of failure.
        kind: ErrorKind,
        /// What happened, for a person.
        message: String,
        /// Seconds after which another try may help, where known.
        retry_after: Option<u64>,
    },
}

/// Why a model stopped of its own accord.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndReason {
    /// It was done.
    Stop,
    /// It ran into its own limit of tokens.
    Length,
    /// The provider's content filter stepped in.
    Filter,
    /// The provider did not say.
    #[serde(other)]
    Unknown,
}

/// Tokens, as the provider counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// In the prompt.
    #[serde(default)]
    pub input: u64,
    /// In the answer.
    #[serde(default)]
    pub output: u64,
}

/// The kinds of failure of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The provider reported an error or broke off.
    Provider,
    /// The provider's stream ended without an end.
    Incomplete,
    /// The provider said nothing for too long.
    Timeout,
    /// The provider asks to slow down.
    RateLimited,
    /// The answer grew beyond the limit.
    TooLarge,
    /// The server stopped.
    Interrupted,
    /// A fault of Sluice's own.
    #[serde(other)]
    Internal,
}

/// How long an answer took, in milliseconds from its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// To the first content; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_ms: Option<u64>,
    /// Spent thinking; absent where it did not think.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub think_ms: Option<u64>,
    /// To the terminal.
    #[serde(default)]
    pub total_ms: u64,
}
