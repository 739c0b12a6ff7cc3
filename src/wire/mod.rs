//! What crosses the network between a reader and Sluice, and nothing else: events, offsets, the
//! answer that they fold into, and the JSON bodies. `PROTOCOL.md` is the contract; the numbers in
//! these docs are its sections.
//!
//! An answer is an append-only byte stream with typed parts, and an [`Offset`] says how much of it
//! somebody has. The server's buffer, the browser's page and `sluice decode --typed` all fold events
//! with the one [`Answer::apply`], so a snapshot and a replay cannot disagree:
//!
//! ```
//! use sluice::wire::{Answer, Applied, Event, Offset, Position};
//!
//! let mut answer = Answer::default();
//! let hel = Event::Text("Hel".to_owned());
//! let lo = Event::Text("lo".to_owned());
//! assert_eq!(answer.apply(Position::At(Offset(3)), hel.clone()), Applied::Appended);
//! // The connection broke and what we have was sent again: it is dropped.
//! assert_eq!(answer.apply(Position::At(Offset(3)), hel), Applied::Duplicate);
//! assert_eq!(answer.apply(Position::At(Offset(5)), lo), Applied::Appended);
//! assert_eq!(answer.text(), "Hello");
//! ```
//!
//! # Architecture Invariant
//!
//! No IO, no clock, no randomness, no knowledge of HTTP or of the DOM. Imports nothing of ours.

mod answer;
mod api;
mod check;
mod conversations;
mod event;
mod id;
pub mod json;
mod models;
mod offset;
mod start;

pub use answer::{Answer, Applied, Part, Slice, Verdict};
pub use api::{
    AnswerState, CancelRequest, Chat, ChatMessage, ErrorBody, ErrorDetail, RunningAnswer, Snapshot,
    SnapshotPart, StoppedAnswer, UploadedFile,
};
pub use check::{Check, Checker};
pub use conversations::{Conversations, Listed, RunningAnswers, Title};
pub use event::{
    EndReason, ErrorKind, Event, Image, Outcome, ParseEventError, PartKind, Phase, Status, Terminal, Timing,
    Usage,
};
pub use id::{AnswerId, ConversationId, MessageId, ParseIdError};
pub use models::{ModelInfo, ModelProblem, Models};
pub use offset::{Offset, ParsePositionError, Position};
pub use start::{AnyOptions, DemoOptions, MessagePart, StartRequest, UserMessage};
