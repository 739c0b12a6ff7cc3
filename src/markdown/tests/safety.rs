//! Whatever the text, and however much of it has come, there is nothing in the tree that could do harm.

use wasm_bindgen_test::wasm_bindgen_test;

use super::documents::{HOSTILE, ORDINARY};
use super::{assert_safe, beginnings};
use crate::markdown::parse;

#[wasm_bindgen_test(unsupported = test)]
fn no_beginning_of_a_hostile_text_does_harm() {
    for text in HOSTILE {
        for beginning in beginnings(text) {
            assert_safe(&parse(beginning), beginning);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn no_beginning_of_an_ordinary_text_does_harm() {
    for text in ORDINARY {
        for beginning in beginnings(text) {
            assert_safe(&parse(beginning), beginning);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_hostile_text_is_shown_not_swallowed() {
    for (source, shown) in [
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("a <b onclick=x>c</b>", "a <b onclick=x>c</b>"),
        ("[label](javascript:alert(1))", "label"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ] {
        let text: String = parse(source).iter().map(crate::markdown::Element::text).collect();
        assert_eq!(text, shown);
    }
}
