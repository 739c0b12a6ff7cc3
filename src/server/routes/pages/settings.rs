//! `POST /settings`: the settings' form, for when the page's program is not there.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;

use super::super::body;
use super::super::redirect::{local, see_other};
use crate::app::state::settings::Settings;
use crate::server::config::PublicUrl;
use crate::server::error::RequestError;
use crate::server::state::AppState;

/// Some names and values; this is room enough.
const MAX_BODY: usize = 4096;

/// Keeps what was chosen in a cookie, and goes back to the page on which it was.
pub async fn save(
    State(app): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, RequestError> {
    let bytes = body::read(&headers, body, MAX_BODY).await?;
    // What can be chosen has no character that a form would write in another way.
    let settings = Settings::parse(&String::from_utf8_lossy(&bytes));
    let mut response = see_other(&back(&headers));
    let https = app.public_url.as_ref().is_some_and(PublicUrl::is_https);
    if let Ok(cookie) = HeaderValue::try_from(settings.cookie(https)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The page that the form stood on: our pages say so to ourselves. What a form was answered with has no
/// address of its own.
fn back(headers: &HeaderMap) -> String {
    let page = headers.get(header::REFERER).and_then(|page| page.to_str().ok()?.parse::<Uri>().ok());
    let page = page.as_ref().and_then(Uri::path_and_query).map_or("/", |page| local(page.as_str()));
    let is_form = page.starts_with("/send") || page.starts_with("/stop");
    if is_form { "/".to_owned() } else { page.to_owned() }
}
