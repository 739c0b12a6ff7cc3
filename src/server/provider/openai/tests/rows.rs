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
const ENDED: Outcome = Outcome::End(EndReason::Stop, Some(USED));

#[tokio::test]
async fn q01_role_deltas_finish_usage_done() {
    let role = delta(&json!({"role": "assistant", "content": ""}));
    let body = [&role, &text("Hel"), &text("lo 字😀"), &text("\n"), &finish("stop"), USAGE, DONE].concat();
    always(&body, Ending::Proper, &folded(&[("text", "Hello 字😀\n")], ENDED)).await;
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
    always(&body, Ending::Proper, &folded(&[("text", "ab")], STOPPED)).await;
}

#[tokio::test]
async fn q03_the_role_in_every_chunk_is_ignored() {
    let chunk = |s: &str| delta(&json!({"role": "assistant", "content": s}));
    let body = [&chunk("a"), &chunk(""), &chunk("b"), &finish("stop"), DONE].concat();
    always(&body, Ending::Proper, &folded(&[("text", "ab")], STOPPED)).await;
}

#[tokio::test]
async fn q04_reasoning_by_any_name_and_never_twice() {
    for name in ["reasoning_content", "reasoning", "reasoning_text", "thinking"] {
        let think = |s: &str| delta(&json!({ name: s }));
        let body =
            [&think("h"), &think("m"), &text("a"), &think("so"), &text("b"), &finish("stop"), DONE].concat();
        let parts = [("think", "hm"), ("text", "a"), ("think", "so"), ("text", "b")];
        always(&body, Ending::Proper, &folded(&parts, STOPPED)).await;
    }
    let both = delta(&json!({"reasoning": "hm", "reasoning_content": "hm", "thinking": "hm"}));
    let second = delta(&json!({"reasoning_content": "", "reasoning": " so", "content": ""}));
    let mixed = delta(&json!({"reasoning": "!", "content": "a"}));
    let body = [&both, &second, &mixed, &finish("stop"), DONE].concat();
    always(&body, Ending::Proper, &folded(&[("think", "hm so!"), ("text", "a")], STOPPED)).await;
}

/// Ten minutes of comments are in the tests of the stall clock, which count an item as life; here is
/// that each comment is such an item.
#[tokio::test]
async fn q05_a_comment_is_a_sign_of_life_and_nothing_else() {
    let fake = Fake::start().await;
    let mut deltas = provider(&fake).stream(prompt());
    let serve = async {
        let mut connection = fake.accept().await;
        connection.begin(Framing::Chunked).await;
        connection
    };
    let (head, mut connection) = tokio::join!(soon(deltas.next()), serve);
    assert_eq!(head, Some(Ok(vec![])), "the response's head");
    for comment in [": keep-alive\n\n", ": OPENROUTER PROCESSING\n\n", ":\n\n"] {
        for _ in 0..3 {
            connection.send(comment).await.unwrap();
            assert_eq!(soon(deltas.next()).await, Some(Ok(vec![])));
        }
    }
    connection.send(text("a")).await.unwrap();
    assert_eq!(soon(deltas.next()).await, Some(Ok(vec![Delta::Text("a".to_owned())])));
}

#[tokio::test]
async fn q05_comments_put_off_the_timeout() {
    let fake = Fake::start().await;
    let deltas = stall::watch(provider(&fake).stream(prompt()), PATIENCE);
    let serve = async {
        let mut connection = fake.accept().await;
        connection.begin(Framing::Chunked).await;
        let started = std::time::Instant::now();
        while started.elapsed() < 2 * PATIENCE.first {
            connection.send(": keep-alive\n\n").await.unwrap();
            tokio::time::sleep(PATIENCE.first / 20).await;
        }
        connection.send([&text("a"), &finish("stop"), DONE].concat()).await.unwrap();
        connection.end().await;
    };
    let (answer, ()) = tokio::join!(fold(deltas), serve);
    assert_eq!(answer, folded(&[("text", "a")], STOPPED));
}

#[tokio::test]
async fn q06_every_way_to_end_a_line() {
    let body = [&text("a"), &text("b\n"), &finish("stop"), USAGE, DONE].concat();
    let expected = folded(&[("text", "ab\n")], ENDED);
    always(&body.replace('\n', "\r\n"), Ending::Proper, &expected).await;
    always(&body.replace('\n', "\r"), Ending::Proper, &expected).await;
    always(&body.replace("data: ", "data:"), Ending::Proper, &expected).await;
    always(&format!("\u{feff}{body}"), Ending::Proper, &expected).await;
}

#[tokio::test]
async fn q09_a_finish_is_an_end_with_or_without_the_last_word() {
    let body = [&text("a"), &finish("stop"), USAGE].concat();
    let expected = folded(&[("text", "a")], ENDED);
    for ending in [Ending::Proper, Ending::Broken, Ending::Silent] {
        always(&body, ending, &expected).await;
    }
}

#[tokio::test]
async fn q10_the_last_word_without_a_finish() {
    let body = [&text("a"), DONE].concat();
    always(&body, Ending::Proper, &folded(&[("text", "a")], Outcome::End(EndReason::Unknown, None))).await;
    // Nothing behind it counts, and nobody waits for it.
    let body = [&text("a"), DONE, &text("b"), "data: {\"error\":\"x\"}\n\n"].concat();
    always(&body, Ending::Silent, &folded(&[("text", "a")], Outcome::End(EndReason::Unknown, None))).await;
}

#[tokio::test]
async fn q11_the_finish_twice_is_one_end() {
    let body = [&text("a"), &finish("stop"), &finish("length"), DONE].concat();
    always(&body, Ending::Proper, &folded(&[("text", "a")], STOPPED)).await;
}

#[tokio::test]
async fn q12_an_end_of_stream_with_neither_is_incomplete() {
    let body =
        [&text("a"), &text("b"), "data: {\"choices\":[{\"delta\":{\"content\":\"lost\"}}]}\n"].concat();
    always(&body, Ending::Proper, &folded(&[("text", "ab")], failed(ErrorKind::Incomplete, ""))).await;
    always("", Ending::Proper, &folded(&[], failed(ErrorKind::Incomplete, ""))).await;
}

#[tokio::test]
async fn q13_a_broken_connection_keeps_the_text_and_drops_the_unfinished_event() {
    let body =
        [&text("a"), &text("b"), "data: {\"choices\":[{\"delta\":{\"content\":\"lost\"}}]}\n"].concat();
    let expected =
        folded(&[("text", "ab")], failed(ErrorKind::Provider, "broke in the middle of its answer"));
    always(&body, Ending::Broken, &expected).await;
    always(&body, Ending::Reset, &expected).await;
}

#[tokio::test]
async fn q14_silence_is_a_timeout_and_closes_the_connection() {
    // Before the head, after the head, and after content.
    let fake = Fake::start().await;
    let deltas = stall::watch(provider(&fake).stream(prompt()), PATIENCE);
    let silent = async { fake.accept().await.closed().await };
    let (answer, _) = tokio::join!(fold(deltas), silent);
    assert_eq!(answer.error().0, ErrorKind::Timeout);
    for (body, parts) in [("", &[][..]), (&text("a"), &[("text", "a")][..])] {
        let expected = folded(parts, failed(ErrorKind::Timeout, "said nothing for 0.5 seconds"));
        always(body, Ending::Silent, &expected).await;
    }
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
        always(&[error, DONE].concat(), Ending::Proper, &folded(&[], outcome())).await;
        let body = [&text("a"), error, &finish("stop"), DONE].concat();
        always(&body, Ending::Proper, &folded(&[("text", "a")], outcome())).await;
    }
    let body = [&text("a"), &finish("error"), DONE].concat();
    let expected = folded(&[("text", "a")], failed(ErrorKind::Provider, "did not say which"));
    always(&body, Ending::Proper, &expected).await;
}

#[tokio::test]
async fn q20_unknown_types_of_events_are_ignored() {
    let noise = "event: ping\ndata: {\"type\":\"ping\"}\n\nevent: x\ndata: {\"choices\":[{\"delta\":{\"content\":\"no\"}}]}\n\n\
                 id: 7\nretry: 10\n\ndata: ping\n\ndata:\n\ndata: {\"type\":\"ping\"}\n\nfoo: bar\n\n";
    let body = [noise, &text("a"), noise, &text("b"), &finish("stop"), noise, DONE].concat();
    always(&body, Ending::Proper, &folded(&[("text", "ab")], STOPPED)).await;
}

#[tokio::test]
async fn q24_usage_may_be_null_until_it_is_there() {
    let chunk = |content: &str, reason: Option<&str>| {
        let choice = json!({"delta": {"content": content}, "finish_reason": reason});
        format!("data: {}\n\n", json!({"choices": [choice], "usage": null}))
    };
    let body = [&chunk("a", None), &chunk("b", None), &chunk("", Some("stop")), USAGE, DONE].concat();
    always(&body, Ending::Proper, &folded(&[("text", "ab")], ENDED)).await;
}

#[tokio::test]
async fn q28_a_slow_reader_holds_the_provider_up_and_loses_nothing() {
    let fake = Fake::start().await;
    let mut deltas = provider(&fake).stream(prompt());
    let (_, mut connection) = tokio::join!(soon(deltas.next()), async {
        let mut connection = fake.accept().await;
        connection.begin(Framing::Close).await;
        connection
    });
    // Writes as fast as it goes; nobody reads.
    let stream: String = (0..400_000)
        .map(|n| format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{n},\"}}}}]}}\n\n"))
        .collect();
    let mut sent = 0;
    let mut blocked = 0;
    while blocked < 20 && sent < stream.len() {
        match connection.try_raw(&stream.as_bytes()[sent..]) {
            Ok(n) => (sent, blocked) = (sent + n, 0),
            Err(_) => {
                blocked += 1;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }
    assert!(sent < stream.len() / 2, "{sent} bytes went somewhere");
    // Whole numbers only: the last one may be cut. Then the reader reads after all.
    let whole = memchr::memmem::rfind(&stream.as_bytes()[..sent], b"\n\n").unwrap() + 2;
    connection.close();
    let answer = fold(deltas).await;
    let expected = stream[..whole].matches("data: ").count();
    let mut numbers =
        answer.text().split_terminator(',').map(|n| n.parse::<usize>().unwrap()).collect::<Vec<_>>();
    numbers.dedup();
    assert!(numbers.iter().copied().eq(0..expected), "{} of {expected}", numbers.len());
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
        always(&body, Ending::Proper, &folded(&[("text", "a")], Outcome::End(reason, None))).await;
    }
}

#[tokio::test]
async fn white_space_alone_is_no_thinking_and_text_is_kept_to_the_byte() {
    let think = |s: &str| delta(&json!({ "reasoning": s }));
    let body =
        [&think("\n"), &think(" "), &text("\n\n a"), &think("\n"), &text(" b "), &finish("stop"), DONE]
            .concat();
    always(&body, Ending::Proper, &folded(&[("text", "\n\n a b ")], STOPPED)).await;
}

#[tokio::test]
async fn thinking_in_tags_is_thinking() {
    let body =
        [&text("<thi"), &text("nk>\nhm</"), &text("think>\n\nyes <think>"), &finish("stop"), DONE].concat();
    always(&body, Ending::Proper, &folded(&[("think", "\nhm"), ("text", "\n\nyes <think>")], STOPPED)).await;
    // Cut off while it is not clear what it is: nothing is lost.
    let expected = folded(&[("text", "<thin")], failed(ErrorKind::Provider, "broke"));
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
    always(&body, Ending::Proper, &folded(&parts, STOPPED)).await;
}
