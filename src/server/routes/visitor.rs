//! Who asks, from the request's head.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::server::error::RequestError;
use crate::server::owner::Token;
use crate::server::state::AppState;
use crate::server::store::OwnerId;

/// The cookie's name.
const COOKIE: &str = "sluice";
/// How long a browser keeps it: the most that browsers allow.
const KEEP_SECONDS: u32 = 400 * 24 * 60 * 60;

/// Somebody who owns things, or is about to.
///
/// As an extractor it makes a new anonymous owner of whoever has no token; `Option<Visitor>` does not.
/// The handler puts it into the response ([`Visitor::greet`]), so that a new one can be recognised.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who it is.
    pub owner: OwnerId,
    /// The token of one who is new.
    new: Option<Token>,
}

impl Visitor {
    /// Gives a new owner the cookie.
    pub fn greet(&self, mut response: Response) -> Response {
        if let Some(token) = &self.new {
            let digits = token.reveal();
            let cookie = format!("{COOKIE}={digits}; Path=/; HttpOnly; SameSite=Lax; Max-Age={KEEP_SECONDS}");
            if let Ok(cookie) = HeaderValue::try_from(cookie) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
        }
        response
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, RequestError> {
        if let Some(visitor) = known(&parts.headers, app).await? {
            return Ok(visitor);
        }
        let token = Token::new();
        let owner = app.store.add_anonymous(token.hash()).await?;
        Ok(Self { owner, new: Some(token) })
    }
}

impl OptionalFromRequestParts<AppState> for Visitor {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Option<Self>, RequestError> {
        known(&parts.headers, app).await
    }
}

/// The one whose token the request carries.
async fn known(headers: &HeaderMap, app: &AppState) -> Result<Option<Visitor>, RequestError> {
    let Some(token) = token(headers) else {
        return Ok(None);
    };
    let session = app.store.session(token.hash()).await?;
    Ok(session.map(|session| Visitor { owner: session.owner, new: None }))
}

/// A program's token wins over a browser's.
fn token(headers: &HeaderMap) -> Option<Token> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(digits) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        return Token::parse(digits.trim());
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).map(str::trim);
    pairs.find_map(|pair| Token::parse(pair.strip_prefix(COOKIE)?.strip_prefix('=')?))
}
