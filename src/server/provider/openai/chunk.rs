//! The JSON of one event of a chat completion's stream.
//!
//! Everything that some server might send in another shape is kept raw and read for itself, so that
//! a `reasoning` which is an object, say, costs itself and not the text beside it. Nothing here is a
//! JSON tree, except of an error's.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::wire::{EndReason, Usage};

/// One event's data.
#[derive(Debug, Deserialize)]
pub(super) struct Chunk<'a> {
    #[serde(borrow, default)]
    choices: Option<Vec<Choice<'a>>>,
    #[serde(borrow, default)]
    usage: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
struct Choice<'a> {
    #[serde(default)]
    index: Option<u32>,
    #[serde(borrow, default)]
    delta: Option<Words<'a>>,
    /// Some servers repeat the whole message in the last event. Its images count, its text does not.
    #[serde(borrow, default)]
    message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    finish_reason: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

/// A choice's delta. Servers name the thinking differently, and some name it twice.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Words<'a> {
    #[serde(borrow, default)]
    content: Option<&'a RawValue>,
    #[serde(borrow, default)]
    reasoning_content: Option<&'a RawValue>,
    #[serde(borrow, default)]
    reasoning: Option<&'a RawValue>,
    #[serde(borrow, default)]
    reasoning_text: Option<&'a RawValue>,
    #[serde(borrow, default)]
    thinking: Option<&'a RawValue>,
    #[serde(borrow, default)]
    images: Option<&'a RawValue>,
}

/// An image, or a part of a content list that may be one.
#[derive(Debug, Deserialize)]
struct ImagePart<'a> {
    #[serde(borrow, default)]
    image_url: Option<&'a RawValue>,
}

/// Why a model stopped, as the provider says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finish {
    Reason(EndReason),
    /// It did not: something went wrong.
    Error,
}

impl<'a> Chunk<'a> {
    /// The one choice that was asked for.
    fn choice(&self) -> Option<&Choice<'a>> {
        self.choices.iter().flatten().find(|choice| choice.index.unwrap_or(0) == 0)
    }

    /// What was said.
    pub(super) fn words(&self) -> Option<&Words<'a>> {
        self.choice()?.delta.as_ref()
    }

    /// The addresses of all images, wherever they stand, in order; the same one may come twice.
    pub(super) fn images(&self) -> Vec<Cow<'a, [u8]>> {
        let Some(choice) = self.choice() else {
            return Vec::new();
        };
        let message = choice.message.and_then(|raw| serde_json::from_str::<Words<'a>>(raw.get()).ok());
        let words = choice.delta.as_ref().into_iter().chain(&message);
        words.flat_map(|words| [words.images, words.content]).flatten().flat_map(image_urls).collect()
    }

    /// Why the model stopped; none while it has not. Some servers send an empty reason, or the word
    /// `null`, with every chunk.
    pub(super) fn finish(&self) -> Option<Finish> {
        let bytes = string(self.choice()?.finish_reason?)?;
        let reason = match bytes.as_ref() {
            b"" | b"null" => return None,
            b"error" => return Some(Finish::Error),
            b"stop" | b"end_turn" | b"eos" | b"stop_sequence" => EndReason::Stop,
            b"length" | b"max_tokens" => EndReason::Length,
            b"content_filter" => EndReason::Filter,
            _ => EndReason::Unknown,
        };
        Some(Finish::Reason(reason))
    }

    /// What it cost.
    pub(super) fn usage(&self) -> Option<Usage> {
        #[derive(Deserialize)]
        struct Tokens {
            prompt_tokens: Option<u64>,
            completion_tokens: Option<u64>,
        }
        let tokens: Tokens = serde_json::from_str(self.usage?.get()).ok()?;
        match (tokens.prompt_tokens, tokens.completion_tokens) {
            (None, None) => None,
            (input, output) => Some(Usage { input: input.unwrap_or(0), output: output.unwrap_or(0) }),
        }
    }

    /// The JSON of an error, wherever it stands. An empty one is what servers send that always send
    /// the field.
    pub(super) fn error(&self) -> Option<&'a str> {
        let inner = self.choice().and_then(|choice| choice.error);
        let raw = self.error.into_iter().chain(inner).map(RawValue::get);
        raw.into_iter().find(|raw| !matches!(*raw, "null" | "\"\"" | "false"))
    }
}

impl<'a> Words<'a> {
    /// The reasoning: the first of its names that is not empty, and never two of them.
    pub(super) fn reasoning(&self) -> Option<Cow<'a, [u8]>> {
        let names = [self.reasoning_content, self.reasoning, self.reasoning_text, self.thinking];
        names.into_iter().flatten().filter_map(string).find(|bytes| !bytes.is_empty())
    }

    /// The text: a string, or a list of parts of which those of type text count.
    pub(super) fn content(&self) -> Option<Cow<'a, [u8]>> {
        #[derive(Deserialize)]
        struct Part<'a> {
            #[serde(borrow)]
            text: Option<&'a RawValue>,
        }
        let raw = self.content?;
        if !raw.get().starts_with('[') {
            return string(raw);
        }
        let parts: Vec<Part<'_>> = serde_json::from_str(raw.get()).ok()?;
        let texts = parts.into_iter().filter_map(|part| string(part.text?));
        Some(texts.flat_map(Cow::into_owned).collect::<Vec<u8>>().into())
    }
}

/// The addresses in a list of images or of content. An address is a string, or an object with a `url`.
fn image_urls(raw: &RawValue) -> Vec<Cow<'_, [u8]>> {
    #[derive(Deserialize)]
    struct Address<'a> {
        #[serde(borrow)]
        url: &'a RawValue,
    }
    if !raw.get().starts_with('[') {
        return Vec::new();
    }
    let parts: Vec<ImagePart<'_>> = serde_json::from_str(raw.get()).unwrap_or_default();
    let urls = parts.into_iter().filter_map(|part| {
        let raw = part.image_url?;
        string(raw).or_else(|| string(serde_json::from_str::<Address<'_>>(raw.get()).ok()?.url))
    });
    urls.collect()
}

/// The bytes of a JSON string, in generalised UTF-8: a lone surrogate escape is three bytes that no
/// `String` could hold. `None` for everything that is no string.
fn string(raw: &RawValue) -> Option<Cow<'_, [u8]>> {
    struct Bytes;

    impl<'de> serde::de::Visitor<'de> for Bytes {
        type Value = Cow<'de, [u8]>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }

        fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
            Ok(Cow::Borrowed(bytes))
        }

        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
            Ok(Cow::Owned(bytes.to_vec()))
        }
    }

    use serde::Deserializer;
    serde_json::Deserializer::from_str(raw.get()).deserialize_bytes(Bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(json: &str) -> Option<String> {
        let chunk: Chunk<'_> = serde_json::from_str(json).unwrap();
        chunk.words()?.content().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn what_has_another_shape_costs_only_itself() {
        let json = r#"{"choices":[{"delta":{"content":"a","reasoning":{"x":"\ud83d"},"thinking":7},"finish_reason":5}],"usage":"x"}"#;
        assert_eq!(content(json).as_deref(), Some("a"));
        let chunk: Chunk<'_> = serde_json::from_str(json).unwrap();
        assert_eq!(chunk.words().unwrap().reasoning(), None);
        assert_eq!((chunk.finish(), chunk.usage(), chunk.error()), (None, None, None));
    }

    #[test]
    fn text_may_come_in_parts() {
        let json =
            r#"{"choices":[{"delta":{"content":[{"type":"text","text":"a"},{"type":"x"},{"text":"b"}]}}]}"#;
        assert_eq!(content(json).as_deref(), Some("ab"));
    }

    #[test]
    fn images_are_found_wherever_they_stand() {
        let json = r#"{"choices":[{
            "delta":{"images":[{"type":"image_url","image_url":{"url":"data:a"}}],
                     "content":[{"type":"text","text":"x"},{"type":"image_url","image_url":"data:b"}]},
            "message":{"images":[{"image_url":{"url":"data:a"}},{"image_url":7}],"content":"whole"}}]}"#;
        let chunk: Chunk<'_> = serde_json::from_str(json).unwrap();
        let urls: Vec<_> =
            chunk.images().into_iter().map(|url| String::from_utf8(url.into()).unwrap()).collect();
        assert_eq!(urls, ["data:a", "data:b", "data:a"]);
        assert_eq!(content(json).as_deref(), Some("x"));
    }

    #[test]
    fn only_the_first_choice_counts() {
        let json = r#"{"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]}"#;
        assert_eq!(content(json).as_deref(), Some("a"));
    }

    #[test]
    fn an_error_that_says_nothing_is_none() {
        for empty in ["null", "\"\"", "false"] {
            let json = format!(r#"{{"choices":[],"error":{empty}}}"#);
            assert_eq!(serde_json::from_str::<Chunk<'_>>(&json).unwrap().error(), None);
        }
    }
}
