//! What servers really send, row by row: each body cut in many ways, over both framings.

use super::*;

fn text(s: &str) -> String {
    delta(&json!({ "content": s }))
}

fn delta(delta: &serde_json::Value) -> String {
    format!("data: {}\n\n", json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]}))
}

fn finish(reason: &str) -> String {
    format!("data: {}\n\n", json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}))
}

const USAGE: &str =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}\n\n";
const DONE: &str = "data: [DONE]\n\n";
const USED: Usage = Usage { input: 7, output: 3 };
const ENDED: Outcome = Outcome::End { reason: EndReason::Stop, usage: Some(USED) };

#[tokio::test]
async fn q01_role_deltas_finish_usage_done() {
    let role = delta(&json!({"role": "assistant", "content": ""}));
    let body = [&role, &text("Hel"), &text("lo 字😀"), &text("\n"), &finish("stop"), USAGE, DONE].concat();
    always(&body, Ending::Proper, &told(&[("text", "Hello 字😀\n")], ENDED)).await;
}

#[tokio::test]
async fn q02_chunks_without_content_are_ignored() {
    let empty = "data: {\"choices\":[{\"index\":0,\"delta\":{}}]}\n\n\
                 data: {\"choices\":[{\"index\":0}]}\n\n\
                 data: {\"choices\":[{\"index\":0,\"delta\":null}]}\n\n\
                 data: {\"choices\":[]}\n\n\
                 data: {\"choices\":null}\n\n\
                 data: {\"id\":\"x\"}\n\n\
                 data: {\"choices\":[{\"delta\":{\"content\":null,\"reasoning\":null}}]}\n\n";
    let body = [empty, &text("a"), empty, &text("b"), empty, &finish("stop"), DONE].concat();
    always(&body, Ending::Proper, &told(&[("text", "ab")], STOPPED)).await;
}

#[tokio::test]
async fn q03_the_role_in_every_chunk_is_ignored() {
    let chunk = |s: &str| delta(&json!({"role": "assistant", "content": s}));
    let body = [&chunk("a"), &chunk(""), &chunk("b"), &finish("stop"), DONE].concat();
    always(&body, Ending::Proper, &told(&[("text", "ab")], STOPPED)).await;
}

#[tokio::test]
async fn q04_reasoning_by_any_name_and_never_twice() {
    for name in ["reasoning_content", "reasoning", "reasoning_text", "thinking"] {
        let think = |s: &str| delta(&json!({ name: s }));
        let body =
            [&think("h"), &think("m"), &text("a"), &think("so"), &text("b"), &finish("stop"), DONE].concat();
        let parts = [("think", "hm"), ("text", "a"), ("think", "so"), ("text", "b")];
        always(&body, Ending::Proper, &told(&parts, STOPPED)).await;
    }
    let both = delta(&json!({"reasoning": "hm", "reasoning_content": "hm", "thinking": "hm"}));
    let second = delta(&json!({"reasoning_content": "", "reasoning": " so", "content": ""}));
    let mixed = delta(&json!({"reasoning": "!", "content": "a"}));
    let body = [&both, &second, &mixed, &finish("stop"), DONE].concat();
    always(&body, Ending::Proper, &told(&[("think", "hm so!"), ("text", "a")], STOPPED)).await;
}

/// Ten minutes of comments are in the tests of the stall clock; here they go through the server, for
/// longer than it waits.
#[tokio::test]
async fn q05_comments_put_off_the_timeout() {
    let fake = Fake::start().await;
    let server = server(&fake, SOON).await;
    let told = answer(&server, &fake, async |mut connection| {
        connection.begin(Framing::Chunked).await;
        for n in 0..40 {
            let comment = if n % 2 == 0 { ": keep-alive\n\n" } else { ": OPENROUTER PROCESSING\n\n" };
            connection.send(comment).await.unwrap();
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        connection.send([&text("a"), &finish("stop"), DONE].concat()).await.unwrap();
        connection.end().await;
    })
    .await;
    assert_eq!(told, super::told(&[("text", "a")], STOPPED));
}

#[tokio::test]
async fn q06_every_way_to_end_a_line() {
    let body = [&text("a"), &text("b\n"), &finish("stop"), USAGE, DONE].concat();
    let expected = told(&[("text", "ab\n")], ENDED);
    always(&body.replace('\n', "\r\n"), Ending::Proper, &expected).await;
    always(&body.replace('\n', "\r"), Ending::Proper, &expected).await;
    always(&body.replace("data: ", "data:"), Ending::Proper, &expected).await;
    always(&format!("\u{feff}{body}"), Ending::Proper, &expected).await;
}

#[tokio::test]
async fn q09_a_finish_is_an_end_with_or_without_the_last_word() {
    let body = [&text("a"), &finish("stop"), USAGE].concat();
    let expected = told(&[("text", "a")], ENDED);
    for ending in [Ending::Proper, Ending::Broken, Ending::Silent] {
        always(&body, ending, &expected).await;
    }
}

#[tokio::test]
async fn q10_the_last_word_without_a_finish() {
    let body = [&text("a"), DONE].concat();
    always(
        &body,
        Ending::Proper,
        &told(&[("text", "a")], Outcome::End { reason: EndReason::Unknown, usage: None }),
    )
    .await;
    // Nothing behind it counts, and nobody waits for it.
    let body = [&text("a"), DONE, &text("b"), "data: {\"error\":\"x\"}\n\n"].concat();
    always(
        &body,
        Ending::Silent,
        &told(&[("text", "a")], Outcome::End { reason: EndReason::Unknown, usage: None }),
    )
    .await;
}

#[tokio::test]
async fn q11_the_finish_twice_is_one_end() {
    let body = [&text("a"), &finish("stop"), &finish("length"), DONE].concat();
    always(&body, Ending::Proper, &told(&[("text", "a")], STOPPED)).await;
}

#[tokio::test]
async fn q12_an_end_of_stream_with_neither_is_incomplete() {
    let body =
        [&text("a"), &text("b"), "data: {\"choices\":[{\"delta\":{\"content\":\"lost\"}}]}\n"].concat();
    always(&body, Ending::Proper, &told(&[("text", "ab")], failed(ErrorKind::Incomplete, "broke off"))).await;
    always("", Ending::Proper, &told(&[], failed(ErrorKind::Incomplete, "broke off"))).await;
}

#[tokio::test]
async fn q13_a_broken_connection_keeps_the_text_and_drops_the_unfinished_event() {
    let body =
        [&text("a"), &text("b"), "data: {\"choices\":[{\"delta\":{\"content\":\"lost\"}}]}\n"].concat();
    let expected = told(&[("text", "ab")], failed(ErrorKind::Provider, "broke in the middle of its answer"));
    always(&body, Ending::Broken, &expected).await;
    always(&body, Ending::Reset, &expected).await;
}

#[tokio::test]
async fn q14_silence_is_a_timeout_and_closes_the_connection() {
    let expected = |parts| told(parts, failed(ErrorKind::Timeout, "said nothing for 0.5 seconds"));
    always("", Ending::Silent, &expected(&[])).await;
    always(&text("a"), Ending::Silent, &expected(&[("text", "a")])).await;
    // Before the head of the response.
    let fake = Fake::start().await;
    let server = server(&fake, SOON).await;
    let silent = async |mut connection: Connection| {
        connection.closed().await;
    };
    let mut told = answer(&server, &fake, silent).await;
    told.take_wording_of(&expected(&[]));
    assert_eq!(told, expected(&[]));
}

#[tokio::test]
async fn q15_an_error_in_the_stream_is_an_error() {
    let object = "data: {\"error\":{\"message\":\"out of memory\",\"code\":500}}\n\n";
    let choices = "data: {\"error\":{\"message\":\"out of memory\"},\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n";
    let inside =
        "data: {\"choices\":[{\"error\":{\"message\":\"out of memory\"},\"finish_reason\":\"error\"}]}\n\n";
    let string = "data: {\"error\":\"out of memory\"}\n\n";
    let named = "event: error\ndata: {\"error\":{\"message\":\"out of memory\"}}\n\n";
    for error in [object, choices, inside, string, named] {
        let outcome = || failed(ErrorKind::Provider, "out of memory");
        always(&[error, DONE].concat(), Ending::Proper, &told(&[], outcome())).await;
        let body = [&text("a"), error, &finish("stop"), DONE].concat();
        always(&body, Ending::Proper, &told(&[("text", "a")], outcome())).await;
    }
    let body = [&text("a"), &finish("error"), DONE].concat();
    let expected = told(&[("text", "a")], failed(ErrorKind::Provider, "did not say which"));
    always(&body, Ending::Proper, &expected).await;
}

#[tokio::test]
async fn q20_unknown_types_of_events_are_ignored() {
    let noise = "event: ping\ndata: {\"type\":\"ping\"}\n\nevent: x\ndata: {\"choices\":[{\"delta\":{\"content\":\"no\"}}]}\n\n\
                 id: 7\nretry: 10\n\ndata: ping\n\ndata:\n\ndata: {\"type\":\"ping\"}\n\nfoo: bar\n\n";
    let body = [noise, &text("a"), noise, &text("b"), &finish("stop"), noise, DONE].concat();
    always(&body, Ending::Proper, &told(&[("text", "ab")], STOPPED)).await;
}

#[tokio::test]
async fn q24_usage_may_be_null_until_it_is_there() {
    let chunk = |content: &str, reason: Option<&str>| {
        let choice = json!({"delta": {"content": content}, "finish_reason": reason});
        format!("data: {}\n\n", json!({"choices": [choice], "usage": null}))
    };
    let body = [&chunk("a", None), &chunk("b", None), &chunk("", Some("stop")), USAGE, DONE].concat();
    always(&body, Ending::Proper, &told(&[("text", "ab")], ENDED)).await;
}

#[tokio::test]
async fn q28_a_flood_of_tiny_deltas_is_kept_whole_for_a_slow_reader() {
    let fake = Fake::start().await;
    let server = server(&fake, "").await;
    let (flood, words) = flood(20_000);
    let (done, reading) = tokio::sync::oneshot::channel();
    let slow = async {
        let mut stream = ask(&server, 0).await;
        // The reader takes its time until the provider is through.
        reading.await.unwrap();
        stream.text().await
    };
    let fast = async {
        let mut connection = fake.accept().await;
        connection.begin(Framing::Close).await;
        connection.send(&flood).await.unwrap();
        connection.closed().await;
        done.send(()).unwrap();
    };
    let (text, ()) = tokio::join!(slow, fast);
    assert!(text == words, "{} of {} bytes", text.len(), words.len());
}

#[tokio::test]
async fn q28_an_endless_flood_ends_at_the_answers_limit() {
    let fake = Fake::start().await;
    let server = server(&fake, "[limits]\nanswer_bytes = 50000\n").await;
    let told = answer(&server, &fake, async |mut connection| {
        connection.begin(Framing::Chunked).await;
        let flood = text("0123456789").repeat(100);
        while connection.send(&flood).await.is_ok() {}
    })
    .await;
    assert!(matches!(told.outcome, Outcome::Error { kind: ErrorKind::TooLarge, .. }), "{:?}", told.outcome);
    assert!(told.length() <= 50_000, "{}", told.length());
}

/// So many tiny deltas, and the text that they are.
fn flood(count: usize) -> (String, String) {
    let words: Vec<_> = (0..count).map(|n| format!("{n},")).collect();
    let body = words.iter().map(|word| text(word)).collect::<String>();
    ([body, finish("stop"), DONE.to_owned()].concat(), words.concat())
}

#[tokio::test]
async fn q29_why_the_model_stopped() {
    let reasons = [
        ("length", EndReason::Length),
        ("content_filter", EndReason::Filter),
        ("something_new", EndReason::Unknown),
    ];
    for (name, reason) in reasons {
        let body = [&text("a"), &finish(name), DONE].concat();
        always(&body, Ending::Proper, &told(&[("text", "a")], Outcome::End { reason, usage: None })).await;
    }
}

#[tokio::test]
async fn white_space_alone_is_no_thinking_and_text_is_kept_to_the_byte() {
    let think = |s: &str| delta(&json!({ "reasoning": s }));
    let body =
        [&think("\n"), &think(" "), &text("\n\n a"), &think("\n"), &text(" b "), &finish("stop"), DONE]
            .concat();
    always(&body, Ending::Proper, &told(&[("text", "\n\n a b ")], STOPPED)).await;
}

#[tokio::test]
async fn thinking_in_tags_is_thinking() {
    let body =
        [&text("<thi"), &text("nk>\nhm</"), &text("think>\n\nyes <think>"), &finish("stop"), DONE].concat();
    always(&body, Ending::Proper, &told(&[("think", "\nhm"), ("text", "\n\nyes <think>")], STOPPED)).await;
    // Cut off while it is not clear what it is: nothing is lost.
    let expected = told(&[("text", "<thin")], failed(ErrorKind::Provider, "broke"));
    always(&text("<thin"), Ending::Broken, &expected).await;
}

#[tokio::test]
async fn surrogate_halves_join_and_lone_ones_are_replaced() {
    let raw = |s: &str| format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{s}\"}}}}]}}\n\n");
    let body = [
        &raw("a\\ud83d"),
        &raw("\\ude00b"),
        &raw("\\ud83d"),
        &raw("c"),
        &raw("\\ude00"),
        &raw("\\ud83d"),
        &delta(&json!({"reasoning": "hm"})),
        &raw("\\ude00\\ud83d"),
        &finish("stop"),
        DONE,
    ]
    .concat();
    let parts = [("text", "a😀b\u{fffd}c\u{fffd}\u{fffd}"), ("think", "hm"), ("text", "\u{fffd}\u{fffd}")];
    always(&body, Ending::Proper, &told(&parts, STOPPED)).await;
}
