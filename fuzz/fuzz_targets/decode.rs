//! Any bytes in any chunks: the decoder never panics, chunks change nothing, the limit holds, and
//! what was decoded survives being encoded and decoded again.

#![no_main]

#[expect(dead_code, unused_imports, reason = "the whole module is taken and parts of it are used")]
#[path = "../../src/sse/mod.rs"]
mod sse;

use libfuzzer_sys::{arbitrary, fuzz_target};

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    limit: u8,
    /// Sizes of the chunks, from the beginning again when they run out.
    sizes: [u8; 4],
    stream: &'a [u8],
}

#[derive(Debug, PartialEq)]
struct Event {
    event: String,
    data: String,
    id: String,
}

type Outcome = (Vec<Event>, Option<u64>, Result<(), sse::EventTooLarge>);

fn decode<'a>(limit: usize, chunks: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut decoder = sse::Decoder::new(limit);
    let mut events = Vec::new();
    let end = chunks.into_iter().try_for_each(|chunk| {
        decoder.feed(chunk, |frame| {
            events.push(Event {
                event: frame.event.into_owned(),
                data: frame.data.into_owned(),
                id: frame.id.to_owned(),
            });
        })
    });
    (events, decoder.retry(), end)
}

fn cut<'a>(mut stream: &'a [u8], sizes: &[u8]) -> Vec<&'a [u8]> {
    let mut chunks = Vec::new();
    for size in sizes.iter().cycle() {
        if stream.is_empty() {
            break;
        }
        let (chunk, rest) = stream.split_at(usize::from(*size).clamp(1, stream.len()));
        chunks.push(chunk);
        stream = rest;
    }
    chunks
}

fuzz_target!(|input: Input<'_>| {
    let chunks = cut(input.stream, &input.sizes);

    let whole = decode(usize::MAX, [input.stream]);
    assert_eq!(decode(usize::MAX, chunks.iter().copied()), whole);
    assert_eq!(decode(usize::MAX, input.stream.chunks(1)), whole);
    assert_eq!(whole.2, Ok(()));

    let limit = usize::from(input.limit);
    let limited = decode(limit, [input.stream]);
    assert_eq!(decode(limit, chunks.iter().copied()), limited);
    assert_eq!(decode(limit, input.stream.chunks(1)), limited);
    assert!(whole.0.starts_with(&limited.0));

    let mut again = Vec::new();
    for event in &whole.0 {
        sse::encode(&mut again, Some(&event.id), &event.data);
    }
    let (events, _, _) = decode(usize::MAX, cut(&again, &input.sizes));
    assert_eq!(events.len(), whole.0.len());
    for (event, first) in events.iter().zip(&whole.0) {
        assert_eq!((&event.data, &event.id), (&first.data, &first.id));
    }
});
