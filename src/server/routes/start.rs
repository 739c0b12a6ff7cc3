//! `POST /api/chat`: starts an answer; the response is its event stream.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::{body, stream::event_stream, visitor::Visitor};
use crate::server::answer::{Started, Target, frames};
use crate::server::error::RequestError;
use crate::server::state::AppState;
use crate::server::store::OwnerId;
use crate::wire::{MessagePart, Offset, StartRequest, UserMessage};

/// Starts the answer, or finds it, and attaches to it from 0.
pub async fn start(
    State(app): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, RequestError> {
    if !body::is_json(&headers) {
        return Err(RequestError::NotJson);
    }
    let bytes = body::read(&headers, body, app.limits.body_bytes).await?;
    let started = begin(&app, visitor.owner, body::parse(&bytes)?).await?;
    Ok(visitor.greet(respond(&app, started)))
}

/// Checks the request, and starts the answer or finds the one that an equal request started.
pub(super) async fn begin(
    app: &AppState,
    owner: OwnerId,
    request: StartRequest,
) -> Result<Started, RequestError> {
    if let Some(message) = &request.message {
        check(message, app.limits.prompt_bytes)?;
    }
    // Before the model is looked at: a repeated start is answered even if its provider is gone.
    if let Some(started) = app.registry.repeated(owner, &request).await? {
        return Ok(started);
    }
    let found = app.catalog.resolve(request.model.as_deref()).await?;
    let target = Target { provider: found.provider, id: found.id, name: found.name };
    Ok(app.registry.start(owner, request, target).await?)
}

fn respond(app: &AppState, Started { id, origin }: Started) -> Response {
    let mut response = event_stream(frames(origin, Offset::ZERO, app.registry.reader()));
    if let Ok(location) = HeaderValue::try_from(format!("/api/chat/{id}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// A message says something, in text, and not too much.
fn check(message: &UserMessage, limit: usize) -> Result<(), RequestError> {
    let mut bytes = 0;
    for part in &message.parts {
        match part {
            MessagePart::Text(r) => bytes += r.len(),
            MessagePart::Image(_) => {
                return Err(RequestError::Bad("this server does not take images yet; send text".to_owned()));
            }
        }
    }
    if bytes == 0 {
        return Err(RequestError::Bad(
            "the message is empty; put text into `message.parts`, like [{\"t\":\"text\",\"r\":\"Hello\"}]"
                .to_owned(),
        ));
    }
    if bytes > limit {
        return Err(RequestError::TooLarge { what: "message's text", limit });
    }
    Ok(())
}
