//! Conversations as they are listed, read, renamed and deleted.

use async_trait::async_trait;

use super::{OwnerId, StoreError};
use crate::wire::{ConversationId, MessageId, MessagePart, Part, Terminal};

/// What the page shows of conversations.
#[async_trait]
pub trait Conversations: std::fmt::Debug + Send + Sync {
    /// The owner's conversations, the one last asked in first.
    async fn list(
        &self,
        owner: OwnerId,
        before: Option<ListedBefore>,
        limit: usize,
    ) -> Result<Page, StoreError>;

    /// The branch on which `at` stands, down to its newest leaf; without `at`, the newest branch.
    /// `None` where there is no such conversation or message of the owner's.
    async fn branch(
        &self,
        owner: OwnerId,
        id: ConversationId,
        at: Option<MessageId>,
    ) -> Result<Option<Branch>, StoreError>;

    /// Gives a conversation another title. `false` where there is none of the owner's.
    async fn rename(&self, owner: OwnerId, id: ConversationId, title: &str) -> Result<bool, StoreError>;

    /// Hides a conversation. `false` where there is none of the owner's.
    async fn delete(&self, owner: OwnerId, id: ConversationId) -> Result<bool, StoreError>;

    /// Shows a deleted conversation again. `false` where there is none of the owner's, or no more.
    async fn restore(&self, owner: OwnerId, id: ConversationId) -> Result<bool, StoreError>;

    /// Removes for good what was deleted so many milliseconds ago or earlier.
    async fn purge(&self, older_than_ms: i64) -> Result<usize, StoreError>;
}

/// One conversation of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Which one.
    pub id: ConversationId,
    /// Its title.
    pub title: String,
    /// When something was last asked in it, in milliseconds since 1970.
    pub touched_ms: i64,
}

/// Where a list goes on: behind this conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedBefore {
    /// Its time.
    pub touched_ms: i64,
    /// Itself, for several at the same time.
    pub id: ConversationId,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// In order.
    pub conversations: Vec<Listed>,
    /// Whether there are more behind them.
    pub more: bool,
}

/// A conversation along one branch.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its title.
    pub title: String,
    /// From the beginning down to a leaf.
    pub messages: Vec<BranchMessage>,
}

/// A message of a branch.
#[derive(Clone, Debug)]
pub struct BranchMessage {
    /// Which one.
    pub id: MessageId,
    /// The message above it.
    pub parent: Option<MessageId>,
    /// All messages below the same parent, in the order in which they came, itself included.
    pub siblings: Vec<MessageId>,
    /// What it is.
    pub content: Content,
}

/// What a message is.
#[derive(Clone, Debug)]
pub enum Content {
    /// What the user said.
    User(Vec<MessagePart>),
    /// An answer.
    Answer {
        /// `provider/model`.
        model: String,
        /// What is saved of it.
        parts: Vec<Part>,
        /// How it ended; `None` while it runs, when the registry knows more than this.
        terminal: Option<Terminal>,
    },
}
