//! `text/event-stream`: a decoder (bytes in, frames out) and an encoder, as the HTML standard says
//! under "Server-sent events" (9.2.5 Parsing, 9.2.6 Interpreting). Both sides of Sluice use them: the
//! server towards providers and readers, the browser for what the server sends.
//!
//! ```
//! let mut out = Vec::new();
//! sluice::sse::encode(&mut out, Some("3"), "a\nb");
//! assert_eq!(out, b"id: 3\ndata: a\ndata: b\n\n");
//!
//! let mut decoder = sluice::sse::Decoder::new(1024);
//! let mut seen = Vec::new();
//! // Cut anywhere: the frames are the same.
//! for chunk in out.chunks(5) {
//!     decoder.feed(chunk, |frame| seen.push((frame.id.to_owned(), frame.data.to_string())))?;
//! }
//! assert_eq!(seen, [("3".to_owned(), "a\nb".to_owned())]);
//! # Ok::<(), sluice::sse::EventTooLarge>(())
//! ```
//!
//! # Architecture Invariant
//!
//! Pure: no IO, no clock, no reconnecting. Knows nothing of what the data means. Imports nothing of
//! ours.

mod decode;
mod encode;

#[cfg(test)]
mod tests;

pub use decode::{Decoder, EventTooLarge, Frame};
pub use encode::{encode, encode_comment};
