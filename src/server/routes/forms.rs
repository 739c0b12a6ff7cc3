//! `POST /send` and `POST /stop`: the page's forms, for when its program has not come or never will. The
//! answer to either is a page.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{body, pages, start, visitor::Visitor};
use crate::server::error::RequestError;
use crate::server::state::AppState;
use crate::server::store::OwnerId;
use crate::wire::{AnswerId, ConversationId, MessageId, MessagePart, StartRequest, UserMessage};

/// An id is all that is in it.
const MAX_STOP: usize = 4096;

/// Starts an answer and goes to its conversation. A refused message comes back with the reason.
pub async fn send(
    State(app): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, RequestError> {
    let bytes = body::read(&headers, body, app.limits.body_bytes).await?;
    let form = Send::parse(&bytes);
    let response = match form.start(&app, visitor.owner).await {
        Ok(conversation) => go_to(&format!("/c/{conversation}")),
        Err(error) => {
            let conversation = form.conversation.parse().ok();
            pages::not_sent(&app, &visitor, conversation, form.text, &error).await?
        }
    };
    Ok(visitor.greet(response))
}

/// The fields of the form. One that is empty is as good as none.
#[derive(Debug, Default)]
struct Send {
    text: String,
    conversation: String,
    parent: String,
    model: String,
}

impl Send {
    fn parse(bytes: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(bytes) {
            match &*name {
                // A form writes every line break as two characters.
                "text" => form.text = value.replace("\r\n", "\n"),
                "conversation" => form.conversation = value.into_owned(),
                "parent" => form.parent = value.into_owned(),
                "model" => form.model = value.into_owned(),
                _ => {}
            }
        }
        form
    }

    async fn start(&self, app: &AppState, owner: OwnerId) -> Result<ConversationId, RequestError> {
        if self.text.trim().is_empty() {
            return Err(RequestError::Bad("The message is empty. Write something first.".to_owned()));
        }
        let conversation: Option<ConversationId> = given(&self.conversation, "conversation")?;
        let parent: Option<MessageId> = given(&self.parent, "message")?;
        let request = StartRequest {
            conversation,
            parent: parent.map(Some),
            message: Some(UserMessage { id: None, parts: vec![MessagePart::Text(self.text.clone())] }),
            model: Some(self.model.clone()).filter(|model| !model.is_empty()),
            ..StartRequest::default()
        };
        let id = start::begin(app, owner, request).await?.id;
        conversation_of(app, owner, id).await
    }
}

/// Stops an answer and goes back to where it stands.
pub async fn stop(
    State(app): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, RequestError> {
    let bytes = body::read(&headers, body, MAX_STOP).await?;
    let id = form_urlencoded::parse(&bytes).find(|(name, _)| name == "answer");
    let id = id.and_then(|(_, value)| value.parse::<AnswerId>().ok());
    let stopped = match id {
        Some(id) => app.registry.cancel(visitor.owner, id, None).await?.map(|_| id),
        None => None,
    };
    let response = match stopped {
        Some(id) => {
            let conversation = conversation_of(&app, visitor.owner, id).await?;
            go_to(&format!("/c/{conversation}?at={id}"))
        }
        None => pages::missing(&app, &visitor).await?,
    };
    Ok(visitor.greet(response))
}

async fn conversation_of(
    app: &AppState,
    owner: OwnerId,
    id: AnswerId,
) -> Result<ConversationId, RequestError> {
    let snapshot = app.registry.snapshot(owner, id).await?;
    snapshot.map(|snapshot| snapshot.conversation).ok_or(RequestError::NotFound("answer"))
}

fn given<T: std::str::FromStr>(value: &str, what: &'static str) -> Result<Option<T>, RequestError> {
    let value = Some(value).filter(|value| !value.is_empty());
    value.map(str::parse).transpose().map_err(|_| RequestError::NotFound(what))
}

/// "See other": the browser asks for that page with GET, so that reloading it sends nothing again.
fn go_to(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(address) = HeaderValue::try_from(address) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response
}
