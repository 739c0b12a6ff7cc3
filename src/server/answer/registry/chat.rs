//! What a reader is shown of answers: one so far, and those of a conversation.

use super::{Found, Registry};
use crate::server::store::{AnswerRecord, Branch, BranchMessage, Content, OwnerId, StoreError};
use crate::wire::{
    Answer, AnswerId, AnswerState, Chat, ChatMessage, ConversationId, MessageId, Offset, Snapshot,
    SnapshotPart,
};

impl Registry {
    /// An answer so far; `None` where the owner has none.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn snapshot(&self, owner: OwnerId, id: AnswerId) -> Result<Option<Snapshot>, StoreError> {
        loop {
            match self.find(owner, id).await? {
                None => return Ok(None),
                Some(Found::Running(running)) => {
                    let look = |answer: &Answer| {
                        snapshot(id, running.conversation, running.parent, running.model.clone(), answer)
                    };
                    // If it was handed over meanwhile, it is found in the store.
                    if let Ok(snapshot) = running.live.with(|answer, _| look(answer)) {
                        return Ok(Some(snapshot));
                    }
                }
                Some(Found::Stored(record)) => {
                    let parts = self.store.read(id, Offset::ZERO, usize::MAX).await?.parts;
                    let AnswerRecord { conversation, parent, model, terminal, .. } = record;
                    let mut answer = Answer::from_parts(parts.into_iter().map(SnapshotPart));
                    if let Some(terminal) = terminal {
                        answer.end(terminal.outcome, terminal.timing);
                    }
                    return Ok(Some(snapshot(id, conversation, parent, model, &answer)));
                }
            }
        }
    }

    /// A conversation along the branch on which `at` stands, or its newest; `None` where the owner has
    /// none.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn chat(
        &self,
        owner: OwnerId,
        id: ConversationId,
        at: Option<MessageId>,
    ) -> Result<Option<Chat>, StoreError> {
        let Some(Branch { title, messages: branch }) = self.store.branch(owner, id, at).await? else {
            return Ok(None);
        };
        let mut messages = Vec::with_capacity(branch.len());
        for message in branch {
            messages.extend(self.chat_message(owner, id, message).await?);
        }
        Ok(Some(Chat { id, title, messages }))
    }

    async fn chat_message(
        &self,
        owner: OwnerId,
        conversation: ConversationId,
        message: BranchMessage,
    ) -> Result<Option<ChatMessage>, StoreError> {
        let BranchMessage { id, parent, siblings, content } = message;
        Ok(match content {
            Content::User(parts) => Some(ChatMessage::User { id, parent, siblings, parts }),
            // The registry knows more than what is saved.
            Content::Answer { terminal: None, .. } => {
                let snapshot = self.snapshot(owner, id.into()).await?;
                snapshot.map(|answer| ChatMessage::Answer { siblings, answer: Box::new(answer) })
            }
            Content::Answer { model, parts, terminal: Some(terminal) } => {
                let mut answer = Answer::from_parts(parts.into_iter().map(SnapshotPart));
                answer.end(terminal.outcome, terminal.timing);
                let parent = parent.unwrap_or(id);
                let answer = snapshot(id.into(), conversation, parent, model, &answer);
                Some(ChatMessage::Answer { siblings, answer: Box::new(answer) })
            }
        })
    }
}

fn snapshot(
    id: AnswerId,
    conversation: ConversationId,
    parent: MessageId,
    model: String,
    answer: &Answer,
) -> Snapshot {
    Snapshot {
        id,
        conversation,
        parent,
        model,
        state: answer.terminal().map_or(AnswerState::Running, AnswerState::from),
        parts: answer.parts().iter().cloned().map(SnapshotPart).collect(),
        length: answer.offset(),
        check: answer.check(),
        status: answer.status().cloned(),
        terminal: answer.terminal().cloned(),
    }
}
