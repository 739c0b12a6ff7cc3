//! Whether a request that changes something comes from our own page.
//!
//! A browser sends our cookie also when somebody else's page made it ask. `SameSite=Lax` stops that
//! for most, but not for a neighbour under the same domain, nor for another port of the same host; so
//! what browsers say about where a request comes from is looked at as well. (tower-http's `CsrfLayer`
//! does not fit: it lets pass a request with a cookie that says nothing of where it comes from, it
//! never looks at `Referer`, and it takes `Sec-Fetch-Site: none`.)

use axum::http::{HeaderMap, HeaderName, Uri, header};

use super::visitor::bearer;
use crate::server::config::PublicUrl;
use crate::server::error::RequestError;

/// Refuses what somebody else's page may have sent. `public` is our own address, where it was set.
///
/// # Errors
///
/// [`RequestError::CrossSite`]
pub(super) fn check(headers: &HeaderMap, public: Option<&PublicUrl>) -> Result<(), RequestError> {
    // No browser adds a token by itself.
    if bearer(headers).is_some() {
        return Ok(());
    }
    let is_ours = if let Some(site) = text(headers, HeaderName::from_static("sec-fetch-site")) {
        site == "same-origin"
    } else if let Some(origin) = text(headers, header::ORIGIN) {
        is_own(origin, headers, public)
    } else if let Some(page) = text(headers, header::REFERER) {
        is_own(page, headers, public)
    } else {
        // A program that has no cookie has nothing that somebody else could use.
        !headers.contains_key(header::COOKIE)
    };
    if is_ours { Ok(()) } else { Err(RequestError::CrossSite) }
}

/// Whether an origin, or a page's address, is of this server. Where its own address was not set, that
/// is the host that was asked; whether by HTTPS is not known then.
fn is_own(address: &str, headers: &HeaderMap, public: Option<&PublicUrl>) -> bool {
    let Ok(address) = address.parse::<Uri>() else {
        return false;
    };
    let (Some(scheme), Some(authority)) = (address.scheme_str(), address.authority()) else {
        return false;
    };
    let authority = authority.as_str();
    match public {
        Some(public) => format!("{scheme}://{authority}").eq_ignore_ascii_case(public.origin()),
        None => text(headers, header::HOST).is_some_and(|host| host.eq_ignore_ascii_case(authority)),
    }
}

/// A header's value; what is there and no text is not nothing.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}
