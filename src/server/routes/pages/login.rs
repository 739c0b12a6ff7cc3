//! Logging in and out, with plain forms.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::body::Body;
use axum::extract::{ConnectInfo, Extension, RawQuery, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::super::body;
use super::super::cookie::SessionCookie;
use super::super::redirect::{local, see_other};
use super::super::visitor::Known;
use crate::server::error::RequestError;
use crate::server::owner::{LoginError, Token};
use crate::server::state::AppState;
use crate::server::store::{OwnerId, SessionKind};

/// A name, a password and an address; this is room enough.
const MAX_BODY: usize = 16 * 1024;

/// `GET /login`: the form.
pub async fn page(
    State(app): State<AppState>,
    Extension(Known(session)): Extension<Known>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, RequestError> {
    let form = Form::parse(query.unwrap_or_default().as_bytes());
    let is_in = session.is_some_and(|session| session.name.is_some());
    if is_in || !app.store.has_people().await? {
        return Ok(see_other(local(&form.next)));
    }
    Ok(super::render_login(&app, request, String::new(), local(&form.next).to_owned(), None).await)
}

/// `POST /login`: lets a person in, or shows the form again.
pub async fn login(
    State(app): State<AppState>,
    Extension(known): Extension<Known>,
    request: Request,
) -> Result<Response, RequestError> {
    let (parts, body) = request.into_parts();
    let form = Form::parse(&body::read(&parts.headers, body, MAX_BODY).await?);
    if !app.store.has_people().await? {
        return Ok(see_other(local(&form.next)));
    }
    match app.logins.check(&*app.store, &form.name, form.password, address_of(&parts)).await {
        Ok(person) => {
            enter(&app, &parts.headers, known, person).await?;
            let mut response = see_other(local(&form.next));
            let token = Token::new();
            app.store.add_session(person, token.hash(), SessionKind::Browser).await?;
            SessionCookie::of(&app).give(&token, &mut response);
            Ok(response)
        }
        Err(LoginError::Store(error)) => Err(error.into()),
        Err(error) => {
            let request = Request::from_parts(parts, Body::empty());
            let next = local(&form.next).to_owned();
            let mut response = super::render_login(&app, request, form.name, next, Some(&error)).await;
            refuse(&error, &mut response);
            Ok(response)
        }
    }
}

/// `POST /logout`: ends this browser's session.
pub async fn logout(
    State(app): State<AppState>,
    Extension(Known(session)): Extension<Known>,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    let cookie = SessionCookie::of(&app);
    // Somebody without a name would lose what they have: they are known by nothing else.
    if session.is_some_and(|session| session.name.is_some())
        && let Some(token) = cookie.read(&headers)
    {
        app.store.end_session(token.hash()).await?;
        return Ok(left(cookie));
    }
    Ok(see_other("/"))
}

/// `POST /logout/everywhere`: ends all of the person's sessions in browsers.
pub async fn logout_everywhere(
    State(app): State<AppState>,
    Extension(Known(session)): Extension<Known>,
) -> Result<Response, RequestError> {
    match session.filter(|session| session.name.is_some()) {
        Some(session) => {
            app.store.end_sessions(session.owner, SessionKind::Browser).await?;
            Ok(left(SessionCookie::of(&app)))
        }
        None => Ok(see_other("/")),
    }
}

/// What a browser was known by before is over: an anonymous owner's things become the person's, and
/// another session ends. So nobody who knew the old token knows the new one.
async fn enter(
    app: &AppState,
    headers: &HeaderMap,
    Known(before): Known,
    person: OwnerId,
) -> Result<(), RequestError> {
    match before {
        Some(session) if session.name.is_none() => app.registry.adopt(session.owner, person).await?,
        _ => {
            if let Some(token) = SessionCookie::of(app).read(headers) {
                app.store.end_session(token.hash()).await?;
            }
        }
    }
    Ok(())
}

fn left(cookie: SessionCookie) -> Response {
    let mut response = see_other("/login");
    cookie.take(&mut response);
    response
}

fn refuse(error: &LoginError, response: &mut Response) {
    *response.status_mut() = match error {
        LoginError::TooMany { retry_after_seconds } => {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
            StatusCode::TOO_MANY_REQUESTS
        }
        _ => StatusCode::UNAUTHORIZED,
    };
}

fn address_of(parts: &Parts) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |ConnectInfo(addr)| addr.ip())
}

/// What a form or a query says.
#[derive(Default)]
struct Form {
    name: String,
    password: String,
    next: String,
}

impl Form {
    fn parse(encoded: &[u8]) -> Self {
        let mut form = Self::default();
        for (key, value) in form_urlencoded::parse(encoded) {
            match &*key {
                "name" => form.name = value.trim().to_owned(),
                "password" => form.password = value.into_owned(),
                "next" => form.next = value.into_owned(),
                _ => {}
            }
        }
        form
    }
}
