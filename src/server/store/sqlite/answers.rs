//! Answers in the database.

use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::super::{
    AnswerRecord, Answers, Ending, NewAnswer, OwnerId, Piece, PlaceError, Placed, RequestDigest, Slice,
    StoreError,
};
use super::{Sqlite, corrupt, now_ms, pieces, place, recovery};
use crate::wire::{AnswerId, AnswerState, ConversationId, Event, MessageId, Offset, Terminal};

#[async_trait]
impl Answers for Sqlite {
    async fn place(&self, start: NewAnswer) -> Result<Placed, PlaceError> {
        let mut transaction = self.write().await.map_err(StoreError::from)?;
        let placed = place::place(&mut transaction, &start).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(placed)
    }

    async fn answer(&self, owner: OwnerId, id: AnswerId) -> Result<Option<AnswerRecord>, StoreError> {
        let mut connection = self.readers.acquire().await?;
        let found = record(&mut connection, id).await?;
        Ok(found.filter(|found| found.owner == owner && !found.deleted).map(|found| found.record))
    }

    async fn append(&self, pieces: Vec<Piece>) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        for piece in &pieces {
            let running = sqlx::query("UPDATE answers SET saved_ms = ? WHERE id = ? AND state = 'running'")
                .bind(now_ms())
                .bind(piece.answer.as_bytes().as_slice())
                .execute(&mut *transaction)
                .await?;
            // Its end may have overtaken this, and nothing follows an end.
            if running.rows_affected() == 1 {
                pieces::replace(&mut transaction, piece.answer, piece.from, &piece.parts).await?;
            }
        }
        Ok(transaction.commit().await?)
    }

    async fn finish(&self, ending: Ending) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        let Ending { rest, terminal } = ending;
        let there = sqlx::query("SELECT 1 FROM answers WHERE id = ?")
            .bind(rest.answer.as_bytes().as_slice())
            .fetch_optional(&mut *transaction)
            .await?;
        // Its owner was removed while it ran: there is nothing to save, and nobody to save it for.
        if there.is_none() {
            return Ok(());
        }
        if rest.from <= terminal.length {
            pieces::replace(&mut transaction, rest.answer, rest.from, &rest.parts).await?;
        }
        pieces::cut(&mut transaction, rest.answer, terminal.length).await?;
        end(&mut transaction, rest.answer, &terminal).await?;
        Ok(transaction.commit().await?)
    }

    async fn read(&self, id: AnswerId, after: Offset, max: usize) -> Result<Slice, StoreError> {
        pieces::read(&self.readers, id, after, max).await
    }

    async fn recover(&self) -> Result<usize, StoreError> {
        recovery::recover(self).await
    }
}

/// Writes an answer's end.
pub(super) async fn end(
    db: &mut SqliteConnection,
    id: AnswerId,
    terminal: &Terminal,
) -> Result<(), sqlx::Error> {
    let ms = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
    sqlx::query(
        "UPDATE answers SET state = ?, length = ?, checksum = ?, first_ms = ?, think_ms = ?, total_ms = ?, \
         terminal = ? WHERE id = ?",
    )
    .bind(state_name(AnswerState::from(terminal)))
    .bind(pieces::signed(terminal.length))
    .bind(terminal.check.to_string())
    .bind(terminal.timing.first_ms.map(ms))
    .bind(terminal.timing.think_ms.map(ms))
    .bind(ms(terminal.timing.total_ms))
    .bind(Event::Terminal(terminal.clone()).to_json())
    .bind(id.as_bytes().as_slice())
    .execute(db)
    .await
    .map(drop)
}

fn state_name(state: AnswerState) -> &'static str {
    match state {
        AnswerState::Running => "running",
        AnswerState::End => "end",
        AnswerState::Cancelled => "cancelled",
        AnswerState::Error => "error",
    }
}

/// An answer, and whose it is.
pub(super) struct Found {
    pub(super) owner: OwnerId,
    pub(super) deleted: bool,
    pub(super) record: AnswerRecord,
}

pub(super) async fn record(db: &mut SqliteConnection, id: AnswerId) -> Result<Option<Found>, StoreError> {
    let row = sqlx::query(
        "SELECT c.owner, c.deleted_ms IS NOT NULL AS deleted, m.conversation, m.parent, a.provider, a.model, \
         a.request, a.terminal \
         FROM answers a JOIN messages m ON m.id = a.id JOIN conversations c ON c.id = m.conversation \
         WHERE a.id = ?",
    )
    .bind(id.as_bytes().as_slice())
    .fetch_optional(db)
    .await?;
    row.map(|row| found(id, &row)).transpose()
}

fn found(id: AnswerId, row: &SqliteRow) -> Result<Found, StoreError> {
    let model = format!("{}/{}", row.try_get::<&str, _>("provider")?, row.try_get::<&str, _>("model")?);
    let request = row.try_get::<&[u8], _>("request")?.try_into().map_err(|_| corrupt("a digest"))?;
    let record = AnswerRecord {
        id,
        conversation: ConversationId::from_bytes(uuid(row, "conversation")?),
        parent: MessageId::from_bytes(uuid(row, "parent")?),
        model,
        request: RequestDigest(request),
        terminal: row.try_get::<Option<&str>, _>("terminal")?.map(terminal).transpose()?,
    };
    Ok(Found { owner: OwnerId(row.try_get("owner")?), deleted: row.try_get("deleted")?, record })
}

pub(super) fn terminal(json: &str) -> Result<Terminal, StoreError> {
    match Event::from_json(json) {
        Ok(Event::Terminal(terminal)) => Ok(terminal),
        _ => Err(corrupt("an answer's end")),
    }
}

/// An id's bytes.
pub(super) fn uuid(row: &SqliteRow, column: &str) -> Result<[u8; 16], StoreError> {
    row.try_get::<&[u8], _>(column)?.try_into().map_err(|_| corrupt("an id"))
}
