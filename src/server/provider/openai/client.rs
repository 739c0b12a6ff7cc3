//! HTTP towards one server: asks, and says what went wrong in words for a person.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, Url};

use super::refusal::{Refusal, retry_after};
use super::{Settings, SettingsError, error};
use crate::server::provider::ProviderError;
use crate::wire::ErrorKind;

/// So much of a body that is no stream is read, in bytes and in time.
const MOST_REFUSAL: usize = 64 << 10;
const REFUSAL_TIME: Duration = Duration::from_secs(5);

/// So much of a list of models is read, in bytes and in time.
const MOST_MODELS: usize = 8 << 20;
const MODELS_TIME: Duration = Duration::from_secs(5);

/// A cheap handle.
#[derive(Clone)]
pub(super) struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    name: String,
    base_url: Url,
    authorization: Option<HeaderValue>,
    connect_timeout: Duration,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { name, base_url, .. } = &*self.inner;
        f.debug_struct("Client")
            .field("name", name)
            .field("base_url", &address(base_url))
            .finish_non_exhaustive()
    }
}

impl Client {
    pub(super) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let Settings { name, base_url, key, connect_timeout, .. } = settings.clone();
        check_address(&name, &base_url)?;
        let authorization = key.map(|key| authorization(&name, &key)).transpose()?;
        let http = build(settings).map_err(|source| SettingsError::Client { name: name.clone(), source })?;
        Ok(Self { inner: Arc::new(Inner { http, name, base_url, authorization, connect_timeout }) })
    }

    /// The provider's name.
    pub(super) fn name(&self) -> &str {
        &self.inner.name
    }

    /// Asks for an answer, up to the response's head.
    pub(super) async fn ask(&self, body: Vec<u8>) -> Result<Box<Reply>, ProviderError> {
        let request = self.inner.http.post(self.endpoint("chat/completions")).headers(self.headers());
        let request =
            request.header(CONTENT_TYPE, "application/json").header(ACCEPT, "text/event-stream").body(body);
        let response = request.send().await.map_err(|error| self.broken(error, "before it answered"))?;
        if is_stream(&response) {
            return Ok(Box::new(Reply { response, client: self.clone() }));
        }
        Err(self.refused(response).await)
    }

    /// The body of the list of models.
    pub(super) async fn models(&self) -> Result<Vec<u8>, ProviderError> {
        let request =
            self.inner.http.get(self.endpoint("models")).headers(self.headers()).timeout(MODELS_TIME);
        let mut response =
            request.send().await.map_err(|error| self.broken(error, "before it listed its models"))?;
        if !response.status().is_success() || is_encoded(&response) {
            return Err(self.refused(response).await);
        }
        match read(&mut response, MOST_MODELS).await {
            Ok(body) => Ok(body),
            Err(error) => Err(self.broken(error, "while it listed its models")),
        }
    }

    fn endpoint(&self, tail: &str) -> Url {
        let mut url = self.inner.base_url.clone();
        url.set_path(&format!("{}/{tail}", self.inner.base_url.path().trim_end_matches('/')));
        url
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        // Compression would hold tokens back, and could be a bomb.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(value) = &self.inner.authorization {
            headers.insert(AUTHORIZATION, value.clone());
        }
        headers
    }

    /// The error that a response is which is no stream.
    async fn refused(&self, mut response: Response) -> ProviderError {
        let status = response.status();
        let content_type = content_type(&response);
        let wait = header(&response, RETRY_AFTER);
        let mut body = Vec::new();
        if !is_encoded(&response) && !status.is_redirection() {
            let reading = read(&mut response, MOST_REFUSAL);
            body = tokio::time::timeout(REFUSAL_TIME, reading)
                .await
                .ok()
                .and_then(Result::ok)
                .unwrap_or_default();
        }
        let refusal = Refusal {
            name: self.name(),
            status: status.as_u16(),
            reason: status.canonical_reason().unwrap_or(""),
            content_type: &content_type,
            retry_after: retry_after(&wait, SystemTime::now()),
            body: &body,
        };
        refusal.error()
    }

    /// The error that a connection is which did not come about, or did not last. Its address is for
    /// the log; readers see the name.
    fn broken(&self, broken: reqwest::Error, when: &str) -> ProviderError {
        let Inner { name, base_url, connect_timeout, .. } = &*self.inner;
        let broken = broken.without_url();
        let cause = cause(&broken);
        tracing::warn!(provider = name, address = address(base_url), cause, "connection failed {when}");
        if broken.is_connect() && broken.is_timeout() {
            let seconds = connect_timeout.as_secs_f64();
            let message = format!("The provider `{name}` could not be reached within {seconds} seconds.");
            return error(ErrorKind::Timeout, message);
        }
        if broken.is_timeout() {
            return error(ErrorKind::Timeout, format!("The provider `{name}` took too long {when}."));
        }
        let message = if broken.is_connect() {
            format!("The provider `{name}` could not be reached: {cause}. Is it running?")
        } else {
            format!("The connection to the provider `{name}` broke {when}: {cause}.")
        };
        error(ErrorKind::Provider, message)
    }
}

/// A response that is a stream of events. Dropping it closes its connection.
pub(super) struct Reply {
    response: Response,
    client: Client,
}

impl Reply {
    /// What the next read from the network brought; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, ProviderError> {
        let chunk = self.response.chunk().await;
        chunk.map_err(|error| self.client.broken(error, "in the middle of its answer"))
    }
}

/// Where a server is, without what may be secret in its address.
pub(super) fn address(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

fn check_address(name: &str, url: &Url) -> Result<(), SettingsError> {
    let problem = if !matches!(url.scheme(), "http" | "https") {
        "has to begin with `http://` or `https://`"
    } else if !url.username().is_empty() || url.password().is_some() {
        "has a user or a password in it; a key belongs into the environment variable that `key_env` names"
    } else if url.fragment().is_some() {
        "has a `#` in it"
    } else {
        return Ok(());
    };
    Err(SettingsError::BaseUrl { name: name.to_owned(), problem })
}

fn authorization(name: &str, key: &str) -> Result<HeaderValue, SettingsError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {key}"))
        .map_err(|_| SettingsError::Key { name: name.to_owned() })?;
    value.set_sensitive(true);
    Ok(value)
}

fn build(settings: &Settings) -> Result<reqwest::Client, reqwest::Error> {
    install_crypto();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("sluice/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(settings.connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        // One connection for one answer: to close it is to stop the model, and a request never meets
        // a kept connection that the server is just closing.
        .http1_only()
        .pool_max_idle_per_host(0)
        .tcp_nodelay(true);
    if settings.base_url.scheme() == "http" {
        // It will never speak TLS, so it needs no CA certificates, which a small container lacks.
        builder = builder.tls_certs_only([]);
    }
    if is_this_machine(&settings.base_url) {
        // A proxy named in the environment is for the world outside.
        builder = builder.no_proxy();
    }
    builder.build()
}

/// reqwest comes without a cryptography of its own, and takes the process's. Whoever has installed
/// one before is right.
fn install_crypto() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or("").trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

/// Whether this is what was asked for. Some servers send events without saying so.
fn is_stream(response: &Response) -> bool {
    let kind = matches!(&*content_type(response), "text/event-stream" | "text/plain" | "");
    response.status() == reqwest::StatusCode::OK && kind && !is_encoded(response)
}

fn is_encoded(response: &Response) -> bool {
    !matches!(&*header(response, CONTENT_ENCODING), "" | "identity")
}

/// The type without its parameters.
fn content_type(response: &Response) -> String {
    let value = header(response, CONTENT_TYPE);
    value.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

fn header(response: &Response, name: HeaderName) -> String {
    let value = response.headers().get(name);
    value.and_then(|value| value.to_str().ok()).unwrap_or("").trim().to_owned()
}

/// The body, or its first so many bytes.
async fn read(response: &mut Response, most: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await? {
        let room = most - body.len();
        body.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if body.len() == most {
            break;
        }
    }
    Ok(body)
}

/// The innermost reason, which says most.
fn cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
