//! Who asks, from the request's head.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::cookie::SessionCookie;
use super::wishes::Wishes;
use crate::server::error::RequestError;
use crate::server::owner::Token;
use crate::server::state::AppState;
use crate::server::store::{OwnerId, Session};

/// Somebody who owns things, or is about to.
///
/// As an extractor it makes a new anonymous owner of whoever is not known; `Option<Visitor>` does not.
/// The handler puts it into the response ([`Visitor::greet`]), so that a new one can be recognised.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who it is.
    pub owner: OwnerId,
    /// A person's name.
    pub name: Option<String>,
    /// How the pages should be.
    pub wishes: Wishes,
    /// What one who is new gets.
    new: Option<(SessionCookie, Token)>,
}

impl Visitor {
    /// Gives a new owner the cookie.
    pub fn greet(&self, mut response: Response) -> Response {
        if let Some((cookie, token)) = &self.new {
            cookie.give(token, &mut response);
        }
        response
    }
}

/// What the guard found out: whom the request's token stands for. It has already refused those who may
/// not ask.
#[derive(Clone, Debug)]
pub struct Known(pub Option<Session>);

/// Whom a request's token stands for. A program's wins over a browser's, and where it is worthless the
/// request is refused rather than taken for somebody else's.
pub(super) async fn known(headers: &HeaderMap, app: &AppState) -> Result<Known, RequestError> {
    if let Some(digits) = bearer(headers) {
        let token = Token::parse(digits).ok_or(RequestError::BadToken)?;
        let session = app.store.session(token.hash()).await?;
        return session.map(|session| Known(Some(session))).ok_or(RequestError::BadToken);
    }
    let Some(token) = SessionCookie::of(app).read(headers) else {
        return Ok(Known(None));
    };
    Ok(Known(app.store.session(token.hash()).await?))
}

/// What a program proves itself with. Another scheme is not ours: a proxy before us may have its own.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, digits) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| digits.trim())
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, RequestError> {
        if let Some(visitor) = session(parts)? {
            return Ok(visitor);
        }
        let token = Token::new();
        let owner = app.store.add_anonymous(token.hash()).await?;
        let new = Some((SessionCookie::of(app), token));
        Ok(Self { owner, name: None, wishes: Wishes::of(&parts.headers), new })
    }
}

impl OptionalFromRequestParts<AppState> for Visitor {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Option<Self>, RequestError> {
        session(parts)
    }
}

fn session(parts: &Parts) -> Result<Option<Visitor>, RequestError> {
    // Nobody is let past the guard: a route without one has no visitors.
    let Known(session) = parts.extensions.get().ok_or(RequestError::Internal)?;
    let session = session.clone();
    let wishes = || Wishes::of(&parts.headers);
    Ok(session.map(|Session { owner, name, .. }| Visitor { owner, name, wishes: wishes(), new: None }))
}
