//! Who may come in: the one check before every handler.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::origin;
use super::redirect::to_login;
use super::visitor::{Known, known};
use crate::server::error::RequestError;
use crate::server::state::AppState;

/// Who may ask for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody from anywhere. Who asks is not looked at, so there is nothing to forge either.
    Open,
    /// Anybody, from our own page: the way in.
    Door,
    /// An owner. Where there are people that is one of them; where there are none it is anybody.
    Owner,
    /// The same for a page: whoever has to log in is sent to do so.
    Page,
}

/// A check for one route.
#[derive(Clone, Debug)]
pub struct Gate {
    /// The server.
    pub app: AppState,
    /// Who may pass.
    pub access: Access,
}

/// Lets a request through to its handler, which is told who asks, or refuses it.
pub async fn guard(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    match gate.admit(request.method(), request.headers()).await {
        Ok(known) => {
            request.extensions_mut().insert(known);
            next.run(request).await
        }
        Err(RequestError::NotLoggedIn) if gate.access == Access::Page => {
            to_login(request.method(), request.uri())
        }
        Err(error) => error.into_response(),
    }
}

impl Gate {
    async fn admit(&self, method: &Method, headers: &HeaderMap) -> Result<Known, RequestError> {
        if self.access == Access::Open {
            return Ok(Known(None));
        }
        if !method.is_safe() {
            origin::check(headers, self.app.public_url.as_ref())?;
        }
        let known = known(headers, &self.app).await?;
        let is_person = known.0.as_ref().is_some_and(|session| session.name.is_some());
        if self.access != Access::Door && !is_person && self.app.store.has_people().await? {
            return Err(RequestError::NotLoggedIn);
        }
        Ok(known)
    }
}
