//! `/livez` and `/readyz`, for whatever watches over the process.

use axum::extract::State;

use crate::server::error::RequestError;
use crate::server::state::AppState;

/// The process answers.
pub async fn live() -> &'static str {
    "ok\n"
}

/// The process takes new answers.
pub async fn ready(State(app): State<AppState>) -> Result<&'static str, RequestError> {
    if app.registry.draining().is_cancelled() { Err(RequestError::Stopping) } else { Ok("ok\n") }
}
