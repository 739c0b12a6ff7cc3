//! `POST /api/files` and `GET /api/files/{name}`: images, for messages and from answers.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{body, visitor::Visitor};
use crate::server::error::RequestError;
use crate::server::state::AppState;
use crate::server::store::{FileName, Picture};
use crate::wire::UploadedFile;

/// What belongs to the content of a file: it never changes, is one person's, and is nothing but an
/// image, whoever opens it how.
const HEADERS: [(HeaderName, HeaderValue); 2] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
];

/// Keeps an image that is sent as it is; what it is, is read from its bytes.
pub async fn upload(
    State(app): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, RequestError> {
    let bytes = body::read(&headers, body, app.limits.body_bytes).await?;
    let picture = Picture::read(bytes).map_err(|error| RequestError::Bad(error.to_string()))?;
    let (w, h) = (picture.width, picture.height);
    let url = app.store.add_file(visitor.owner, picture).await?.url(w, h);
    Ok(visitor.greet((StatusCode::CREATED, Json(UploadedFile { url, w, h })).into_response()))
}

/// An image of the visitor's.
pub async fn file(
    State(app): State<AppState>,
    visitor: Option<Visitor>,
    Path(name): Path<String>,
) -> Result<Response, RequestError> {
    let missing = || RequestError::NotFound("file");
    let name: FileName = name.parse().map_err(|_| missing())?;
    let owner = visitor.ok_or_else(missing)?.owner;
    let picture = app.store.file(owner, name.hash).await?.filter(|picture| name.fits(picture));
    let picture = picture.ok_or_else(missing)?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(picture.format.mime()))];
    Ok((kind, HEADERS, picture.bytes).into_response())
}
