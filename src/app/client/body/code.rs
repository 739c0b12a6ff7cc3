//! Code that is finished: its colours, and the diagram that it may be.
//!
//! Both come from packages of npm's, so what is done with them is JavaScript, bundled in `public/parts`.
//! The page's own script has the function that loads it (`app::document`), and nothing is loaded for
//! code that names no language.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = finishedCode, catch)]
    fn finished_code(block: &Element) -> Result<(), JsValue>;
}

/// Takes a code block to which nothing will be added any more. Where the page has no such function the
/// code stays plain.
pub(super) fn finished(block: &Element) {
    let _ = finished_code(block);
}
