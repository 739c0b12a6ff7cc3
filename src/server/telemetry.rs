//! Logs that can be read alone.
//!
//! Rules: a message is a short phrase in lower case; what belongs to it are fields, with the unit in
//! the name. An error is logged once, where it is handled. No prompt, no answer and no key is ever
//! logged.

use std::io::IsTerminal;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing_subscriber::EnvFilter;

/// Logs to standard error, as `RUST_LOG` says, or what an administrator wants to see.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // A second start (in tests) changes nothing.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .try_init();
}

/// One line for each request, when its response begins. Ids in paths are replaced by their names.
pub async fn log_request(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let begun = Instant::now();
    let response = next.run(request).await;
    let (status, path) = (response.status(), path.as_deref().unwrap_or("file"));
    let elapsed_ms = begun.elapsed().as_secs_f64() * 1e3;
    if status.is_server_error() {
        tracing::warn!(%method, path, status = status.as_u16(), elapsed_ms, "request failed");
    } else {
        tracing::debug!(%method, path, status = status.as_u16(), elapsed_ms, "request");
    }
    response
}
