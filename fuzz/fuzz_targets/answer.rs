//! Any frames in any order: events survive their JSON, the fold never panics and keeps its books, and
//! a snapshot at any offset and what is served after it join to the same answer.

#![no_main]

#[expect(dead_code, unused_imports, reason = "the whole module is taken and parts of it are used")]
#[path = "../../src/sse/mod.rs"]
mod sse;
#[expect(dead_code, unused_imports, reason = "the whole module is taken and parts of it are used")]
#[path = "../../src/wire/mod.rs"]
mod wire;

use libfuzzer_sys::{arbitrary, fuzz_target};
use wire::{
    Answer, Applied, Check, Event, Image, Offset, Part, Phase, Position, SnapshotPart, Status, Verdict,
};

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    frames: Vec<Frame<'a>>,
    chunk: u8,
    offset: u16,
    max: u8,
}

#[derive(Debug, arbitrary::Arbitrary)]
enum Frame<'a> {
    /// Whatever an `id` and a `data` line may hold.
    Raw { id: &'a str, data: &'a str },
    /// An event that begins so far before or behind the reader's offset.
    At { shift: i8, content: Content<'a> },
    /// The terminal of an answer with so much and this check, or the fitting one.
    Terminal { length: Option<u16>, check: Option<u32> },
}

#[derive(Debug, arbitrary::Arbitrary)]
enum Content<'a> {
    Think(&'a str),
    Text(&'a str),
    Image(&'a str),
    Status,
    Unknown(u8),
}

impl Frame<'_> {
    /// Its `id` and `data` for a reader who has `answer`.
    fn for_reader(&self, answer: &Answer) -> (String, String) {
        match self {
            Self::Raw { id, data } => ((*id).to_owned(), (*data).to_owned()),
            Self::At { shift, content } => {
                let (event, width) = content.event();
                let json = event.to_json();
                if !matches!(content, Content::Unknown(_)) {
                    assert_eq!(Event::from_json(&json).expect("its own JSON"), event);
                }
                let end = answer.offset().0.saturating_add_signed((*shift).into()).saturating_add(width);
                (end.to_string(), json)
            }
            Self::Terminal { length, check } => {
                let length = length.map_or(answer.offset(), |length| Offset(length.into()));
                let check = check.map_or(answer.check(), Check);
                ("end".to_owned(), format!(r#"{{"t":"end","length":{length},"check":"{check}"}}"#))
            }
        }
    }
}

impl Content<'_> {
    fn event(&self) -> (Event, u64) {
        let event = match *self {
            Self::Think(r) => Event::Think(r.to_owned()),
            Self::Text(r) => Event::Text(r.to_owned()),
            Self::Image(url) => Event::Image(Image { url: url.to_owned(), w: 1, h: 2, alt: url.to_owned() }),
            Self::Status => Event::Status(Status::phase(Phase::Loading)),
            Self::Unknown(width) => return (Event::Unknown, width.into()),
        };
        let width = event.width().expect("a known event") as u64;
        (event, width)
    }
}

fn check_of(parts: &[Part]) -> Check {
    let mut hasher = crc32fast::Hasher::new();
    for part in parts {
        hasher.update(part.kind().name().as_bytes());
        hasher.update(&[0]);
        hasher.update(part.content().as_bytes());
    }
    Check(hasher.finalize())
}

/// The frames of a stream, one after the other, each looked at.
fn fold(input: &Input<'_>) -> (Answer, Vec<u8>) {
    let (mut answer, mut stream) = (Answer::default(), Vec::new());
    for frame in &input.frames {
        let (id, data) = frame.for_reader(&answer);
        sse::encode(&mut stream, Some(&id), &data);
        let before = answer.clone();
        match answer.apply_frame(&id, &data) {
            Ok(Applied::Appended | Applied::Skipped) => {
                assert_eq!(id.parse(), Ok(Position::At(answer.offset())));
                assert!(answer.offset() > before.offset());
            }
            Ok(Applied::Ended(_)) => assert!(answer.offset() <= before.offset()),
            Ok(
                Applied::Duplicate
                | Applied::Gap
                | Applied::Malformed
                | Applied::Status
                | Applied::AfterTerminal,
            )
            | Err(_) => assert_eq!(answer.parts(), before.parts()),
        }
        assert_eq!(answer.check(), check_of(answer.parts()));
        let terminal = answer.terminal().map(|terminal| (terminal.length, terminal.check));
        if answer.verdict() == Some(Verdict::Whole) {
            assert_eq!(terminal, Some((answer.offset(), answer.check())));
        }
    }
    (answer, stream)
}

fuzz_target!(|input: Input<'_>| {
    let (answer, stream) = fold(&input);

    // The same over the wire. What could not be sent as it is would be another stream.
    let plain = |text: &str| !text.contains(['\r', '\n', '\0']);
    let sendable = |frame: &Frame<'_>| match frame {
        Frame::Raw { id, data } => plain(id) && plain(data),
        Frame::At { .. } | Frame::Terminal { .. } => true,
    };
    if input.frames.iter().all(sendable) {
        let (mut decoder, mut reader) = (sse::Decoder::new(usize::MAX), Answer::default());
        for chunk in stream.chunks(usize::from(input.chunk).max(1)) {
            let fed = decoder.feed(chunk, |frame| {
                let _ = reader.apply_frame(frame.id, &frame.data);
            });
            assert_eq!(fed, Ok(()));
        }
        assert_eq!(reader.parts(), answer.parts());
        assert_eq!((reader.offset(), reader.verdict()), (answer.offset(), answer.verdict()));
    }

    // A server's answer with the same parts: cut it anywhere, and read on.
    let parts = |answer: &Answer| answer.parts().iter().cloned().map(SnapshotPart).collect::<Vec<_>>();
    let server = Answer::from_parts(parts(&answer));
    let mut cut = server.clone();
    cut.cut(Offset(input.offset.into()));
    assert_eq!(cut.offset(), server.border(Offset(input.offset.into())));
    let json = serde_json::to_string(&parts(&cut)).expect("parts serialise");
    let mut reader = Answer::from_parts(serde_json::from_str::<Vec<_>>(&json).expect("its own JSON"));
    while let Some((end, slice)) = server.read(reader.offset(), input.max.into()) {
        assert_eq!(reader.apply_frame(&end.to_string(), &slice.to_json()).unwrap(), Applied::Appended);
    }
    assert_eq!(reader.parts(), server.parts());
    assert_eq!((reader.offset(), reader.check()), (server.offset(), server.check()));
});
