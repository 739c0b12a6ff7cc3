//! What comes out of the demo.

use serde_json::{Map, Value, json};

use super::*;
use crate::server::provider::{Role, Turn};

fn prompt(model: &str, text: &str, options: &Value) -> Prompt {
    let options = options.as_object().cloned().unwrap_or_else(Map::new);
    let messages = vec![Turn::new(Role::User, text.to_owned())];
    Prompt { model: model.to_owned(), messages, options }
}

/// Everything that a prompt brings, item by item.
async fn items(prompt: Prompt) -> Vec<Result<Vec<Delta>, ProviderError>> {
    Demo::new().check(&prompt).unwrap();
    Demo::new().stream(prompt).collect().await
}

async fn deltas(prompt: Prompt) -> Vec<Delta> {
    items(prompt).await.into_iter().flat_map(Result::unwrap).collect()
}

fn think_of(deltas: &[Delta]) -> String {
    deltas
        .iter()
        .filter_map(|delta| if let Delta::Think(r) = delta { Some(r.as_str()) } else { None })
        .collect()
}

fn text_of(deltas: &[Delta]) -> String {
    deltas
        .iter()
        .filter_map(|delta| if let Delta::Text(r) = delta { Some(r.as_str()) } else { None })
        .collect()
}

#[tokio::test]
async fn an_article_is_an_image_then_thinking_then_text_then_the_end() {
    for seed in 0..20 {
        let said = deltas(prompt("article", "hi", &json!({"pace_ms": 0, "seed": seed}))).await;
        let kind = |delta: &Delta| match delta {
            Delta::Image(_) | Delta::Picture(_) => 0,
            Delta::Think(_) => 1,
            Delta::Text(_) => 2,
            Delta::Finish(EndReason::Stop) => 3,
            Delta::Done => 4,
            Delta::Finish(_) | Delta::Usage(_) => 5,
        };
        let kinds: Vec<_> = said.iter().map(kind).collect();
        assert!(kinds.is_sorted(), "seed {seed}: {kinds:?}");
        let count = |k| kinds.iter().filter(|kind| **kind == k).count();
        assert_eq!((count(0), count(3), count(4), count(5)), (1, 1, 1, 0), "seed {seed}");
        assert!(count(1) > 5 && count(2) > 20, "seed {seed}");
        for delta in &said {
            if let Delta::Think(r) | Delta::Text(r) = delta {
                assert!((1..=10).contains(&r.chars().count()), "seed {seed}: {r:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_seed_decides_everything() {
    let once = |seed| deltas(prompt("article", "hi", &json!({"pace_ms": 0, "seed": seed})));
    let chinese = deltas(prompt("article", "你好", &json!({"pace_ms": 0, "seed": 1}))).await;
    assert_eq!(once(1).await, chinese);
    assert_ne!(once(1).await, once(2).await);
}

#[tokio::test]
async fn without_a_seed_the_language_of_the_question_decides() {
    for _ in 0..10 {
        let chinese = text_of(&deltas(prompt("article", "讲一讲船闸", &json!({"pace_ms": 0}))).await);
        let english =
            text_of(&deltas(prompt("article", "Tell me about locks", &json!({"pace_ms": 0}))).await);
        assert_eq!(pieces::Language::fitting(&chinese), pieces::Language::Chinese);
        assert_eq!(pieces::Language::fitting(&english), pieces::Language::English);
    }
}

#[tokio::test]
async fn text_repeats_to_the_first_border_at_or_after_its_length() {
    for model in ["article", "echo"] {
        for length in [0, 1, 2, 3, 4, 5, 1_000, 50_000] {
            let options = json!({"pace_ms": 0, "seed": 4, "length": length});
            let text = text_of(&deltas(prompt(model, "字é😀", &options)).await);
            assert!(text.len() >= length && text.len() < length + 4, "{model} {length}: {}", text.len());
            let last = text.chars().last().map_or(0, char::len_utf8);
            assert!(length == 0 || text.len() - last < length, "{model} {length}");
        }
    }
    let options = json!({"pace_ms": 0, "length": 20});
    let text = text_of(&deltas(prompt("echo", "字é😀", &options)).await);
    assert_eq!(text, "字é😀字é😀字");
}

/// Ten megabytes take well under a second; if each piece cost what came before it, they would take
/// minutes.
#[tokio::test]
async fn ten_megabytes_cost_no_more_than_their_pieces() {
    let whole = async {
        let options = json!({"pace_ms": 0, "seed": 3, "length": 10_000_000, "pieces": [500, 500]});
        let mut stream = Demo::new().stream(prompt("article", "hi", &options));
        let mut bytes = 0;
        while let Some(item) = stream.next().await {
            bytes += text_of(&item.unwrap()).len();
        }
        bytes
    };
    let bytes = tokio::time::timeout(Duration::from_secs(30), whole).await.unwrap();
    assert!((10_000_000..10_000_004).contains(&bytes), "{bytes}");
}

#[tokio::test]
async fn a_gigabyte_is_not_made_before_it_is_asked_for() {
    let options = json!({"pace_ms": 0, "length": 1 << 30});
    let mut stream = Demo::new().stream(prompt("article", "hi", &options));
    for _ in 0..10 {
        stream.next().await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn the_same_text_comes_whatever_the_pieces() {
    let options = |pieces: [usize; 2]| json!({"pace_ms": 0, "seed": 8, "pieces": pieces});
    let usual = deltas(prompt("article", "hi", &options([1, 10]))).await;
    for pieces in [[1, 1], [7, 7], [1, 100_000]] {
        let other = deltas(prompt("article", "hi", &options(pieces))).await;
        assert_eq!((think_of(&other), text_of(&other)), (think_of(&usual), text_of(&usual)));
    }
}

#[tokio::test]
async fn an_error_comes_after_exactly_so_many_characters_and_nothing_after_it() {
    for after in [0, 1, 50, 700] {
        let options = json!({"pace_ms": 0, "seed": 8, "error_after": after});
        let mut items = items(prompt("article", "hi", &options)).await;
        let error = items.pop().unwrap().unwrap_err();
        assert_eq!(error.kind, ErrorKind::Provider);
        assert!(error.message.contains("simulated"), "{}", error.message);
        let said: Vec<_> = items.into_iter().flat_map(Result::unwrap).collect();
        assert_eq!(think_of(&said).chars().count() + text_of(&said).chars().count(), after);
    }
}

#[tokio::test]
async fn a_cut_is_an_end_without_an_end() {
    let options = json!({"pace_ms": 0, "cut_after": 3, "error_after": 4});
    assert_eq!(text_of(&deltas(prompt("echo", "abcdef", &options)).await), "abc");
    let said = deltas(prompt("echo", "abcdef", &options)).await;
    assert!(!said.iter().any(|delta| matches!(delta, Delta::Finish(_) | Delta::Done)), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stall_says_nothing_more() {
    let options = json!({"pace_ms": 0, "stall_after": 3});
    let mut stream = Demo::new().stream(prompt("echo", "abcdef", &options));
    assert_eq!(text_of(&stream.next().await.unwrap().unwrap()), "abc");
    let day = Duration::from_secs(86_400);
    tokio::time::timeout(day, stream.next()).await.unwrap_err();
}

#[tokio::test]
async fn a_fault_behind_the_end_does_not_happen() {
    let options = json!({"pace_ms": 0, "error_after": 7});
    let said = deltas(prompt("echo", "abcdef", &options)).await;
    assert_eq!(said.last(), Some(&Delta::Done));
}

#[tokio::test(start_paused = true)]
async fn pieces_come_at_their_pace() {
    let started = tokio::time::Instant::now();
    let options = json!({"pieces": [1, 1]});
    deltas(prompt("echo", "abcdefghij", &options)).await;
    assert_eq!(started.elapsed(), Duration::from_millis(500));
}

#[tokio::test]
async fn echo_answers_to_the_byte() {
    for text in [
        "safe\r\n\r\nevent: control\r\ndata: {\"injected\":true}\r\n\r\nmore",
        "start\n\nevent: data\ndata: fake\n\nend",
        "start\r\revent: x\rdata: {\"cr\":true}\r\rend",
        "data: [DONE]",
        "{\"t\":\"end\"}",
        "\0 \u{2028} \u{feff} \u{202e} <think>no</think> 👩‍👩‍👧",
        "  leading and trailing \n",
        "",
    ] {
        for seed in 0..5 {
            let said = deltas(prompt("echo", text, &json!({"pace_ms": 0, "seed": seed}))).await;
            assert_eq!(text_of(&said), text);
            assert!(!said.iter().any(|delta| matches!(delta, Delta::Think(_) | Delta::Image(_))));
        }
    }
}

#[tokio::test]
async fn echo_takes_the_last_thing_that_the_user_said() {
    let mut prompt = prompt("echo", "first", &json!({"pace_ms": 0}));
    prompt.messages.push(Turn::new(Role::Assistant, "answer".to_owned()));
    prompt.messages.push(Turn::new(Role::User, "second".to_owned()));
    prompt.messages.push(Turn::new(Role::Assistant, "unfinished".to_owned()));
    assert_eq!(text_of(&deltas(prompt).await), "second");
}

#[tokio::test]
async fn an_unknown_model_is_named() {
    let BadPrompt(message) = Demo::new().check(&prompt("artikle", "hi", &json!({}))).unwrap_err();
    assert!(message.contains("artikle"), "{message}");
}

/// An answer without pauses must not keep others from running.
#[tokio::test(flavor = "current_thread")]
async fn an_answer_without_pauses_lets_others_run() {
    let options = json!({"pace_ms": 0, "length": 1_000_000, "pieces": [10, 10]});
    let mut stream = Demo::new().stream(prompt("article", "hi", &options));
    let turns = std::cell::Cell::new(0);
    let busy = async { while stream.next().await.is_some() {} };
    let other = async {
        loop {
            turns.set(turns.get() + 1);
            tokio::task::yield_now().await;
        }
    };
    tokio::select! { () = busy => {}, () = other => {} }
    assert!(turns.get() > 100, "{}", turns.get());
}
