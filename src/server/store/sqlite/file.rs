//! Opening the database: its folder, its lock, its migrations.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Mutex;
use std::time::Duration;

use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};

use super::Sqlite;
use super::files::Contents;

/// What the database has gone through. Only ever added to.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("src/server/store/migrations");

const DATABASE: &str = "sluice.db";
const LOCK: &str = "sluice.lock";
const FILES: &str = "files";

/// Connections that read.
const READERS: u32 = 4;
/// How long a write waits for another process, such as `sluice user add`.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Why the database can't be opened: one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder can't be made or written.
    #[error("the data directory {dir} can't be used: {error}; choose another with --data")]
    Folder {
        /// Its path.
        dir: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Another server has it.
    #[error("another Sluice is serving the data directory {0}; stop that one, or choose another with --data")]
    Taken(PathBuf),
    /// A newer version has written it.
    #[error(
        "the database {file} was written by a newer Sluice (its version is {found}, this one knows {known}); \
         use that version, or another directory with --data"
    )]
    Newer {
        /// Its path.
        file: PathBuf,
        /// The version that it is of.
        found: i64,
        /// The newest that we know.
        known: i64,
    },
    /// It is not ours, or broken.
    #[error("the database {file} can't be opened: {error}")]
    Unusable {
        /// Its path.
        file: PathBuf,
        /// Why.
        error: String,
    },
}

impl Sqlite {
    /// Opens the database in a folder, which is made where it is not there, as the one server that
    /// may serve it.
    ///
    /// # Errors
    ///
    /// See [`OpenError`]. Nothing has been touched then.
    pub async fn serve(dir: &Path) -> Result<Self, OpenError> {
        let lock = lock(dir)?;
        let store = Self::open(dir).await?;
        Ok(Self { _lock: Some(lock), ..store })
    }

    /// Opens the database in a folder, also while a server serves it.
    ///
    /// # Errors
    ///
    /// See [`OpenError`].
    pub async fn open(dir: &Path) -> Result<Self, OpenError> {
        make(dir)?;
        let file = dir.join(DATABASE);
        let unusable = |error: &dyn std::fmt::Display| OpenError::Unusable {
            file: file.clone(),
            error: error.to_string(),
        };
        refuse_newer(&file).await?;
        let options = common(SqliteConnectOptions::new()).filename(&file).create_if_missing(true);
        let writer = pool(options.clone(), 1).await.map_err(|error| unusable(&error))?;
        MIGRATIONS.run(&writer).await.map_err(|error| unusable(&error))?;
        let readers = pool(options.read_only(true), READERS).await.map_err(|error| unusable(&error))?;
        let contents = Contents::Folder(dir.join(FILES));
        Ok(Self { writer, readers, contents, _anchor: None, _lock: None })
    }

    /// A database in memory, gone with the process.
    ///
    /// # Errors
    ///
    /// When SQLite itself fails.
    pub async fn in_memory() -> Result<Self, OpenError> {
        let unusable = |error: &dyn std::fmt::Display| OpenError::Unusable {
            file: ":memory:".into(),
            error: error.to_string(),
        };
        // A shared cache under a name that nobody else in this process has.
        let shared = SqliteConnectOptions::from_str("sqlite::memory:").map_err(|error| unusable(&error))?;
        let options = common(shared);
        let anchor = SqliteConnection::connect_with(&options).await.map_err(|error| unusable(&error))?;
        let writer = pool(options, 1).await.map_err(|error| unusable(&error))?;
        MIGRATIONS.run(&writer).await.map_err(|error| unusable(&error))?;
        let contents = Contents::Memory(Mutex::default());
        Ok(Self { readers: writer.clone(), writer, contents, _anchor: Some(Mutex::new(anchor)), _lock: None })
    }

    /// Closes it, so that nothing is left beside the one file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn make(dir: &Path) -> Result<(), OpenError> {
    let folder = |error| OpenError::Folder { dir: dir.to_owned(), error };
    fs::create_dir_all(dir).map_err(folder)?;
    private(dir).map_err(folder)
}

/// What people ask is nobody else's business on this machine.
#[cfg(unix)]
fn private(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(dir)?.permissions().mode();
    // Only a folder of ours: one that others shall read has been made so by somebody.
    if mode & 0o077 != 0 && fs::read_dir(dir)?.next().is_none() {
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn lock(dir: &Path) -> Result<File, OpenError> {
    make(dir)?;
    let folder = |error| OpenError::Folder { dir: dir.to_owned(), error };
    let file = File::options().create(true).append(true).open(dir.join(LOCK)).map_err(folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Taken(dir.to_owned())),
        Err(TryLockError::Error(error)) => Err(folder(error)),
    }
}

fn common(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        // With a write-ahead log: what is committed survives the process, and the file a power cut.
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
}

async fn pool(options: SqliteConnectOptions, connections: u32) -> Result<SqlitePool, sqlx::Error> {
    // A file does not go away between two questions, and a test that is given up in the middle, as by a
    // request whose client has gone, would close the connection.
    SqlitePoolOptions::new()
        .test_before_acquire(false)
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await
}

/// Looks at the version before anything is opened for writing.
async fn refuse_newer(file: &Path) -> Result<(), OpenError> {
    if !file.exists() {
        return Ok(());
    }
    let unusable =
        |error: sqlx::Error| OpenError::Unusable { file: file.to_owned(), error: error.to_string() };
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(unusable)?;
    let found = version(&mut connection).await.map_err(unusable)?;
    connection.close().await.map_err(unusable)?;
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    if found > known { Err(OpenError::Newer { file: file.to_owned(), found, known }) } else { Ok(()) }
}

/// The newest migration that has been applied; 0 for an empty file.
async fn version(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let table = "SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
    if sqlx::query_scalar::<_, i64>(table).fetch_one(&mut *connection).await? == 0 {
        return Ok(0);
    }
    let newest = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations";
    sqlx::query_scalar(newest).fetch_one(connection).await
}
