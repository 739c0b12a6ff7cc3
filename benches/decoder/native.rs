//! How fast events are decoded: in small and large pieces (`frames`), folded into an answer too
//! (`typed`), and whether one huge event (`one-event`, in MiB) and a line that nobody needs
//! (`comment`) are linear. `scripts/bench-decoder` runs this beside eventsource-parser on the same
//! bytes and holds it against the targets.

use std::hint::black_box;
use std::time::Duration;
use std::{env, fs};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sluice_bench_decoder::sse::{Decoder, encode};
use sluice_bench_decoder::wire::Event;
use sluice_bench_decoder::{LIMIT, Reader};

/// What one event takes on the wire, empty line included: about a sentence.
const EVENT: usize = 259;
/// A stream is a whole answer of this many events, 4 MiB.
const EVENTS: usize = 16_000;
const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Prose as models write it: now and then a line break, a quotation mark, a character of three bytes.
fn text(length: usize) -> String {
    const PROSE: &str = "A stream that was cut looks like a finished answer — unless its end says how long it \
        is.\n\nSo every answer ends with its length and a check, and a reader who is \"short\" asks for the \
        rest, from the byte where it stands. ";
    PROSE.chars().cycle().take(length).collect()
}

/// An answer's stream, each event of the same size on the wire.
fn stream() -> Vec<u8> {
    let (mut out, mut offset) = (Vec::new(), 0);
    for _ in 0..EVENTS {
        let event = |r: &str| {
            let mut frame = Vec::new();
            let data = Event::Text(r.to_owned()).to_json();
            encode(&mut frame, Some(&(offset + r.len()).to_string()), &data);
            frame
        };
        let mut r = text(200);
        while event(&r).len() < EVENT {
            r.push('.');
        }
        let frame = event(&r);
        assert_eq!(frame.len(), EVENT);
        offset += r.len();
        out.extend(frame);
    }
    out
}

fn one_event(size: usize) -> Vec<u8> {
    let mut out = Vec::new();
    encode(&mut out, Some("1"), &"x".repeat(size));
    out
}

fn decode(stream: &[u8], piece: usize) -> usize {
    let (mut decoder, mut bytes) = (Decoder::new(LIMIT), 0);
    for chunk in stream.chunks(piece) {
        decoder.feed(chunk, |frame| bytes += black_box(frame.data).len()).expect("within the limit");
    }
    bytes
}

fn fold(stream: &[u8], piece: usize) -> Reader {
    let mut reader = Reader::new();
    for chunk in stream.chunks(piece) {
        reader.feed(chunk);
    }
    reader
}

fn pieces(criterion: &mut Criterion) {
    let stream = stream();
    // The peers read the same bytes.
    if let Some(path) = env::var_os("BENCH_STREAM") {
        fs::write(path, &stream).expect("BENCH_STREAM can be written");
    }
    let mut group = criterion.benchmark_group("frames");
    group.throughput(Throughput::Bytes(stream.len() as u64));
    for piece in [16, KIB, 64 * KIB] {
        group.bench_function(BenchmarkId::from_parameter(piece), |b| b.iter(|| decode(&stream, piece)));
    }
    group.finish();
    let mut group = criterion.benchmark_group("typed");
    group.throughput(Throughput::Bytes(stream.len() as u64));
    for piece in [16, KIB, 64 * KIB] {
        group.bench_function(BenchmarkId::from_parameter(piece), |b| b.iter(|| fold(&stream, piece)));
    }
    group.finish();
}

fn sizes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one-event");
    for size in [8, 16] {
        let stream = one_event(size * MIB);
        group.bench_function(BenchmarkId::from_parameter(size), |b| b.iter(|| decode(&stream, KIB)));
    }
    group.finish();
    // A line of a gigabyte that nobody needs, which is never kept.
    let mut group = criterion.benchmark_group("comment");
    let chunk = vec![b'x'; MIB];
    group.sample_size(10);
    group.bench_function(BenchmarkId::from_parameter(KIB), |b| {
        b.iter(|| {
            let mut decoder = Decoder::new(KIB);
            decoder.feed(b":", |_| ()).expect("within the limit");
            for _ in 0..KIB {
                decoder.feed(black_box(&chunk), |_| ()).expect("within the limit");
            }
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .without_plots();
    targets = pieces, sizes
}
criterion_main!(benches);
