//! What runs: as this page sees it, as other tabs tell, and as the server says when somebody asks.
//!
//! One tab asks for all: whoever's time has come tells the others, and they wait for the next one.
//! Nobody asks while nothing is known to run but what the page itself follows.

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use super::{ListState, Unlisted};
use crate::app::client::api;
use crate::app::client::clock::{Pause, now, random, today};
use crate::app::client::page::{PageEvent, PageEvents, is_hidden, set_title};
use crate::app::client::tabs::{Note, Tabs};
use crate::app::state::answer::State;
use crate::app::state::chat::Entry;
use crate::app::state::title::{first_words, title};
use crate::wire::{AnswerId, ConversationId, Listed, json};

/// How often somebody asks, in milliseconds, and in a hidden tab.
const ASK_MS: f64 = 5_000.0;
const HIDDEN_ASK_MS: f64 = 15_000.0;

impl ListState {
    /// What has happened before the list's part was there: what was asked here, and the way to the other
    /// tabs, with what they have said.
    pub fn catch_up(self, begun: bool, tabs: Tabs) {
        self.begun.set_value(begun);
        self.tabs.set_value(Some(SendWrapper::new(tabs)));
    }

    /// What the browser adds once it has taken over.
    pub fn wake(self) {
        let pause = Pause::default();
        let wake = StoredValue::new_local(pause.clone());
        self.follow_own(wake);
        self.tabs.with_value(|tabs| {
            if let Some(tabs) = tabs {
                tabs.hear(move |note| {
                    if matches!(note, Note::Asking | Note::Running(_)) {
                        self.asked.set_value(now());
                    }
                    self.hear(note);
                    wake.with_value(Pause::end);
                });
            }
        });
        // Nobody has told a page that was hidden or asleep anything.
        let events = PageEvents::listen(0, move |event| {
            if event == PageEvent::Woken {
                self.asked.set_value(f64::NEG_INFINITY);
                wake.with_value(Pause::end);
            }
        });
        std::mem::forget(events);
        spawn_local(self.ask_for_ever(pause));
    }

    async fn ask_for_ever(self, pause: Pause) {
        // The server has just said it in the page.
        self.asked.set_value(now());
        loop {
            let between = if is_hidden() { HIDDEN_ASK_MS } else { ASK_MS };
            // A little apart, so that tabs that were told together do not ask together.
            let due = self.asked.get_value() + between + random() * 500.0 - now();
            if self.asked.get_value() > 0.0 && !self.is_asking_needed() {
                pause.wait(None).await;
            } else if due > 0.0 {
                pause.wait(Some(whole(due))).await;
            } else {
                self.ask().await;
            }
        }
    }

    async fn ask(self) {
        self.asked.set_value(now());
        self.tell(&Note::Asking);
        let Some(answer) = api::running().await else {
            return;
        };
        self.hear_running(&answer);
        self.tell(&Note::Running(answer));
    }

    /// Whether anything runs that this page does not follow itself.
    fn is_asking_needed(self) -> bool {
        let own = self.own_running().map(|(id, _)| id);
        self.rows.with_untracked(|rows| rows.iter().any(|row| row.running.is_some() && Some(row.id) != own))
    }

    /// Another tab said something.
    pub(super) fn hear(self, note: Note) {
        match note {
            Note::Asking => {}
            Note::Running(answer) => self.hear_running(&answer),
            Note::Listed(row) => {
                if let Ok(row) = json::from_str(&row) {
                    self.learn(row);
                }
            }
            Note::Gone(id) => {
                if let Ok(id) = id.parse() {
                    self.rows.update(|rows| rows.retain(|row| row.id != id));
                }
            }
        }
    }

    fn hear_running(self, answer: &str) {
        if let Ok(running) = json::from_str(answer)
            && self.note_running(&running) == Err(Unlisted)
        {
            spawn_local(async move {
                if let Some(first) = api::conversations(None).await {
                    first.conversations.into_iter().rev().for_each(|row| self.learn(row));
                }
            });
        }
    }

    /// Keeps the row of this page's conversation as the page sees it, and tells the others.
    fn follow_own(self, wake: StoredValue<Pause, LocalStorage>) {
        Effect::new(move |before: Option<Option<(ConversationId, AnswerId)>>| {
            self.chat.entries.track();
            let running = self.chat.running().map(|answer| answer.id);
            let now = self.chat.conversation.get().zip(running);
            match before {
                // The server has put its list in order itself.
                None if !self.begun.get_value() => return now,
                None => self.own_began(running),
                Some(before) if before == now => return now,
                Some(before) => {
                    if let Some((id, _)) = before {
                        self.own_ended(id);
                    }
                    if now.is_some() {
                        self.own_began(running);
                    }
                }
            }
            wake.with_value(Pause::end);
            now
        });
    }

    /// Something was asked in this page's conversation; maybe it has been answered already.
    fn own_began(self, running: Option<AnswerId>) {
        if let Some(id) = self.chat.conversation.get_untracked()
            && !self.is_unsent()
        {
            self.begin(Listed { id, title: self.first_said(), touched_ms: today(), running });
            set_title(&title(&untrack(|| self.of(id, |row| row.title.clone()))));
            self.tell_row(id);
        }
    }

    /// Whether the conversation's first message was not sent, so that there is no such conversation.
    fn is_unsent(self) -> bool {
        self.chat.entries.with_untracked(|entries| match &entries[..] {
            [Entry::User { .. }, Entry::Answer { answer, .. }] => {
                answer.state.get_untracked() == State::Unsent
            }
            _ => false,
        })
    }

    fn own_ended(self, id: ConversationId) {
        if self.is_unsent() && self.chat.conversation.get_untracked() == Some(id) {
            self.rows.update(|rows| rows.retain(|row| row.id != id));
            return self.tell(&Note::Gone(id.to_string()));
        }
        self.rows.update(|rows| {
            if let Some(row) = rows.iter_mut().find(|row| row.id == id) {
                row.running = None;
            }
        });
        self.tell_row(id);
    }

    fn first_said(self) -> String {
        self.chat
            .entries
            .with_untracked(|entries| match entries.first() {
                Some(Entry::User { parts, .. }) => parts.iter().find_map(super::super::chat::text_of),
                Some(Entry::Answer { .. }) | None => None,
            })
            .map(|text| first_words(&text))
            .unwrap_or_default()
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds, and positive")]
fn whole(ms: f64) -> u32 {
    ms as u32 + 1
}
