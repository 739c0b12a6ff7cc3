//! The events of an answer and their JSON (section 1).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

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
            Self::Unknown => Flat { t: "unknown".into(), ..Flat::default() },
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

/// An event of which only the type can be read.
#[derive(Deserialize)]
struct Stranger<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
}

impl Stranger<'_> {
    const KNOWN: [&'static str; 7] = ["think", "text", "image", "status", "end", "cancelled", "error"];

    fn is_what(json: &str) -> bool {
        super::json::from_str::<Stranger<'_>>(json).is_ok_and(|it| !Self::KNOWN.contains(&it.t.as_ref()))
    }
}

/// The JSON of every event in one flat struct: an internally tagged enum would cost twice as much
/// WASM.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Flat<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    r: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    w: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    h: Option<u32>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    alt: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "known_phase")]
    phase: Option<Phase>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    preview: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<ErrorKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<EndReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    usage: Option<Usage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    discarded: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length: Option<Offset>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    check: Option<Check>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timing: Option<Timing>,
    /// Only in the answer to a cancel (section 4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<super::AnswerState>,
}

/// `None` for a phase that a newer server knows, so that its status is passed over and not refused.
fn known_phase<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Phase>, D::Error> {
    let name = Cow::<'de, str>::deserialize(deserializer)?;
    let name = serde::de::value::CowStrDeserializer::<serde::de::value::Error>::new(name);
    Ok(Phase::deserialize(name).ok())
}

impl<'a> Flat<'a> {
    pub(super) fn content(t: &'a str, r: &'a str) -> Self {
        Self { t: t.into(), r: Some(r.into()), ..Self::default() }
    }

    pub(super) fn image(image: &'a Image) -> Self {
        Self {
            w: Some(image.w),
            h: Some(image.h),
            alt: Some(image.alt.as_str().into()),
            ..Self::content(PartKind::Image.name(), &image.url)
        }
    }

    pub(super) fn status(status: &'a Status) -> Self {
        Self {
            t: "status".into(),
            phase: Some(status.phase),
            until: status.until,
            preview: status.preview.as_deref().map(Cow::from),
            ..Self::default()
        }
    }

    pub(super) fn terminal(terminal: &'a Terminal) -> Self {
        let shared = Self {
            length: Some(terminal.length),
            check: Some(terminal.check),
            timing: Some(terminal.timing),
            ..Self::default()
        };
        match &terminal.outcome {
            Outcome::End { reason, usage } => {
                Self { t: "end".into(), reason: Some(*reason), usage: *usage, ..shared }
            }
            Outcome::Cancelled { discarded } => {
                Self { t: "cancelled".into(), discarded: Some(*discarded), ..shared }
            }
            Outcome::Error { kind, message, retry_after } => Self {
                t: "error".into(),
                r: Some(message.as_str().into()),
                kind: Some(*kind),
                retry_after: *retry_after,
                ..shared
            },
        }
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings and numbers always serialise")
    }

    fn missing(&self, field: &'static str) -> ParseEventError {
        ParseEventError::Missing { t: self.t.clone().into_owned(), field }
    }

    fn take_r(&mut self) -> Result<String, ParseEventError> {
        self.r.take().map(Cow::into_owned).ok_or_else(|| self.missing("r"))
    }

    fn into_terminal(self, outcome: Outcome) -> Result<Event, ParseEventError> {
        Ok(Event::Terminal(Terminal {
            length: self.length.ok_or_else(|| self.missing("length"))?,
            check: self.check.ok_or_else(|| self.missing("check"))?,
            timing: self.timing.unwrap_or_default(),
            outcome,
        }))
    }
}

impl TryFrom<Flat<'_>> for Event {
    type Error = ParseEventError;

    fn try_from(mut flat: Flat<'_>) -> Result<Self, ParseEventError> {
        match flat.t.as_ref() {
            "think" => flat.take_r().map(Self::Think),
            "text" => flat.take_r().map(Self::Text),
            "image" => Ok(Self::Image(Image {
                url: flat.take_r()?,
                w: flat.w.unwrap_or(0),
                h: flat.h.unwrap_or(0),
                alt: flat.alt.take().map(Cow::into_owned).unwrap_or_default(),
            })),
            "status" => Ok(match flat.phase {
                Some(phase) => Self::Status(Status {
                    phase,
                    until: flat.until,
                    preview: flat.preview.map(Cow::into_owned),
                }),
                None => Self::Unknown,
            }),
            "end" => {
                let outcome =
                    Outcome::End { reason: flat.reason.unwrap_or(EndReason::Unknown), usage: flat.usage };
                flat.into_terminal(outcome)
            }
            "cancelled" => {
                let outcome = Outcome::Cancelled { discarded: flat.discarded.unwrap_or(0) };
                flat.into_terminal(outcome)
            }
            "error" => {
                let outcome = Outcome::Error {
                    message: flat.take_r()?,
                    kind: flat.kind.unwrap_or(ErrorKind::Internal),
                    retry_after: flat.retry_after,
                };
                flat.into_terminal(outcome)
            }
            _ => Ok(Self::Unknown),
        }
    }
}

impl Terminal {
    /// Its JSON, as it stands in a frame and in a snapshot.
    pub fn to_json(&self) -> String {
        Flat::terminal(self).to_json()
    }
}

impl Serialize for Terminal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Flat::terminal(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Terminal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Flat::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)? {
            Event::Terminal(terminal) => Ok(terminal),
            _ => Err(serde::de::Error::custom("expected `end`, `cancelled` or `error`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal(outcome: Outcome) -> Event {
        Event::Terminal(Terminal {
            outcome,
            length: Offset(12),
            check: Check(0xab),
            timing: Timing { first_ms: Some(3), think_ms: None, total_ms: 90 },
        })
    }

    #[test]
    fn every_event_survives_its_json() {
        let all = [
            Event::Think("h\u{1f}m\u{2028}".to_owned()),
            Event::Text("safe\r\n\r\nevent: control\r\ndata: {\"injected\":true}\0".to_owned()),
            Event::Image(Image { url: "/api/files/a".to_owned(), w: 4, h: 3, alt: "a \"cat\"".to_owned() }),
            Event::Status(Status { phase: Phase::Queued, until: Some(5), preview: Some("/p".to_owned()) }),
            terminal(Outcome::End { reason: EndReason::Length, usage: Some(Usage { input: 1, output: 2 }) }),
            terminal(Outcome::Cancelled { discarded: 7 }),
            terminal(Outcome::Error {
                kind: ErrorKind::RateLimited,
                message: "slow down".to_owned(),
                retry_after: Some(30),
            }),
        ];
        for event in all {
            let json = event.to_json();
            assert!(!json.contains(['\n', '\r']), "one line: {json}");
            assert_eq!(Event::from_json(&json).unwrap(), event, "{json}");
        }
    }

    #[test]
    fn the_json_is_the_documented_one() {
        assert_eq!(Event::Text("ello".to_owned()).to_json(), r#"{"t":"text","r":"ello"}"#);
        assert_eq!(
            terminal(Outcome::End { reason: EndReason::Stop, usage: None }).to_json(),
            r#"{"t":"end","reason":"stop","length":12,"check":"000000ab","timing":{"first_ms":3,"total_ms":90}}"#
        );
    }

    #[test]
    fn what_is_not_known_is_not_an_error() {
        assert_eq!(Event::from_json(r#"{"t":"video","r":"x"}"#).unwrap(), Event::Unknown);
        assert_eq!(
            Event::from_json(r#"{"t":"text","r":"x","new":[1]}"#).unwrap(),
            Event::Text("x".to_owned())
        );
        for json in
            [r#"{"t":"video","r":{"url":"x"},"length":"long"}"#, r#"{"t":"status","phase":"dreaming"}"#]
        {
            assert_eq!(Event::from_json(json).unwrap(), Event::Unknown, "{json}");
        }
    }

    #[test]
    fn an_incomplete_event_names_the_field() {
        assert_eq!(
            Event::from_json(r#"{"t":"text"}"#).unwrap_err().to_string(),
            "an event of type `text` needs the field `r`"
        );
        for json in [
            "[DONE]",
            r#"["text","x"]"#,
            "",
            "null",
            "7",
            r#"{"t":"text","r":7}"#,
            r#"{"t":7}"#,
            r#"{"r":"x"}"#,
        ] {
            assert!(Event::from_json(json).is_err(), "{json}");
        }
    }
}
