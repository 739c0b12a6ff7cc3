//! What is said of a response that is no stream.

use super::*;

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
        while connection.send(&[b'x'; 4096]).await.is_ok() {}
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
