//! The JSON of events: one flat struct behind all of them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{
    EndReason, ErrorKind, Event, Image, Outcome, ParseEventError, PartKind, Phase, Status, Terminal, Timing,
    Usage,
};
use crate::wire::{AnswerState, Check, Offset};

/// An event of which only the type can be read.
#[derive(Deserialize)]
pub(super) struct Stranger<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
}

impl Stranger<'_> {
    const KNOWN: [&'static str; 7] = ["think", "text", "image", "status", "end", "cancelled", "error"];

    pub(super) fn is_what(json: &str) -> bool {
        crate::wire::json::from_str::<Stranger<'_>>(json)
            .is_ok_and(|it| !Self::KNOWN.contains(&it.t.as_ref()))
    }
}

/// The JSON of every event in one flat struct: an internally tagged enum would cost twice as much
/// WASM.
#[derive(Default, Serialize, Deserialize)]
pub(in crate::wire) struct Flat<'a> {
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
    pub(in crate::wire) state: Option<AnswerState>,
    /// Likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::wire) closed_ms: Option<u64>,
}

/// `None` for a phase that a newer server knows, so that its status is passed over and not refused.
fn known_phase<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Phase>, D::Error> {
    let name = Cow::<'de, str>::deserialize(deserializer)?;
    let name = serde::de::value::CowStrDeserializer::<serde::de::value::Error>::new(name);
    Ok(Phase::deserialize(name).ok())
}

impl<'a> Flat<'a> {
    /// Of a type that nobody knows.
    pub(super) fn unknown() -> Self {
        Self { t: "unknown".into(), ..Self::default() }
    }

    pub(in crate::wire) fn content(t: &'a str, r: &'a str) -> Self {
        Self { t: t.into(), r: Some(r.into()), ..Self::default() }
    }

    pub(in crate::wire) fn image(image: &'a Image) -> Self {
        Self {
            w: Some(image.w),
            h: Some(image.h),
            alt: Some(image.alt.as_str().into()),
            ..Self::content(PartKind::Image.name(), &image.url)
        }
    }

    pub(in crate::wire) fn status(status: &'a Status) -> Self {
        Self {
            t: "status".into(),
            phase: Some(status.phase),
            until: status.until,
            preview: status.preview.as_deref().map(Cow::from),
            ..Self::default()
        }
    }

    pub(in crate::wire) fn terminal(terminal: &'a Terminal) -> Self {
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

    pub(in crate::wire) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings and numbers always serialise")
    }

    fn missing(&self, field: &'static str) -> ParseEventError {
        ParseEventError::Missing { t: self.t.clone().into_owned(), field }
    }

    fn take_r(&mut self) -> Result<String, ParseEventError> {
        self.r.take().map(Cow::into_owned).ok_or_else(|| self.missing("r"))
    }

    pub(in crate::wire) fn try_into_terminal(self) -> Result<Terminal, &'static str> {
        match self.try_into() {
            Ok(Event::Terminal(terminal)) => Ok(terminal),
            _ => Err("expected `end`, `cancelled` or `error`"),
        }
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
        Flat::deserialize(deserializer)?.try_into_terminal().map_err(serde::de::Error::custom)
    }
}
