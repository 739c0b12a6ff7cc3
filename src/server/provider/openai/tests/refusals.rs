//! Responses that are no stream.

use super::*;

/// What comes of a response with this head and body.
async fn refused(status: &str, headers: &str, body: &str) -> Folded {
    let fake = Fake::start().await;
    let deltas = stall::watch(provider(&fake).stream(prompt()), PATIENCE);
    let serve = async {
        let mut connection = fake.accept().await;
        connection.respond(status, Framing::Chunked, headers).await;
        let _ = connection.send(body).await;
        connection.end().await;
    };
    let (folded, ()) = tokio::join!(fold(deltas), serve);
    assert!(fake.is_alone(), "asked twice");
    folded
}

const JSON: &str = "content-type: application/json\r\n";
const HTML: &str = "content-type: text/html; charset=utf-8\r\n";

/// One-piece completions come later; for now they are not lost in silence.
#[tokio::test]
async fn q16_json_in_one_piece_is_a_clear_error() {
    let answer = refused("200 OK", JSON, r#"{"error":{"message":"no such model"}}"#).await;
    assert_eq!(answer.error(), (ErrorKind::Provider, "The provider `fake` answered 200 OK: no such model"));
    let whole = r#"{"choices":[{"message":{"content":"secret"}}]}"#;
    let answer = refused("200 OK", JSON, whole).await;
    assert_eq!(
        answer.error(),
        (
            ErrorKind::Provider,
            "The provider `fake` answered 200 OK with JSON in one piece and not with a stream of events."
        )
    );
}

#[tokio::test]
async fn q17_a_web_page_is_an_error_with_the_status_and_is_not_relayed() {
    for status in ["200 OK", "502 Bad Gateway", "404 Not Found"] {
        let answer = refused(status, HTML, "<html><script>alert(1)</script></html>").await;
        let (kind, message) = answer.error();
        assert_eq!(kind, ErrorKind::Provider);
        assert!(message.contains(status) && !message.contains("alert"), "{message}");
    }
}

#[tokio::test]
async fn q17_a_redirect_is_not_followed() {
    let elsewhere = Fake::start().await;
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("location: {}/chat/completions\r\n", elsewhere.base_url());
        let answer = refused(status, &location, "").await;
        let (kind, message) = answer.error();
        assert_eq!(kind, ErrorKind::Provider);
        assert!(message.contains(status) && !message.contains("127.0.0.1"), "{message}");
    }
    assert!(elsewhere.is_alone());
}

#[tokio::test]
async fn q19_slow_down_is_rate_limited_with_its_time() {
    let json = r#"{"error":{"message":"too fast"}}"#;
    let after = "content-type: application/json\r\nretry-after: 7\r\n";
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let answer = refused(status, after, json).await;
        let message = format!("The provider `fake` answered {status}: too fast");
        assert_eq!(answer.outcome, Some(Outcome::Error(ErrorKind::RateLimited, message, Some(7))));
    }
    let answer = refused("429 Too Many Requests", JSON, json).await;
    assert_eq!(answer.error().0, ErrorKind::RateLimited);
    let answer = refused("503 Service Unavailable", JSON, r#"{"error":{"message":"Loading model"}}"#).await;
    assert_eq!(answer.error().0, ErrorKind::Provider);
}

#[tokio::test]
async fn an_error_body_is_cut_and_the_key_is_not_in_it() {
    let fake = Fake::start().await;
    let mut settings = Settings::new("fake", fake.base_url().parse().unwrap());
    settings.key = Some("sk-secret-0123456789".to_owned());
    let provider = OpenAi::new(settings).unwrap();
    let long = "x ".repeat(5000);
    for (status, body) in [
        ("401 Unauthorized", "bad key sk-secret-0123456789 (sk-se***********6789)".to_owned()),
        ("500 Internal Server Error", format!("sk-secret-0123456789{long}sk-secret-0123456789")),
        ("200 OK", "data: {\"error\":{\"message\":\"bad key sk-secret-0123456789\"}}\n\n".to_owned()),
    ] {
        let serve = async {
            let mut connection = fake.accept().await;
            let headers = if status == "200 OK" { "content-type: text/event-stream\r\n" } else { "" };
            connection.respond(status, Framing::Chunked, headers).await;
            let _ = connection.send(&body).await;
            connection.end().await;
        };
        let (answer, ()) = tokio::join!(fold(provider.stream(prompt())), serve);
        let (_, message) = answer.error();
        assert!(message.len() <= 2048 && message.contains("[key]"), "{message}");
        assert!(!message.contains("secret") && !message.contains("6789"), "{message}");
    }
}

#[tokio::test]
async fn an_error_body_that_never_ends_is_not_waited_for() {
    let fake = Fake::start().await;
    let serve = async {
        let mut connection = fake.accept().await;
        connection.respond("500 Internal Server Error", Framing::Chunked, "").await;
        while connection.send([b'x'; 4096]).await.is_ok() {}
    };
    let (answer, ()) = tokio::join!(fold(provider(&fake).stream(prompt())), serve);
    assert_eq!(answer.error().0, ErrorKind::Provider);
}

#[tokio::test]
async fn nobody_there_is_a_clear_error() {
    let fake = Fake::start().await;
    let provider = provider(&fake);
    drop(fake);
    let answer = fold(provider.stream(prompt())).await;
    let (kind, message) = answer.error();
    assert_eq!(kind, ErrorKind::Provider);
    assert!(message.contains("refused") && message.contains("running"), "{message}");
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_head_is_an_error() {
    let fake = Fake::start().await;
    for reset in [false, true] {
        let serve = async {
            let connection = fake.accept().await;
            if reset { connection.reset() } else { connection.close() }
        };
        let (answer, ()) = tokio::join!(fold(provider(&fake).stream(prompt())), serve);
        let (kind, message) = answer.error();
        assert_eq!(kind, ErrorKind::Provider);
        assert!(message.contains("broke before it answered"), "{message}");
    }
    assert!(fake.is_alone(), "asked again");
}
