//! Owners in the database.

use async_trait::async_trait;
use sqlx::Row;

use super::super::{OwnerId, Owners, Person, Session, SessionKind, StoreError, TokenHash};
use super::{Sqlite, corrupt, now_ms};

/// A token's last use is noted when the last note is older than this: not with every request.
const NOTE_USE_AFTER_MS: i64 = 60 * 60 * 1000;

#[async_trait]
impl Owners for Sqlite {
    async fn add_anonymous(&self, token: TokenHash) -> Result<OwnerId, StoreError> {
        let mut transaction = self.write().await?;
        let owner = sqlx::query("INSERT INTO owners (created_ms) VALUES (?)")
            .bind(now_ms())
            .execute(&mut *transaction)
            .await?;
        let owner = OwnerId(owner.last_insert_rowid());
        add_session(&mut transaction, owner, token, SessionKind::Browser).await?;
        transaction.commit().await?;
        Ok(owner)
    }

    async fn session(&self, token: TokenHash) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query(
            "SELECT s.owner, o.name, s.kind, s.used_ms FROM sessions s JOIN owners o ON o.id = s.owner \
             WHERE s.token = ?",
        )
        .bind(token.0.as_slice())
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let now = now_ms();
        if now - row.try_get::<i64, _>("used_ms")? > NOTE_USE_AFTER_MS {
            sqlx::query("UPDATE sessions SET used_ms = ? WHERE token = ?")
                .bind(now)
                .bind(token.0.as_slice())
                .execute(&self.writer)
                .await?;
        }
        let kind = match row.try_get("kind")? {
            "browser" => SessionKind::Browser,
            "program" => SessionKind::Program,
            _ => return Err(corrupt("a session")),
        };
        Ok(Some(Session { owner: OwnerId(row.try_get("owner")?), name: row.try_get("name")?, kind }))
    }

    async fn add_person(&self, name: &str, password: &str) -> Result<Option<OwnerId>, StoreError> {
        let added = sqlx::query(
            "INSERT INTO owners (name, password, created_ms) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
        )
        .bind(name)
        .bind(password)
        .bind(now_ms())
        .execute(&self.writer)
        .await?;
        Ok((added.rows_affected() == 1).then(|| OwnerId(added.last_insert_rowid())))
    }

    async fn person(&self, name: &str) -> Result<Option<Person>, StoreError> {
        let row: Option<(i64, String)> = sqlx::query_as("SELECT id, password FROM owners WHERE name = ?")
            .bind(name)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|(id, password)| Person { id: OwnerId(id), password }))
    }

    async fn has_people(&self) -> Result<bool, StoreError> {
        let any = "SELECT EXISTS (SELECT 1 FROM owners WHERE name IS NOT NULL)";
        Ok(sqlx::query_scalar(any).fetch_one(&self.readers).await?)
    }

    async fn people(&self) -> Result<Vec<String>, StoreError> {
        let names = "SELECT name FROM owners WHERE name IS NOT NULL ORDER BY name";
        Ok(sqlx::query_scalar(names).fetch_all(&self.readers).await?)
    }

    async fn set_password(&self, name: &str, password: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE owners SET password = ? WHERE name = ?")
            .bind(password)
            .bind(name)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn remove_person(&self, name: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM owners WHERE name = ?").bind(name).execute(&self.writer).await?;
        Ok(done.rows_affected() == 1)
    }

    async fn add_session(
        &self,
        owner: OwnerId,
        token: TokenHash,
        kind: SessionKind,
    ) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        add_session(&mut transaction, owner, token, kind).await?;
        Ok(transaction.commit().await?)
    }

    async fn end_session(&self, token: TokenHash) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE token = ?")
            .bind(token.0.as_slice())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn end_sessions(&self, owner: OwnerId, kind: SessionKind) -> Result<usize, StoreError> {
        let done = sqlx::query("DELETE FROM sessions WHERE owner = ? AND kind = ?")
            .bind(owner.0)
            .bind(name_of(kind))
            .execute(&self.writer)
            .await?;
        Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
    }

    async fn adopt(&self, anonymous: OwnerId, by: OwnerId) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        let nameless: Option<i64> =
            sqlx::query_scalar("SELECT id FROM owners WHERE id = ? AND name IS NULL AND id <> ?")
                .bind(anonymous.0)
                .bind(by.0)
                .fetch_optional(&mut *transaction)
                .await?;
        // A person's things are never given away.
        if nameless.is_none() {
            return Ok(());
        }
        sqlx::query("UPDATE conversations SET owner = ? WHERE owner = ?")
            .bind(by.0)
            .bind(anonymous.0)
            .execute(&mut *transaction)
            .await?;
        // What both have stays once.
        sqlx::query("UPDATE OR IGNORE files SET owner = ? WHERE owner = ?")
            .bind(by.0)
            .bind(anonymous.0)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("DELETE FROM owners WHERE id = ?").bind(anonymous.0).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    async fn forget_idle(&self, older_than_ms: i64) -> Result<usize, StoreError> {
        let done = sqlx::query(
            "DELETE FROM owners WHERE name IS NULL \
             AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.owner = owners.id) \
             AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.owner = owners.id AND s.used_ms > ?)",
        )
        .bind(now_ms().saturating_sub(older_than_ms))
        .execute(&self.writer)
        .await?;
        Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
    }
}

async fn add_session(
    db: &mut sqlx::sqlite::SqliteConnection,
    owner: OwnerId,
    token: TokenHash,
    kind: SessionKind,
) -> Result<(), sqlx::Error> {
    let now = now_ms();
    sqlx::query("INSERT INTO sessions (token, owner, kind, created_ms, used_ms) VALUES (?, ?, ?, ?, ?)")
        .bind(token.0.as_slice())
        .bind(owner.0)
        .bind(name_of(kind))
        .bind(now)
        .bind(now)
        .execute(db)
        .await
        .map(drop)
}

fn name_of(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::Browser => "browser",
        SessionKind::Program => "program",
    }
}
