//! A server with people in it, and what it answers.

use axum::http::Method;
use serde_json::Value;
use tempfile::TempDir;

use super::TestServer;
use crate::server::owner::{PasswordHash, Token};
use crate::server::store::{OwnerId, Owners, SessionKind, Sqlite};

/// A server with its data in a folder, and another process's view of that.
pub(crate) struct House {
    pub(crate) server: TestServer,
    pub(crate) store: Sqlite,
    _dir: TempDir,
}

impl House {
    pub(crate) async fn open(settings: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let server = TestServer::keeping(settings, dir.path().to_owned()).await;
        let store = Sqlite::open(dir.path()).await.unwrap();
        Self { server, store, _dir: dir }
    }

    /// A person, who can log in from now on.
    pub(crate) async fn add(&self, name: &str, password: &str) -> OwnerId {
        self.store.add_person(name, &PasswordHash::of(password).0).await.unwrap().unwrap()
    }

    /// A token of an owner's.
    pub(crate) async fn token(&self, owner: OwnerId, kind: SessionKind) -> String {
        let token = Token::new();
        self.store.add_session(owner, token.hash(), kind).await.unwrap();
        token.reveal()
    }
}

/// A response, read.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) status: u16,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: String,
}

impl Asked {
    /// Asks with these headers and no others of note.
    pub(crate) async fn with(
        server: &TestServer,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut request = http.request(method.clone(), server.url(path)).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The `kind` of an error.
    pub(crate) fn kind(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap();
        body["error"]["kind"].as_str().unwrap().to_owned()
    }
}
