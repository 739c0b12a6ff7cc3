//! Elements that have been built before, for copies: to copy one with its attributes is one call of the
//! browser and hands it no text, while building it is one call for itself and one for each attribute.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use web_sys::Element;

/// So many are kept. What is written here is of fewer kinds; only numbers could make more.
const MOST: usize = 64;

/// The elements of some names and attributes, each kept under its key.
#[derive(Debug)]
pub(super) struct Patterns<K>(RefCell<Vec<(K, Element)>>);

impl<K> Patterns<K> {
    pub(super) const fn none() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    /// A copy of the one whose key is like that, or of what `build` makes.
    pub(super) fn copy(&self, is: impl Fn(&K) -> bool, build: impl FnOnce() -> (K, Element)) -> Element {
        let mut patterns = self.0.borrow_mut();
        let known = patterns.iter().find(|(key, _)| is(key)).map(|(_, pattern)| pattern);
        if let Some(Ok(copy)) = known.map(|pattern| pattern.clone_node()) {
            return copy.unchecked_into();
        }
        let (key, built) = build();
        if patterns.len() < MOST
            && let Ok(pattern) = built.clone_node()
        {
            patterns.push((key, pattern.unchecked_into()));
        }
        built
    }
}

#[cfg(all(test, target_family = "wasm"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::super::document;
    use super::*;

    fn built(class: &str) -> Element {
        let element = document().create_element("p").unwrap();
        element.set_class_name(class);
        element
    }

    #[wasm_bindgen_test]
    fn each_is_an_element_of_its_own_and_like_the_first_of_its_key() {
        let patterns = Patterns::none();
        let copy = |class: &'static str| patterns.copy(|key| *key == class, || (class, built(class)));
        let first = copy("a");
        first.set_text_content(Some("text"));
        first.set_id("id");
        for _ in 0..2 {
            assert_eq!(copy("a").outer_html(), "<p class=\"a\"></p>");
            assert_eq!(copy("b").outer_html(), "<p class=\"b\"></p>");
        }
    }

    #[wasm_bindgen_test]
    fn not_all_that_comes_is_kept() {
        let patterns = Patterns::none();
        for key in 0..2 * MOST {
            let element = patterns.copy(|known| *known == key, || (key, built(&key.to_string())));
            assert_eq!(element.class_name(), key.to_string());
        }
        assert_eq!(patterns.0.borrow().len(), MOST);
    }
}
