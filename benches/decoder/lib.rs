//! What the benchmark measures: `sse` and `wire` as they stand in the crate, and for the browser a
//! reader like the page's, which is handed chunks of bytes by JavaScript.

#[path = "../../src/sse/mod.rs"]
pub mod sse;
#[path = "../../src/wire/mod.rs"]
pub mod wire;

use wasm_bindgen::prelude::wasm_bindgen;

/// The largest event of the benchmark is a quarter of this.
pub const LIMIT: usize = 64 * 1024 * 1024;

/// Decodes and folds, as the page does with what it reads.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Reader {
    decoder: sse::Decoder,
    answer: wire::Answer,
}

#[wasm_bindgen]
impl Reader {
    /// A reader at the beginning of an answer.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::new_without_default, reason = "JavaScript has no use for it")]
    pub fn new() -> Self {
        Self { decoder: sse::Decoder::new(LIMIT), answer: wire::Answer::default() }
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, chunk: &[u8]) {
        let answer = &mut self.answer;
        let fed = self.decoder.feed(chunk, |frame| {
            let _ = answer.apply_frame(frame.id, &frame.data).expect("an event");
        });
        fed.expect("within the limit");
    }

    /// How many bytes of content there are.
    pub fn length(&self) -> f64 {
        self.answer.offset().0 as f64
    }
}
