//! What to ask for: the form's fields as they stand there, and what is made of them.

use std::fmt::Write;
use std::str::FromStr;

use super::words::words;
use crate::wire::{AnswerId, ConversationId, DemoOptions, MessageId, MessagePart, StartRequest, UserMessage};

/// Which of the two streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// `POST /api/sse`.
    #[default]
    Plain,
    /// `POST /api/chat`.
    Typed,
}

/// A field that takes a whole number or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the option of its name, see `DemoOptions`")]
pub enum Number {
    PaceMs,
    PiecesMin,
    PiecesMax,
    Seed,
    Length,
    ErrorAfter,
    CutAfter,
    StallAfter,
}

impl Number {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 8] = [
        Self::PaceMs,
        Self::PiecesMin,
        Self::PiecesMax,
        Self::Seed,
        Self::Length,
        Self::ErrorAfter,
        Self::CutAfter,
        Self::StallAfter,
    ];

    /// The field's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::PaceMs => "pace_ms",
            Self::PiecesMin => "pieces_min",
            Self::PiecesMax => "pieces_max",
            Self::Seed => "seed",
            Self::Length => "length",
            Self::ErrorAfter => "error_after",
            Self::CutAfter => "cut_after",
            Self::StallAfter => "stall_after",
        }
    }
}

/// The form as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Which stream.
    pub mode: Mode,
    /// What is asked, or for the plain stream what is to be streamed.
    pub text: String,
    /// The typed stream's model.
    pub model: String,
    numbers: [String; 8],
}

/// A number's field has something else in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` takes a whole number, or nothing", .0.name())]
pub struct NotANumber(pub Number);

impl Default for Form {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            text: String::new(),
            model: "demo/article".to_owned(),
            numbers: Default::default(),
        }
    }
}

impl Form {
    /// Sets a number's field.
    pub fn set(&mut self, number: Number, value: String) {
        self.numbers[number as usize] = value;
    }

    fn number<T: FromStr>(&self, number: Number) -> Result<Option<T>, NotANumber> {
        let value = self.numbers[number as usize].trim();
        if value.is_empty() {
            return Ok(None);
        }
        value.parse().map(Some).map_err(|_| NotANumber(number))
    }

    fn options(&self) -> Result<DemoOptions, NotANumber> {
        Ok(DemoOptions {
            pace_ms: self.number(Number::PaceMs)?,
            pieces: self.pieces()?,
            seed: self.number(Number::Seed)?,
            length: self.number(Number::Length)?,
            error_after: self.number(Number::ErrorAfter)?,
            cut_after: self.number(Number::CutAfter)?,
            stall_after: self.number(Number::StallAfter)?,
        })
    }

    /// Two fields of the page are one option; one that is left out is its default.
    fn pieces(&self) -> Result<Option<[usize; 2]>, NotANumber> {
        let (least, most) = (self.number(Number::PiecesMin)?, self.number(Number::PiecesMax)?);
        Ok(match (least, most) {
            (None, None) => None,
            (Some(least), None) => Some([least, 10.max(least)]),
            (None, Some(most)) => Some([1, most]),
            (Some(least), Some(most)) => Some([least, most]),
        })
    }

    /// The body of the typed stream's start, without ids.
    ///
    /// # Errors
    ///
    /// When a number's field has something else in it.
    pub fn start_request(&self) -> Result<StartRequest<DemoOptions>, NotANumber> {
        let options = Some(self.options()?).filter(|options| *options != DemoOptions::default());
        let text = if self.text.is_empty() { words().first } else { &self.text };
        Ok(StartRequest {
            message: Some(UserMessage { id: None, parts: vec![MessagePart::Text(text.to_owned())] }),
            model: Some(self.model.clone()),
            options,
            ..StartRequest::default()
        })
    }

    /// The same body with ids, at the beginning of a conversation.
    ///
    /// # Errors
    ///
    /// When a number's field has something else in it.
    pub fn start_request_with(
        &self,
        answer: AnswerId,
        conversation: ConversationId,
        user: MessageId,
    ) -> Result<StartRequest<DemoOptions>, NotANumber> {
        let mut request = self.start_request()?;
        request.id = Some(answer);
        request.conversation = Some(conversation);
        request.parent = Some(None);
        if let Some(message) = &mut request.message {
            message.id = Some(user);
        }
        Ok(request)
    }

    /// A command that asks for the same on a terminal.
    pub fn curl(&self, origin: &str) -> String {
        let mut command = format!("curl -N {origin}");
        match self.mode {
            Mode::Plain if self.text.is_empty() => command.push_str("/api/sse -X POST"),
            Mode::Plain => {
                let _ = write!(
                    command,
                    "/api/sse -H 'Content-Type: text/plain' --data-binary {}",
                    quote(&self.text)
                );
            }
            Mode::Typed => {
                let body = self.start_request().ok().and_then(|body| serde_json::to_string(&body).ok());
                let body = quote(&body.unwrap_or_default());
                let _ = write!(command, "/api/chat -H 'Content-Type: application/json' -d {body}");
            }
        }
        command
    }
}

/// One word of a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Form {
        Form { mode: Mode::Typed, ..Form::default() }
    }

    #[test]
    fn an_empty_form_asks_for_the_defaults() {
        assert_eq!(Form::default().curl("http://a:1"), "curl -N http://a:1/api/sse -X POST");
        assert_eq!(
            typed().curl("http://a:1"),
            "curl -N http://a:1/api/chat -H 'Content-Type: application/json' -d \
             '{\"message\":{\"parts\":[{\"t\":\"text\",\"r\":\"Show me a stream\"}]},\"model\":\"demo/article\"}'"
        );
    }

    #[test]
    fn every_field_becomes_the_option_of_its_name() {
        let mut form = typed();
        for (at, number) in Number::ALL.into_iter().enumerate() {
            form.set(number, format!(" {} ", at + 1));
        }
        let options = form.start_request().unwrap().options.unwrap();
        let json = serde_json::to_value(options).unwrap();
        let expected = serde_json::json!({
            "pace_ms": 1, "pieces": [2, 3], "seed": 4, "length": 5,
            "error_after": 6, "cut_after": 7, "stall_after": 8,
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn one_end_of_the_pieces_is_enough() {
        let mut form = typed();
        form.set(Number::PiecesMin, "20".to_owned());
        assert_eq!(form.options().unwrap().pieces, Some([20, 20]));
        form.set(Number::PiecesMin, String::new());
        form.set(Number::PiecesMax, "3".to_owned());
        assert_eq!(form.options().unwrap().pieces, Some([1, 3]));
    }

    #[test]
    fn what_is_no_number_is_named() {
        let mut form = typed();
        form.set(Number::Seed, "-1".to_owned());
        assert_eq!(form.start_request().unwrap_err().to_string(), "`seed` takes a whole number, or nothing");
    }

    #[test]
    fn a_text_is_one_word_for_the_shell() {
        let form = Form { text: "it's $HOME `x`\n\"y\"".to_owned(), ..Form::default() };
        assert!(form.curl("o").ends_with("--data-binary 'it'\\''s $HOME `x`\n\"y\"'"), "{}", form.curl("o"));
    }
}
