//! The pages' heads; what is in them is the browser tests' business.

use super::{TestServer, echo};
use crate::app::state::words::Words;
use crate::app::state::words::dictionary::Dictionary;
use crate::app::state::words::language::Language;
use crate::markdown::Labels;

#[tokio::test]
async fn every_page_has_its_policy_and_a_fresh_nonce() {
    let server = TestServer::start().await;
    let mut nonces = Vec::new();
    for path in ["/", "/lab", "/"] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        for part in [
            "default-src 'none'",
            "connect-src 'self';",
            "require-trusted-types-for 'script'; trusted-types 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        let html = response.text().await.unwrap();
        assert_eq!(
            html.matches("<script").count(),
            html.matches(&format!("nonce=\"{nonce}\"")).count() + data_blocks(&html)
        );
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
}

#[tokio::test]
async fn a_diagrams_page_may_run_one_script_in_a_frame_of_ours_and_nothing_else() {
    let server = TestServer::start().await;
    let response = server.get("/diagram").await;
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        header("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    );
    assert_eq!(header("x-frame-options"), "SAMEORIGIN");
    assert!(!response.headers().contains_key("set-cookie"));
    let html = response.text().await.unwrap();
    assert_eq!(html.matches("<script").count(), 1, "{html}");
    let script = html.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    // Tests run without the site's folder too, so what is there is the browser tests' business.
    assert!(script.starts_with("/parts/diagram.js"), "{script}");
    let page = server.get("/").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("; frame-src 'self';"), "{policy}");
}

/// Scripts that are data need no nonce: nothing runs them.
fn data_blocks(html: &str) -> usize {
    html.matches("type=\"application/json\"").count() + html.matches("type=\"text/plain\"").count()
}

#[tokio::test]
async fn a_conversation_is_in_its_page_and_an_unknown_one_is_not_found() {
    let server = TestServer::start().await;
    let mut stream =
        server.chat(&echo("</script><!-- quoted & safe", serde_json::json!({"pace_ms": 0}))).await;
    stream.end().await;
    let state = server.json(&format!("/api/chat/{}", stream.id())).await;
    let conversation = state["conversation"].as_str().unwrap();
    let html = server.get(&format!("/c/{conversation}")).await.text().await.unwrap();
    assert!(html.contains("&lt;/script&gt;&lt;!-- quoted &amp; safe"), "as text, before any script has run");
    assert!(!html.contains("</script><!-- quoted"));
    let missing = server.get("/c/0f8fad5b-d9cb-469f-a165-70867728950e").await;
    assert_eq!(missing.status(), 404);
    assert_eq!(server.get("/c/x").await.status(), 404);
}

#[tokio::test]
async fn a_page_is_in_the_language_that_the_cookie_or_the_browser_asks_for() {
    let server = TestServer::start().await;
    let mut stream = server.chat(&echo("水", serde_json::json!({"pace_ms": 0}))).await;
    stream.end().await;
    let state = server.json(&format!("/api/chat/{}", stream.id())).await;
    let conversation = format!("/c/{}", state["conversation"].as_str().unwrap());
    let (english, chinese) = (Words::of(Language::English), Words::of(Language::Chinese));
    let cases = [
        ("", "", english),
        ("de, zh-CN;q=0.9, en;q=0.8", "", chinese),
        ("zh-CN", "a=b; settings=language=en", english),
        ("en", "settings=theme=dark&language=zh-CN", chinese),
    ];
    for (accepted, cookie, expected) in cases {
        for path in ["/", &conversation, "/lab", "/c/x"] {
            let cookie = format!("{}; {cookie}", server.cookie);
            let request = reqwest::Client::new().get(server.url(path)).header("cookie", cookie);
            let html =
                request.header("accept-language", accepted).send().await.unwrap().text().await.unwrap();
            assert!(html.contains(&format!("<html lang=\"{}\"", expected.lang)), "{path}: {accepted:?}");
            assert!(html.contains(expected.new_chat), "{path}: {accepted:?}");
            // Nor is any sentence of the other language on the page, whatever part of it says it.
            let other = if expected.lang == "en" { chinese } else { english };
            for said in
                other.list().into_iter().filter(|said| said.len() > 8 && !expected.list().contains(said))
            {
                assert!(!html.contains(&format!(">{said}<")), "{path}: {accepted:?}: {said}");
                assert!(!html.contains(&format!("\"{said}\"")), "{path}: {accepted:?}: {said}");
            }
            let words =
                format!("<script type=\"text/plain\" id=\"words\">{}</script>", expected.list().join("\n"));
            assert!(html.contains(&words), "{path}: {accepted:?}");
        }
    }
}

#[tokio::test]
async fn a_provider_whose_models_can_not_be_listed_is_named_in_the_page_and_hides_no_other() {
    // Nobody listens at the discard port; the first one's models are said here, so nobody asks for them.
    let provider = |name: &str, models: &str| {
        format!("[[providers]]\nname = \"{name}\"\nbase_url = \"http://127.0.0.1:9/v1\"\n{models}\n")
    };
    let settings = provider("said", "models = [\"one\"]") + &provider("gone", "");
    let server = TestServer::with(&settings).await;
    let models = server.json("/api/models").await;
    let problems = models["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 1, "{models}");
    assert_eq!(problems[0]["provider"], "gone");
    let reason = problems[0]["message"].as_str().unwrap();
    assert!(reason.contains("could not be reached"), "{reason}");
    let listed: Vec<_> = models["models"].as_array().unwrap().iter().map(|model| &model["id"]).collect();
    for before_and_behind in ["said/one", "demo/echo"] {
        assert!(listed.iter().any(|id| *id == before_and_behind), "{models}");
    }
    for language in Language::ALL {
        let words = <Words as Dictionary>::of(language);
        let request = server.http.get(server.url("/")).header("accept-language", language.tag());
        let html = request.send().await.unwrap().text().await.unwrap();
        let text = text_of(between(&html, "<p class=\"problem\">", "</p>"));
        assert_eq!(text, format!("gone {} {reason}", words.no_list), "{language:?}");
        assert!(html.contains("value=\"demo/echo\""), "{language:?}: {html}");
        assert!(!html.contains(&format!(">{}<", words.no_models)), "{language:?}: there are some");
    }
}

#[tokio::test]
async fn where_there_is_no_model_the_page_says_so() {
    let server = TestServer::with("[server]\ndemo = false\n").await;
    let words = <Words as Dictionary>::of(Language::English);
    let html = server.get("/").await.text().await.unwrap();
    assert_eq!(text_of(between(&html, "<p class=\"problem\">", "</p>")), words.no_models);
    assert!(!html.contains("<option"), "{html}");
}

/// What stands between the first of these and what ends it.
fn between<'a>(html: &'a str, begin: &str, end: &str) -> &'a str {
    let behind = html.split_once(begin).unwrap_or_else(|| panic!("no {begin} in {html}")).1;
    behind.split_once(end).unwrap().0
}

/// What is read of it, without its elements and comments.
fn text_of(html: &str) -> String {
    let text: String =
        html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
    text.replace("&#x27;", "'")
}

#[tokio::test]
async fn what_is_said_within_an_answer_is_in_the_pages_language_and_so_are_the_programs_labels() {
    let server = TestServer::start().await;
    let text = "```\na\n```\n\n|a|\n|-|\n\n> [!TIP]\n> a\n\n- [x] a\n\n![a](https://b.test/)";
    let mut stream = server.chat(&echo(text, serde_json::json!({"pace_ms": 0}))).await;
    stream.end().await;
    let state = server.json(&format!("/api/chat/{}", stream.id())).await;
    let conversation = format!("/c/{}", state["conversation"].as_str().unwrap());
    for language in Language::ALL {
        let request = server.http.get(server.url(&conversation)).header("accept-language", language.tag());
        let html = request.send().await.unwrap().text().await.unwrap();
        let labels = <Labels as Dictionary>::of(language);
        for expected in [
            format!("<button class=\"copy\" type=\"button\">{}</button>", labels.copy),
            format!(">{}</button>", labels.wrap),
            format!(">{}</button>", labels.copy_csv),
            format!("<p class=\"alert-title\">{}</p>", labels.tip),
            format!("aria-label=\"{}\" checked", labels.done),
            format!(">{}</a>", labels.open),
            format!("<script type=\"text/plain\" id=\"labels\">{}</script>", labels.list().join("\n")),
        ] {
            assert!(html.contains(&expected), "{language:?}: {expected} in {html}");
        }
    }
}
