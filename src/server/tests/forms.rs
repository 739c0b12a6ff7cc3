//! The page's forms, as a browser without WASM sends them.

use super::{TestServer, echo};
use serde_json::{Value, json};

/// A client that does not follow redirects, known to the server.
fn plain(server: &TestServer) -> reqwest::Client {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("cookie", server.cookie.parse().unwrap());
    headers.insert("origin", server.url("").parse().unwrap());
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.default_headers(headers).build().unwrap()
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

async fn post(server: &TestServer, path: &str, fields: &[(&str, &str)]) -> reqwest::Response {
    let request = plain(server).post(server.url(path));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    request.body(form(fields)).send().await.unwrap()
}

fn location(response: &reqwest::Response) -> String {
    assert_eq!(response.status(), 303);
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// The answers of a conversation, waiting for those that run.
async fn messages(server: &TestServer, path: &str) -> Vec<Value> {
    loop {
        let chat = server.json(&format!("/api/conversations{}", path.strip_prefix("/c").unwrap())).await;
        let messages = chat["messages"].as_array().unwrap().clone();
        if messages.iter().all(|message| message["answer"]["answer"]["state"] != "running") {
            return messages;
        }
    }
}

#[tokio::test]
async fn a_message_is_sent_and_its_answer_stands_in_the_page() {
    let server = TestServer::start().await;
    let sent = post(&server, "/send", &[("text", "one\r\ntwo & <b>"), ("model", "demo/echo")]).await;
    let path = location(&sent);
    let first = messages(&server, &path).await;
    assert_eq!(first[0]["user"]["parts"][0]["r"], "one\ntwo & <b>");
    assert_eq!(first[1]["answer"]["answer"]["parts"][0]["r"], "one\ntwo & <b>");
    let html = server.get(&path).await.text().await.unwrap();
    assert!(html.contains("two &amp; &lt;b&gt;"), "without any script");

    let conversation = path.strip_prefix("/c/").unwrap();
    let parent = first[1]["answer"]["answer"]["id"].as_str().unwrap();
    let more = [("text", "more"), ("conversation", conversation), ("parent", parent), ("model", "demo/echo")];
    assert_eq!(location(&post(&server, "/send", &more).await), path);
    assert_eq!(messages(&server, &path).await.len(), 4);
}

#[tokio::test]
async fn a_running_answer_is_stopped_and_kept() {
    let server = TestServer::start().await;
    let mut stream = server.chat(&echo("going on", json!({"pace_ms": 0, "stall_after": 2}))).await;
    stream.until(2).await;
    let id = stream.id();
    let stopped = location(&post(&server, "/stop", &[("answer", &id)]).await);
    let state = server.json(&format!("/api/chat/{id}")).await;
    assert_eq!(stopped, format!("/c/{}?at={id}", state["conversation"].as_str().unwrap()));
    assert_eq!((&state["state"], &state["parts"][0]["r"]), (&json!("cancelled"), &json!("go")));
    for strange in ["", "x", "0f8fad5b-d9cb-469f-a165-70867728950e"] {
        let response = post(&server, "/stop", &[("answer", strange)]).await;
        assert_eq!(response.status(), 404);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    }
}

#[tokio::test]
async fn a_refused_message_comes_back_in_a_page() {
    let server = TestServer::with("[limits]\nprompt_bytes = 20\n").await;
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    for (fields, status) in [
        (vec![("text", "much too long a <message>")], 413),
        (vec![("text", "kept <message>"), ("parent", id)], 404),
        (vec![("text", "kept <message>"), ("conversation", "x")], 404),
        (vec![("text", "kept <message>"), ("model", "none/such")], 400),
    ] {
        let response = post(&server, "/send", &fields).await;
        assert_eq!(response.status(), status, "{fields:?}");
        let html = response.text().await.unwrap();
        let aside = html.split("<aside").nth(1).unwrap().split("</aside>").next().unwrap();
        assert!(aside.contains("&lt;message>") && aside.contains("<textarea"), "{aside}");
    }
    assert_eq!(post(&server, "/send", &[("text", " ")]).await.status(), 400);
    let request = plain(&server).post(server.url("/send")).header("accept-language", "zh-CN");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let html = request.body(form(&[("text", "much too long a message")])).send().await.unwrap();
    let html = html.text().await.unwrap();
    let both = "消息没有发出。</strong> 消息太长，超出了上限。 the message";
    assert!(html.contains(both), "in the reader's language, then in the API's: {html}");
    assert_eq!(server.json("/api/conversations").await, json!({"conversations": []}));
}
