//! Sending a browser to another address of ours, and nowhere else.

use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// Another address, to be asked for with GET.
pub(super) fn see_other(to: &str) -> Response {
    let to = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// To the log-in, and from there back to the page that was asked for.
pub(super) fn to_login(method: &Method, asked: &Uri) -> Response {
    let next = match asked.path_and_query() {
        Some(asked) if *method == Method::GET => local(asked.as_str()),
        _ => "/",
    };
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    see_other(&format!("/login?next={next}"))
}

/// The address if it is one of ours, else the first page. A browser takes `//host` and `/\host` for
/// another host, and leaves out tabs and line breaks before it looks.
pub(super) fn local(next: &str) -> &str {
    let ours = next.starts_with('/') && !next.starts_with("//");
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if ours && plain { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_host() {
        for next in ["/", "/lab", "/c/1?at=2", "/a//b"] {
            assert_eq!(local(next), next);
        }
        for next in [
            "",
            "lab",
            "//evil.test",
            "/\\evil.test",
            "\\/evil.test",
            "/\t/evil.test",
            "/\n/evil.test",
            "https://evil.test",
            "javascript:alert(1)",
            " /lab",
            "/é",
            "/a\r\nset-cookie: x",
        ] {
            assert_eq!(local(next), "/", "{next:?}");
        }
    }

    #[test]
    fn the_way_back_is_kept_whole() {
        let asked: Uri = "/c/1?at=2&x=%20".parse().unwrap();
        let to = |method: &Method| to_login(method, &asked).headers()["location"].clone();
        assert_eq!(to(&Method::GET), "/login?next=%2Fc%2F1%3Fat%3D2%26x%3D%2520");
        assert_eq!(to(&Method::POST), "/login?next=%2F");
    }
}
