//! `POST /api/sse`: the plain stream, where the article begins (section 7 of the protocol).

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use futures_util::Stream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::{body, stream::event_stream};
use crate::server::error::RequestError;
use crate::server::state::AppState;
use crate::sse;

const PACE: Duration = Duration::from_millis(100);
const DONE: &str = "[DONE]";
const BUILT_IN: &str = include_str!("plain.txt");

/// Streams the text that was sent, or the built-in one.
pub async fn stream(
    State(app): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, RequestError> {
    if app.registry.draining().is_cancelled() {
        return Err(RequestError::Stopping);
    }
    let bytes = body::read(&headers, body, app.limits.prompt_bytes).await?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| RequestError::Bad(format!("the text to stream is not UTF-8: {error}")))?;
    let text = if text.is_empty() { BUILT_IN } else { text };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Ok(event_stream(frames(text, app.registry.draining().clone(), app.registry.reader())))
}

/// Pieces of 1 to 10 characters, one every 100 ms, then the mark of the end. A server that stops
/// leaves the mark out: the stream was cut.
fn frames(
    text: String,
    draining: CancellationToken,
    open: TaskTrackerToken,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    async_stream::stream! {
        let _open = open;
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let piece;
            (piece, rest) = rest.split_at(piece_len(rest, fastrand::usize(1..=10)));
            yield Ok(frame(piece));
            tokio::select! {
                () = draining.cancelled() => return,
                () = tokio::time::sleep(PACE) => {}
            }
        }
        yield Ok(frame(DONE));
    }
}

/// The bytes of the first `characters`, of which one is left off where they would look like the
/// mark of the end.
fn piece_len(text: &str, characters: usize) -> usize {
    let len = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    if &text[..len] == DONE { len - 1 } else { len }
}

fn frame(piece: &str) -> Bytes {
    let mut out = Vec::new();
    sse::encode(&mut out, None, piece);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_piece_is_the_mark_of_the_end() {
        assert_eq!(piece_len("[DONE]", 6), 5);
        assert_eq!(piece_len("[DONE]", 10), 5);
        assert_eq!(piece_len("[DONE]x", 7), 7);
        assert_eq!(piece_len("日本語", 2), 6);
    }
}
