//! The store in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::wire::{Answer, AnswerId, ConversationId, MessageId, MessagePart, StartRequest};

/// How long a conversation is kept after anything was last asked in it.
pub const KEEP: Duration = Duration::from_secs(60 * 60);

/// Content beyond which the longest untouched conversations go before their time, in bytes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Conversations and their messages. Cheap calls, never blocking for long.
#[derive(Debug, Default)]
pub struct Store {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    conversations: HashMap<ConversationId, Conversation>,
    messages: HashMap<MessageId, StoredMessage>,
}

#[derive(Debug)]
struct Conversation {
    /// In the order in which they came.
    messages: Vec<MessageId>,
    touched: Instant,
    bytes: u64,
    running: usize,
}

/// A message and its place in the tree.
#[derive(Clone, Debug)]
pub struct StoredMessage {
    /// Which one.
    pub id: MessageId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// The message above it; none for a beginning.
    pub parent: Option<MessageId>,
    /// What it is.
    pub body: Stored,
}

/// What a message is.
#[derive(Clone, Debug)]
pub enum Stored {
    /// What the user said.
    User(Vec<MessagePart>),
    /// An answer.
    Answer(StoredAnswer),
}

/// An answer and the request that started it.
#[derive(Clone, Debug)]
pub struct StoredAnswer {
    /// The body of its start, for telling a repeated POST from another one.
    pub request: Arc<StartRequest>,
    /// `provider/model`.
    pub model: Arc<str>,
    /// What it says; none while it runs, when its content is the registry's.
    pub content: Option<Arc<Answer>>,
}

/// Where a start was placed.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The conversation, maybe a new one.
    pub conversation: ConversationId,
    /// The message that the answer stands below.
    pub parent: MessageId,
    /// The branch that the model is asked with, oldest first, ending in `parent`.
    pub branch: Vec<StoredMessage>,
}

/// Why a start can't be placed. Each says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The parent is not there.
    #[error("the message `parent` is not there; it may have been kept for its time and be gone")]
    UnknownParent,
    /// The parent is in another conversation.
    #[error("`parent` is a message of another conversation; leave `conversation` out, or name the parent's")]
    OtherConversation,
    /// The parent is still being written.
    #[error("the answer `parent` is still running; wait for its end or stop it first")]
    ParentRunning,
    /// A message below a user's message.
    #[error("a message can't stand below a user's message; name the answer as `parent`")]
    ParentIsUser,
    /// The message's id is taken.
    #[error("the message id is taken; make a new one")]
    IdTaken,
    /// Neither a message nor a parent.
    #[error("nothing to answer: send a `message`, or the `parent` to answer or to continue")]
    NothingToAnswer,
}

impl Store {
    /// Puts a start into the tree: the user's message, if there is one, and the running answer below
    /// it. `fresh` supplies ids that the client left out. Nothing changes when it fails.
    ///
    /// # Errors
    ///
    /// See [`StoreError`].
    pub fn place(
        &self,
        answer: AnswerId,
        request: &Arc<StartRequest>,
        model: &str,
        fresh: impl Fn() -> [u8; 16],
    ) -> Result<Placed, StoreError> {
        let mut inner = self.lock();
        inner.evict();
        let parent = inner.parent_of(request)?;
        let conversation = inner.conversation_of(request, parent)?;
        let conversation = conversation.unwrap_or_else(|| ConversationId::from_random(fresh()));
        let parent = match &request.message {
            None => parent.ok_or(StoreError::NothingToAnswer)?,
            Some(message) => {
                let id = message.id.unwrap_or_else(|| MessageId::from_random(fresh()));
                if inner.messages.contains_key(&id) || id == MessageId::from(answer) {
                    return Err(StoreError::IdTaken);
                }
                let body = Stored::User(message.parts.clone());
                inner.insert(StoredMessage { id, conversation, parent, body });
                id
            }
        };
        let branch = inner.branch(parent);
        let body =
            Stored::Answer(StoredAnswer { request: request.clone(), model: model.into(), content: None });
        inner.insert(StoredMessage { id: answer.into(), conversation, parent: Some(parent), body });
        Ok(Placed { conversation, parent, branch })
    }

    /// Keeps an answer that has ended.
    pub fn finish(&self, id: AnswerId, answer: Arc<Answer>) {
        let mut inner = self.lock();
        let Some(StoredMessage { conversation, body: Stored::Answer(stored), .. }) =
            inner.messages.get_mut(&id.into())
        else {
            return;
        };
        let (bytes, conversation) = (answer.offset().0, *conversation);
        stored.content = Some(answer);
        if let Some(conversation) = inner.conversations.get_mut(&conversation) {
            conversation.running -= 1;
            conversation.bytes += bytes;
            conversation.touched = Instant::now();
        }
    }

    /// One message.
    pub fn message(&self, id: MessageId) -> Option<StoredMessage> {
        self.lock().messages.get(&id).cloned()
    }

    /// The newest branch of a conversation, oldest message first; `None` where it is not there.
    pub fn newest_branch(&self, id: ConversationId) -> Option<Vec<StoredMessage>> {
        let inner = self.lock();
        let newest = *inner.conversations.get(&id)?.messages.last()?;
        Some(inner.branch(newest))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// The message that the request stands below, checked for what it is.
    fn parent_of(&self, request: &StartRequest) -> Result<Option<MessageId>, StoreError> {
        let parent = match (request.parent, request.conversation) {
            (Some(parent), _) => parent,
            // The newest leaf is the newest message: only a leaf can be the last that came.
            (None, Some(conversation)) if request.message.is_some() => self
                .conversations
                .get(&conversation)
                .and_then(|conversation| conversation.messages.last().copied()),
            (None, _) => None,
        };
        let Some(id) = parent else {
            return Ok(None);
        };
        let found = self.messages.get(&id).ok_or(StoreError::UnknownParent)?;
        match found.body {
            Stored::Answer(StoredAnswer { content: None, .. }) => Err(StoreError::ParentRunning),
            Stored::User(_) if request.message.is_some() => Err(StoreError::ParentIsUser),
            Stored::User(_) | Stored::Answer(_) => Ok(Some(id)),
        }
    }

    /// The conversation that the request belongs to; `None` for a new one without a name.
    fn conversation_of(
        &self,
        request: &StartRequest,
        parent: Option<MessageId>,
    ) -> Result<Option<ConversationId>, StoreError> {
        let Some(parent) = parent.and_then(|id| self.messages.get(&id)) else {
            return Ok(request.conversation);
        };
        match request.conversation {
            Some(named) if named != parent.conversation => Err(StoreError::OtherConversation),
            _ => Ok(Some(parent.conversation)),
        }
    }

    fn insert(&mut self, message: StoredMessage) {
        let conversation = self.conversations.entry(message.conversation).or_insert_with(|| Conversation {
            messages: Vec::new(),
            touched: Instant::now(),
            bytes: 0,
            running: 0,
        });
        conversation.touched = Instant::now();
        conversation.messages.push(message.id);
        match &message.body {
            Stored::User(parts) => conversation.bytes += parts.iter().map(part_bytes).sum::<u64>(),
            // Its bytes count when it has ended.
            Stored::Answer(_) => conversation.running += 1,
        }
        self.messages.insert(message.id, message);
    }

    /// From the beginning down to `leaf`.
    fn branch(&self, leaf: MessageId) -> Vec<StoredMessage> {
        let mut branch: Vec<_> = std::iter::successors(self.messages.get(&leaf), |message| {
            message.parent.and_then(|parent| self.messages.get(&parent))
        })
        .cloned()
        .collect();
        branch.reverse();
        branch
    }

    /// Drops what is beyond its time, and then the longest untouched while there is too much.
    /// A conversation in which an answer runs stays.
    fn evict(&mut self) {
        let now = Instant::now();
        let mut idle: Vec<_> = self
            .conversations
            .iter()
            .filter(|(_, conversation)| conversation.running == 0)
            .map(|(id, conversation)| (conversation.touched, *id, conversation.bytes))
            .collect();
        idle.sort_unstable_by_key(|&(touched, ..)| touched);
        let mut total: u64 = self.conversations.values().map(|conversation| conversation.bytes).sum();
        for (touched, id, bytes) in idle {
            if now.duration_since(touched) < KEEP && total <= MAX_BYTES {
                break;
            }
            total -= bytes;
            for message in self.conversations.remove(&id).into_iter().flat_map(|gone| gone.messages) {
                self.messages.remove(&message);
            }
        }
    }
}

fn part_bytes(part: &MessagePart) -> u64 {
    match part {
        MessagePart::Text(r) | MessagePart::Image(r) => r.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::wire::UserMessage;

    /// Ids that differ, in a fixed order.
    fn fresh() -> impl Fn() -> [u8; 16] {
        let next = Cell::new(100);
        move || {
            next.set(next.get() + 1);
            [next.get(); 16]
        }
    }

    fn answer(n: u8) -> AnswerId {
        AnswerId::from_random([n; 16])
    }

    fn place(
        store: &Store,
        id: AnswerId,
        request: StartRequest,
        fresh: impl Fn() -> [u8; 16],
    ) -> Result<Placed, StoreError> {
        store.place(id, &Arc::new(request), "demo/echo", fresh)
    }

    fn says(text: &str) -> StartRequest {
        let parts = vec![MessagePart::Text(text.to_owned())];
        StartRequest { message: Some(UserMessage { id: None, parts }), ..StartRequest::default() }
    }

    #[test]
    fn a_message_without_a_parent_continues_the_newest_leaf() {
        let (store, fresh) = (Store::default(), fresh());
        let first = place(&store, answer(1), says("one"), &fresh).unwrap();
        let mut next = says("two");
        next.conversation = Some(first.conversation);
        assert_eq!(place(&store, answer(2), next.clone(), &fresh).unwrap_err(), StoreError::ParentRunning);
        store.finish(answer(1), Arc::default());
        let second = place(&store, answer(2), next.clone(), &fresh).unwrap();
        assert_eq!(second.conversation, first.conversation);
        assert_eq!(second.branch.len(), 3, "one, its answer, two");
        assert_eq!(store.newest_branch(first.conversation).unwrap().len(), 4);
    }

    #[test]
    fn a_null_parent_is_a_new_beginning() {
        let (store, fresh) = (Store::default(), fresh());
        let first = place(&store, answer(1), says("one"), &fresh).unwrap();
        store.finish(answer(1), Arc::default());
        let again =
            StartRequest { conversation: Some(first.conversation), parent: Some(None), ..says("again") };
        assert_eq!(place(&store, answer(2), again.clone(), &fresh).unwrap().branch.len(), 1);
    }

    #[test]
    fn without_a_message_the_parent_is_answered_again_or_continued() {
        let (store, fresh) = (Store::default(), fresh());
        let first = place(&store, answer(1), says("one"), &fresh).unwrap();
        store.finish(answer(1), Arc::default());
        let again = StartRequest { parent: Some(Some(first.parent)), ..StartRequest::default() };
        assert_eq!(place(&store, answer(2), again.clone(), &fresh).unwrap().branch.len(), 1);
        let on = StartRequest { parent: Some(Some(answer(1).into())), ..StartRequest::default() };
        assert_eq!(place(&store, answer(3), on.clone(), &fresh).unwrap().branch.len(), 2);
        assert_eq!(
            place(&store, answer(4), StartRequest::default(), &fresh).unwrap_err(),
            StoreError::NothingToAnswer
        );
    }

    #[test]
    fn a_start_that_is_refused_leaves_nothing_behind() {
        let (store, fresh) = (Store::default(), fresh());
        let first = place(&store, answer(1), says("one"), &fresh).unwrap();
        store.finish(answer(1), Arc::default());
        let cases = [
            (Some(answer(9).into()), None, StoreError::UnknownParent),
            (Some(first.parent), None, StoreError::ParentIsUser),
            (
                Some(answer(1).into()),
                Some(ConversationId::from_random([9; 16])),
                StoreError::OtherConversation,
            ),
        ];
        for (parent, conversation, error) in cases {
            let request = StartRequest { parent: Some(parent), conversation, ..says("x") };
            assert_eq!(place(&store, answer(5), request.clone(), &fresh).unwrap_err(), error);
            assert!(store.message(answer(5).into()).is_none());
        }
        let mut taken = says("x");
        taken.message.as_mut().unwrap().id = Some(first.parent);
        assert_eq!(place(&store, answer(5), taken.clone(), &fresh).unwrap_err(), StoreError::IdTaken);
        assert_eq!(store.newest_branch(first.conversation).unwrap().len(), 2);
    }
}
