//! From a start to a terminal, and everything that can happen in between.

use serde_json::json;

use super::client::frames;
use super::{Stream, TestServer, echo, says};
use crate::wire::{ErrorKind, Offset, Outcome, Terminal};

const HOSTILE: &[&str] = &[
    "safe\r\n\r\nevent: control\r\ndata: {\"injected\":true}\r\n\r\nmore",
    "start\n\nevent: data\ndata: fake\n\nend",
    "start\r\revent: x\rdata: {\"cr\":true}\r\rend",
    "data: [DONE]",
    "{\"t\":\"end\"}",
    "\0 \u{2028} \u{feff} \u{202e}x",
];

fn kind(terminal: &Terminal) -> ErrorKind {
    match terminal.outcome {
        Outcome::Error { kind, .. } => kind,
        _ => panic!("{terminal:?}"),
    }
}

#[tokio::test]
async fn the_least_body_is_answered_with_an_image_thinking_and_text() {
    let server = TestServer::start().await;
    let mut stream = server.chat(&says("hi")).await;
    for (name, value) in [
        ("cache-control", "no-cache, no-transform"),
        ("x-accel-buffering", "no"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(stream.response.headers()[name], value);
    }
    assert!(!stream.text().await.is_empty());
    assert_eq!(stream.kinds(), ["image", "think", "text", "terminal"]);
    let state = server.json(&format!("/api/chat/{}", stream.id())).await;
    assert_eq!(state["state"], "end");
    assert_eq!(state["length"], stream.answer.offset().0);
    assert_eq!(state["check"], stream.answer.check().to_string());
    assert_eq!(state["model"], "demo/article");
    assert_eq!(state["parts"][0]["t"], "image");
    assert_eq!(state["terminal"]["t"], "end");
}

#[tokio::test]
async fn whatever_looks_like_the_protocol_comes_back_to_the_byte() {
    let server = TestServer::start().await;
    for text in HOSTILE {
        for pieces in [[1, 1], [1, 10], [999, 999]] {
            let mut stream = server.chat(&echo(text, json!({"pace_ms": 0, "pieces": pieces}))).await;
            assert_eq!(stream.text().await, *text);
        }
    }
}

#[tokio::test]
async fn a_reader_at_any_offset_gets_exactly_the_rest() {
    let server = TestServer::start().await;
    let mut whole = server.chat(&says("hi")).await;
    whole.end().await;
    let (id, length) = (whole.id(), whole.answer.offset().0);
    // Borders of every kind stand in the first 400 bytes: the image, then characters.
    for after in (0..400).chain([length - 1, length, length + 1, length + 999]) {
        let path = format!("/api/chat/{id}/events?after={after}");
        let mut rest = Stream::new(server.get(&path).await);
        let mut answer = whole.answer.clone();
        answer.cut(Offset(after));
        rest.answer =
            crate::wire::Answer::from_parts(answer.parts().iter().cloned().map(crate::wire::SnapshotPart));
        rest.end().await;
        assert_eq!(rest.answer.parts(), whole.answer.parts(), "after {after}");
    }
}

#[tokio::test]
async fn the_header_wins_over_the_query_and_end_is_no_content() {
    let server = TestServer::start().await;
    let mut stream = server.chat(&echo("Hello, world", json!({"pace_ms": 0}))).await;
    stream.end().await;
    let url = server.url(&format!("/api/chat/{}/events?after=0", stream.id()));
    let response = server.http.get(&url).header("Last-Event-ID", "7").send().await.unwrap();
    let mut rest = Stream::new(response);
    let (id, data) = rest.frame().await.unwrap();
    assert_eq!((id.as_str(), data.as_str()), ("12", r#"{"t":"text","r":"world"}"#));
    let response = server.http.get(&url).header("Last-Event-ID", "end").send().await.unwrap();
    assert_eq!(response.status(), 204);
}

#[tokio::test]
async fn readers_at_any_time_see_the_same_answer() {
    let server = TestServer::start().await;
    let mut first = server.chat(&echo(&"water ".repeat(40), json!({"pace_ms": 2}))).await;
    let mut others = Vec::new();
    for bytes in [10, 60, 120, 200] {
        first.until(bytes).await;
        let path = format!("/api/chat/{}/events", first.id());
        others.push(Stream::new(server.get(&path).await));
    }
    let terminal = first.end().await;
    for mut other in others {
        assert_eq!(other.end().await, terminal);
        assert_eq!(other.answer.parts(), first.answer.parts());
    }
}

#[tokio::test]
async fn a_reader_that_goes_away_changes_nothing() {
    let server = TestServer::start().await;
    let mut stream = server.chat(&echo(&"x".repeat(300), json!({"pace_ms": 1}))).await;
    stream.until(20).await;
    let id = stream.id();
    drop(stream);
    let mut again = Stream::new(server.get(&format!("/api/chat/{id}/events")).await);
    assert_eq!(again.text().await.len(), 300);
}

#[tokio::test]
async fn a_stop_keeps_what_was_seen_and_nothing_more() {
    let server = TestServer::start().await;
    let mut stream = server.chat(&echo(&"€".repeat(2000), json!({"pace_ms": 5}))).await;
    stream.until(30).await;
    // 10 is inside the fourth character: it counts as its beginning.
    let (status, mut stopped) = server.cancel(&stream.id(), r#"{"seen": 10}"#).await;
    assert_eq!((status, &stopped["t"], &stopped["state"]), (200, &json!("cancelled"), &json!("cancelled")));
    assert_eq!(stopped["length"], 9);
    assert!(stopped["discarded"].as_u64().unwrap() >= 21);
    let terminal = stream.end().await;
    assert_eq!(terminal.length, Offset(9));
    assert_eq!(stream.answer.text(), "€€€", "the reader cuts itself to the terminal");
    // Again, with other words: what holds is what was. Only how soon it was is not kept.
    assert!(stopped.as_object_mut().unwrap().remove("closed_ms").is_some());
    let (status, mut again) = server.cancel(&stream.id(), "").await;
    again.as_object_mut().unwrap().remove("closed_ms");
    assert_eq!((status, again), (200, stopped));
}

#[tokio::test]
async fn cancelling_an_answer_that_has_ended_says_how_it_ended() {
    let server = TestServer::start().await;
    let mut stream = server.chat(&echo("x", json!({"pace_ms": 0}))).await;
    stream.end().await;
    let (status, held) = server.cancel(&stream.id(), r#"{"seen": 0}"#).await;
    assert_eq!((status, &held["state"], &held["length"]), (200, &json!("end"), &json!(1)));
}

#[tokio::test]
async fn a_stop_that_overtakes_its_start_still_stops() {
    let server = TestServer::start().await;
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let (status, _) = server.cancel(id, "").await;
    assert_eq!(status, 404);
    let mut body = says("hi");
    body["id"] = json!(id);
    let terminal = server.chat(&body).await.end().await;
    assert_eq!(terminal.outcome, Outcome::Cancelled { discarded: 0 });
    assert_eq!(terminal.length, Offset(0));
    assert_eq!(terminal.check.to_string(), "00000000");
}

#[tokio::test]
async fn a_repeated_start_attaches_and_another_body_is_a_conflict() {
    let server = TestServer::start().await;
    let mut body = echo(&"y".repeat(200), json!({"pace_ms": 2}));
    body["id"] = json!("0f8fad5b-d9cb-469f-a165-70867728950e");
    let mut first = server.chat(&body).await;
    first.until(10).await;
    let mut second = server.chat(&body).await;
    assert_eq!(first.end().await, second.end().await);
    assert_eq!(server.chat(&body).await.text().await.len(), 200, "also when it has ended");
    body["model"] = json!("demo/article");
    assert_eq!(server.post(&body).await.status(), 409);
    let (_, held) = server.cancel(&first.id(), "").await;
    assert_eq!(held["state"], "end");
}

#[tokio::test]
async fn a_conversation_goes_on_below_its_newest_answer() {
    let server = TestServer::start().await;
    let conversation = "11111111-d9cb-469f-a165-70867728950e";
    let mut body = echo("one", json!({"pace_ms": 0}));
    body["conversation"] = json!(conversation);
    let mut first = server.chat(&body).await;
    first.end().await;
    // At once: a terminal that a reader has seen is stored.
    body["message"]["parts"][0]["r"] = json!("two");
    let mut second = server.chat(&body).await;
    assert_eq!(second.text().await, "two");
    let state = server.json(&format!("/api/chat/{}", second.id())).await;
    assert_eq!(state["conversation"], conversation);
    // The first question once more, below its message.
    let parent = server.json(&format!("/api/chat/{}", first.id())).await["parent"].clone();
    let again = json!({"parent": parent, "model": "demo/echo", "options": {"pace_ms": 0}});
    assert_eq!(server.chat(&again).await.text().await, "one");
}

#[tokio::test]
async fn every_failure_of_the_demo_is_one_terminal_of_its_kind() {
    let server = TestServer::start().await;
    for (option, expected) in [("error_after", ErrorKind::Provider), ("cut_after", ErrorKind::Incomplete)] {
        let options = json!({"pace_ms": 0, option: 50});
        let mut stream = server.chat(&echo(&"z".repeat(500), options)).await;
        assert_eq!(kind(&stream.end().await), expected);
        assert_eq!(stream.answer.text().len(), 50, "{option}");
    }
}

#[tokio::test]
async fn a_provider_that_says_nothing_more_is_given_up() {
    let server = TestServer::with("[timeouts]\nbetween_seconds = 0.2\n").await;
    let mut stream = server.chat(&echo("0123456789", json!({"pace_ms": 0, "stall_after": 5}))).await;
    assert_eq!(kind(&stream.end().await), ErrorKind::Timeout);
    assert_eq!(stream.answer.text(), "01234");
}

#[tokio::test]
async fn an_answer_that_grows_too_large_keeps_what_fits() {
    let server = TestServer::with("[limits]\nanswer_bytes = 1000\n").await;
    let mut stream = server.chat(&echo("abc", json!({"pace_ms": 0, "length": 5000}))).await;
    assert_eq!(kind(&stream.end().await), ErrorKind::TooLarge);
    assert_eq!(stream.answer.offset(), Offset(1000));
}

#[tokio::test]
async fn the_plain_stream_gives_back_its_text() {
    let server = TestServer::start().await;
    let post = |body: &str| server.http.post(server.url("/api/sse")).body(body.to_owned()).send();
    let text = "a\r\nb\rc\n\n  [DONE] d";
    let mut frames = frames(post(text).await.unwrap()).await;
    assert_eq!(frames.pop().as_deref(), Some("[DONE]"));
    assert!(frames.iter().all(|piece| piece != "[DONE]" && (1..=10).contains(&piece.chars().count())));
    assert_eq!(frames.concat(), "a\nb\nc\n\n  [DONE] d");
}

#[tokio::test]
async fn a_waiting_answer_says_so() {
    let server = TestServer::start().await;
    let mut stream = server.chat(&echo("x", json!({"stall_after": 0}))).await;
    let (id, data) = stream.frame().await.unwrap();
    assert_eq!((id.as_str(), data.as_str()), ("0", r#"{"t":"status","phase":"waiting"}"#));
    let state = server.json(&format!("/api/chat/{}", stream.id())).await;
    assert_eq!((&state["state"], &state["status"]["phase"]), (&json!("running"), &json!("waiting")));
    let (_, stopped) = server.cancel(&stream.id(), "").await;
    assert_eq!(stopped["state"], "cancelled");
}
