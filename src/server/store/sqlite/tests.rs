//! The contract, for a file and for memory, and what is SQLite's own: files, versions, locks, disks
//! that are full.

use std::path::Path;

use bytes::Bytes;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

use super::file::MIGRATIONS;
use super::{OpenError, Sqlite};
use crate::server::store::contract::store_contract;
use crate::server::store::{
    Answers, Conversations, Files, NewAnswer, Owners, Picture, Piece, PlaceError, StoreError, TokenHash,
};
use crate::wire::{AnswerId, MessagePart, Offset, Part, StartRequest, UserMessage};

mod in_a_file {
    use super::*;
    store_contract!(file());
}

mod in_memory {
    use super::*;
    store_contract!(memory());
}

async fn file() -> (Sqlite, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (Sqlite::serve(dir.path()).await.unwrap(), dir)
}

async fn memory() -> (Sqlite, ()) {
    (Sqlite::in_memory().await.unwrap(), ())
}

const ID: AnswerId = AnswerId::from_bytes([1; 16]);

async fn place(store: &Sqlite) -> Result<(), PlaceError> {
    let owner = store.add_anonymous(TokenHash([1; 32])).await?;
    let parts = vec![MessagePart::Text("hello".to_owned())];
    let request = StartRequest { message: Some(UserMessage { id: None, parts }), ..StartRequest::default() };
    let (provider, model) = ("demo".to_owned(), "echo".to_owned());
    let new = NewAnswer { owner, id: ID, request: request.into(), provider, model };
    store.place(new).await.map(drop)
}

async fn connect(dir: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(dir.join("sluice.db")).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

#[tokio::test]
async fn what_was_saved_is_there_when_it_is_opened_again() {
    let (store, dir) = file().await;
    place(&store).await.unwrap();
    let parts = vec![Part::Text("so far".to_owned())];
    store.append(vec![Piece { answer: ID, from: Offset::ZERO, parts: parts.clone() }]).await.unwrap();
    store.close().await;
    drop(store);
    let names: Vec<_> =
        std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "one file, and the lock: {names:?}");
    let store = Sqlite::serve(dir.path()).await.unwrap();
    assert_eq!(store.recover().await.unwrap(), 1);
    assert_eq!(store.read(ID, Offset::ZERO, 99).await.unwrap().parts, parts);
}

#[tokio::test]
async fn a_second_server_is_refused_and_a_command_is_not() {
    let (store, dir) = file().await;
    let refused = Sqlite::serve(dir.path()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Taken(_)), "{refused}");
    Sqlite::open(dir.path()).await.unwrap().add_person("ada", "hash").await.unwrap();
    assert_eq!(store.people().await.unwrap(), ["ada"], "seen at once");
    drop(store);
    Sqlite::serve(dir.path()).await.unwrap();
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_not_touched() {
    let (store, dir) = file().await;
    store.close().await;
    drop(store);
    let mut newer = connect(dir.path()).await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'of tomorrow', 1, x'00', 0)",
    )
    .execute(&mut newer)
    .await
    .unwrap();
    newer.close().await.unwrap();
    let before = std::fs::read(dir.path().join("sluice.db")).unwrap();
    let refused = Sqlite::serve(dir.path()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Newer { found: 9999, .. }), "{refused}");
    assert!(refused.to_string().contains("newer Sluice"));
    assert_eq!(std::fs::read(dir.path().join("sluice.db")).unwrap(), before);
}

#[tokio::test]
async fn every_earlier_version_is_brought_up_to_date() {
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap();
    for version in 1..=newest {
        let dir = tempfile::tempdir().unwrap();
        let mut old = connect(dir.path()).await;
        MIGRATIONS.run_to(version, &mut old).await.unwrap();
        // What the first version had, which every later one must still have.
        sqlx::raw_sql(include_str!("tests/version_1.sql")).execute(&mut old).await.unwrap();
        old.close().await.unwrap();
        let store = Sqlite::serve(dir.path()).await.unwrap();
        let owner = store.session(TokenHash([7; 32])).await.unwrap().unwrap().owner;
        let listed = store.list(owner, None, 9).await.unwrap().conversations;
        assert_eq!(listed[0].title, "Why is the sky blue?");
        let branch = store.branch(owner, listed[0].id, None).await.unwrap().unwrap();
        assert_eq!(branch.messages.len(), 2, "from version {version}");
        assert_eq!(store.recover().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn what_is_no_database_is_said_to_be_none() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("sluice.db"), "this is not a database, but quite long ".repeat(99))
        .unwrap();
    let refused = Sqlite::serve(dir.path()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Unusable { .. }), "{refused}");
    let file = dir.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let refused = Sqlite::serve(&file.join("below")).await.unwrap_err();
    assert!(matches!(refused, OpenError::Folder { .. }), "{refused}");
}

#[tokio::test]
async fn a_full_disk_is_named_and_what_was_saved_stays() {
    let (store, _dir) = file().await;
    place(&store).await.unwrap();
    let piece = |from, r: String| Piece { answer: ID, from: Offset(from), parts: vec![Part::Text(r)] };
    store.append(vec![piece(0, "so far".to_owned())]).await.unwrap();
    store.fill().await;
    let error = store.append(vec![piece(6, "x".repeat(100_000))]).await.unwrap_err();
    assert!(matches!(error, StoreError::Full), "{error}");
    assert_eq!(store.read(ID, Offset::ZERO, 99).await.unwrap().parts, [Part::Text("so far".to_owned())]);
    store.make_room().await;
    store.append(vec![piece(6, "!".to_owned())]).await.unwrap();
    assert_eq!(store.read(ID, Offset::ZERO, 99).await.unwrap().parts, [Part::Text("so far!".to_owned())]);
}

#[tokio::test]
async fn content_that_is_nobodys_is_swept_away() {
    let (store, dir) = file().await;
    let files = dir.path().join("files");
    store.add_person("ada", "hash").await.unwrap();
    let ada = store.person("ada").await.unwrap().unwrap().id;
    let picture = Picture::read(Bytes::from_static(include_bytes!("../contract/3x2.png"))).unwrap();
    let hash = store.add_file(ada, picture).await.unwrap();
    std::fs::write(files.join("x.part"), "broken off").unwrap();
    assert_eq!(store.sweep().await.unwrap(), 1);
    assert!(files.join(hash.to_string()).exists());
    store.remove_person("ada").await.unwrap();
    assert_eq!(store.sweep().await.unwrap(), 1);
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 0);
}

/// Gives up writing at every moment, as a request does whose reader goes away.
async fn give_up(store: &Sqlite) {
    let mut rng = fastrand::Rng::with_seed(7);
    for n in 0..2_000_u64 {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&n.to_le_bytes());
        let write = store.add_anonymous(TokenHash(hash));
        let _ = tokio::time::timeout(std::time::Duration::from_micros(rng.u64(..400)), write).await;
    }
    store.add_anonymous(TokenHash([0xFF; 32])).await.unwrap();
    assert!(store.session(TokenHash([0xFF; 32])).await.unwrap().is_some());
}

#[tokio::test]
async fn writes_that_are_given_up_break_nothing() {
    give_up(&memory().await.0).await;
    let (store, _dir) = file().await;
    give_up(&store).await;
}
