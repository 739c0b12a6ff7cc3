//! The JSON bodies about conversations as such. The page's own: no other program is promised them.

use serde::{Deserialize, Serialize};

use super::{AnswerId, ConversationId, RunningAnswer};

/// The body of `GET /api/conversations`: a stretch of the list, the one last asked in first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversations {
    /// In order.
    pub conversations: Vec<Listed>,
    /// What `before` is for the next stretch; `None` at the end of the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One conversation of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Which one.
    pub id: ConversationId,
    /// Its title.
    pub title: String,
    /// When something was last asked in it, in milliseconds since 1970.
    pub touched_ms: u64,
    /// Its answer that runs, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<AnswerId>,
}

/// The body of `GET /api/running`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningAnswers {
    /// All answers of the owner's that run now.
    pub running: Vec<RunningAnswer>,
}

/// The body of `PATCH /api/conversations/{id}`, and of its response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// 1 to 200 characters, none of them a control character.
    pub title: String,
}
