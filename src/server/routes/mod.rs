//! Thin handlers: read the request, ask the registry or the catalog, shape the response.

pub mod assets;
pub mod attach;
pub mod cancel;
pub mod health;
pub mod models;
pub mod pages;
pub mod plain;
pub mod start;
pub mod state;

mod body;
mod stream;

use crate::server::error::RequestError;
use crate::wire::AnswerId;

/// The id in a path. One that is not well-formed can't exist, so it is not found like any other.
fn answer_id(id: &str) -> Result<AnswerId, RequestError> {
    id.parse().map_err(|_| RequestError::NotFound("answer"))
}
