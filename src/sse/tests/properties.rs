//! What must hold for every stream, every chunking and every text.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::{Decoder, Event, decode, decode_with_limit};
use crate::sse::{encode, encode_comment};

/// Streams that hit the interesting places: names, colons, line breaks, BOMs, broken characters.
pub(super) fn stream() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "data",
        "event",
        "id",
        "retry",
        ":",
        ": ",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "\0",
        "\u{feff}",
        "7",
        "é",
        "😀",
        "data:",
        "data: x\n",
        "id: 1\n",
        "id: 2\0\n",
        "event: e\n",
        "retry: 12\n",
        "\r\n\r\n",
        "foo",
    ]);
    let fragment = prop_oneof![
        8 => known.prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 1..4),
    ];
    vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
}

/// Cuts `bytes` at these places.
pub(super) fn cut<'a>(bytes: &'a [u8], places: &[Index]) -> Vec<&'a [u8]> {
    let mut at: Vec<usize> = places.iter().map(|place| place.index(bytes.len() + 1)).collect();
    at.extend([0, bytes.len()]);
    at.sort_unstable();
    at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

/// The standard's algorithm, word for word and at leisure: decode all of it as UTF-8, split it into
/// lines, interpret each.
fn reference(stream: &[u8]) -> Vec<Event> {
    let text = String::from_utf8_lossy(stream);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<&str> = text.split('\n').collect();
    // What stands behind the last line break is no line.
    lines.pop();
    let (mut events, mut data, mut event, mut id) = (Vec::new(), String::new(), "", "");
    for line in lines {
        if line.is_empty() {
            if let Some(data) = data.strip_suffix('\n') {
                let event = if event.is_empty() { "message" } else { event };
                events.push(Event { event: event.to_owned(), data: data.to_owned(), id: id.to_owned() });
            }
            (data, event) = (String::new(), "");
            continue;
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "data" => data = data + value + "\n",
            "event" => event = value,
            "id" if !value.contains('\0') => id = value,
            _ => {}
        }
    }
    events
}

/// What `data` is after a round trip: line breaks of all kinds have become LF.
fn normalised(data: &str) -> String {
    data.replace("\r\n", "\n").replace('\r', "\n")
}

fn round_trip(id: Option<&str>, data: &str, chunk: usize) {
    let mut bytes = Vec::new();
    encode_comment(&mut bytes, data);
    encode(&mut bytes, id, data);
    encode(&mut bytes, None, "next");
    let (events, retry, end) = decode(bytes.chunks(chunk));
    let id = id.filter(|id| !id.contains(['\n', '\r', '\0'])).unwrap_or_default();
    let event = |data: String| Event { event: "message".to_owned(), data, id: id.to_owned() };
    assert_eq!(events, [event(normalised(data)), event("next".to_owned())], "{data:?} in {chunk}");
    assert_eq!((retry, end), (None, Ok(())));
}

/// Texts that look like a stream, a frame or an event. As data they are text and nothing else.
#[test]
fn text_that_looks_like_the_protocol_comes_back_as_text() {
    let hostile = [
        "",
        "safe\r\n\r\nevent: control\r\ndata: {\"injected\":true}\r\n\r\nmore",
        "start\n\nevent: data\ndata: fake\n\nend",
        "start\r\revent: x\rdata: {\"cr\":true}\r\rend",
        "data: [DONE]",
        "{\"t\":\"end\"}",
        "\0",
        "a\u{2028}b\u{2029}c\u{85}d",
        "\u{feff}data: x",
        "\u{202e}right to left\u{202c}",
        "\n",
        "\r",
        "\r\n",
        "\n\r",
        " leading and trailing ",
        "id: 9\nretry: 1\n",
        ": comment",
    ];
    for data in hostile {
        for id in
            [None, Some("7"), Some("end"), Some(" 7 "), Some("1\ndata: x"), Some("\r"), Some("\0"), Some("")]
        {
            for chunk in [1, 2, 3, usize::MAX] {
                round_trip(id, data, chunk);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn chunks_change_nothing(bytes in stream(), places in vec(any::<Index>(), 0..12)) {
        prop_assert_eq!(decode(cut(&bytes, &places)), decode([bytes.as_slice()]));
    }

    #[test]
    fn arbitrary_bytes_in_any_chunks_are_what_the_standard_says(
        bytes in prop_oneof![stream(), vec(any::<u8>(), 0..200)],
        places in vec(any::<Index>(), 0..12),
    ) {
        let (events, _, end) = decode(cut(&bytes, &places));
        prop_assert_eq!(events, reference(&bytes));
        prop_assert_eq!(end, Ok(()));
    }

    #[test]
    fn every_text_survives_the_round_trip(
        id in any::<Option<String>>(),
        data in any::<String>(),
        breaks in "[ab:\\r\\n\0 ]{0,20}",
        chunk in 1_usize..40,
    ) {
        round_trip(id.as_deref(), &data, chunk);
        round_trip(id.as_deref(), &breaks, chunk);
    }

    #[test]
    fn a_limit_cuts_off_the_same_events_for_any_chunks(
        bytes in stream(),
        limit in 0_usize..12,
        places in vec(any::<Index>(), 0..12),
    ) {
        let limited = decode_with_limit(limit, cut(&bytes, &places));
        prop_assert_eq!(&limited, &decode_with_limit(limit, [bytes.as_slice()]));
        let (all, _, _) = decode([bytes.as_slice()]);
        prop_assert!(all.starts_with(&limited.0), "what came before the limit is dispatched");
        if limited.2.is_ok() {
            prop_assert_eq!(all, limited.0);
        }
    }

    #[test]
    fn memory_is_bounded_by_the_limit(bytes in vec(stream(), 0..8), limit in 0_usize..64) {
        let mut decoder = Decoder::new(limit);
        for chunk in &bytes {
            let _ = decoder.feed(chunk, |_| ());
            // A vector doubles and starts at 8 bytes, and there are three.
            prop_assert!(decoder.held() <= 3 * (2 * limit).max(8), "{} bytes are held", decoder.held());
        }
    }
}
