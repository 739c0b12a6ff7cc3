//! The cookie by which a browser is known.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::server::owner::Token;
use crate::server::state::AppState;

/// How long a browser keeps it: the most that browsers allow.
const KEEP_SECONDS: u32 = 400 * 24 * 60 * 60;

/// No script can read it, no other site's form or image carries it.
///
/// Under HTTPS its name has a prefix with which browsers take it only over HTTPS and only from this
/// very host, so that neither a plain connection nor a neighbour under the same domain can plant one.
#[derive(Clone, Copy, Debug)]
pub(super) struct SessionCookie {
    https: bool,
}

impl SessionCookie {
    /// As this server has it.
    pub(super) fn of(app: &AppState) -> Self {
        Self { https: app.public_url.as_ref().is_some_and(|url| url.is_https()) }
    }

    /// The token in it.
    pub(super) fn read(self, headers: &HeaderMap) -> Option<Token> {
        let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = values.flat_map(|value| value.split(';')).map(str::trim);
        pairs.find_map(|pair| Token::parse(pair.strip_prefix(self.name())?.strip_prefix('=')?))
    }

    /// Gives it to a browser.
    pub(super) fn give(self, token: &Token, response: &mut Response) {
        self.send(&token.reveal(), KEEP_SECONDS, response);
    }

    /// Takes it away.
    pub(super) fn take(self, response: &mut Response) {
        self.send("", 0, response);
    }

    fn name(self) -> &'static str {
        if self.https { "__Host-sluice" } else { "sluice" }
    }

    fn send(self, value: &str, seconds: u32, response: &mut Response) {
        let (name, secure) = (self.name(), if self.https { "; Secure" } else { "" });
        let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
}
