//! Every route on one screen.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::from_fn;
use axum::response::IntoResponse;
use axum::routing::{any, get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::server::error::RequestError;
use crate::server::routes::{
    assets, attach, cancel, conversations, forms, health, models, pages, plain, start, state,
};
use crate::server::state::AppState;
use crate::server::telemetry;

/// The whole application, without a port.
pub fn router(app: AppState) -> Router {
    pages::prepare();
    // Never a `TimeoutLayer` and never compression on these: they stream.
    let streams = Router::new()
        .route("/api/chat", post(start::start))
        .route("/api/chat/{id}/events", get(attach::attach))
        .route("/api/sse", post(plain::stream));

    let calls = Router::new()
        .route("/api/chat/{id}", get(state::state))
        .route("/api/chat/{id}/cancel", post(cancel::cancel))
        .route("/api/models", get(models::models))
        .route("/api/running", get(conversations::running))
        .route("/api/conversations", get(conversations::list))
        .route(
            "/api/conversations/{id}",
            get(conversations::read).patch(conversations::rename).delete(conversations::delete),
        )
        .route("/api/conversations/{id}/restore", post(conversations::restore))
        .route("/api/{*rest}", any(|| async { RequestError::NotFound("address") }))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready));

    let pages = Router::new()
        .route("/", get(pages::chat))
        .route("/c/{id}", get(pages::conversation))
        .route("/lab", get(pages::lab))
        .route("/send", post(forms::send))
        .route("/stop", post(forms::stop))
        .fallback(get(assets::file));

    streams
        .merge(
            calls.merge(pages).layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest)),
        )
        .method_not_allowed_fallback(|| async { RequestError::MethodNotAllowed })
        .layer(security_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(security_header(header::REFERRER_POLICY, "same-origin"))
        .layer(CatchPanicLayer::custom(|_| RequestError::Internal.into_response()))
        .layer(from_fn(telemetry::log_request))
        .with_state(app)
}

fn security_header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
