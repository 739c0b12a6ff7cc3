//! The small JSON calls beside the streams.

use gloo_net::http::{Request, Response};
use serde::de::DeserializeOwned;

use super::backoff::Backoff;
use super::clock::{random, sleep};
use crate::wire::json as wire_json;
use crate::wire::{
    AnswerId, CancelRequest, ConversationId, Conversations, Models, Offset, StoppedAnswer, Title,
};

/// Asks which models there are; `None` when there is no good answer, and the old list stays.
pub async fn models() -> Option<Models> {
    let response = Request::get("/api/models").send().await.ok()?;
    json(&response).await
}

/// Stops an answer at what has been seen of it. Repeats itself until there is an answer, or until
/// nobody waits for one any more. Returns how it ended; `None` where the server does not
/// know the answer (yet), which it then remembers.
pub async fn cancel(id: AnswerId, seen: Offset, wanted: impl Fn() -> bool) -> Option<StoppedAnswer> {
    let body = serde_json::to_string(&CancelRequest { seen: Some(seen) }).ok()?;
    let mut backoff = Backoff::default();
    while wanted() {
        sleep(backoff.next(random())).await;
        let request = Request::post(&format!("/api/chat/{id}/cancel"))
            .header("Content-Type", "application/json")
            .body(body.as_str())
            .ok()?;
        match request.send().await {
            Ok(response) if response.ok() => {
                return json(&response).await;
            }
            Ok(response) if response.status() < 500 && response.status() != 429 => return None,
            // No answer, or not now.
            Ok(_) | Err(_) => {}
        }
    }
    None
}

/// Asks which answers run, as JSON for whoever else wants to know.
pub async fn running() -> Option<String> {
    Request::get("/api/running").send().await.ok().filter(Response::ok)?.text().await.ok()
}

/// Asks for a stretch of the list of conversations: the first one, or what follows a cursor.
pub async fn conversations(before: Option<&str>) -> Option<Conversations> {
    let before = before.map(|before| format!("?before={before}")).unwrap_or_default();
    let response = Request::get(&format!("/api/conversations{before}")).send().await.ok()?;
    json(&response).await
}

/// What can be done to a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another title.
    Rename(String),
    /// Stopped and hidden.
    Delete,
    /// Shown again.
    Restore,
}

/// Changes a conversation. Says whether it is done.
pub async fn change(id: ConversationId, change: Change) -> bool {
    let path = format!("/api/conversations/{id}");
    let request = match change {
        Change::Rename(title) => serde_json::to_string(&Title { title }).map_err(drop).and_then(|json| {
            Request::patch(&path).header("Content-Type", "application/json").body(json).map_err(drop)
        }),
        Change::Delete => Request::delete(&path).build().map_err(drop),
        Change::Restore => Request::post(&format!("{path}/restore")).build().map_err(drop),
    };
    match request {
        Ok(request) => request.send().await.is_ok_and(|response| response.ok()),
        Err(()) => false,
    }
}

async fn json<T: DeserializeOwned>(response: &Response) -> Option<T> {
    wire_json::from_str(&response.text().await.ok()?).ok()
}
