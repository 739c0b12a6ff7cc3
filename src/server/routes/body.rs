//! Reading a request's body, within its limit and its time.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use crate::server::error::RequestError;

/// How long the whole body may take: 24 MiB at 1.6 Mbit/s.
const DEADLINE: Duration = Duration::from_secs(120);

/// Reads a whole body.
pub(super) async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, RequestError> {
    let too_large = || RequestError::TooLarge { what: "request's body", limit };
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > limit as u64) {
        return Err(too_large());
    }
    let read = tokio::time::timeout(DEADLINE, Limited::new(body, limit).collect());
    match read.await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(RequestError::Bad("the request's body broke off".to_owned())),
        Err(_) => Err(RequestError::TooSlow),
    }
}

/// Whether the request says that its body is JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// Reads JSON; the error names the field and what is wrong with it.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RequestError> {
    let bad = |why: &dyn std::fmt::Display| RequestError::Bad(format!("the body is not as expected: {why}"));
    let text = std::str::from_utf8(bytes).map_err(|error| bad(&error))?;
    let mut json = serde_json::Deserializer::from_str(text);
    let parsed =
        serde_path_to_error::deserialize(&mut json).map_err(|error| match error.path().to_string() {
            path if path == "." => bad(error.inner()),
            path => bad(&format_args!("`{path}`: {}", error.inner())),
        })?;
    json.end().map_err(|error| bad(&error))?;
    Ok(parsed)
}
