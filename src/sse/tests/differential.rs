//! The same streams through two public decoders, where those follow the standard.
//!
//! - `eventsource-stream` 0.2 panics on a BOM at the beginning (it slices one byte into a character),
//!   stalls at bytes that are not UTF-8, and acts on a CR only once the next byte is there.
//! - `sse-stream` 0.3 refuses bytes that are not UTF-8 by design, and hands out raw blocks: what
//!   persists between events is put together here.
//!
//! So the streams here are UTF-8 and end in a comment line, which completes every line before it
//! and dispatches nothing; and for `eventsource-stream` they have no BOM at the beginning. `retry` is
//! not compared: neither has one for the stream, and the former takes `+5` for a number.

use std::convert::Infallible;

use eventsource_stream::EventStream;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sse_stream::SseByteStream;

use super::properties::{cut, stream as any_stream};
use super::{Event, decode};

fn utf8_stream() -> impl Strategy<Value = Vec<u8>> {
    any_stream()
        .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned().into_bytes())
        .prop_map(|bytes| [bytes.as_slice(), b":\n"].concat())
}

/// None of these streams ever waits.
fn chunks<'a>(chunks: &'a [&'a [u8]]) -> impl stream::Stream<Item = Result<&'a [u8], Infallible>> + Unpin {
    stream::iter(chunks.iter().copied().map(Ok))
}

fn by_eventsource_stream(pieces: &[&[u8]]) -> Vec<Event> {
    EventStream::new(chunks(pieces))
        .map_ok(|event| Event { event: event.event, data: event.data, id: event.id })
        .map(|event| event.expect("a legal stream"))
        .collect()
        .now_or_never()
        .expect("nothing to wait for")
}

fn by_sse_stream(pieces: &[&[u8]]) -> Vec<Event> {
    let blocks: Vec<_> = SseByteStream::new(chunks(pieces))
        .map(|block| block.expect("a legal stream"))
        .collect()
        .now_or_never()
        .expect("nothing to wait for");
    let mut last_id = String::new();
    let mut events = Vec::new();
    for block in blocks {
        last_id = block.id.unwrap_or(last_id);
        if let Some(data) = block.data {
            let event = block.event.filter(|event| !event.is_empty()).unwrap_or("message".to_owned());
            events.push(Event { event, data, id: last_id.clone() });
        }
    }
    events
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn agrees_with_eventsource_stream(bytes in utf8_stream(), places in vec(any::<Index>(), 0..8)) {
        prop_assume!(!bytes.starts_with("\u{feff}".as_bytes()));
        let pieces = cut(&bytes, &places);
        prop_assert_eq!(decode(pieces.iter().copied()).0, by_eventsource_stream(&pieces));
    }

    #[test]
    fn agrees_with_sse_stream(bytes in utf8_stream(), places in vec(any::<Index>(), 0..8)) {
        let pieces = cut(&bytes, &places);
        prop_assert_eq!(decode(pieces.iter().copied()).0, by_sse_stream(&pieces));
    }
}
