//! Tests of the fold. What needs no proptest runs natively and in a browser, from the one body.

mod cases;

// proptest is not built for WASM.
#[cfg(not(target_family = "wasm"))]
mod properties;

use super::{Answer, Applied, Part, Verdict};
use crate::wire::{
    Check, EndReason, Event, Image, Offset, Outcome, PartKind, Phase, Position, SnapshotPart, Status,
    Terminal, Timing,
};

pub(super) fn image(url: &str) -> Image {
    Image { url: url.to_owned(), w: 4, h: 3, alt: "a \"cat\"".to_owned() }
}

/// Parts of all types, with characters of one to four bytes, and types that come again.
pub(super) fn example() -> Answer {
    let mut answer = Answer::default();
    answer.push_image(image("/api/files/ä"));
    answer.push(PartKind::Think, "hm, é 漢");
    answer.push(PartKind::Text, "# Hello\r\n\n");
    answer.push(PartKind::Text, "😀 data: {\"t\":\"end\"}\n\nx\0");
    answer.push(PartKind::Think, "…");
    answer.push_image(image("/b"));
    answer.push_image(image("/b"));
    answer.push(PartKind::Text, "e\u{301}\u{feff}");
    answer
}

/// The terminal that the server would send for what it has.
fn terminal(answer: &Answer) -> Terminal {
    Terminal {
        outcome: Outcome::End { reason: EndReason::Stop, usage: None },
        length: answer.offset(),
        check: answer.check(),
        timing: Timing::default(),
    }
}

/// The offsets at which the answer may be cut, found without its own bookkeeping.
fn borders(answer: &Answer) -> Vec<u64> {
    let mut borders = vec![0];
    let mut at = 0;
    for part in answer.parts() {
        let lengths: Vec<usize> = match part {
            Part::Image(image) => vec![image.url.len()],
            Part::Think(r) | Part::Text(r) => r.chars().map(char::len_utf8).collect(),
        };
        for length in lengths {
            at += length as u64;
            borders.push(at);
        }
    }
    borders
}

/// The check as the protocol words it.
fn check_of(parts: &[Part]) -> Check {
    let bytes: Vec<u8> = parts
        .iter()
        .flat_map(|part| [part.kind().name().as_bytes(), &[0], part.content().as_bytes()].concat())
        .collect();
    Check(crc32fast::hash(&bytes))
}

/// The parts as they come out of a snapshot's JSON.
fn through_json(parts: &[Part]) -> Vec<SnapshotPart> {
    let parts: Vec<SnapshotPart> = parts.iter().cloned().map(SnapshotPart).collect();
    let json = serde_json::to_string(&parts).unwrap();
    let read: Vec<SnapshotPart> = serde_json::from_str(&json).unwrap();
    assert_eq!(read, parts, "{json}");
    read
}

/// Reads on until there is nothing more, as a reader does that asks for at most `max` bytes.
fn read_on(server: &Answer, reader: &mut Answer, max: usize) {
    while let Some((end, slice)) = server.read(reader.offset(), max) {
        let applied = reader.apply_frame(&end.to_string(), &slice.to_json()).unwrap();
        assert_eq!(applied, Applied::Appended, "{slice:?} up to {end}");
        assert_eq!(reader.offset(), end);
    }
}

fn assert_same(reader: &Answer, server: &Answer) {
    assert_eq!(reader.parts(), server.parts());
    assert_eq!(reader.offset(), server.offset());
    assert_eq!(reader.check(), server.check());
}

/// The invariant that everything rests on: for every offset, a snapshot up to it and what is served
/// after it join to the same answer.
fn joins_at_every_offset(whole: &Answer, max: usize) {
    let borders = borders(whole);
    assert_eq!(whole.check(), check_of(whole.parts()));
    for k in 0..=whole.offset().0 + 1 {
        let border = Offset(*borders.iter().rfind(|&&border| border <= k).expect("0 is one"));
        assert_eq!(whole.border(Offset(k)), border, "the border before {k}");

        let mut snapshot = whole.clone();
        snapshot.cut(Offset(k));
        assert_eq!(snapshot.offset(), border);
        assert_eq!(snapshot.check(), check_of(snapshot.parts()));
        let mut reader = Answer::from_parts(through_json(snapshot.parts()));
        assert_same(&reader, &snapshot);

        // Whoever asks from inside something is served from its beginning.
        assert_eq!(whole.read(Offset(k), max), whole.read(border, max));
        read_on(whole, &mut reader, max);
        assert_same(&reader, whole);
        assert_eq!(
            reader.apply(Position::End, Event::Terminal(terminal(whole))),
            Applied::Ended(Verdict::Whole)
        );
    }
}

fn at(offset: u64) -> Position {
    Position::At(Offset(offset))
}

fn text(r: &str) -> Event {
    Event::Text(r.to_owned())
}

fn status(phase: Phase) -> Event {
    Event::Status(Status::phase(phase))
}
