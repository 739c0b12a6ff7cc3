//! Versions of a message, and answers that go on: what starts beside or below something that is there.

use leptos::prelude::*;

use super::{ChatState, Entry, new_entry};
use crate::app::state::answer::{LiveAnswer, Start};
use crate::wire::MessageId;

impl ChatState {
    /// Where the next message stands: below the newest answer, or beside the one that is edited, which
    /// leaves the transcript with all that follows it. With that one's versions.
    pub(super) fn place(self) -> (Option<MessageId>, Vec<MessageId>) {
        let edited = self.editing.get_untracked();
        self.editing.set(None);
        let place = edited.and_then(|edited| {
            self.entries.try_update(|entries| {
                let at = entries.iter().position(|entry| entry.key() == edited)?;
                let place = match &entries[at] {
                    Entry::User { parent, siblings, .. } => (*parent, siblings.to_vec()),
                    Entry::Answer { .. } => return None,
                };
                entries.truncate(at);
                Some(place)
            })
        });
        place.flatten().unwrap_or_else(|| (self.newest_ended(), Vec::new()))
    }

    /// Has the message above an answer answered once more; the old answer stays as another version.
    pub fn regenerate(self, answer: LiveAnswer) {
        if untrack(|| self.running()).is_some() {
            return;
        }
        let again = self.answer_below(answer.parent);
        self.entries.update(|entries| {
            if let Some(at) = entries.iter().position(|entry| entry.key() == answer.id.into()) {
                let siblings = entries[at].siblings().to_vec();
                entries.truncate(at);
                entries.push(new_entry(siblings, again));
            }
        });
        again.run();
    }

    /// Has the model go on where an answer ended too early. The rest is an answer of its own below it.
    pub fn proceed(self, answer: LiveAnswer) {
        if untrack(|| self.running()).is_some() {
            return;
        }
        let rest = self.answer_below(answer.id.into());
        self.entries.update(|entries| entries.push(new_entry(Vec::new(), rest)));
        self.show_newest();
        rest.run();
    }

    /// Whether the model can be asked to go on with this answer: it is the newest, it says something,
    /// and it ended too early. Tracked.
    pub fn can_proceed(self, answer: LiveAnswer) -> bool {
        answer.ended_early() && self.newest().is_some_and(|newest| newest.id == answer.id)
    }

    /// Whether an answer goes on with the one above it.
    pub fn is_rest(self, answer: LiveAnswer) -> bool {
        self.entries.with_untracked(|entries| {
            entries.iter().filter_map(Entry::answer).any(|above| MessageId::from(above.id) == answer.parent)
        })
    }

    /// An answer to what is there already.
    pub(super) fn answer_below(self, parent: MessageId) -> LiveAnswer {
        self.make(parent, |id| Start {
            id: Some(id),
            conversation: self.conversation.get_untracked(),
            parent: Some(Some(parent)),
            message: None,
            model: self.model.get_untracked(),
            options: None,
        })
    }
}
