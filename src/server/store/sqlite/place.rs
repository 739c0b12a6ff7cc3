//! Putting a start into the tree of messages, inside one transaction.

use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::super::{NewAnswer, OwnerId, PlaceError, Placed, RequestDigest, StoreError, Turn, Words};
use super::answers::{record, uuid};
use super::conversations::user_parts;
use super::{now_ms, pieces};
use crate::wire::{AnswerId, ConversationId, MessageId, MessagePart, StartRequest, UserMessage};

/// Characters of a title that is made from the first words.
const TITLE: usize = 60;

/// A message that is there, as far as placing something below it needs to know.
struct Parent {
    id: MessageId,
    conversation: ConversationId,
    /// `None` for a user's message.
    running: Option<bool>,
}

pub(super) async fn place(db: &mut SqliteConnection, start: &NewAnswer) -> Result<Placed, PlaceError> {
    let request = RequestDigest::of(&start.request);
    if let Some(found) = record(db, start.id).await? {
        return match found.owner == start.owner {
            true if found.record.request == request && !found.deleted => Ok(Placed::Repeated(found.record)),
            true => Err(PlaceError::IdTaken),
            false => Err(PlaceError::Foreign),
        };
    }
    refuse_taken(db, start.owner, start.id.into()).await?;
    let parent = parent_of(db, start.owner, &start.request).await?;
    let conversation = conversation_of(db, start, parent.as_ref()).await?;
    let parent = match &start.request.message {
        None => parent.ok_or(PlaceError::NothingToAnswer)?.id,
        Some(message) => say(db, start, conversation, parent.map(|parent| parent.id), message).await?,
    };
    let branch = branch(db, parent).await?;
    answer(db, start, conversation, parent, request).await?;
    Ok(Placed::New { conversation, parent, branch })
}

/// Refuses an id that a message already has.
async fn refuse_taken(db: &mut SqliteConnection, owner: OwnerId, id: MessageId) -> Result<(), PlaceError> {
    let taken: Option<i64> = sqlx::query_scalar(
        "SELECT c.owner FROM messages m JOIN conversations c ON c.id = m.conversation WHERE m.id = ?",
    )
    .bind(id.as_bytes().as_slice())
    .fetch_optional(db)
    .await
    .map_err(StoreError::from)?;
    match taken {
        None => Ok(()),
        Some(theirs) if theirs == owner.0 => Err(PlaceError::IdTaken),
        Some(_) => Err(PlaceError::Foreign),
    }
}

/// The message that the request stands below, checked for what it is.
async fn parent_of(
    db: &mut SqliteConnection,
    owner: OwnerId,
    request: &StartRequest,
) -> Result<Option<Parent>, PlaceError> {
    let found = match (request.parent, request.conversation) {
        (Some(None), _) | (None, None) => return Ok(None),
        (Some(Some(id)), _) => {
            let found = message(db, owner, "m.id", id.as_bytes()).await?;
            found.ok_or(PlaceError::UnknownParent)?
        }
        // The newest leaf is the newest message: only a leaf can be the last that came.
        (None, Some(conversation)) if request.message.is_some() => {
            match message(db, owner, "m.conversation", conversation.as_bytes()).await? {
                Some(found) => found,
                None => return Ok(None),
            }
        }
        (None, Some(_)) => return Ok(None),
    };
    match found.running {
        Some(true) => Err(PlaceError::ParentRunning),
        None if request.message.is_some() => Err(PlaceError::ParentIsUser),
        _ => Ok(Some(found)),
    }
}

/// The newest message of the owner's for which `column` has this value.
async fn message(
    db: &mut SqliteConnection,
    owner: OwnerId,
    column: &'static str,
    id: &[u8; 16],
) -> Result<Option<Parent>, StoreError> {
    let sql = match column {
        "m.id" => {
            "SELECT m.id, m.conversation, a.state = 'running' AS running \
             FROM messages m JOIN conversations c ON c.id = m.conversation LEFT JOIN answers a ON a.id = m.id \
             WHERE m.id = ? AND c.owner = ? AND c.deleted_ms IS NULL"
        }
        _ => {
            "SELECT m.id, m.conversation, a.state = 'running' AS running \
             FROM messages m JOIN conversations c ON c.id = m.conversation LEFT JOIN answers a ON a.id = m.id \
             WHERE m.conversation = ? AND c.owner = ? AND c.deleted_ms IS NULL ORDER BY m.seq DESC LIMIT 1"
        }
    };
    let row = sqlx::query(sql).bind(id.as_slice()).bind(owner.0).fetch_optional(db).await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(Parent {
        id: MessageId::from_bytes(uuid(&row, "id")?),
        conversation: ConversationId::from_bytes(uuid(&row, "conversation")?),
        running: row.try_get("running")?,
    }))
}

/// The conversation that the request belongs to, touched, or a new one.
async fn conversation_of(
    db: &mut SqliteConnection,
    start: &NewAnswer,
    parent: Option<&Parent>,
) -> Result<ConversationId, PlaceError> {
    let named = start.request.conversation;
    if let Some(parent) = parent {
        if named.is_some_and(|named| named != parent.conversation) {
            return Err(PlaceError::OtherConversation);
        }
        touch(db, parent.conversation).await?;
        return Ok(parent.conversation);
    }
    if start.request.message.is_none() {
        return Err(PlaceError::NothingToAnswer);
    }
    let id = named.unwrap_or_else(|| ConversationId::from_random(random()));
    let there: Option<(i64, bool)> =
        sqlx::query_as("SELECT owner, deleted_ms IS NOT NULL FROM conversations WHERE id = ?")
            .bind(id.as_bytes().as_slice())
            .fetch_optional(&mut *db)
            .await
            .map_err(StoreError::from)?;
    match there {
        None => create(db, start, id).await?,
        Some((owner, false)) if owner == start.owner.0 => touch(db, id).await?,
        Some(_) => return Err(PlaceError::UnknownConversation),
    }
    Ok(id)
}

async fn touch(db: &mut SqliteConnection, id: ConversationId) -> Result<(), StoreError> {
    sqlx::query("UPDATE conversations SET touched_ms = ? WHERE id = ?")
        .bind(now_ms())
        .bind(id.as_bytes().as_slice())
        .execute(db)
        .await?;
    Ok(())
}

async fn create(db: &mut SqliteConnection, start: &NewAnswer, id: ConversationId) -> Result<(), StoreError> {
    let now = now_ms();
    let parts = start.request.message.as_ref().map(|message| message.parts.as_slice());
    sqlx::query(
        "INSERT INTO conversations (id, owner, title, created_ms, touched_ms) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(id.as_bytes().as_slice())
    .bind(start.owner.0)
    .bind(title(parts.unwrap_or_default()))
    .bind(now)
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// A title from the first words: one line, cut at a space where there is one.
fn title(parts: &[MessagePart]) -> String {
    let text = parts.iter().find_map(|part| match part {
        MessagePart::Text(r) => Some(r.as_str()),
        MessagePart::Image(_) => None,
    });
    let line: Vec<&str> = text.unwrap_or_default().split_whitespace().take(TITLE).collect();
    let line = line.join(" ");
    let Some((at, _)) = line.char_indices().nth(TITLE) else {
        return line;
    };
    let cut = &line[..at];
    let words = cut.rsplit_once(' ').map_or(cut, |(words, _)| words);
    format!("{words}…")
}

/// Puts the user's message into the tree.
async fn say(
    db: &mut SqliteConnection,
    start: &NewAnswer,
    conversation: ConversationId,
    parent: Option<MessageId>,
    message: &UserMessage,
) -> Result<MessageId, PlaceError> {
    let id = message.id.unwrap_or_else(|| MessageId::from_random(random()));
    if id == MessageId::from(start.id) {
        return Err(PlaceError::IdTaken);
    }
    refuse_taken(db, start.owner, id).await?;
    insert(db, id, conversation, parent).await?;
    for (n, part) in (0_i64..).zip(&message.parts) {
        let (kind, body) = match part {
            MessagePart::Text(r) => ("text", r),
            MessagePart::Image(url) => ("image", url),
        };
        sqlx::query("INSERT INTO parts (message, n, kind, body) VALUES (?, ?, ?, ?)")
            .bind(id.as_bytes().as_slice())
            .bind(n)
            .bind(kind)
            .bind(body)
            .execute(&mut *db)
            .await
            .map_err(StoreError::from)?;
    }
    Ok(id)
}

async fn insert(
    db: &mut SqliteConnection,
    id: MessageId,
    conversation: ConversationId,
    parent: Option<MessageId>,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO messages (id, conversation, parent, created_ms) VALUES (?, ?, ?, ?)")
        .bind(id.as_bytes().as_slice())
        .bind(conversation.as_bytes().as_slice())
        .bind(parent.as_ref().map(|id| id.as_bytes().as_slice()))
        .bind(now_ms())
        .execute(db)
        .await?;
    Ok(())
}

/// Puts the running answer into the tree.
async fn answer(
    db: &mut SqliteConnection,
    start: &NewAnswer,
    conversation: ConversationId,
    parent: MessageId,
    request: RequestDigest,
) -> Result<(), StoreError> {
    insert(db, start.id.into(), conversation, Some(parent)).await?;
    let now = now_ms();
    sqlx::query(
        "INSERT INTO answers (id, request, provider, model, state, started_ms, saved_ms) \
         VALUES (?, ?, ?, ?, 'running', ?, ?)",
    )
    .bind(start.id.as_bytes().as_slice())
    .bind(request.0.as_slice())
    .bind(&start.provider)
    .bind(&start.model)
    .bind(now)
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// From the beginning down to `leaf`, as a model is asked with it.
async fn branch(db: &mut SqliteConnection, leaf: MessageId) -> Result<Vec<Turn>, StoreError> {
    let mut turns = Vec::new();
    for (id, is_answer) in line(db, leaf).await? {
        let words = if is_answer {
            Words::Answer(pieces::all(db, AnswerId::from(id)).await?.text())
        } else {
            Words::User(user_parts(db, id).await?)
        };
        turns.push(Turn { id, words });
    }
    Ok(turns)
}

/// The messages from the beginning down to `leaf`, and whether each is an answer.
pub(super) async fn line(
    db: &mut SqliteConnection,
    leaf: MessageId,
) -> Result<Vec<(MessageId, bool)>, StoreError> {
    let rows = sqlx::query(
        "WITH RECURSIVE line (id, parent, height) AS ( \
           SELECT id, parent, 0 FROM messages WHERE id = ? \
           UNION ALL SELECT m.id, m.parent, height + 1 FROM messages m JOIN line ON m.id = line.parent \
         ) \
         SELECT line.id, a.id IS NOT NULL AS is_answer \
         FROM line LEFT JOIN answers a ON a.id = line.id ORDER BY height DESC",
    )
    .bind(leaf.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Ok((MessageId::from_bytes(uuid(row, "id")?), row.try_get("is_answer")?))).collect()
}

fn random() -> [u8; 16] {
    uuid::Uuid::new_v4().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_first_words_on_one_line() {
        let title = |text: &str| title(&[MessagePart::Text(text.to_owned())]);
        assert_eq!(title("  Why is\n the sky\tblue? "), "Why is the sky blue?");
        assert_eq!(title(&"word ".repeat(40)), format!("{}…", ["word"; 12].join(" ")));
        assert_eq!(title(&"水".repeat(61)), format!("{}…", "水".repeat(60)));
        assert_eq!(title(&"水".repeat(60)), "水".repeat(60));
        assert_eq!(super::title(&[]), "");
    }
}
