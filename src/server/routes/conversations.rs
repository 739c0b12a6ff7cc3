//! `/api/conversations` and `/api/running`: what the page asks about conversations as such. A stranger's
//! conversation and one that is not there are the same 404.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::{Value, json};

use super::{body, visitor::Visitor};
use crate::server::error::RequestError;
use crate::server::state::AppState;
use crate::server::store::{self, ListedBefore, OwnerId};
use crate::wire::{Chat, ConversationId, Conversations, Listed, MessageId, RunningAnswers, Title};

/// Conversations in one response, where nothing else is said, and at most.
const LIMIT: usize = 30;
const MAX_LIMIT: usize = 100;
/// Room for a title, with every character escaped.
const MAX_BODY: usize = 4096;
/// Characters of a title.
const MAX_TITLE: usize = 200;

/// What changes by the second, so that nobody may keep it.
type Fresh<T> = ([(HeaderName, HeaderValue); 1], Json<T>);

fn fresh<T>(value: T) -> Fresh<T> {
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(value))
}

/// `GET /api/conversations?before=&limit=`: a stretch of the list.
pub async fn list(
    State(app): State<AppState>,
    visitor: Option<Visitor>,
    RawQuery(query): RawQuery,
) -> Result<Fresh<Conversations>, RequestError> {
    let query = query.unwrap_or_default();
    let limit = value_of(&query, "limit").map_or(Ok(LIMIT), |value| limit(&value))?;
    let before = value_of(&query, "before").map(|value| before(&value)).transpose()?;
    Ok(fresh(match visitor {
        Some(visitor) => stretch(&app, visitor.owner, before, limit).await?,
        None => Conversations::default(),
    }))
}

/// The list for a page: its first stretch, or what follows a cursor. What is no cursor is passed over.
pub(super) async fn first(
    app: &AppState,
    owner: OwnerId,
    cursor: Option<&str>,
) -> Result<Conversations, RequestError> {
    stretch(app, owner, cursor.and_then(|cursor| before(cursor).ok()), LIMIT).await
}

async fn stretch(
    app: &AppState,
    owner: OwnerId,
    before: Option<ListedBefore>,
    limit: usize,
) -> Result<Conversations, RequestError> {
    let page = app.store.list(owner, before, limit).await?;
    let running = app.registry.running(owner);
    let listed = |store::Listed { id, title, touched_ms }| Listed {
        running: running.iter().find(|running| running.conversation == id).map(|running| running.answer),
        touched_ms: u64::try_from(touched_ms).unwrap_or(0),
        id,
        title,
    };
    let next = page.conversations.last().filter(|_| page.more).map(cursor);
    Ok(Conversations { conversations: page.conversations.into_iter().map(listed).collect(), next })
}

fn cursor(last: &store::Listed) -> String {
    format!("{}.{}", last.touched_ms, last.id)
}

fn before(cursor: &str) -> Result<ListedBefore, RequestError> {
    let parse = || {
        let (touched_ms, id) = cursor.split_once('.')?;
        Some(ListedBefore { touched_ms: touched_ms.parse().ok()?, id: id.parse().ok()? })
    };
    parse().ok_or_else(|| RequestError::Bad("`before` is what `next` was in an earlier response".to_owned()))
}

fn limit(value: &str) -> Result<usize, RequestError> {
    let limit = value.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| RequestError::Bad(format!("`limit` is a number from 1 to {MAX_LIMIT}")))
}

pub(super) fn value_of(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// `GET /api/running`: which answers run.
pub async fn running(State(app): State<AppState>, visitor: Option<Visitor>) -> Fresh<RunningAnswers> {
    let running = visitor.map(|visitor| app.registry.running(visitor.owner));
    fresh(RunningAnswers { running: running.unwrap_or_default() })
}

/// `GET /api/conversations/{id}?at=`: a conversation, along the branch of a message or its newest.
pub async fn read(
    State(app): State<AppState>,
    visitor: Option<Visitor>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Fresh<Chat>, RequestError> {
    let (owner, id) = (owner_of(visitor)?, conversation_id(&id)?);
    let at = at(query.as_deref())?;
    let chat = app.registry.chat(owner, id, at).await?;
    chat.map(fresh).ok_or(RequestError::NotFound("conversation"))
}

/// The message `?at=`. What is not an id can't exist.
pub(super) fn at(query: Option<&str>) -> Result<Option<MessageId>, RequestError> {
    let at = query.and_then(|query| value_of(query, "at"));
    at.map(|at| at.parse()).transpose().map_err(|_| RequestError::NotFound("message"))
}

/// `PATCH /api/conversations/{id}`: another title.
pub async fn rename(
    State(app): State<AppState>,
    visitor: Option<Visitor>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Title>, RequestError> {
    if !body::is_json(&headers) {
        return Err(RequestError::NotJson);
    }
    let (owner, id) = (owner_of(visitor)?, conversation_id(&id)?);
    let Title { title } = body::parse(&body::read(&headers, body, MAX_BODY).await?)?;
    let title = title.trim();
    if !(1..=MAX_TITLE).contains(&title.chars().count()) || title.chars().any(char::is_control) {
        return Err(RequestError::Bad(format!(
            "a title has 1 to {MAX_TITLE} characters, and no line breaks or other control characters"
        )));
    }
    found(app.store.rename(owner, id, title).await?)?;
    Ok(Json(Title { title: title.to_owned() }))
}

/// `DELETE /api/conversations/{id}`: stops what runs in it and hides it.
pub async fn delete(
    State(app): State<AppState>,
    visitor: Option<Visitor>,
    Path(id): Path<String>,
) -> Result<Json<Value>, RequestError> {
    let (owner, id) = (owner_of(visitor)?, conversation_id(&id)?);
    stop_all(&app, owner, id).await?;
    found(app.store.delete(owner, id).await?)?;
    // What began in between; from here on nothing can.
    stop_all(&app, owner, id).await?;
    Ok(Json(json!({ "id": id })))
}

async fn stop_all(app: &AppState, owner: OwnerId, id: ConversationId) -> Result<(), RequestError> {
    for running in app.registry.running(owner) {
        if running.conversation == id {
            app.registry.cancel(owner, running.answer, None).await?;
        }
    }
    Ok(())
}

/// `POST /api/conversations/{id}/restore`: shows a deleted one again.
pub async fn restore(
    State(app): State<AppState>,
    visitor: Option<Visitor>,
    Path(id): Path<String>,
) -> Result<Json<Value>, RequestError> {
    let (owner, id) = (owner_of(visitor)?, conversation_id(&id)?);
    found(app.store.restore(owner, id).await?)?;
    Ok(Json(json!({ "id": id })))
}

fn found(there: bool) -> Result<(), RequestError> {
    if there { Ok(()) } else { Err(RequestError::NotFound("conversation")) }
}

fn owner_of(visitor: Option<Visitor>) -> Result<OwnerId, RequestError> {
    visitor.map(|visitor| visitor.owner).ok_or(RequestError::NotFound("conversation"))
}

fn conversation_id(id: &str) -> Result<ConversationId, RequestError> {
    id.parse().map_err(|_| RequestError::NotFound("conversation"))
}
