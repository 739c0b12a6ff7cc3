//! What is refused, and with which words.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Stream, TestServer, echo, says};

async fn refusal(response: reqwest::Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    assert!(body["error"]["kind"].is_string(), "{body}");
    (status, body["error"]["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_body_that_is_not_as_expected_is_told_why() {
    let server = TestServer::start().await;
    let cases = [
        (json!({}), 400, "message"),
        (json!({"message": {"parts": []}}), 400, "empty"),
        (json!({"message": {"parts": [{"t": "text", "r": ""}]}}), 400, "empty"),
        (json!({"message": {"parts": [{"t": "video", "r": "x"}]}}), 400, "video"),
        (json!({"message": "hi"}), 400, "message"),
        (json!({"modle": "x", "message": says("x")["message"]}), 400, "modle"),
        (json!({"id": "1", "message": says("x")["message"]}), 400, "UUID"),
        (json!({"model": "nobody/x", "message": says("x")["message"]}), 400, "nobody"),
        (json!({"model": "x", "message": says("x")["message"]}), 400, "provider/model"),
        (json!({"model": "demo/nothing", "message": says("x")["message"]}), 400, "nothing"),
        (echo("x", json!({"pce_ms": 1})), 400, "pce_ms"),
        (echo("x", json!({"pace_ms": "fast"})), 400, "pace_ms"),
        (
            json!({"parent": "0f8fad5b-d9cb-469f-a165-70867728950e", "message": says("x")["message"]}),
            404,
            "parent",
        ),
    ];
    for (body, status, word) in cases {
        let (got, message) = refusal(server.post(&body).await).await;
        assert_eq!(got, status, "{body}: {message}");
        assert!(message.contains(word), "{body}: {message}");
    }
}

#[tokio::test]
async fn only_json_is_taken() {
    let server = TestServer::start().await;
    let post = |kind: Option<&'static str>, body: &'static [u8]| {
        let request = server.http.post(server.url("/api/chat")).body(body);
        kind.map_or(request.try_clone().unwrap(), |kind| request.header("content-type", kind)).send()
    };
    assert_eq!(refusal(post(None, b"{}").await.unwrap()).await.0, 415);
    assert_eq!(refusal(post(Some("text/plain"), b"{}").await.unwrap()).await.0, 415);
    assert_eq!(refusal(post(Some("application/json"), b"").await.unwrap()).await.0, 400);
    assert_eq!(refusal(post(Some("application/json"), b"{").await.unwrap()).await.0, 400);
    assert_eq!(refusal(post(Some("Application/JSON; charset=utf-8"), b"\xff").await.unwrap()).await.0, 400);
}

#[tokio::test]
async fn what_is_too_large_is_413() {
    let server = TestServer::with("[limits]\nbody_bytes = 2000\nprompt_bytes = 100\n").await;
    let (status, message) = refusal(server.post(&says(&"x".repeat(101))).await).await;
    assert_eq!(status, 413);
    assert!(message.contains("100 bytes"), "{message}");
    let (status, message) = refusal(server.post(&says(&"x".repeat(3000))).await).await;
    assert_eq!(status, 413);
    assert!(message.contains("2000 bytes"), "{message}");
}

#[tokio::test]
async fn too_many_answers_are_told_to_come_back() {
    let server = TestServer::with("[limits]\nrunning = 2\n").await;
    let waiting = echo("x", json!({"stall_after": 0}));
    let (first, _second) = (server.chat(&waiting).await, server.chat(&waiting).await);
    let response = server.post(&waiting).await;
    assert!(response.headers().contains_key("retry-after"));
    assert_eq!(refusal(response).await.0, 429);
    let (status, _) = server.cancel(&first.id(), "").await;
    assert_eq!(status, 200);
    // The place is free as soon as its run has gone, which is just after its readers know.
    loop {
        let response = server.post(&waiting).await;
        if response.status() == 200 {
            break;
        }
        assert_eq!(response.status(), 429);
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn unknown_ids_and_addresses_are_not_found() {
    let server = TestServer::start().await;
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    for path in [
        format!("/api/chat/{id}"),
        format!("/api/chat/{id}/events"),
        "/api/chat/x".to_owned(),
        "/api/nothing".to_owned(),
        "/nothing".to_owned(),
        "/../Cargo.toml".to_owned(),
        "/%2e%2e/Cargo.toml".to_owned(),
    ] {
        assert_eq!(refusal(server.get(&path).await).await.0, 404, "{path}");
    }
    assert_eq!(refusal(server.get("/api/chat").await).await.0, 405);
}

#[tokio::test]
async fn an_offset_that_can_not_be_is_a_bad_request() {
    let server = TestServer::start().await;
    let stream = server.chat(&echo("x", json!({"stall_after": 0}))).await;
    for after in ["-1", "1e3", "x", "5", "end"] {
        let path = format!("/api/chat/{}/events?after={after}", stream.id());
        assert_eq!(refusal(server.get(&path).await).await.0, 400, "{after}");
    }
}

#[tokio::test]
async fn the_tree_is_kept_in_order() {
    let server = TestServer::start().await;
    let mut first = server.chat(&echo("one", json!({"pace_ms": 0}))).await;
    first.end().await;
    let parent = server.json(&format!("/api/chat/{}", first.id())).await["parent"].clone();
    let mut body = says("x");
    body["parent"] = parent.clone();
    assert_eq!(refusal(server.post(&body).await).await.0, 400, "below a user's message");
    body["parent"] = json!(first.id());
    body["conversation"] = json!("22222222-d9cb-469f-a165-70867728950e");
    assert_eq!(refusal(server.post(&body).await).await.0, 409, "in another conversation");
    let waiting = server.chat(&echo("x", json!({"stall_after": 0}))).await;
    body = says("x");
    body["parent"] = json!(waiting.id());
    assert_eq!(refusal(server.post(&body).await).await.0, 409, "below a running answer");
    body["parent"] = json!(first.id());
    body["message"]["id"] = parent;
    assert_eq!(refusal(server.post(&body).await).await.0, 409, "with a message id that is taken");
}

#[test]
fn no_body_brings_the_server_down() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(TestServer::start());
    let seed = serde_json::to_vec(&echo("hello", json!({"pace_ms": 0, "pieces": [1, 10]}))).unwrap();
    let mutated = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..6);
    proptest!(ProptestConfig::with_cases(2_000), |(edits in mutated)| {
        let mut body = seed.clone();
        for (index, byte, how) in edits {
            let at = index.index(body.len());
            match how {
                0 => body[at] = byte,
                1 => body.insert(at, byte),
                _ => body.truncate(at + 1),
            }
        }
        let status = runtime.block_on(async {
            let request = server.http.post(server.url("/api/chat")).header("content-type", "application/json");
            let response = request.body(body).send().await.unwrap();
            let status = response.status().as_u16();
            if status == 200 {
                Stream::new(response).end().await;
            }
            status
        });
        prop_assert!(status == 200 || (400..500).contains(&status), "{status}");
    });
}
