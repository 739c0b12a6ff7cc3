//! What somebody sees who opens an address and is refused.

use reqwest::Response;

use super::{TestServer, echo};
use crate::app::state::words::dictionary::Dictionary;
use crate::app::state::words::language::Language;
use crate::app::state::words::{BesideWords, Words};

/// What a browser says that it takes when somebody opens an address.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[tokio::test]
async fn who_opens_an_address_and_is_refused_gets_a_page_and_a_program_gets_json() {
    let server = TestServer::start().await;
    let get = |path: &str, accept: &'static str, language: &'static str| {
        let request = server.http.get(server.url(path)).header("cookie", server.cookie.clone());
        request.header("accept", accept).header("accept-language", language).send()
    };
    let (english, chinese) = (BesideWords::of(Language::English), BesideWords::of(Language::Chinese));
    for (path, status) in [("/nowhere", 404), ("/api/nothing", 404), ("/api/files/x", 404), ("/send", 405)] {
        for (language, words) in [("en", english), ("zh-CN", chinese)] {
            let response = get(path, BROWSER, language).await.unwrap();
            assert_eq!(response.status(), status, "{path}");
            let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
            assert!(header("content-type").starts_with("text/html"), "{path}");
            assert!(header("content-security-policy").starts_with("default-src 'none'"), "{path}");
            assert!(varies_by_accept(&response), "{path}");
            let html = response.text().await.unwrap();
            let title = if status == 404 { words.no_page } else { words.trouble };
            for said in [title, words.to_start] {
                assert!(html.contains(said), "{path} in {language} without {said}: {html}");
            }
            assert!(!html.contains("type=\"module\""), "it goes without a program: {html}");
        }
        for accept in ["*/*", "application/json", "image/webp,*/*;q=0.8", "text/htmlx"] {
            let response = get(path, accept, "zh-CN").await.unwrap();
            assert_eq!(response.status(), status, "{path}");
            assert!(varies_by_accept(&response), "{path}");
            let body: serde_json::Value = response.json().await.unwrap();
            assert!(body["error"]["message"].is_string(), "{path}, {accept}: {body}");
        }
    }
}

fn varies_by_accept(response: &Response) -> bool {
    response.headers().get_all("vary").iter().any(|by| by == "accept")
}

/// Opens an address as a browser does, with a header more.
async fn opened(server: &TestServer, path: &str, language: Language, header: (&str, &str)) -> Response {
    let request = server.http.get(server.url(path)).header("accept-language", language.tag());
    request.header("accept", BROWSER).header(header.0, header.1).send().await.unwrap()
}

#[tokio::test]
async fn a_refusals_page_says_why_in_the_readers_words_and_the_servers() {
    let server = TestServer::start().await;
    let stream = server.chat(&echo("x", serde_json::json!({"stall_after": 0}))).await;
    let events = format!("/api/chat/{}/events?after=%3Cb%3E", stream.id());
    // With the place of its sentence; for one that none was written for, that of a bad request.
    for (path, status, place, header) in [
        (&*events, 400, 0, ("x-nothing", "")),
        ("/", 401, 1, ("authorization", "Bearer nobody")),
        ("/send", 405, 0, ("x-nothing", "")),
    ] {
        let request = server.http.get(server.url(path)).header(header.0, header.1);
        let program = request.send().await.unwrap();
        assert_eq!(program.status(), status, "{path}");
        let kept = ["allow", "www-authenticate"].map(|name| program.headers().get(name).cloned());
        assert_eq!(kept.iter().flatten().count(), usize::from(status != 400), "{path}: {kept:?}");
        let body: serde_json::Value = program.json().await.unwrap();
        let reason = body["error"]["message"].as_str().unwrap();
        let shown = reason.replace('<', "&lt;").replace('>', "&gt;");
        for language in Language::ALL {
            let page = opened(&server, path, language, header).await;
            assert_eq!(page.status(), status, "{path}");
            assert_eq!(["allow", "www-authenticate"].map(|name| page.headers().get(name).cloned()), kept);
            assert_eq!(page.headers()["cache-control"], "no-store", "{path}");
            let html = page.text().await.unwrap();
            let words = <BesideWords as Dictionary>::of(language);
            assert!(html.contains(&format!("<h1>{}</h1>", words.trouble)), "{path}: {html}");
            assert!(html.contains(&format!("<p class=\"failure-detail\">{shown}</p>")), "{shown}: {html}");
            let sentence = format!("<p>{}</p>", <Words as Dictionary>::of(language).refusals[place]);
            // In English the server's own sentence says it better.
            assert_eq!(html.contains(&sentence), language != Language::English, "{path}: {html}");
            assert!(!html.contains(words.no_page_more), "{path}: {html}");
        }
    }
}

#[tokio::test]
async fn the_page_of_what_is_not_there_tells_nothing_of_it() {
    let server = TestServer::start().await;
    for language in Language::ALL {
        let html = opened(&server, "/api/files/x", language, ("x-nothing", "")).await.text().await.unwrap();
        assert!(html.contains(<BesideWords as Dictionary>::of(language).no_page_more), "{html}");
        assert!(!html.contains("failure-detail"), "{html}");
    }
}
