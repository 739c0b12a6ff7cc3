//! The errors of requests, mapped once to HTTP.
//!
//! Policy: below this module errors are typed enums of their own (`StartError`, `BadPrompt`, …) that
//! know no HTTP. They meet the network here and only here: as JSON before a stream starts (section 5
//! of the protocol). Once a stream has started, failures are terminals of the answer instead. For a person
//! who opened an address, `routes::pages::refused` makes a page of it.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::server::answer::StartError;
use crate::server::provider::BadPrompt;
use crate::server::store::{PlaceError, StoreError};
use crate::wire::{ErrorBody, ErrorDetail};

/// Why a request was refused. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// It can't be understood.
    #[error("{0}")]
    Bad(String),
    /// Only people may ask, and this is none.
    #[error("log in at /login, or send a token: `Authorization: Bearer …`")]
    NotLoggedIn,
    /// A token that stands for nobody.
    #[error("the token in `Authorization` is not valid, or no longer; `sluice token add` makes one")]
    BadToken,
    /// A page of somebody else's may have sent it, with the cookie of whoever looked at that.
    #[error(
        "this does not come from a page of this server; a program sends `Origin` with the server's address, or \
         a token, and behind a proxy that changes `Host` the server has to know its `public_url`"
    )]
    CrossSite,
    /// There is no such thing, or it is somebody else's.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The path has no such method.
    #[error("this address does not take that method")]
    MethodNotAllowed,
    /// It came too slowly.
    #[error("the request's body took too long")]
    TooSlow,
    /// It contradicts what is there.
    #[error("{0}")]
    Conflict(String),
    /// It is larger than allowed.
    #[error("the {what} is larger than {limit} bytes, which is the limit")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// It is not JSON by its own account.
    #[error("send JSON, with `Content-Type: application/json`")]
    NotJson,
    /// Too many answers run.
    #[error("{0}")]
    TooMany(String),
    /// The server is stopping.
    #[error("the server is stopping; try again in a moment")]
    Stopping,
    /// The store can't do it now; the log says why.
    #[error("{0}")]
    Unavailable(&'static str),
    /// A handler panicked; the log says where.
    #[error("something went wrong inside Sluice; the server's log says more")]
    Internal,
}

impl RequestError {
    /// What HTTP says.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::NotLoggedIn | Self::BadToken => StatusCode::UNAUTHORIZED,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Stopping | Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Bad(_) => "bad_request",
            Self::NotLoggedIn | Self::BadToken => "unauthorized",
            Self::CrossSite => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TooSlow => "too_slow",
            Self::Conflict(_) => "conflict",
            Self::TooLarge { .. } => "too_large",
            Self::NotJson => "unsupported_media_type",
            Self::TooMany(_) => "too_many",
            Self::Stopping => "stopping",
            Self::Unavailable(_) => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// Seconds after which another try may help.
    fn retry_after(&self) -> Option<u16> {
        match self {
            Self::TooMany(_) => Some(5),
            Self::Stopping | Self::Unavailable(_) => Some(10),
            _ => None,
        }
    }
}

/// What a refusal says, beside its response.
#[derive(Clone, Debug)]
pub struct Refused(pub String);

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        let message = self.to_string();
        let detail = ErrorDetail { kind: self.kind().to_owned(), message: message.clone() };
        let mut response = (self.status(), Json(ErrorBody { error: detail })).into_response();
        response.extensions_mut().insert(Refused(message));
        if self.status() == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<BadPrompt> for RequestError {
    fn from(error: BadPrompt) -> Self {
        Self::Bad(error.to_string())
    }
}

impl From<StartError> for RequestError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Draining => Self::Stopping,
            StartError::TooMany(_) | StartError::TooManyOfYours(_) => Self::TooMany(error.to_string()),
            StartError::IdTaken => Self::Conflict(error.to_string()),
            StartError::BadPrompt(error) => error.into(),
            StartError::Place(error) => error.into(),
            StartError::Panicked => Self::Internal,
        }
    }
}

impl From<PlaceError> for RequestError {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::UnknownParent => Self::NotFound("message `parent`; it may be gone, begin a new chat"),
            PlaceError::UnknownConversation => {
                Self::NotFound("conversation; leave it out to begin a new one")
            }
            PlaceError::Foreign => Self::NotFound("id of yours; make a new one"),
            PlaceError::OtherConversation | PlaceError::ParentRunning | PlaceError::IdTaken => {
                Self::Conflict(error.to_string())
            }
            PlaceError::ParentIsUser | PlaceError::NothingToAnswer => Self::Bad(error.to_string()),
            PlaceError::Store(error) => error.into(),
        }
    }
}

/// What went wrong in detail is the administrator's business: it is logged here, once.
impl From<StoreError> for RequestError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed a request");
        match error {
            StoreError::Full => Self::Unavailable("the server's disk is full; tell whoever runs it"),
            StoreError::Broken(_) => Self::Unavailable("the server can't save anything; its log says why"),
            StoreError::Busy(_) => Self::Unavailable("the server can't save just now; try again in a moment"),
        }
    }
}
