//! The cap on one event: typed, exact, the same for every chunking, and a bound on memory.

use wasm_bindgen_test::wasm_bindgen_test;

use super::{Decoder, Event, EventTooLarge, decode_with_limit, every_cut};

const TOO_LARGE: Result<(), EventTooLarge> = Err(EventTooLarge { limit: 8 });

/// What a decoder with a limit of 8 bytes makes of `stream`, which must not depend on the chunks.
fn within_eight(stream: &str) -> (Vec<String>, Result<(), EventTooLarge>) {
    let (expected, _, expected_end) = decode_with_limit(8, [stream.as_bytes()]);
    every_cut(stream.as_bytes(), |cut, chunks| {
        let (events, _, end) = decode_with_limit(8, chunks.iter().copied());
        assert_eq!((&events, end), (&expected, expected_end), "{stream:?}, {cut}");
    });
    let data = |event: Event| event.data;
    (expected.into_iter().map(data).collect(), expected_end)
}

#[wasm_bindgen_test(unsupported = test)]
fn an_event_of_exactly_the_limit_passes() {
    let fit = [
        "data: 12345678\n\n",
        "data:1234\r\ndata:678\r\n\r\n",
        "event: 1234\ndata: 5678\n\n",
        "data\n".repeat(9).as_str(),
        "id: 12345678\ndata: 12345678\n\n",
        "event: 12345678\nevent: 1\ndata: 2345678\n\n",
        "retry: 00000000000000001\n: a long comment\na long field: with a value\ndata: 12345678\n\n",
    ]
    .map(str::to_owned);
    for stream in fit {
        let (_, end) = within_eight(&stream);
        assert_eq!(end, Ok(()), "{stream:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn an_event_beyond_the_limit_is_an_error_and_what_came_before_it_is_not_lost() {
    let too_large = [
        "data: 123456789\n\n",
        "data: 123456789",
        "data:1234\ndata:6789\n\n",
        "event: 1234\ndata: 56789\n\n",
        "data: 56789\nevent: 1234\n\n",
        "event: 123456789\n\n",
        "id: 123456789\n\n",
        "data\n".repeat(10).as_str(),
    ]
    .map(str::to_owned);
    for stream in too_large {
        let (events, end) = within_eight(&format!("data: 1\n\ndata: 2\n\n{stream}data: never\n\n"));
        assert_eq!(events, ["1", "2"], "{stream:?}");
        assert_eq!(end, TOO_LARGE, "{stream:?}");
    }
}

/// An LF behind the last data line and a type that is replaced were once counted, and only for some
/// chunks.
#[wasm_bindgen_test(unsupported = test)]
fn what_is_not_kept_does_not_count() {
    assert_eq!(
        within_eight("event: 1234\ndata: 5678\n: comment\nevent: x\n\n"),
        (vec!["5678".into()], Ok(()))
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn a_decoder_that_failed_stays_failed_and_holds_no_memory() {
    let mut decoder = Decoder::new(8);
    let mut events = 0;
    assert_eq!(decoder.feed(b"retry: 7\ndata: 123456789\n\n", |_| events += 1), TOO_LARGE);
    for chunk in [&b""[..], b"\n\n", b"data: x\n\n", b"\xff"] {
        assert_eq!(decoder.feed(chunk, |_| events += 1), TOO_LARGE);
    }
    assert_eq!(events, 0);
    assert_eq!(decoder.retry(), Some(7));
    assert_eq!(decoder.held(), 0);
}

#[wasm_bindgen_test(unsupported = test)]
fn memory_stays_within_the_limit_also_for_one_huge_chunk() {
    let mut decoder = Decoder::new(1000);
    let chunk = [b"data: ".as_slice(), &[b'x'; 1 << 20]].concat();
    assert!(decoder.feed(&chunk, |_| ()).is_err());
    assert_eq!(decoder.held(), 0);
}

/// Four times 64 MiB here; the benchmark does the same with a gigabyte.
#[wasm_bindgen_test(unsupported = test)]
fn an_endless_line_that_nobody_needs_costs_no_memory() {
    let chunk = vec![b'x'; 1 << 20];
    for beginning in [": ", "unknown", "unknown: ", "retry: 1"] {
        let mut decoder = Decoder::new(8);
        let mut seen = Vec::new();
        decoder.feed(beginning.as_bytes(), |_| ()).unwrap();
        for _ in 0..64 {
            decoder.feed(&chunk, |_| ()).unwrap();
            assert_eq!(decoder.held(), 0, "{beginning:?}");
        }
        decoder.feed(b"\ndata: then\n\n", |frame| seen.push(frame.data.into_owned())).unwrap();
        assert_eq!(seen, ["then"]);
        assert_eq!(decoder.retry(), None);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_memory_of_a_large_event_is_given_back() {
    let mut decoder = Decoder::new(usize::MAX);
    let mut lengths = Vec::new();
    let chunk = [b"data: ".as_slice(), &[b'x'; 1 << 20], b"\n"].concat();
    for chunk in [chunk.as_slice(), b"\n"] {
        decoder.feed(chunk, |frame| lengths.push(frame.data.len())).unwrap();
    }
    assert_eq!(lengths, [1 << 20]);
    assert!(decoder.held() <= 64 * 1024, "{} bytes are held", decoder.held());
}
