//! The list of conversations: what is in it, and what the user does to it.

pub mod waiting;
mod watch;

#[cfg(test)]
mod tests;

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use super::chat::ChatState;
use super::title::title;
use super::words::{fill, words};
use crate::app::client::api::{self, Change};
use crate::app::client::clock::written;
use crate::app::client::page::{go_to, set_title};
use crate::app::client::tabs::{Note, Tabs};
use crate::wire::{AnswerId, ConversationId, Conversations, Listed, RunningAnswers};

/// The list. Copies are the same one.
#[derive(Clone, Copy, Debug)]
pub struct ListState {
    /// What is loaded of it, the one last asked in first.
    pub rows: RwSignal<Vec<Listed>>,
    /// Where the rest begins; none at the end of the list.
    pub next: RwSignal<Option<String>>,
    /// Which one gets another title.
    pub renaming: RwSignal<Option<ConversationId>>,
    /// What is to be told.
    pub toast: RwSignal<Option<Toast>>,
    /// The page's conversation.
    pub chat: ChatState,
    /// Only in the browser is there anything in it.
    tabs: StoredValue<Option<SendWrapper<Tabs>>>,
    /// Whether something was asked here before the list was there to see it.
    begun: StoredValue<bool>,
    loading: StoredValue<bool>,
    /// When this tab or another one last asked what runs.
    asked: StoredValue<f64>,
}

/// What the user is told about the list, and may take back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toast {
    /// This one was deleted: where it stood, and whether it was open.
    Deleted {
        /// What it was.
        row: Listed,
        /// Where it stood.
        at: usize,
        /// Whether it was open.
        open: bool,
    },
    /// It could not be done.
    Failed,
}

impl ListState {
    /// The list that the server rendered, beside this conversation.
    pub fn new(first: Conversations, chat: ChatState) -> Self {
        Self {
            rows: RwSignal::new(first.conversations),
            next: RwSignal::new(first.next),
            renaming: RwSignal::new(None),
            toast: RwSignal::new(None),
            chat,
            tabs: StoredValue::new(None),
            begun: StoredValue::new(false),
            loading: StoredValue::new(false),
            asked: StoredValue::new(0.0),
        }
    }

    /// Something of one row. Tracked.
    pub fn of<T: Default>(self, id: ConversationId, look: impl FnOnce(&Listed) -> T) -> T {
        self.rows.with(|rows| rows.iter().find(|row| row.id == id).map(look)).unwrap_or_default()
    }

    /// When something was last asked in it, as a person reads it. Tracked.
    pub fn asked_at(self, id: ConversationId) -> Option<String> {
        let at = self.of(id, |row| row.touched_ms);
        (at > 0).then(|| written(at, words().lang))
    }

    /// Loads what follows, once at a time.
    pub fn older(self) {
        let Some(next) = self.next.get_untracked() else {
            return;
        };
        if self.loading.try_update_value(|loading| std::mem::replace(loading, true)) != Some(false) {
            return;
        }
        spawn_local(async move {
            let more = api::conversations(Some(&next)).await;
            self.loading.set_value(false);
            match more {
                Some(more) => self.append(more),
                None => self.toast.set(Some(Toast::Failed)),
            }
        });
    }

    fn append(self, more: Conversations) {
        self.next.set(more.next);
        self.rows.update(|rows| {
            for row in more.conversations {
                if rows.iter().all(|other| other.id != row.id) {
                    rows.push(row);
                }
            }
        });
    }

    /// Gives a conversation another title; an empty one is none.
    pub fn rename(self, id: ConversationId, new: &str) {
        self.renaming.set(None);
        let new: String = new.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
        let old = untrack(|| self.of(id, |row| row.title.clone()));
        if new.is_empty() || new == old {
            return;
        }
        self.call(id, &new);
        spawn_local(async move {
            if !api::change(id, Change::Rename(new)).await {
                self.call(id, &old);
                self.toast.set(Some(Toast::Failed));
            }
        });
    }

    fn call(self, id: ConversationId, new: &str) {
        self.rows.update(|rows| {
            if let Some(row) = rows.iter_mut().find(|row| row.id == id) {
                new.clone_into(&mut row.title);
            }
        });
        if self.chat.conversation.get_untracked() == Some(id) {
            set_title(&title(new));
        }
        self.tell_row(id);
    }

    /// Deletes a conversation, and offers to undo that.
    pub fn delete(self, id: ConversationId) {
        let Some((at, row)) = self.take(id) else {
            return;
        };
        let open = self.chat.conversation.get_untracked() == Some(id);
        if open {
            self.chat.clear();
        }
        self.toast.set(Some(Toast::Deleted { row: row.clone(), at, open }));
        spawn_local(async move {
            if api::change(id, Change::Delete).await {
                self.tell(&Note::Gone(id.to_string()));
            } else {
                self.put_back(row, at);
                self.toast.set(Some(Toast::Failed));
            }
        });
    }

    /// Takes back a deletion.
    pub fn undo(self) {
        let Some(Toast::Deleted { row, at, open }) = self.toast.get_untracked() else {
            return;
        };
        self.toast.set(None);
        spawn_local(async move {
            let id = row.id;
            if !api::change(id, Change::Restore).await {
                return self.toast.set(Some(Toast::Failed));
            }
            // Deleting it has stopped what ran in it.
            self.put_back(Listed { running: None, ..row }, at);
            self.tell_row(id);
            if open {
                go_to(&format!("/c/{id}"));
            }
        });
    }

    fn take(self, id: ConversationId) -> Option<(usize, Listed)> {
        let at = self.rows.with_untracked(|rows| rows.iter().position(|row| row.id == id))?;
        self.rows.try_update(|rows| rows.remove(at)).map(|row| (at, row))
    }

    fn put_back(self, row: Listed, at: usize) {
        self.rows.update(|rows| rows.insert(at.min(rows.len()), row));
    }

    /// What the toast says.
    pub fn says(toast: &Toast) -> String {
        let words = words();
        match toast {
            Toast::Deleted { row, .. } => fill(words.deleted, &row.title),
            Toast::Failed => words.not_done.to_owned(),
        }
    }

    /// Something is asked in a conversation: it goes to the top, and is new there maybe.
    fn begin(self, row: Listed) {
        self.rows.update(|rows| {
            let known = rows.iter().position(|other| other.id == row.id).map(|at| rows.remove(at));
            let title = known.map_or(row.title, |known| known.title);
            rows.insert(0, Listed { title, ..row });
        });
    }

    /// Another tab has something new of a conversation.
    fn learn(self, row: Listed) {
        if row.running.is_some() {
            self.begin(row.clone());
        }
        self.rows.update(|rows| match rows.iter_mut().find(|other| other.id == row.id) {
            Some(known) => *known = row,
            None => rows.insert(0, row),
        });
    }

    /// What the server says that runs. `Err` when it runs in a conversation that is not in the list.
    fn note_running(self, now: &RunningAnswers) -> Result<(), Unlisted> {
        let of = |id: ConversationId| {
            now.running.iter().find(|running| running.conversation == id).map(|running| running.answer)
        };
        // What the page itself sees is newer.
        let own = self.own_running().map(|(id, _)| id);
        let changed = self
            .rows
            .with_untracked(|rows| rows.iter().any(|row| Some(row.id) != own && row.running != of(row.id)));
        if changed {
            self.rows.update(|rows| {
                rows.iter_mut().filter(|row| Some(row.id) != own).for_each(|row| row.running = of(row.id));
            });
        }
        let listed =
            |id: ConversationId| self.rows.with_untracked(|rows| rows.iter().any(|row| row.id == id));
        if now.running.iter().all(|running| listed(running.conversation)) { Ok(()) } else { Err(Unlisted) }
    }

    /// The answer that this page itself follows.
    fn own_running(self) -> Option<(ConversationId, AnswerId)> {
        let answer = untrack(|| self.chat.running())?;
        Some((self.chat.conversation.get_untracked()?, answer.id))
    }

    fn tell_row(self, id: ConversationId) {
        let row = untrack(|| self.of(id, |row| Some(row.clone())));
        if let Some(json) = row.and_then(|row| serde_json::to_string(&row).ok()) {
            self.tell(&Note::Listed(json));
        }
    }

    fn tell(self, note: &Note) {
        self.tabs.with_value(|tabs| {
            if let Some(tabs) = tabs {
                tabs.tell(note);
            }
        });
    }
}

/// Something runs in a conversation that is not in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unlisted;
