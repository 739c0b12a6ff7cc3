//! What can go wrong with a disk, on demand, for tests.

use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use super::Sqlite;

/// Somebody else who writes, and does not come to an end. Dropping it lets go.
pub(crate) struct Stall {
    _writer: SqliteConnection,
}

impl Sqlite {
    /// Leaves the database no room to grow.
    pub(crate) async fn fill(&self) {
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&self.writer).await.unwrap();
        self.limit(pages + 1).await;
    }

    /// Makes room again.
    pub(crate) async fn make_room(&self) {
        self.limit(1 << 30).await;
    }

    async fn limit(&self, pages: i64) {
        // For this connection and for every other that may follow it.
        let options = self.writer.connect_options().as_ref().clone();
        self.writer.set_connect_options(options.pragma("max_page_count", pages.to_string()));
        let limit = AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        sqlx::query(limit).execute(&self.writer).await.unwrap();
    }

    /// Holds up every write, as a disk does that does not answer.
    pub(crate) async fn stall(&self) -> Stall {
        let options = self.writer.connect_options().as_ref().clone();
        let mut writer = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query("BEGIN IMMEDIATE").execute(&mut writer).await.unwrap();
        Stall { _writer: writer }
    }
}
