//! The conversation on the page: sending, stopping, trying again.

mod branches;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use leptos::task::spawn_local;

use super::answer::{LiveAnswer, Start, State};
use super::models::choose;
use super::words::words;
use crate::app::client::api;
use crate::app::client::page::{Kept, push_address, random_bytes, replace_address};
use crate::wire::{
    AnswerId, AnswerState, Chat, ChatMessage, ConversationId, MessageId, MessagePart, Models, UserMessage,
};

/// All messages below the same parent, in the order in which they came: the versions of a message.
pub type Siblings = Arc<[MessageId]>;

/// A message of the transcript.
#[derive(Clone, Debug)]
pub enum Entry {
    /// What the user said.
    User {
        /// The message.
        id: MessageId,
        /// The message above it.
        parent: Option<MessageId>,
        /// Its versions, itself included.
        siblings: Siblings,
        /// Its parts.
        parts: Arc<[MessagePart]>,
    },
    /// An answer.
    Answer {
        /// Its versions, itself included.
        siblings: Siblings,
        /// The answer.
        answer: Box<LiveAnswer>,
    },
}

impl Entry {
    /// One that no other entry of the page has.
    pub fn key(&self) -> MessageId {
        match self {
            Self::User { id, .. } => *id,
            Self::Answer { answer, .. } => answer.id.into(),
        }
    }

    fn answer(&self) -> Option<LiveAnswer> {
        match self {
            Self::Answer { answer, .. } => Some(**answer),
            Self::User { .. } => None,
        }
    }

    fn siblings(&self) -> &Siblings {
        match self {
            Self::User { siblings, .. } | Self::Answer { siblings, .. } => siblings,
        }
    }
}

/// The conversation. Copies are the same one.
#[derive(Clone, Copy, Debug)]
pub struct ChatState {
    /// Which conversation; none before the first message.
    pub conversation: RwSignal<Option<ConversationId>>,
    /// Its messages, oldest first.
    pub entries: RwSignal<Vec<Entry>>,
    /// What can be asked.
    pub models: RwSignal<Models>,
    /// What is asked next; none where there is no model.
    pub model: RwSignal<Option<String>>,
    /// The message that the composer's text will stand beside, as its newest version.
    pub editing: RwSignal<Option<MessageId>>,
}

impl ChatState {
    /// The conversation that the server rendered the page from.
    pub fn new(chat: Option<Chat>, models: Models) -> Self {
        let conversation = chat.as_ref().map(|chat| chat.id);
        let messages = chat.map(|chat| chat.messages).unwrap_or_default();
        let last = last_model(&messages);
        Self {
            conversation: RwSignal::new(conversation),
            entries: RwSignal::new(messages.into_iter().map(entry).collect()),
            model: RwSignal::new(choose(&models, [last.as_deref()])),
            models: RwSignal::new(models),
            editing: RwSignal::new(None),
        }
    }

    /// What the browser adds once it has taken over: reads on where the server's rendering ended, asks
    /// for the models anew, and takes the model that was chosen last for a new conversation.
    pub fn wake(self) {
        for answer in self.entries.get_untracked().iter().filter_map(Entry::answer) {
            if answer.state.get_untracked() == State::Of(AnswerState::Running) {
                answer.run();
            }
        }
        if self.conversation.with_untracked(Option::is_none) {
            self.choose_again(Kept::Model.get().as_deref());
        }
        spawn_local(async move {
            if let Some(models) = api::models().await
                && self.models.with_untracked(|old| *old != models)
            {
                self.models.set(models);
                self.choose_again(self.model.get_untracked().as_deref());
            }
        });
    }

    fn choose_again(self, wish: Option<&str>) {
        let chosen = self.models.with_untracked(|models| choose(models, [wish]));
        if chosen != self.model.get_untracked() {
            self.model.set(chosen);
        }
    }

    /// The user chose a model.
    pub fn pick(self, model: String) {
        Kept::Model.set(&model);
        self.model.set(Some(model));
    }

    /// The newest answer, if the transcript ends with one. Tracked.
    pub fn newest(self) -> Option<LiveAnswer> {
        self.entries.with(|entries| entries.last().and_then(Entry::answer))
    }

    /// The answer that Stop would stop. Tracked.
    pub fn running(self) -> Option<LiveAnswer> {
        self.newest().filter(|answer| answer.is_running())
    }

    /// Sends a message and starts its answer. Says whether it did: not while an answer runs, and
    /// nothing that is empty. While a message is edited, this is its newest version, and what stood
    /// below the old one stays there.
    pub fn send(self, text: &str) -> bool {
        if text.trim().is_empty() || untrack(|| self.running()).is_some() {
            return false;
        }
        let (parent, mut siblings) = self.place();
        let conversation = self.settle_address();
        let user = MessageId::from_random(random_bytes());
        siblings.push(user);
        let message = UserMessage { id: Some(user), parts: vec![MessagePart::Text(text.to_owned())] };
        let parts = message.parts.clone().into();
        let entry = Entry::User { id: user, parent, siblings: siblings.into(), parts };
        let answer = self.make(user, |id| Start {
            id: Some(id),
            conversation: Some(conversation),
            parent: Some(parent),
            message: Some(message),
            model: self.model.get_untracked(),
            options: None,
        });
        self.entries.update(|entries| entries.extend([entry, new_entry(Vec::new(), answer)]));
        Kept::Draft.set(text);
        answer.run();
        true
    }

    /// Back to a conversation that has not begun: the one that was shown is gone.
    pub fn clear(self) {
        self.entries.set(Vec::new());
        self.conversation.set(None);
        self.editing.set(None);
        push_address("/", words().name);
    }

    /// Stops the running answer.
    pub fn stop(self) {
        if let Some(answer) = untrack(|| self.running()) {
            answer.stop();
        }
    }

    /// Tries again: what was not sent is sent as it was; a failed answer gets a new version.
    pub fn retry(self, answer: LiveAnswer) {
        let again = match answer.take_request() {
            // The same ids: if it did arrive after all, this attaches to it. After a stop the server
            // remembers the id as stopped, so that needs a new one.
            Some(request) if !answer.was_stopped() => {
                answer.reopen(request);
                return answer.run();
            }
            Some(request) => self.make(answer.parent, |id| Start { id: Some(id), ..request }),
            None => return self.regenerate(answer),
        };
        self.replace(answer, again);
        again.run();
    }

    /// Takes back a message that was not sent, and returns its text.
    pub fn take_back(self, answer: LiveAnswer) -> Option<String> {
        let mut text = None;
        self.entries.update(|entries| {
            entries.retain(|entry| match entry {
                Entry::Answer { answer: other, .. } => other.id != answer.id,
                Entry::User { id, parts, .. } if *id == answer.parent => {
                    text = parts.iter().find_map(text_of);
                    false
                }
                Entry::User { .. } => true,
            });
        });
        text
    }

    fn replace(self, old: LiveAnswer, new: LiveAnswer) {
        self.entries.update(|entries| {
            for entry in entries.iter_mut() {
                if entry.key() == old.id.into() {
                    *entry = new_entry(entry.siblings().to_vec(), new);
                }
            }
        });
    }

    fn make(self, parent: MessageId, request: impl FnOnce(AnswerId) -> Start) -> LiveAnswer {
        let id = AnswerId::from_random(random_bytes());
        own(move || LiveAnswer::to_start(id, parent, request(id)))
    }

    /// The newest message below which another one may stand.
    fn newest_ended(self) -> Option<MessageId> {
        self.entries.with_untracked(|entries| {
            let mut answers = entries.iter().rev().filter_map(Entry::answer);
            answers
                .find(|answer| answer.state.get_untracked() != State::Unsent)
                .map(|answer| answer.id.into())
        })
    }

    /// What was begun now is the newest branch, whichever one the address names.
    fn show_newest(self) {
        if let Some(id) = self.conversation.get_untracked() {
            replace_address(&format!("/c/{id}"));
        }
    }

    /// The conversation, which gets its id and its address with its first message.
    fn settle_address(self) -> ConversationId {
        if let Some(id) = self.conversation.get_untracked() {
            self.show_newest();
            return id;
        }
        let id = ConversationId::from_random(random_bytes());
        self.conversation.set(Some(id));
        push_address(&format!("/c/{id}"), words().name);
        id
    }
}

/// An answer that is the newest of its versions.
fn new_entry(mut siblings: Vec<MessageId>, answer: LiveAnswer) -> Entry {
    siblings.push(answer.id.into());
    Entry::Answer { siblings: siblings.into(), answer: Box::new(answer) }
}

/// Makes signals that live as long as the page. An event handler has an owner only by chance, and with
/// that one they could go while a message still stands in the transcript.
pub(super) fn own<T>(make: impl FnOnce() -> T) -> T {
    let owner = Owner::new_root(None);
    let made = owner.with(make);
    std::mem::forget(owner);
    made
}

fn entry(message: ChatMessage) -> Entry {
    match message {
        ChatMessage::User { id, parent, siblings, parts } => {
            Entry::User { id, parent, siblings: siblings.into(), parts: parts.into() }
        }
        ChatMessage::Answer { siblings, answer } => {
            Entry::Answer { siblings: siblings.into(), answer: Box::new(LiveAnswer::known(*answer)) }
        }
    }
}

fn last_model(messages: &[ChatMessage]) -> Option<String> {
    messages.iter().rev().find_map(|message| match message {
        ChatMessage::Answer { answer, .. } => Some(answer.model.clone()),
        ChatMessage::User { .. } => None,
    })
}

/// The text of a part, if it is one.
pub fn text_of(part: &MessagePart) -> Option<String> {
    match part {
        MessagePart::Text(text) => Some(text.clone()),
        MessagePart::Image(_) => None,
    }
}
