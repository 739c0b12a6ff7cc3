//! `POST /api/chat`: starts an answer; the response is its event stream.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::{body, stream::event_stream, visitor::Visitor};
use crate::server::answer::{Started, Target, frames};
use crate::server::error::RequestError;
use crate::server::state::AppState;
use crate::server::store::{FileName, OwnerId};
use crate::wire::{MessagePart, Offset, StartRequest, UserMessage};

/// The most images of one message.
const MAX_IMAGES: usize = 16;

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
        check_images(app, owner, message).await?;
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
    let mut response = event_stream(frames(origin, Offset::ZERO, app.heartbeat, app.registry.reader()));
    if let Ok(location) = HeaderValue::try_from(format!("/api/chat/{id}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// A message says or shows something, and not too much.
fn check(message: &UserMessage, limit: usize) -> Result<(), RequestError> {
    let mut bytes = 0;
    let mut images = 0;
    for part in &message.parts {
        match part {
            MessagePart::Text(r) => bytes += r.len(),
            MessagePart::Image(_) => images += 1,
        }
    }
    if bytes == 0 && images == 0 {
        return Err(RequestError::Bad(
            "the message is empty; put text into `message.parts`, like [{\"t\":\"text\",\"r\":\"Hello\"}]"
                .to_owned(),
        ));
    }
    if bytes > limit {
        return Err(RequestError::TooLarge { what: "message's text", limit });
    }
    if images > MAX_IMAGES {
        return Err(RequestError::Bad(format!("a message takes at most {MAX_IMAGES} images")));
    }
    Ok(())
}

/// Its images are files of the one who sends it.
async fn check_images(app: &AppState, owner: OwnerId, message: &UserMessage) -> Result<(), RequestError> {
    for part in &message.parts {
        let MessagePart::Image(url) = part else { continue };
        let name = FileName::from_url(url).ok_or_else(|| {
            RequestError::Bad("an image is the URL that `POST /api/files` gave, `/api/files/…`".to_owned())
        })?;
        if !app.store.file(owner, name.hash).await?.is_some_and(|picture| name.fits(&picture)) {
            return Err(RequestError::NotFound("file; send it to `POST /api/files` first"));
        }
    }
    Ok(())
}
