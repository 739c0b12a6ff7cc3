//! Conversations in the database.

use std::collections::HashMap;

use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::super::{
    Branch, BranchMessage, Content, Conversations, Listed, ListedBefore, OwnerId, Page, StoreError,
};
use super::answers::{terminal, uuid};
use super::place::line;
use super::{Sqlite, corrupt, now_ms, pieces};
use crate::wire::{ConversationId, MessageId, MessagePart};

#[async_trait]
impl Conversations for Sqlite {
    async fn list(
        &self,
        owner: OwnerId,
        before: Option<ListedBefore>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let before = before
            .unwrap_or(ListedBefore { touched_ms: i64::MAX, id: ConversationId::from_bytes([0xFF; 16]) });
        // One more than asked for says whether there are more.
        let rows = sqlx::query(
            "SELECT id, title, touched_ms FROM conversations \
             WHERE owner = ? AND deleted_ms IS NULL AND (touched_ms, id) < (?, ?) \
             ORDER BY touched_ms DESC, id DESC LIMIT ?",
        )
        .bind(owner.0)
        .bind(before.touched_ms)
        .bind(before.id.as_bytes().as_slice())
        .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await?;
        let more = rows.len() > limit;
        let listed = rows.iter().take(limit).map(|row| {
            Ok(Listed {
                id: ConversationId::from_bytes(uuid(row, "id")?),
                title: row.try_get("title")?,
                touched_ms: row.try_get("touched_ms")?,
            })
        });
        Ok(Page { conversations: listed.collect::<Result<_, StoreError>>()?, more })
    }

    async fn branch(
        &self,
        owner: OwnerId,
        id: ConversationId,
        at: Option<MessageId>,
    ) -> Result<Option<Branch>, StoreError> {
        // One transaction, so that what is read belongs together.
        let mut db = self.readers.begin().await?;
        let title: Option<String> = sqlx::query_scalar(
            "SELECT title FROM conversations WHERE id = ? AND owner = ? AND deleted_ms IS NULL",
        )
        .bind(id.as_bytes().as_slice())
        .bind(owner.0)
        .fetch_optional(&mut *db)
        .await?;
        let Some(title) = title else {
            return Ok(None);
        };
        let Some(leaf) = leaf(&mut db, id, at).await? else {
            return Ok(None);
        };
        let siblings = siblings(&mut db, id).await?;
        let mut messages = Vec::new();
        for (message, is_answer) in line(&mut db, leaf).await? {
            messages.push(branch_message(&mut db, message, is_answer, &siblings).await?);
        }
        Ok(Some(Branch { title, messages }))
    }

    async fn rename(&self, owner: OwnerId, id: ConversationId, title: &str) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE conversations SET title = ? WHERE id = ? AND owner = ? AND deleted_ms IS NULL",
        )
        .bind(title)
        .bind(id.as_bytes().as_slice())
        .bind(owner.0)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn delete(&self, owner: OwnerId, id: ConversationId) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE conversations SET deleted_ms = ? WHERE id = ? AND owner = ? AND deleted_ms IS NULL",
        )
        .bind(now_ms())
        .bind(id.as_bytes().as_slice())
        .bind(owner.0)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn restore(&self, owner: OwnerId, id: ConversationId) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE conversations SET deleted_ms = NULL WHERE id = ? AND owner = ?")
            .bind(id.as_bytes().as_slice())
            .bind(owner.0)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn purge(&self, older_than_ms: i64) -> Result<usize, StoreError> {
        let done = sqlx::query("DELETE FROM conversations WHERE deleted_ms <= ?")
            .bind(now_ms().saturating_sub(older_than_ms))
            .execute(&self.writer)
            .await?;
        Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
    }
}

/// The newest leaf below `at`, which must be of the conversation; without `at`, its newest.
async fn leaf(
    db: &mut SqliteConnection,
    conversation: ConversationId,
    at: Option<MessageId>,
) -> Result<Option<MessageId>, StoreError> {
    let newest = match at {
        None => {
            sqlx::query("SELECT id FROM messages WHERE conversation = ? ORDER BY seq DESC LIMIT 1")
                .bind(conversation.as_bytes().as_slice())
                .fetch_optional(db)
                .await?
        }
        // The newest message below a message is a leaf, as everywhere.
        Some(at) => {
            sqlx::query(
                "WITH RECURSIVE below (id, seq) AS ( \
                   SELECT id, seq FROM messages WHERE id = ? AND conversation = ? \
                   UNION ALL SELECT m.id, m.seq FROM messages m JOIN below ON m.parent = below.id \
                 ) SELECT id FROM below ORDER BY seq DESC LIMIT 1",
            )
            .bind(at.as_bytes().as_slice())
            .bind(conversation.as_bytes().as_slice())
            .fetch_optional(db)
            .await?
        }
    };
    newest.map(|row| Ok(MessageId::from_bytes(uuid(&row, "id")?))).transpose()
}

/// Every message's place: its parent, and the messages below each parent in the order in which they
/// came.
#[derive(Default)]
struct Siblings {
    parent: HashMap<MessageId, Option<MessageId>>,
    below: HashMap<Option<MessageId>, Vec<MessageId>>,
}

async fn siblings(db: &mut SqliteConnection, conversation: ConversationId) -> Result<Siblings, StoreError> {
    let rows = sqlx::query("SELECT id, parent FROM messages WHERE conversation = ? ORDER BY seq")
        .bind(conversation.as_bytes().as_slice())
        .fetch_all(db)
        .await?;
    let mut siblings = Siblings::default();
    for row in &rows {
        let id = MessageId::from_bytes(uuid(row, "id")?);
        let parent = match row.try_get::<Option<&[u8]>, _>("parent")? {
            None => None,
            Some(_) => Some(MessageId::from_bytes(uuid(row, "parent")?)),
        };
        siblings.parent.insert(id, parent);
        siblings.below.entry(parent).or_default().push(id);
    }
    Ok(siblings)
}

async fn branch_message(
    db: &mut SqliteConnection,
    id: MessageId,
    is_answer: bool,
    siblings: &Siblings,
) -> Result<BranchMessage, StoreError> {
    let parent = siblings.parent.get(&id).copied().flatten();
    let content = if is_answer { answer(db, id).await? } else { Content::User(user_parts(db, id).await?) };
    let siblings = siblings.below.get(&parent).cloned().unwrap_or_default();
    Ok(BranchMessage { id, parent, siblings, content })
}

async fn answer(db: &mut SqliteConnection, id: MessageId) -> Result<Content, StoreError> {
    let row = sqlx::query("SELECT provider, model, terminal FROM answers WHERE id = ?")
        .bind(id.as_bytes().as_slice())
        .fetch_one(&mut *db)
        .await?;
    let parts = pieces::all(db, id.into()).await?.parts().to_vec();
    Ok(Content::Answer {
        model: format!("{}/{}", row.try_get::<&str, _>("provider")?, row.try_get::<&str, _>("model")?),
        parts,
        terminal: row.try_get::<Option<&str>, _>("terminal")?.map(terminal).transpose()?,
    })
}

/// What a user's message says.
pub(super) async fn user_parts(
    db: &mut SqliteConnection,
    id: MessageId,
) -> Result<Vec<MessagePart>, StoreError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT kind, body FROM parts WHERE message = ? ORDER BY n")
            .bind(id.as_bytes().as_slice())
            .fetch_all(db)
            .await?;
    let part = |(kind, body): (String, String)| match kind.as_str() {
        "text" => Ok(MessagePart::Text(body)),
        "image" => Ok(MessagePart::Image(body)),
        _ => Err(corrupt("a part of a message")),
    };
    rows.into_iter().map(part).collect()
}
