//! Answers as they are kept: placed in the tree, saved piece by piece, ended, and read again.

use async_trait::async_trait;

use super::{OwnerId, StoreError};
use crate::wire::{AnswerId, ConversationId, MessageId, MessagePart, Offset, Part, StartRequest, Terminal};

/// What a run and its readers need.
#[async_trait]
pub trait Answers: std::fmt::Debug + Send + Sync {
    /// Puts a start into the tree, in one step: the user's message, if there is one, and the running
    /// answer below it. Nothing changes when it fails.
    ///
    /// # Errors
    ///
    /// See [`PlaceError`].
    async fn place(&self, start: NewAnswer) -> Result<Placed, PlaceError>;

    /// One answer of the owner's; `None` where there is none.
    async fn answer(&self, owner: OwnerId, id: AnswerId) -> Result<Option<AnswerRecord>, StoreError>;

    /// Saves what several running answers have gained, in one step. A piece takes the place of
    /// whatever was saved from its beginning on, so that a save that failed can be repeated. A piece of
    /// an answer that has ended is dropped.
    async fn append(&self, pieces: Vec<Piece>) -> Result<(), StoreError>;

    /// Saves the end of an answer: its last piece and its terminal, in one step. What was saved
    /// beyond the terminal's length is cut off. Repeating it with another terminal replaces that.
    async fn finish(&self, ending: Ending) -> Result<(), StoreError>;

    /// What follows an offset of a saved answer, at least one character and at most about `max`
    /// bytes, with the offset at which it begins; an empty slice at the end. An offset inside an image
    /// or a character counts as its beginning. Costs as much as what is read, however long the answer.
    async fn read(&self, id: AnswerId, after: Offset, max: usize) -> Result<Slice, StoreError>;

    /// Ends every answer that is still marked as running, with `error(interrupted)` and all that was
    /// saved of it. Only for the start of a process, when nothing runs. Returns how many there were.
    async fn recover(&self) -> Result<usize, StoreError>;
}

/// A start, checked by everybody but the store.
#[derive(Debug)]
pub struct NewAnswer {
    /// Whose.
    pub owner: OwnerId,
    /// The answer.
    pub id: AnswerId,
    /// What was asked. Ids that it leaves out are made here.
    pub request: std::sync::Arc<StartRequest>,
    /// The provider's name.
    pub provider: String,
    /// The model's, as the provider knows it.
    pub model: String,
}

/// SHA-256 of the canonical JSON of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestDigest(pub [u8; 32]);

impl RequestDigest {
    /// The digest of a request. Equal bodies have equal ones, whatever the order of their keys.
    pub fn of(request: &StartRequest) -> Self {
        let json = serde_json::to_vec(request).expect("what came as JSON goes as JSON");
        let digest = ring::digest::digest(&ring::digest::SHA256, &json);
        Self(digest.as_ref().try_into().expect("SHA-256 has 32 bytes"))
    }
}

/// Where a start was placed.
#[derive(Debug)]
pub enum Placed {
    /// At a new place.
    New {
        /// The conversation, maybe a new one.
        conversation: ConversationId,
        /// The message that the answer stands below.
        parent: MessageId,
        /// The branch that the model is asked with, oldest first, ending in `parent`.
        branch: Vec<Turn>,
    },
    /// An equal start has been placed before.
    Repeated(AnswerRecord),
}

/// A message as a model is asked with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Which message.
    pub id: MessageId,
    /// What it says.
    pub words: Words,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// A user's parts.
    User(Vec<MessagePart>),
    /// An answer's text, without thinking and images.
    Answer(String),
}

/// Why a start can't be placed. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The parent is not there, or somebody else's.
    #[error("the message `parent` is not there; it may be gone, begin a new chat")]
    UnknownParent,
    /// The conversation is somebody else's, or deleted.
    #[error("the conversation is not there; leave it out to begin a new one")]
    UnknownConversation,
    /// An id belongs to somebody else.
    #[error("the id is not yours")]
    Foreign,
    /// The parent is in another conversation.
    #[error("`parent` is a message of another conversation; leave `conversation` out, or name the parent's")]
    OtherConversation,
    /// The parent is still being written.
    #[error("the answer `parent` is still running; wait for its end or stop it first")]
    ParentRunning,
    /// A message below a user's message.
    #[error("a message can't stand below a user's message; name the answer as `parent`")]
    ParentIsUser,
    /// An id is taken by something else.
    #[error("the id is taken; make a new one")]
    IdTaken,
    /// Neither a message nor a parent.
    #[error("nothing to answer: send a `message`, or the `parent` to answer or to continue")]
    NothingToAnswer,
    /// The store itself fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An answer but for its content.
#[derive(Clone, Debug)]
pub struct AnswerRecord {
    /// Which one.
    pub id: AnswerId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// The message that it answers or continues.
    pub parent: MessageId,
    /// `provider/model`.
    pub model: String,
    /// What started it.
    pub request: RequestDigest,
    /// How it ended; `None` while it runs.
    pub terminal: Option<Terminal>,
}

/// What a running answer has gained since it was last saved.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Which answer.
    pub answer: AnswerId,
    /// Where the piece begins.
    pub from: Offset,
    /// The content from there on.
    pub parts: Vec<Part>,
}

/// The end of an answer.
#[derive(Clone, Debug)]
pub struct Ending {
    /// What has not been saved yet; empty where a stop cut into what was.
    pub rest: Piece,
    /// How it ended.
    pub terminal: Terminal,
}

/// A stretch of an answer's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Where it begins.
    pub from: Offset,
    /// The content from there on.
    pub parts: Vec<Part>,
}
