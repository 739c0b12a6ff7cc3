//! Owners, and what they prove themselves with.

use async_trait::async_trait;

use super::StoreError;

/// Whose things they are.
#[async_trait]
pub trait Owners: std::fmt::Debug + Send + Sync {
    /// Makes an anonymous owner, known by this token from now on.
    async fn add_anonymous(&self, token: TokenHash) -> Result<OwnerId, StoreError>;

    /// Whom a token stands for; `None` where it stands for nobody (any more). Notes that it was used.
    async fn session(&self, token: TokenHash) -> Result<Option<Session>, StoreError>;

    /// Adds a person. `None` where the name is taken.
    async fn add_person(&self, name: &str, password: &str) -> Result<Option<OwnerId>, StoreError>;

    /// The person of this name.
    async fn person(&self, name: &str) -> Result<Option<Person>, StoreError>;

    /// Whether there are people at all. Asked with most requests of whoever is nobody's.
    async fn has_people(&self) -> Result<bool, StoreError>;

    /// All people's names, in order.
    async fn people(&self) -> Result<Vec<String>, StoreError>;

    /// Gives a person another password. `false` where there is no such person.
    async fn set_password(&self, name: &str, password: &str) -> Result<bool, StoreError>;

    /// Removes a person with all that is theirs. `false` where there is no such person.
    async fn remove_person(&self, name: &str) -> Result<bool, StoreError>;

    /// Adds a token by which the owner is known.
    async fn add_session(
        &self,
        owner: OwnerId,
        token: TokenHash,
        kind: SessionKind,
    ) -> Result<(), StoreError>;

    /// Makes a token worthless.
    async fn end_session(&self, token: TokenHash) -> Result<(), StoreError>;

    /// Makes all tokens of one kind of an owner worthless; returns how many there were.
    async fn end_sessions(&self, owner: OwnerId, kind: SessionKind) -> Result<usize, StoreError>;

    /// Makes everything of an anonymous owner another's, and forgets the anonymous one.
    async fn adopt(&self, anonymous: OwnerId, by: OwnerId) -> Result<(), StoreError>;

    /// Forgets anonymous owners who have nothing, and whose token was last used so many milliseconds
    /// ago or earlier.
    async fn forget_idle(&self, older_than_ms: i64) -> Result<usize, StoreError>;
}

/// An owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerId(pub i64);

/// SHA-256 of a token of 256 random bits. The token itself is never kept; with that much chance in
/// it, a fast hash is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// What a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose it is.
    pub owner: OwnerId,
    /// The person's name; `None` for an anonymous owner.
    pub name: Option<String>,
    /// Who holds it.
    pub kind: SessionKind,
}

/// Who holds a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// A browser, in a cookie.
    Browser,
    /// A program, in a header.
    Program,
}

/// A person who can log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// As an owner.
    pub id: OwnerId,
    /// The password's hash, a PHC string.
    pub password: String,
}
