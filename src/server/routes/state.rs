//! `GET /api/chat/{id}`: an answer so far.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};

use super::{answer_id, owner_of, visitor::Visitor};
use crate::server::error::RequestError;
use crate::server::state::AppState;
use crate::wire::Snapshot;

/// The answer's snapshot. It changes by the token, so nobody may keep it.
pub async fn state(
    State(app): State<AppState>,
    visitor: Option<Visitor>,
    Path(id): Path<String>,
) -> Result<([(HeaderName, HeaderValue); 1], Json<Snapshot>), RequestError> {
    let snapshot = app.registry.snapshot(owner_of(visitor)?, answer_id(&id)?).await?;
    let snapshot = snapshot.ok_or(RequestError::NotFound("answer"))?;
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(snapshot)))
}
