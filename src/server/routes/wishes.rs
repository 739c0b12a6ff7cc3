//! What a browser says of how a page should be: the language that it asks for, and its cookies.

use axum::http::{HeaderMap, HeaderName, header};

/// As it says it. What it means is the pages' business.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// `Accept-Language`.
    pub languages: String,
    /// `Cookie`.
    pub cookies: String,
}

impl Wishes {
    /// Those in a request.
    pub fn of(headers: &HeaderMap) -> Self {
        Self {
            languages: joined(headers, header::ACCEPT_LANGUAGE, ","),
            cookies: joined(headers, header::COOKIE, ";"),
        }
    }
}

/// HTTP/2 may send one header in several.
fn joined(headers: &HeaderMap, name: HeaderName, between: &str) -> String {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join(between)
}
