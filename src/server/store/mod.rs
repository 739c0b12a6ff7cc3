//! Owners, conversations, their messages, and answers: what outlives the process.
//!
//! [`Store`] is the seam: four traits, one for each thing that is kept. [`Sqlite`] is the one that
//! starts without any setting; `contract` is the one suite of tests that every store must pass.
//!
//! - `answers`: placing a start, saving an answer piece by piece, ending it, reading it again
//! - `conversations`: listing, branches, renaming, deleting
//! - `files`: images, by the hash of their content
//! - `owners`: whose things they are, and what they prove it with
//! - `sqlite`: the embedded database
//!
//! # Architecture Invariant
//!
//! Knows nothing of providers, readers, axum or Leptos. Never holds an answer's text in memory
//! longer than a call. Every question names the owner who asks, but for those about a run, whose
//! owner has been checked.

mod answers;
mod conversations;
mod files;
mod owners;
mod sqlite;

#[cfg(test)]
mod contract;

pub use answers::{
    AnswerRecord, Answers, Ending, NewAnswer, Piece, PlaceError, Placed, RequestDigest, Slice, Turn, Words,
};
pub use conversations::{Branch, BranchMessage, Content, Conversations, Listed, ListedBefore, Page};
pub use files::{FileHash, FileName, Files, NotAPicture, Picture, PictureFormat};
pub use owners::{OwnerId, Owners, Person, Session, SessionKind, TokenHash};
pub use sqlite::{OpenError, Sqlite};

/// Everything that is kept.
pub trait Store: Answers + Conversations + Files + Owners {}

impl<T: Answers + Conversations + Files + Owners> Store for T {}

/// The store can't do what it was asked. Domain errors have their own types.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no room left.
    #[error("the server's disk is full")]
    Full,
    /// It can't be written or read.
    #[error("the server's database can't be used: {0}")]
    Broken(String),
    /// Somebody else holds it; another try may help.
    #[error("the server's database is busy: {0}")]
    Busy(String),
}
