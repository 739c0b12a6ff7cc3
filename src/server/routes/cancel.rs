//! `POST /api/chat/{id}/cancel`: stops an answer.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;

use super::{answer_id, body, owner_of, visitor::Visitor};
use crate::server::error::RequestError;
use crate::server::state::AppState;
use crate::wire::{CancelRequest, StoppedAnswer};

/// A cancel's body is a number; this is room enough.
const MAX_BODY: usize = 4096;

/// Stops the answer at what was seen, and says how it ended.
pub async fn cancel(
    State(app): State<AppState>,
    visitor: Option<Visitor>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<StoppedAnswer>, RequestError> {
    let id = answer_id(&id)?;
    let bytes = body::read(&headers, body, MAX_BODY).await?;
    let request = if bytes.is_empty() { CancelRequest::default() } else { body::parse(&bytes)? };
    let stopped = app.registry.cancel(owner_of(visitor)?, id, request.seen).await?;
    stopped.map(Json).ok_or(RequestError::NotFound("answer"))
}
