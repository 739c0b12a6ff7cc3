//! `GET /api/chat/{id}/events`: attaches a reader to an answer.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{answer_id, owner_of, stream::event_stream, visitor::Visitor};
use crate::server::answer::frames;
use crate::server::error::RequestError;
use crate::server::state::AppState;
use crate::wire::{Offset, Position};

/// Sends what follows the reader's offset, and then what comes.
pub async fn attach(
    State(app): State<AppState>,
    visitor: Option<Visitor>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    let attached = app.registry.attach(owner_of(visitor)?, answer_id(&id)?).await?;
    let attached = attached.ok_or(RequestError::NotFound("answer"))?;
    let after = match position(&headers, query.as_deref())? {
        Position::At(after) => after,
        // This stops an `EventSource`, which would otherwise reconnect for ever.
        Position::End if !attached.running => return Ok(StatusCode::NO_CONTENT.into_response()),
        Position::End => {
            return Err(RequestError::Bad(
                "the answer has not ended; send the offset that you have".to_owned(),
            ));
        }
    };
    if attached.running && after > attached.length {
        let length = attached.length;
        return Err(RequestError::Bad(format!("the answer has {length} bytes so far, and not yet {after}")));
    }
    Ok(event_stream(frames(attached.origin, after, app.heartbeat, app.registry.reader())))
}

/// What the reader has: `Last-Event-ID`, else `?after=`, else nothing.
fn position(headers: &HeaderMap, query: Option<&str>) -> Result<Position, RequestError> {
    let header = headers.get("last-event-id").map(|value| value.to_str().unwrap_or("?"));
    let after = || query?.split('&').find_map(|pair| pair.strip_prefix("after="));
    match header.filter(|value| !value.is_empty()).or_else(after) {
        None => Ok(Position::At(Offset::ZERO)),
        Some(value) => value.parse().map_err(|_| {
            RequestError::Bad("`Last-Event-ID` or `after` is a number of bytes, or the word `end`".to_owned())
        }),
    }
}
