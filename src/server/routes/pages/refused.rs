//! What somebody is told who opened an address in a browser and was refused: a page in their language, with
//! a way on, in the place of the JSON that programs get.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::super::wishes::Wishes;
use crate::server::error::Refused;
use crate::server::state::AppState;

/// Puts a page in the place of a refusal, for who asked for a page.
pub async fn for_people(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let wishes = wants_page(request.headers()).then(|| Wishes::of(request.headers()));
    let mut response = next.run(request).await;
    let Some(Refused(reason)) = response.extensions_mut().remove() else {
        return response;
    };
    // A cache may not give one of them to who wants the other.
    let vary = HeaderValue::from_static("accept");
    response.headers_mut().append(header::VARY, vary);
    let Some(wishes) = wishes else {
        return response;
    };
    let mut page = super::render_refusal(&app, &wishes, response.status().as_u16(), reason).await;
    *page.status_mut() = response.status();
    for (name, value) in response.headers() {
        // Those of the JSON are not the page's.
        if !matches!(*name, header::CONTENT_TYPE | header::CONTENT_LENGTH | header::CONTENT_ENCODING) {
            page.headers_mut().append(name, value.clone());
        }
    }
    page
}

/// A browser names pages first when somebody opens an address, and never when a program of a page asks for
/// something.
fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.split([',', ';']).any(|kind| kind.trim() == "text/html"))
}
