//! The conversation on the page: sending, stopping, trying again.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use leptos::task::spawn_local;

use super::answer::{LiveAnswer, Start, State};
use super::models::choose;
use super::words::words;
use crate::app::client::api;
use crate::app::client::page::{Kept, push_address, random_bytes};
use crate::wire::{
    AnswerId, AnswerState, Chat, ChatMessage, ConversationId, MessageId, MessagePart, Models, UserMessage,
};

/// The longest title of a page, in characters.
const TITLE: usize = 60;

/// A message of the transcript.
#[derive(Clone, Debug)]
pub enum Entry {
    /// What the user said.
    User {
        /// The message.
        id: MessageId,
        /// Its parts.
        parts: Arc<[MessagePart]>,
    },
    /// An answer.
    Answer(Box<LiveAnswer>),
}

impl Entry {
    /// One that no other entry of the page has.
    pub fn key(&self) -> MessageId {
        match self {
            Self::User { id, .. } => *id,
            Self::Answer(answer) => answer.id.into(),
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
        }
    }

    /// What the browser adds once it has taken over: reads on where the server's rendering ended, asks
    /// for the models anew, and takes the model that was chosen last for a new conversation.
    pub fn wake(self) {
        for entry in self.entries.get_untracked() {
            if let Entry::Answer(answer) = entry
                && answer.state.get_untracked() == State::Of(AnswerState::Running)
            {
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
        self.entries.with(|entries| match entries.last() {
            Some(Entry::Answer(answer)) => Some(**answer),
            Some(Entry::User { .. }) | None => None,
        })
    }

    /// The answer that Stop would stop. Tracked.
    pub fn running(self) -> Option<LiveAnswer> {
        self.newest().filter(|answer| answer.is_running())
    }

    /// Sends a message and starts its answer. Says whether it did: not while an answer runs, and
    /// nothing that is empty.
    pub fn send(self, text: &str) -> bool {
        if text.trim().is_empty() || untrack(|| self.running()).is_some() {
            return false;
        }
        let parent = self.newest_ended();
        let conversation = self.settle_address(text);
        let user = MessageId::from_random(random_bytes());
        let message = UserMessage { id: Some(user), parts: vec![MessagePart::Text(text.to_owned())] };
        let entry = Entry::User { id: user, parts: message.parts.clone().into() };
        let answer = self.make(user, |id| Start {
            id: Some(id),
            conversation: Some(conversation),
            parent: Some(parent),
            message: Some(message),
            model: self.model.get_untracked(),
            options: None,
        });
        self.entries.update(|entries| entries.extend([entry, Entry::Answer(Box::new(answer))]));
        Kept::Draft.set(text);
        answer.run();
        true
    }

    /// Stops the running answer.
    pub fn stop(self) {
        if let Some(answer) = untrack(|| self.running()) {
            answer.stop();
        }
    }

    /// Tries again: what was not sent is sent as it was; a failed answer gets a new one in its place,
    /// below the same message.
    pub fn retry(self, answer: LiveAnswer) {
        let unsent = answer.take_request();
        let again = match unsent {
            // The same ids: if it did arrive after all, this attaches to it. After a stop the server
            // remembers the id as stopped, so that needs a new one.
            Some(request) if !answer.was_stopped() => {
                answer.reopen(request);
                return answer.run();
            }
            Some(request) => self.make(answer.parent, |id| Start { id: Some(id), ..request }),
            None => self.make(answer.parent, |id| Start {
                id: Some(id),
                conversation: self.conversation.get_untracked(),
                parent: Some(Some(answer.parent)),
                message: None,
                model: self.model.get_untracked(),
                options: None,
            }),
        };
        self.replace(answer, again);
        again.run();
    }

    /// Takes back a message that was not sent, and returns its text.
    pub fn take_back(self, answer: LiveAnswer) -> Option<String> {
        let mut text = None;
        self.entries.update(|entries| {
            entries.retain(|entry| match entry {
                Entry::Answer(other) => other.id != answer.id,
                Entry::User { id, parts } if *id == answer.parent => {
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
                if matches!(entry, Entry::Answer(answer) if answer.id == old.id) {
                    *entry = Entry::Answer(Box::new(new));
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
            entries.iter().rev().find_map(|entry| match entry {
                Entry::Answer(answer) if answer.state.get_untracked() != State::Unsent => {
                    Some(answer.id.into())
                }
                Entry::Answer(_) | Entry::User { .. } => None,
            })
        })
    }

    /// The conversation, which gets its id and its address with its first message.
    fn settle_address(self, text: &str) -> ConversationId {
        if let Some(id) = self.conversation.get_untracked() {
            return id;
        }
        let id = ConversationId::from_random(random_bytes());
        self.conversation.set(Some(id));
        push_address(&format!("/c/{id}"), &title(text));
        id
    }
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
        ChatMessage::User { id, parts, .. } => Entry::User { id, parts: parts.into() },
        ChatMessage::Answer { answer, .. } => Entry::Answer(Box::new(LiveAnswer::known(*answer))),
    }
}

fn last_model(messages: &[ChatMessage]) -> Option<String> {
    messages.iter().rev().find_map(|message| match message {
        ChatMessage::Answer { answer, .. } => Some(answer.model.clone()),
        ChatMessage::User { .. } => None,
    })
}

fn text_of(part: &MessagePart) -> Option<String> {
    match part {
        MessagePart::Text(text) => Some(text.clone()),
        MessagePart::Image(_) => None,
    }
}

/// The title of a conversation that begins with this text.
pub fn title(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let short: String = line.chars().take(TITLE).collect();
    let more = if short.len() < line.len() { "…" } else { "" };
    format!("{short}{more} · {}", words().name)
}

/// The title of a page.
pub fn page_title(chat: Option<&Chat>) -> String {
    let first = chat.and_then(|chat| {
        chat.messages.iter().find_map(|message| match message {
            ChatMessage::User { parts, .. } => parts.iter().find_map(text_of),
            ChatMessage::Answer { .. } => None,
        })
    });
    first.map_or_else(|| words().name.to_owned(), |text| title(&text))
}
