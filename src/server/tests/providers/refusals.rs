//! Responses that are no stream, as their readers see them.

use super::*;

/// The error that comes of a response with this head and body.
async fn refused(status: &str, headers: &str, body: &str) -> (ErrorKind, String, Option<u64>) {
    let fake = Fake::start().await;
    let server = server(&fake, "").await;
    let told = answer(&server, &fake, async |mut connection| {
        connection.respond(status, Framing::Chunked, headers).await;
        let _ = connection.send(body).await;
        connection.end().await;
    })
    .await;
    assert!(fake.is_alone(), "asked twice");
    error(told)
}

fn error(told: Told) -> (ErrorKind, String, Option<u64>) {
    assert_eq!(told.parts, []);
    match told.outcome {
        Outcome::Error { kind, message, retry_after } => (kind, message, retry_after),
        other => panic!("not an error: {other:?}"),
    }
}

const JSON: &str = "content-type: application/json\r\n";
const HTML: &str = "content-type: text/html; charset=utf-8\r\n";

/// One-piece completions come later; for now they are not lost in silence.
#[tokio::test]
async fn q16_json_in_one_piece_is_a_clear_error() {
    for (body, words) in [
        (r#"{"error":{"message":"no such model"}}"#, ": no such model"),
        (
            r#"{"choices":[{"message":{"content":"secret"}}]}"#,
            " with JSON in one piece and not with a stream of events.",
        ),
    ] {
        let (kind, message, _) = refused("200 OK", JSON, body).await;
        assert_eq!(
            (kind, message),
            (ErrorKind::Provider, format!("The provider `fake` answered 200 OK{words}"))
        );
    }
}

#[tokio::test]
async fn q17_a_web_page_is_an_error_with_the_status_and_is_not_relayed() {
    for status in ["200 OK", "502 Bad Gateway", "404 Not Found"] {
        let (kind, message, _) = refused(status, HTML, "<html><script>alert(1)</script></html>").await;
        assert_eq!(kind, ErrorKind::Provider);
        assert!(message.contains(status) && !message.contains("alert"), "{message}");
    }
}

#[tokio::test]
async fn q17_a_redirect_is_not_followed() {
    let elsewhere = Fake::start().await;
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("location: {}/chat/completions\r\n", elsewhere.base_url());
        let (kind, message, _) = refused(status, &location, "").await;
        assert_eq!(kind, ErrorKind::Provider);
        assert!(message.contains(status) && !message.contains("127.0.0.1"), "{message}");
    }
    assert!(elsewhere.is_alone());
}

#[tokio::test]
async fn q19_slow_down_is_rate_limited_with_its_time() {
    let body = r#"{"error":{"message":"too fast"}}"#;
    let after = "content-type: application/json\r\nretry-after: 7\r\n";
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let message = format!("The provider `fake` answered {status}: too fast");
        assert_eq!(refused(status, after, body).await, (ErrorKind::RateLimited, message, Some(7)));
    }
    let (kind, _, retry_after) = refused("429 Too Many Requests", JSON, body).await;
    assert_eq!((kind, retry_after), (ErrorKind::RateLimited, None));
    let (kind, _, retry_after) = refused("503 Service Unavailable", JSON, body).await;
    assert_eq!((kind, retry_after), (ErrorKind::Provider, None));
}

#[tokio::test]
async fn nobody_there_is_a_clear_error() {
    let fake = Fake::start().await;
    let server = server(&fake, "").await;
    drop(fake);
    let mut stream = ask(&server, 0).await;
    let (kind, message, _) = error(Told::read(&mut stream, &watch::Sender::new(0)).await);
    assert_eq!(kind, ErrorKind::Provider);
    assert!(message.contains("refused") && message.contains("running"), "{message}");
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_head_is_an_error() {
    for reset in [false, true] {
        let fake = Fake::start().await;
        let server = server(&fake, "").await;
        let breaks =
            async |connection: Connection| if reset { connection.reset() } else { connection.close() };
        let (kind, message, _) = error(answer(&server, &fake, breaks).await);
        assert_eq!(kind, ErrorKind::Provider);
        assert!(message.contains("broke before it answered"), "{message}");
        assert!(fake.is_alone(), "asked again");
    }
}
