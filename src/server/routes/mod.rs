//! Thin handlers: read the request, ask the registry or the catalog, shape the response.

pub mod access;
pub mod assets;
pub mod attach;
pub mod cancel;
pub mod conversations;
pub mod diagram;
pub mod files;
pub mod forms;
pub mod health;
pub mod models;
pub mod pages;
pub mod plain;
pub mod start;
pub mod state;

mod body;
mod cookie;
mod origin;
mod redirect;
mod stream;
mod visitor;
mod wishes;

use crate::server::error::RequestError;
use crate::server::store::OwnerId;
use crate::wire::AnswerId;
use visitor::Visitor;

/// The id in a path. One that is not well-formed can't exist, so it is not found like any other.
fn answer_id(id: &str) -> Result<AnswerId, RequestError> {
    id.parse().map_err(|_| RequestError::NotFound("answer"))
}

/// Who asks for an answer. One who is nobody yet has none.
fn owner_of(visitor: Option<Visitor>) -> Result<OwnerId, RequestError> {
    visitor.map(|visitor| visitor.owner).ok_or(RequestError::NotFound("answer"))
}
