//! Requests that somebody else's page may have made a browser send.

use axum::http::Method;

use super::{Asked, TestServer};
use crate::server::router::routes;
use crate::server::routes::access::Access;

/// A start without a body: past the check it is a 415.
const PASSES: u16 = 415;

async fn start(server: &TestServer, headers: &[(&str, &str)]) -> u16 {
    let got = Asked::with(server, &Method::POST, "/api/chat", headers, "").await;
    if got.status == 403 {
        assert_eq!(got.kind(), "forbidden");
    }
    got.status
}

#[tokio::test]
async fn a_request_with_a_cookie_must_come_from_our_own_page() {
    let server = TestServer::start().await;
    let cookie = ("cookie", server.cookie.as_str());
    let (own, host) = (format!("http://{}", server.addr), server.addr.to_string());
    let page = format!("{own}/c/1?x=y");
    let port = own.replace(&server.addr.port().to_string(), "1");
    let cases: &[(&[(&str, &str)], u16)] = &[
        (&[], 403),
        (&[("sec-fetch-site", "same-origin")], PASSES),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("sec-fetch-site", "none")], 403),
        (&[("sec-fetch-site", "cross-site"), ("origin", &own)], 403),
        (&[("sec-fetch-site", "same-origin"), ("origin", "null")], PASSES),
        (&[("origin", &own)], PASSES),
        (&[("origin", &own.replace("http:", "https:"))], PASSES),
        (&[("origin", "null")], 403),
        (&[("origin", "")], 403),
        (&[("origin", "http://evil.test")], 403),
        (&[("origin", &port)], 403),
        (&[("origin", &format!("http://evil.test@{host}"))], 403),
        (&[("origin", &format!("{own}.evil.test"))], 403),
        (&[("origin", &host)], 403),
        (&[("origin", "http://evil.test"), ("referer", &page)], 403),
        (&[("referer", &page)], PASSES),
        (&[("referer", "http://evil.test/")], 403),
        (&[("referer", &format!("http://evil.test/?{page}"))], 403),
        (&[("referer", "about:blank")], 403),
    ];
    for (headers, status) in cases {
        let headers = [&[cookie], *headers].concat();
        assert_eq!(start(&server, &headers).await, *status, "{headers:?}");
    }
}

#[tokio::test]
async fn with_a_public_address_that_is_the_origin_whatever_the_host() {
    let server = TestServer::with("[server]\npublic_url = \"https://chat.example.org\"\n").await;
    let cookie = ("cookie", server.cookie.as_str());
    let own = format!("http://{}", server.addr);
    for (name, value, status) in [
        ("origin", "https://chat.example.org", PASSES),
        ("origin", "http://chat.example.org", 403),
        ("origin", "https://chat.example.org:8443", 403),
        ("origin", &own, 403),
        ("referer", "https://chat.example.org/lab", PASSES),
        ("referer", "https://chat.example.org.evil.test/", 403),
        ("sec-fetch-site", "same-origin", PASSES),
    ] {
        assert_eq!(start(&server, &[cookie, (name, value)]).await, status, "{name}: {value}");
    }
}

#[tokio::test]
async fn a_program_without_a_cookie_passes_but_not_a_page_of_somebody_elses() {
    let server = TestServer::start().await;
    assert_eq!(start(&server, &[]).await, PASSES);
    // Whoever is not known yet could be logged in as somebody else this way.
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("origin", "null"), ("origin", "http://evil.test")]
    {
        assert_eq!(start(&server, &[(name, value)]).await, 403, "{name}: {value}");
        let got = Asked::with(&server, &Method::POST, "/login", &[(name, value)], "").await;
        assert_eq!(got.status, 403, "{name}: {value}");
    }
}

#[tokio::test]
async fn a_token_is_no_cookie() {
    let server = TestServer::start().await;
    // What the cookie says, said on purpose.
    let token = server.cookie.replace("sluice=", "Bearer ");
    let headers = [("authorization", token.as_str()), ("sec-fetch-site", "cross-site")];
    assert_eq!(start(&server, &headers).await, PASSES);
}

#[tokio::test]
async fn every_route_that_changes_something_is_guarded() {
    let server = TestServer::start().await;
    for route in routes().iter().filter(|route| !route.method.is_safe()) {
        let path = route.path.replace("{id}", "0f8fad5b-d9cb-469f-a165-70867728950e");
        let headers = [("cookie", server.cookie.as_str()), ("sec-fetch-site", "same-site")];
        let got = Asked::with(&server, &route.method, &path, &headers, "x").await;
        // What is open looks at no cookie, so there is nothing to be had by forging a request for it.
        let refused = route.access != Access::Open;
        assert_eq!(got.status == 403, refused, "{} {path}: {}", route.method, got.status);
    }
    let open: Vec<_> = routes().into_iter().filter(|route| route.access == Access::Open).collect();
    let open: Vec<_> = open.iter().map(|route| route.path).collect();
    assert_eq!(open, ["/api/sse", "/livez", "/readyz", "/diagram"]);
}
