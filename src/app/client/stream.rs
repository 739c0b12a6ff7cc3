//! One connection: a request whose response is an event stream, read as it arrives. Knows frames and
//! nothing of what they mean, and never connects a second time.
//!
//! ```text
//! let connection = Connection::new();
//! let over = connection
//!     .read(&StreamRequest::Attach { id, after: answer.offset() }, &mut |arrival| match arrival {
//!         Arrival::Open => …,
//!         Arrival::Frame(frame) => answer.apply_frame(frame.id, frame.data),
//!     })
//!     .await;
//! // From elsewhere, on a clone: `connection.cut()` detaches. The answer itself goes on.
//! ```

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::{Request, Response};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestCache};

use super::clock::{now, set_timeout};
use crate::sse::Decoder;
use crate::wire::{AnswerId, ErrorBody, Offset, json};

/// The largest event that is taken, in bytes: beyond an answer's default limit of 16 MiB with every
/// byte escaped, so that only a stream gone wrong meets it.
const EVENT_LIMIT: usize = 128 << 20;

/// A connection from which no byte comes for this long is taken for dead; the server sends a comment
/// every 15 s.
const SILENCE_MS: f64 = 40_000.0;

/// What to ask for.
#[derive(Clone, Debug)]
pub enum StreamRequest {
    /// `POST /api/chat` with this JSON.
    Start {
        /// A `StartRequest`.
        body: String,
    },
    /// `GET /api/chat/{id}/events`.
    Attach {
        /// Which answer.
        id: AnswerId,
        /// What we have of it.
        after: Offset,
    },
    /// `POST /api/sse`, the plain stream.
    Plain {
        /// The text to stream; the built-in one where empty.
        text: String,
    },
}

/// What comes out of a connection while it is open.
#[derive(Debug)]
pub enum Arrival<'a> {
    /// The response's head is there, and it is a stream.
    Open,
    /// A frame.
    Frame(RawFrame<'a>),
}

/// One frame as the decoder met it.
#[derive(Clone, Copy, Debug)]
pub struct RawFrame<'a> {
    /// The id in force; empty where the stream has none.
    pub id: &'a str,
    /// The data lines, joined. Its length in bytes is the frame's size.
    pub data: &'a str,
    /// Milliseconds from the request to the chunk that completed the frame.
    pub at_ms: f64,
}

/// Why a connection is over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Over {
    /// The server ended the stream. Whether that is the answer's end, only a terminal says.
    #[error("the stream ended")]
    Closed,
    /// [`Connection::cut`] was called.
    #[error("the connection was cut")]
    Cut,
    /// There was no response: the request may have arrived or not.
    #[error("there was no response")]
    NoResponse,
    /// The server answered with an error instead of a stream.
    #[error("{}", .0.message)]
    Refused(Refusal),
    /// The connection broke, or nothing came for too long.
    #[error("the connection broke")]
    Broken,
    /// One event was larger than any answer may be.
    #[error("the stream can't be read")]
    Unreadable,
}

/// An error that came instead of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The server's sentence; empty where it had none.
    pub message: String,
    /// Seconds after which another try may help.
    pub retry_after: Option<u32>,
}

/// A connection that can be cut from elsewhere: clones are handles to the same one.
#[derive(Clone, Debug)]
pub struct Connection {
    controller: AbortController,
    cut: Rc<Cell<bool>>,
    /// When the last byte came (or the request was sent), by [`now`].
    heard: Rc<Cell<f64>>,
    /// Whether the watchdog is still wanted.
    reading: Rc<Cell<bool>>,
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

impl Connection {
    /// A connection that is not open yet; cut before it opens, it never will.
    ///
    /// # Panics
    ///
    /// Outside of a browser.
    pub fn new() -> Self {
        Self {
            controller: AbortController::new().expect("every browser with fetch has an AbortController"),
            cut: Rc::default(),
            heard: Rc::new(Cell::new(now())),
            reading: Rc::default(),
        }
    }

    /// Closes the connection. What it read from goes on: this is a detach, never a cancel.
    pub fn cut(&self) {
        self.cut.set(true);
        self.controller.abort();
    }

    /// Sends the request and hands on what arrives, until the connection is over. To be called once.
    pub async fn read(&self, request: &StreamRequest, on: &mut dyn FnMut(Arrival<'_>)) -> Over {
        let began = now();
        self.heard.set(began);
        self.reading.set(true);
        self.watch(request);
        let over = match self.open(request).await {
            Ok(response) => self.read_body(&response, began, on).await,
            Err(over) => over,
        };
        self.reading.set(false);
        if self.cut.get() { Over::Cut } else { over }
    }

    async fn open(&self, request: &StreamRequest) -> Result<Response, Over> {
        let signal = self.controller.signal();
        let (builder, body) = match request {
            StreamRequest::Start { body } => {
                (Request::post("/api/chat").header("Content-Type", "application/json"), Some(body))
            }
            StreamRequest::Plain { text } => (Request::post("/api/sse"), Some(text)),
            StreamRequest::Attach { id, after } => {
                let after = after.to_string();
                (Request::get(&format!("/api/chat/{id}/events")).query([("after", after.as_str())]), None)
            }
        };
        // Nothing of it is kept. Where it could be, Firefox has a request wait until every other one for the
        // same address is over: that of another tab, or of the page before a reload.
        let builder = builder.header("Accept", "text/event-stream").cache(RequestCache::NoStore);
        let builder = builder.abort_signal(Some(&signal));
        let request = match body {
            Some(body) => builder.body(body.as_str()),
            None => builder.build(),
        };
        let response = match request {
            Ok(request) => request.send().await,
            Err(error) => Err(error),
        };
        let response = response.map_err(|_| Over::NoResponse)?;
        if response.ok() { Ok(response) } else { Err(Over::Refused(refusal(&response).await)) }
    }

    async fn read_body(&self, response: &Response, began: f64, on: &mut dyn FnMut(Arrival<'_>)) -> Over {
        self.heard.set(now());
        on(Arrival::Open);
        let Some(body) = response.body() else {
            return Over::Closed;
        };
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let mut decoder = Decoder::new(EVENT_LIMIT);
        loop {
            let chunk = match JsFuture::from(reader.read()).await {
                Ok(result) => match chunk_of(&result) {
                    Some(chunk) => chunk,
                    None => return Over::Closed,
                },
                Err(_) => return Over::Broken,
            };
            self.heard.set(now());
            let at_ms = now() - began;
            let fed = decoder.feed(&chunk, |frame| {
                // The rest of a chunk is not wanted any more once somebody has cut.
                if !self.cut.get() {
                    on(Arrival::Frame(RawFrame { id: frame.id, data: &frame.data, at_ms }));
                }
            });
            if fed.is_err() {
                self.controller.abort();
                return Over::Unreadable;
            }
        }
    }

    /// Aborts when nothing is heard for too long. One timer at a time, that arms itself again for
    /// what is left: the clock is asked once in 40 s, not once per chunk. In a page that was frozen
    /// it fires as soon as the page wakes.
    fn watch(&self, request: &StreamRequest) {
        // A long request takes its time on a slow line before anything can be heard.
        let upload = match request {
            StreamRequest::Start { body } | StreamRequest::Plain { text: body } => body.len() / 16,
            StreamRequest::Attach { .. } => 0,
        };
        self.heard.set(self.heard.get() + f64::from(u32::try_from(upload).unwrap_or(u32::MAX)));
        arm(self.clone(), SILENCE_MS);
    }
}

fn arm(connection: Connection, wait: f64) {
    let callback = Closure::once_into_js(move || {
        if !connection.reading.get() {
            return;
        }
        let left = connection.heard.get() + SILENCE_MS - now();
        if left > 0.0 {
            arm(connection, left);
        } else {
            connection.controller.abort();
        }
    });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most some minutes")]
    set_timeout(callback.unchecked_ref(), wait.ceil() as u32);
}

/// The bytes of a `read()`; `None` at the stream's end.
fn chunk_of(result: &JsValue) -> Option<Vec<u8>> {
    let get = |key: &str| Reflect::get(result, &JsValue::from_str(key)).ok();
    if get("done")?.is_truthy() {
        return None;
    }
    get("value").map(|value| Uint8Array::unchecked_from_js(value).to_vec())
}

async fn refusal(response: &Response) -> Refusal {
    let body = response.text().await.unwrap_or_default();
    let message = json::from_str::<ErrorBody>(&body).map(|body| body.error.message);
    Refusal {
        status: response.status(),
        message: message.unwrap_or_default(),
        retry_after: response.headers().get("Retry-After").and_then(|seconds| seconds.parse().ok()),
    }
}
