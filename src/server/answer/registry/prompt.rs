//! What of a conversation a model is asked with: without thinking, and not what is empty. A partial
//! answer is sent as it is.

use crate::server::provider::{Role, Turn};
use crate::server::store::{self, Words};
use crate::wire::{MessagePart, UserMessage};

/// A message of a branch, unless it says nothing.
pub(super) fn turn(message: store::Turn) -> Option<Turn> {
    let (role, text) = match message.words {
        Words::User(parts) => (Role::User, text_of(&parts)),
        Words::Answer(text) => (Role::Assistant, text),
    };
    (!text.is_empty()).then_some(Turn { role, text })
}

/// What a request itself brings.
pub(super) fn said(message: &UserMessage) -> Turn {
    Turn { role: Role::User, text: text_of(&message.parts) }
}

fn text_of(parts: &[MessagePart]) -> String {
    let texts = parts.iter().filter_map(|part| match part {
        MessagePart::Text(r) => Some(r.as_str()),
        MessagePart::Image(_) => None,
    });
    texts.collect::<Vec<_>>().join("\n\n")
}
