//! What of a conversation a model is asked with: without thinking, and not what is empty. A partial
//! answer is sent as it is.

use crate::server::provider::{Picture, Role, Turn};
use crate::server::store::{self, FileName, OwnerId, Store, Words};
use crate::wire::{MessagePart, UserMessage};

/// The messages of a branch that say something, with their images. One that can't be read now is left
/// out: what is placed runs.
pub(super) async fn turns(store: &dyn Store, owner: OwnerId, branch: Vec<store::Turn>) -> Vec<Turn> {
    let mut turns = Vec::with_capacity(branch.len());
    for message in branch {
        let turn = match message.words {
            Words::Answer(text) => Turn::new(Role::Assistant, text),
            Words::User(parts) => {
                let images = images(store, owner, &parts).await;
                Turn { images, ..Turn::new(Role::User, text_of(&parts)) }
            }
        };
        if !(turn.text.is_empty() && turn.images.is_empty()) {
            turns.push(turn);
        }
    }
    turns
}

/// What a request itself says.
pub(super) fn said(message: &UserMessage) -> Turn {
    Turn::new(Role::User, text_of(&message.parts))
}

fn text_of(parts: &[MessagePart]) -> String {
    let texts = parts.iter().filter_map(|part| match part {
        MessagePart::Text(r) => Some(r.as_str()),
        MessagePart::Image(_) => None,
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

async fn images(store: &dyn Store, owner: OwnerId, parts: &[MessagePart]) -> Vec<Picture> {
    let mut images = Vec::new();
    for part in parts {
        let MessagePart::Image(url) = part else { continue };
        let Some(file) = FileName::from_url(url) else { continue };
        match store.file(owner, file.hash).await {
            Ok(file) => {
                images.extend(file.map(|file| Picture { mime: file.format.mime(), bytes: file.bytes }));
            }
            Err(error) => tracing::error!(%error, "an image of a prompt can't be read"),
        }
    }
    images
}
