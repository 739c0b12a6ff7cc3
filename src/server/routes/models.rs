//! `GET /api/models`: what can be asked.

use axum::Json;
use axum::extract::State;

use crate::server::state::AppState;
use crate::wire::Models;

/// All models of all providers.
pub async fn models(State(app): State<AppState>) -> Json<Models> {
    Json(app.catalog.models().await)
}
