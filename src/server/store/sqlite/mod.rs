//! The embedded database: SQLite in one file.
//!
//! - `file`: opening it, with its folder, its lock and its migrations
//! - `place`: putting a start into the tree
//! - `pieces`: an answer's content, as it is saved and read
//! - `answers`, `conversations`, `files`, `owners`: the traits
//!
//! One connection writes and a few read, which is what write-ahead logging is made for: a reader never
//! waits for a writer. Every write is a transaction that begins as one that writes, so that it waits
//! for its turn instead of failing in the middle.

mod answers;
mod conversations;
mod file;
mod files;
mod owners;
mod pieces;
mod place;
mod recovery;

#[cfg(test)]
mod faults;
#[cfg(test)]
mod tests;

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Sqlite as Driver, Transaction};

pub use self::file::OpenError;
use self::files::Contents;
use super::StoreError;

/// The store in SQLite.
#[derive(Debug)]
pub struct Sqlite {
    writer: SqlitePool,
    /// The same as the writer where everything is in memory, since connections that share a cache
    /// lock each other's tables.
    readers: SqlitePool,
    contents: Contents,
    /// Keeps a database in memory while the pool closes a connection and opens another, as it does
    /// when a request is given up in the middle of a question.
    _anchor: Option<Mutex<SqliteConnection>>,
    /// Held while we serve, so that no second server takes the same folder.
    _lock: Option<std::fs::File>,
}

impl Sqlite {
    async fn write(&self) -> Result<Transaction<'static, Driver>, sqlx::Error> {
        match self.writer.begin_with("BEGIN IMMEDIATE").await {
            Err(sqlx::Error::InvalidSavePointStatement) => self.heal().await,
            begun => begun,
        }
    }

    /// SQLite itself rolls a transaction back when the disk is full; sqlx's own rollback then fails,
    /// and its connection counts a transaction that is not there, for ever. So there shall be another
    /// connection.
    async fn heal(&self) -> Result<Transaction<'static, Driver>, sqlx::Error> {
        self.writer.acquire().await?.close().await?;
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }
}

/// Milliseconds since 1970.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// SQLite's codes for a full disk, and for a database that somebody else holds.
const FULL: i32 = 13;
const BUSY: [i32; 2] = [5, 6];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
        // The low byte is the code, the others say more about it.
        match code.map(|code| code & 0xFF) {
            Some(FULL) => Self::Full,
            Some(code) if BUSY.contains(&code) => Self::Busy(error.to_string()),
            _ if matches!(error, sqlx::Error::PoolTimedOut) => Self::Busy(error.to_string()),
            _ => Self::Broken(error.to_string()),
        }
    }
}

/// What stands in the database and can't be read as what it should be.
fn corrupt(what: &str) -> StoreError {
    StoreError::Broken(format!("{what} in it is not as it was written"))
}
