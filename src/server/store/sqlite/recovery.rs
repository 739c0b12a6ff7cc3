//! What a process that died has left: answers that nobody writes any more.

use sqlx::Row;

use super::super::StoreError;
use super::answers::{end, uuid};
use super::{Sqlite, pieces};
use crate::wire::{AnswerId, ErrorKind, Outcome, Timing};

/// Ends each of them with what was saved.
pub(super) async fn recover(store: &Sqlite) -> Result<usize, StoreError> {
    let mut transaction = store.write().await?;
    let rows =
        sqlx::query("SELECT id, saved_ms - started_ms AS total_ms FROM answers WHERE state = 'running'")
            .fetch_all(&mut *transaction)
            .await?;
    for row in &rows {
        let id = AnswerId::from_bytes(uuid(row, "id")?);
        let mut answer = pieces::all(&mut transaction, id).await?;
        let total_ms = u64::try_from(row.try_get::<i64, _>("total_ms")?).unwrap_or_default();
        let timing = Timing { total_ms, ..Timing::default() };
        let terminal = answer.end(interrupted(), timing).clone();
        end(&mut transaction, id, &terminal).await?;
    }
    transaction.commit().await?;
    Ok(rows.len())
}

fn interrupted() -> Outcome {
    Outcome::Error {
        kind: ErrorKind::Interrupted,
        message: "The server went down while this was being written. What had been saved is kept.".to_owned(),
        retry_after: None,
    }
}
