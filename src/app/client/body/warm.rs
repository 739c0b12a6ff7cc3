//! Draws a bit of everything where nobody sees it, when the browser has nothing to do: it compiles what is
//! called for the first time, which would make the first frame of an answer a long one.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::drawn::Drawn;
use super::{Draw, document};

/// What answers are made of. Nothing in it is loaded from elsewhere: no formula, no image, no code in colours.
const SAMPLE: &str = "# Title\n\n## A *part*\n\nSome **bold** text, some *other*, some ~~gone~~, `code`, a \
[link](https://example.org/ \"Title\"), https://example.org/, an &amp;, a \\* and a  \nbreak.\n一些文字。\n\n\
- one\n- two\n  - [x] three\n\n- loose\n\n1. first\n2. second\n\n> quoted\n> - list\n\n> [!NOTE]\n> remark\n\n\
| a | b |\n| --- | ---: |\n| 1 | `2` |\n| 3 | **4** |\n\n```\nlet code = 1;\n\nmore\n```\n\n    indented\n\n\
---\n\nA note[^1], a [reference], a <br> and the end\n\n[^1]: of it\n\n[reference]: https://example.org/\n";

/// Has it drawn. A browser that can't say when it has nothing to do goes without.
pub(super) fn up() {
    let draw = Closure::once_into_js(draw);
    if let Some(window) = web_sys::window() {
        let _ = window.request_idle_callback(draw.unchecked_ref());
    }
}

fn draw() {
    if let Ok(place) = document().create_element("div") {
        Drawn::adopt(place, Some(String::new())).show(SAMPLE, true);
    }
}

#[cfg(all(test, target_family = "wasm"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn there_is_a_bit_of_everything_and_all_of_it_in_one_frame() {
        let place = document().create_element("div").unwrap();
        let is_drawn = Drawn::adopt(place.clone(), Some(String::new())).show(SAMPLE, true);
        assert!(is_drawn && SAMPLE.len() < 1 << 10);
        for kind in [
            "h2 em",
            "strong",
            "em",
            "del",
            "p code",
            "a[title]",
            "br",
            "ul ul input",
            "ul.loose",
            "ol",
            "blockquote ul",
            ".alert",
            "th",
            "td strong",
            "td code",
            ".code",
            "hr",
            ".footnote-body",
        ] {
            assert!(place.query_selector(kind).unwrap().is_some(), "{kind}: {}", place.inner_html());
        }
        for kind in ["img", ".math"] {
            assert!(place.query_selector(kind).unwrap().is_none(), "{kind}");
        }
        let languages = place.query_selector_all(".code-language").unwrap();
        for language in (0..languages.length()).filter_map(|at| languages.item(at)) {
            assert_eq!(language.text_content().as_deref(), Some(""));
        }
    }
}
