//! Tests of the decoder against the standard, its limit, chance, and two other decoders. What needs
//! only the decoder runs natively and in a browser, from the one body.

mod limit;
mod vectors;

// proptest and the other decoders are not built for WASM.
#[cfg(not(target_family = "wasm"))]
mod differential;
#[cfg(not(target_family = "wasm"))]
mod properties;

use serde::Deserialize;

use super::{Decoder, EventTooLarge, Frame};

/// A [`Frame`] that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Event {
    #[serde(rename = "type")]
    pub(super) event: String,
    pub(super) data: String,
    pub(super) id: String,
}

impl From<Frame<'_>> for Event {
    fn from(frame: Frame<'_>) -> Self {
        Self { event: frame.event.into_owned(), data: frame.data.into_owned(), id: frame.id.to_owned() }
    }
}

/// All that a decoder makes of a stream: its events, its retry time and how it ended.
type Outcome = (Vec<Event>, Option<u64>, Result<(), EventTooLarge>);

fn decode_with_limit<'a>(limit: usize, chunks: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut decoder = Decoder::new(limit);
    let mut events = Vec::new();
    let end = chunks.into_iter().try_for_each(|chunk| decoder.feed(chunk, |frame| events.push(frame.into())));
    (events, decoder.retry(), end)
}

fn decode<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    decode_with_limit(usize::MAX, chunks)
}

/// The same bytes whole, byte by byte, and in two pieces for every place to cut.
fn every_cut(bytes: &[u8], mut check: impl FnMut(&str, &[&[u8]])) {
    check("whole", &[bytes]);
    check("byte by byte", &bytes.chunks(1).collect::<Vec<_>>());
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        check(&format!("cut at {at}"), &[left, right]);
    }
}
