//! Streams and what they must become, as data.

use serde::Deserialize;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Event, decode, every_cut};

const VECTORS: &str = include_str!("vectors.json");
const MORE_VECTORS: &str = include_str!("more_vectors.json");

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    chunks: Vec<String>,
    events: Vec<Event>,
    retry: Option<u64>,
}

impl Vector {
    /// In the file every character up to U+00FF stands for one byte.
    fn chunks(&self) -> Vec<Vec<u8>> {
        let bytes = |chunk: &String| chunk.chars().map(|c| u8::try_from(c).expect("a byte")).collect();
        self.chunks.iter().map(bytes).collect()
    }

    fn check(&self, cut: &str, chunks: &[&[u8]]) {
        let (events, retry, end) = decode(chunks.iter().copied());
        assert_eq!(events, self.events, "{}, {cut}", self.id);
        assert_eq!(retry, self.retry, "{}, {cut}", self.id);
        assert_eq!(end, Ok(()), "{}, {cut}", self.id);
    }
}

fn check_file(json: &str, at_least: usize) {
    let file: File = serde_json::from_str(json).unwrap();
    assert!(file.vectors.len() >= at_least, "only {} vectors were read", file.vectors.len());
    for vector in file.vectors {
        let chunks = vector.chunks();
        vector.check("its own chunks", &chunks.iter().map(Vec::as_slice).collect::<Vec<_>>());
        every_cut(&chunks.concat(), |cut, chunks| vector.check(cut, chunks));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_vectors_hold_at_every_cut() {
    check_file(VECTORS, 26);
}

#[wasm_bindgen_test(unsupported = test)]
fn our_own_vectors_hold_at_every_cut() {
    check_file(MORE_VECTORS, 50);
}
