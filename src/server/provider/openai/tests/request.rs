//! What is asked, and the list of models.

use super::*;

async fn models(
    provider: &OpenAi,
    fake: &Fake,
    status: &str,
    body: &str,
) -> (Result<Vec<Model>, ProviderError>, Connection) {
    let serve = async {
        let mut connection = fake.accept().await;
        connection.respond(status, Framing::Close, "content-type: application/json\r\n").await;
        connection.send(body).await.unwrap();
        connection.half_close().await;
        connection
    };
    tokio::join!(provider.models(), serve)
}

#[tokio::test]
async fn the_request_is_a_post_with_the_key_in_its_header_only() {
    let fake = Fake::start().await;
    for slash in ["", "/"] {
        let mut settings = Settings::new("fake", format!("{}{slash}", fake.base_url()).parse().unwrap());
        settings.key = Some("sk-secret-0123456789\n".to_owned());
        let debug = format!("{settings:?}");
        let provider = OpenAi::new(settings).unwrap();
        assert!(!format!("{debug}{provider:?}").contains("secret"), "{debug} {provider:?}");
        let mut deltas = provider.stream(prompt());
        let (_, connection) = tokio::join!(soon(deltas.next()), async {
            let mut connection = fake.accept().await;
            connection.begin(Framing::Chunked).await;
            connection
        });
        assert!(connection.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", connection.head);
        assert_eq!(connection.header("authorization"), Some("Bearer sk-secret-0123456789"));
        assert_eq!(connection.header("accept-encoding"), Some("identity"));
        assert_eq!(connection.header("content-type"), Some("application/json"));
        assert_eq!(connection.head.matches("secret").count(), 1);
        let body: serde_json::Value = serde_json::from_slice(&connection.body).unwrap();
        assert_eq!(body["model"], "m");
        assert_eq!(body["stream"], true);
        assert!(!String::from_utf8_lossy(&connection.body).contains("secret"));
    }
}

#[tokio::test]
async fn without_a_key_there_is_no_header_for_it() {
    let fake = Fake::start().await;
    let provider = provider(&fake);
    let (_, connection) = models(&provider, &fake, "200 OK", r#"{"data":[]}"#).await;
    assert_eq!(connection.header("authorization"), None);
    assert!(connection.head.starts_with("GET /v1/models HTTP/1.1\r\n"), "{}", connection.head);
}

#[tokio::test]
async fn the_list_of_models_is_asked_for() {
    let fake = Fake::start().await;
    let body = r#"{"object":"list","data":[{"id":"b","object":"model"},{"id":"a","name":"The A"},{"id":""},{"id":"x\ny"}]}"#;
    let (listed, _) = models(&provider(&fake), &fake, "200 OK", body).await;
    let model = |name: &str, label: &str| Model { name: name.to_owned(), label: label.to_owned() };
    assert_eq!(listed, Ok(vec![model("b", "b"), model("a", "The A")]));
    for (status, body) in
        [("200 OK", "<html>secret"), ("500 Oh", "<html>secret"), ("200 OK", "{\"secret\":1}")]
    {
        let (listed, _) = models(&provider(&fake), &fake, status, body).await;
        let error = listed.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Provider);
        assert!(!error.message.contains("secret"), "{}", error.message);
    }
}

#[tokio::test]
async fn configured_models_are_the_list_and_the_only_ones() {
    let fake = Fake::start().await;
    let mut settings = Settings::new("fake", fake.base_url().parse().unwrap());
    settings.models = vec!["m".to_owned(), "n".to_owned()];
    let provider = OpenAi::new(settings).unwrap();
    let names: Vec<_> = provider.models().await.unwrap().into_iter().map(|model| model.name).collect();
    assert_eq!(names, ["m", "n"]);
    assert!(fake.is_alone());
    provider.check(&prompt()).unwrap();
    let BadPrompt(message) = provider.check(&Prompt { model: "o".to_owned(), ..prompt() }).unwrap_err();
    assert!(message.contains("`o`") && message.contains("`fake`"), "{message}");
}

#[test]
fn settings_that_can_not_work_are_refused_with_a_reason() {
    for (base_url, words) in [
        ("ftp://localhost/v1", "http://"),
        ("http://user:secret@localhost/v1", "password"),
        ("http://localhost/v1#x", "#"),
    ] {
        let error = OpenAi::new(Settings::new("x", base_url.parse().unwrap())).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("`x`") && !error.contains("secret"), "{error}");
    }
    let mut settings = Settings::new("x", "http://localhost/v1".parse().unwrap());
    settings.key = Some("a\nb".to_owned());
    let error = OpenAi::new(settings).unwrap_err().to_string();
    assert!(error.contains("`x`"), "{error}");
}

#[test]
fn https_is_spoken() {
    OpenAi::new(Settings::new("x", "https://localhost/v1".parse().unwrap())).unwrap();
}
