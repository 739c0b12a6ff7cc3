//! The body of the request. It holds only what was asked for: servers differ in which fields they
//! refuse.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::server::provider::{BadPrompt, Picture, Prompt, Role, Turn};

/// The options that are passed on, and what each must be.
const OPTIONS: [(&str, Shape); 13] = [
    ("frequency_penalty", Shape::Number),
    ("max_completion_tokens", Shape::Whole),
    ("max_tokens", Shape::Whole),
    ("min_p", Shape::Number),
    ("presence_penalty", Shape::Number),
    ("reasoning_effort", Shape::Word),
    ("repetition_penalty", Shape::Number),
    ("seed", Shape::Integer),
    ("stop", Shape::Words),
    ("temperature", Shape::Number),
    ("top_k", Shape::Integer),
    ("top_p", Shape::Number),
    ("verbosity", Shape::Word),
];

#[derive(Clone, Copy)]
enum Shape {
    Number,
    /// 1 or more.
    Whole,
    Integer,
    Word,
    /// One or several.
    Words,
}

impl Shape {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Number => value.is_number(),
            Self::Whole => value.as_u64().is_some_and(|number| number > 0),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Word => value.is_string(),
            Self::Words => {
                value.is_string() || value.as_array().is_some_and(|words| words.iter().all(Value::is_string))
            }
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Whole => "a whole number of at least 1",
            Self::Integer => "a whole number",
            Self::Word => "a string",
            Self::Words => "a string or a list of strings",
        }
    }
}

/// Refuses what would not be passed on.
pub(super) fn check_options(options: &Map<String, Value>) -> Result<(), BadPrompt> {
    for (key, value) in options.iter().filter(|(_, value)| !value.is_null()) {
        let Some((_, shape)) = OPTIONS.iter().find(|(known, _)| known == key) else {
            let known: Vec<_> = OPTIONS.iter().map(|(known, _)| *known).collect();
            let key: String = key.chars().take(60).collect();
            return Err(BadPrompt(format!(
                "There is no option `{key}` for this model; there are {}.",
                known.join(", ")
            )));
        };
        if !shape.fits(value) {
            return Err(BadPrompt(format!("The option `{key}` is {}.", shape.in_words())));
        }
    }
    Ok(())
}

/// The body of `POST /chat/completions`.
pub(super) fn body(prompt: &Prompt) -> Vec<u8> {
    let body = Body {
        model: &prompt.model,
        messages: prompt.messages.iter().map(message).collect(),
        stream: true,
        stream_options: StreamOptions { include_usage: true },
        options: prompt.options.iter().filter(|(_, value)| !value.is_null()).collect(),
    };
    // Strings, numbers and maps with string keys: there is nothing in it that could fail.
    serde_json::to_vec(&body).unwrap_or_default()
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    stream: bool,
    stream_options: StreamOptions,
    #[serde(flatten)]
    options: std::collections::BTreeMap<&'a String, &'a Value>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Content<'a>,
}

/// Not every server takes a list where there is nothing but text.
#[derive(Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Text(&'a str),
    Parts(Vec<Part<'a>>),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    Text { text: &'a str },
    ImageUrl { image_url: ImageUrl },
}

#[derive(Serialize)]
struct ImageUrl {
    url: String,
}

fn message(turn: &Turn) -> Message<'_> {
    let role = match turn.role {
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    if turn.images.is_empty() {
        return Message { role, content: Content::Text(&turn.text) };
    }
    let text = (!turn.text.is_empty()).then_some(Part::Text { text: &turn.text });
    let images = turn.images.iter().map(|image| Part::ImageUrl { image_url: image_url(image) });
    Message { role, content: Content::Parts(text.into_iter().chain(images).collect()) }
}

/// The image itself: the provider could not fetch it from us.
fn image_url(Picture { mime, bytes }: &Picture) -> ImageUrl {
    ImageUrl { url: format!("data:{mime};base64,{}", STANDARD.encode(bytes)) }
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(options: &Value) -> Result<(), BadPrompt> {
        check_options(options.as_object().unwrap())
    }

    #[test]
    fn the_body_holds_what_was_asked_for_and_nothing_else() {
        let turn = |role, text: &str| Turn::new(role, text.to_owned());
        let prompt = Prompt {
            model: "m".to_owned(),
            messages: vec![turn(Role::User, "a\u{0}字"), turn(Role::Assistant, "b"), turn(Role::User, "c")],
            options: json!({"temperature": 0.5, "top_p": null}).as_object().unwrap().clone(),
        };
        let body: Value = serde_json::from_slice(&body(&prompt)).unwrap();
        assert_eq!(
            body,
            json!({
                "model": "m",
                "messages": [
                    {"role": "user", "content": "a\u{0}字"},
                    {"role": "assistant", "content": "b"},
                    {"role": "user", "content": "c"},
                ],
                "stream": true,
                "stream_options": {"include_usage": true},
                "temperature": 0.5,
            })
        );
    }

    #[test]
    fn images_stand_behind_the_text_as_data() {
        let images = vec![Picture { mime: "image/png", bytes: "png".into() }];
        let shown = Turn { images, ..Turn::new(Role::User, "what is it?".to_owned()) };
        let prompt = Prompt { model: "m".to_owned(), messages: vec![shown], options: Map::new() };
        let body: Value = serde_json::from_slice(&body(&prompt)).unwrap();
        let image = json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}});
        assert_eq!(body["messages"][0]["content"], json!([{"type": "text", "text": "what is it?"}, image]));
    }

    #[test]
    fn known_options_of_the_right_type_pass() {
        check(&json!({
            "temperature": 1, "top_p": 0.9, "max_tokens": 100, "seed": -1, "stop": ["a", "b"],
            "reasoning_effort": "low", "top_k": null,
        }))
        .unwrap();
    }

    #[test]
    fn an_option_that_would_not_be_passed_on_is_named() {
        for (key, bad) in [
            ("temprature", json!(1)),
            ("stream", json!(false)),
            ("messages", json!([])),
            ("pace_ms", json!(1)),
            ("temperature", json!("1")),
            ("max_tokens", json!(0)),
            ("max_tokens", json!(1.5)),
            ("stop", json!([1])),
        ] {
            let BadPrompt(message) = check(&json!({ key: bad })).unwrap_err();
            assert!(message.contains(&format!("`{key}`")), "{key}: {message}");
        }
    }
}
