//! `/diagram`: the page inside the frames that draw diagrams.
//!
//! What draws them sets HTML, and runs over what a model wrote. So it stands in a document of its own,
//! with an origin that nobody shares (by the frame's `sandbox`), which may run one script of ours and ask
//! for nothing else.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_FRAME_OPTIONS};
use axum::http::{HeaderName, HeaderValue};
use axum::response::IntoResponse;

use super::assets::versioned;

/// The one script, in the site's folder.
pub(super) const SCRIPT: &str = "parts/diagram.js";

const POLICY: &str =
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// The empty page of a diagram: the script takes its source by a message of the page around it.
pub async fn page() -> impl IntoResponse {
    let script = versioned(SCRIPT);
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sluice</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <style>body{{margin:0;padding:1rem}}svg{{display:block;height:auto;margin:auto}}</style>\
         <script src=\"{script}\" defer></script></head><body></body></html>"
    );
    let headers: [(HeaderName, HeaderValue); 4] = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, html)
}
