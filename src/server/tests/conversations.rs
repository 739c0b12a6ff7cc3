//! The list of conversations, and what is done to one of them.

use serde_json::{Value, json};

use super::client::visitor;
use super::{Stream, TestServer, echo};

const STRANGE: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// Asks and reads the whole answer; returns the conversation.
async fn ask(server: &TestServer, text: &str) -> String {
    let mut stream = server.chat(&echo(text, json!({"pace_ms": 0}))).await;
    stream.end().await;
    conversation_of(server, &stream).await
}

async fn conversation_of(server: &TestServer, stream: &Stream) -> String {
    let state = server.json(&format!("/api/chat/{}", stream.id())).await;
    state["conversation"].as_str().unwrap().to_owned()
}

/// An answer that goes on until it is stopped.
async fn endless(server: &TestServer, text: &str) -> Stream {
    let mut stream = server.chat(&echo(text, json!({"pace_ms": 0, "stall_after": 2}))).await;
    stream.until(2).await;
    stream
}

async fn send(server: &TestServer, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
    let mut request = server.http.request(method.parse().unwrap(), server.url(path));
    if let Some(body) = body {
        request = request.json(body);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

fn titles(list: &Value) -> Vec<&str> {
    list["conversations"].as_array().unwrap().iter().map(|c| c["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_list_is_newest_first_and_goes_on_where_it_stopped() {
    let server = TestServer::start().await;
    for n in 0..5 {
        ask(&server, &format!("Question {n}")).await;
    }
    let first = server.json("/api/conversations?limit=2").await;
    assert_eq!(titles(&first), ["Question 4", "Question 3"]);
    let mut seen = titles(&first).len();
    let mut next = first["next"].as_str().map(str::to_owned);
    while let Some(before) = next {
        let page = server.json(&format!("/api/conversations?limit=2&before={before}")).await;
        seen += titles(&page).len();
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, 5);
    for bad in ["limit=0", "limit=101", "limit=x", "before=x", "before=1.x"] {
        assert_eq!(server.get(&format!("/api/conversations?{bad}")).await.status(), 400, "{bad}");
    }
}

#[tokio::test]
async fn what_runs_is_known_in_the_list_and_by_a_small_question() {
    let server = TestServer::start().await;
    ask(&server, "done").await;
    let stream = endless(&server, "going on").await;
    let conversation = conversation_of(&server, &stream).await;
    let list = server.json("/api/conversations").await;
    assert_eq!(list["conversations"][0]["running"], stream.id());
    assert_eq!(list["conversations"][1]["running"], Value::Null);
    let response = server.get("/api/running").await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    let running: Value = response.json().await.unwrap();
    assert_eq!(running, json!({"running": [{"answer": stream.id(), "conversation": conversation}]}));
    server.cancel(&stream.id(), "").await;
    assert_eq!(server.json("/api/running").await, json!({"running": []}));
}

#[tokio::test]
async fn a_conversation_is_read_along_a_branch() {
    let server = TestServer::start().await;
    let mut first = server.chat(&echo("one", json!({"pace_ms": 0}))).await;
    first.end().await;
    let id = conversation_of(&server, &first).await;
    let chat = server.json(&format!("/api/conversations/{id}")).await;
    let user = chat["messages"][0]["user"]["id"].as_str().unwrap();
    let again = json!({"parent": user, "model": "demo/echo", "options": {"pace_ms": 0}});
    let mut second = server.chat(&again).await;
    second.end().await;
    for (path, answer) in [
        (format!("/api/conversations/{id}"), second.id()),
        (format!("/api/conversations/{id}?at={}", first.id()), first.id()),
    ] {
        let chat = server.json(&path).await;
        let message = &chat["messages"][1]["answer"];
        assert_eq!(message["answer"]["id"], answer);
        assert_eq!(message["siblings"], json!([first.id(), second.id()]));
    }
    for path in [format!("{id}?at={STRANGE}"), format!("{id}?at=x"), STRANGE.to_owned(), "x".to_owned()] {
        assert_eq!(server.get(&format!("/api/conversations/{path}")).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn a_title_is_trimmed_and_checked() {
    let server = TestServer::start().await;
    let path = format!("/api/conversations/{}", ask(&server, "old").await);
    let (status, body) = send(&server, "PATCH", &path, Some(&json!({"title": "  new \u{6c34} "}))).await;
    assert_eq!((status, body), (200, json!({"title": "new 水"})));
    let longest = "水".repeat(200);
    for good in ["x", &longest, "new"] {
        assert_eq!(send(&server, "PATCH", &path, Some(&json!({"title": good}))).await.0, 200, "{good}");
    }
    for bad in ["", "  ", "two\nlines", "nul\0", &"水".repeat(201)] {
        let (status, body) = send(&server, "PATCH", &path, Some(&json!({"title": bad}))).await;
        assert_eq!(status, 400, "{bad}: {body}");
    }
    for bad in [json!({}), json!({"title": 1}), json!({"title": "x", "more": 1})] {
        assert_eq!(send(&server, "PATCH", &path, Some(&bad)).await.0, 400, "{bad}");
    }
    let plain = server.http.patch(server.url(&path)).body("{\"title\":\"x\"}").send().await.unwrap();
    assert_eq!(plain.status(), 415);
    assert_eq!(titles(&server.json("/api/conversations").await), ["new"]);
}

#[tokio::test]
async fn deleting_stops_what_runs_and_can_be_undone() {
    let server = TestServer::start().await;
    let stream = endless(&server, "going on").await;
    let id = conversation_of(&server, &stream).await;
    let path = format!("/api/conversations/{id}");
    assert_eq!(send(&server, "DELETE", &path, None).await.0, 200);
    assert_eq!(server.json("/api/running").await, json!({"running": []}));
    assert!(titles(&server.json("/api/conversations").await).is_empty());
    assert_eq!(server.get(&path).await.status(), 404);
    assert_eq!(server.get(&format!("/c/{id}")).await.status(), 404);
    assert_eq!(send(&server, "DELETE", &path, None).await.0, 404, "it is gone");
    assert_eq!(send(&server, "POST", &format!("{path}/restore"), None).await.0, 200);
    assert_eq!(titles(&server.json("/api/conversations").await), ["going on"]);
    let state = server.json(&format!("/api/chat/{}", stream.id())).await;
    assert_eq!(state["state"], "cancelled");
}

#[tokio::test]
async fn a_stranger_sees_nothing_and_can_do_nothing() {
    let server = TestServer::start().await;
    let stream = endless(&server, "mine").await;
    let id = conversation_of(&server, &stream).await;
    let (stranger, _) = visitor(server.addr).await;
    let nobody = reqwest::Client::new();
    for http in [&stranger, &nobody] {
        for path in ["/api/conversations", "/api/running"] {
            let body: Value = http.get(server.url(path)).send().await.unwrap().json().await.unwrap();
            assert!(body.as_object().unwrap().values().all(|list| list == &json!([])), "{body}");
        }
        for id in [id.as_str(), STRANGE, "x"] {
            let path = server.url(&format!("/api/conversations/{id}"));
            let mut bodies = Vec::new();
            for request in [
                http.get(&path),
                http.patch(&path).json(&json!({"title": "yours"})),
                http.delete(&path),
                http.post(format!("{path}/restore")),
            ] {
                let response = request.send().await.unwrap();
                assert_eq!(response.status(), 404);
                bodies.push(response.text().await.unwrap());
            }
            bodies.dedup();
            assert_eq!(bodies.len(), 1, "one and the same: {bodies:?}");
        }
    }
    assert_eq!(titles(&server.json("/api/conversations").await), ["mine"]);
    assert_eq!(server.json("/api/running").await["running"][0]["answer"], stream.id());
}

#[tokio::test]
async fn a_cancel_says_how_soon_the_provider_was_closed() {
    let server = TestServer::start().await;
    let stream = endless(&server, "going on").await;
    let (_, stopped) = server.cancel(&stream.id(), r#"{"seen": 1}"#).await;
    assert!(stopped["closed_ms"].as_u64().is_some_and(|ms| ms < 10_000), "{stopped}");
    assert_eq!(stopped["discarded"], 1);
    let (_, later) = server.cancel(&stream.id(), "").await;
    assert_eq!(later["state"], "cancelled");
    let mut whole = server.chat(&echo("all", json!({"pace_ms": 0}))).await;
    whole.end().await;
    let (_, ended) = server.cancel(&whole.id(), "").await;
    assert_eq!((&ended["state"], &ended["closed_ms"]), (&json!("end"), &Value::Null));
}
