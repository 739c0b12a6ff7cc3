//! The small JSON calls beside the streams.

use gloo_net::http::{Request, Response};
use serde::de::DeserializeOwned;

use super::backoff::Backoff;
use super::clock::{random, sleep};
use crate::wire::json as wire_json;
use crate::wire::{AnswerId, CancelRequest, Models, Offset, StoppedAnswer};

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

async fn json<T: DeserializeOwned>(response: &Response) -> Option<T> {
    wire_json::from_str(&response.text().await.ok()?).ok()
}
