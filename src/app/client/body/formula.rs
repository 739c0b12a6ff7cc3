//! A formula's tree as nodes of the page. Together with [`crate::markdown::math`] the bulk of a part of
//! the program: only [`super::math`] names it.

use web_sys::{Document, Element};

use super::document;
use super::pattern::Patterns;
use crate::markdown::math::{self, MathAttr, MathElement, MathTag};

/// The namespace of MathML's elements.
const MATHML: &str = "http://www.w3.org/1998/Math/MathML";

thread_local! {
    static PATTERNS: Patterns<(MathTag, Vec<MathAttr>)> = const { Patterns::none() };
}

/// Typesets the formula that stands in an element as its source.
pub(super) fn typeset(element: &Element) {
    let display = element.class_name().contains("display");
    let latex = element.text_content().unwrap_or_default();
    let formula = math::typeset(&latex, display).ok();
    element.set_class_name(math::class(display, formula.is_some()));
    if let Some(formula) = formula {
        element.set_text_content(None);
        let _ = PATTERNS.with(|patterns| element.append_child(&build(patterns, &document(), &formula)));
    }
}

fn build(
    patterns: &Patterns<(MathTag, Vec<MathAttr>)>,
    document: &Document,
    formula: &MathElement,
) -> Element {
    let is = |(tag, attrs): &(MathTag, Vec<MathAttr>)| *tag == formula.tag && *attrs == formula.attrs;
    let element = patterns.copy(is, || {
        let element = bare(document, formula);
        ((formula.tag, formula.attrs.clone()), element)
    });
    if !formula.text.is_empty() {
        element.set_text_content(Some(&formula.text));
    }
    for child in &formula.children {
        let _ = element.append_child(&build(patterns, document, child));
    }
    element
}

fn bare(document: &Document, formula: &MathElement) -> Element {
    let name = formula.tag.name();
    let element = document.create_element_ns(Some(MATHML), name).expect("every tag is a valid name");
    for attr in &formula.attrs {
        let _ = element.set_attribute(attr.name(), &attr.value());
    }
    element
}

#[cfg(all(test, target_family = "wasm"))]
mod tests {
    use wasm_bindgen::JsCast;
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::{Element, Node};

    use super::*;
    use crate::markdown::math::tests::shapes::COMMON;
    use crate::markdown::math::tests::{MATH_TAGS, assert_safe_math_attribute};

    fn code(class: &str, latex: &str) -> Element {
        let element = document().create_element("code").unwrap();
        element.set_class_name(class);
        element.set_text_content(Some(latex));
        element
    }

    fn assert_is(node: &Node, formula: &MathElement, latex: &str) {
        let element: &Element = node.dyn_ref().unwrap();
        assert_eq!(element.namespace_uri().as_deref(), Some(MATHML), "{latex}");
        assert_eq!(element.local_name(), formula.tag.name(), "{latex}");
        assert!(MATH_TAGS.contains(&element.local_name().as_str()));
        assert_eq!(element.get_attribute_names().length() as usize, formula.attrs.len(), "{latex}");
        for attr in &formula.attrs {
            let value = element.get_attribute(attr.name()).unwrap();
            assert_eq!(value, attr.value(), "{latex}");
            assert_safe_math_attribute(&element.local_name(), attr.name(), &value, latex);
        }
        if formula.children.is_empty() {
            assert_eq!(element.text_content().unwrap(), formula.text, "{latex}");
        }
        assert_eq!(element.children().length() as usize, formula.children.len(), "{latex}");
        for (at, child) in (0..).zip(&formula.children) {
            assert_is(&element.children().item(at).unwrap(), child, latex);
        }
    }

    #[wasm_bindgen_test]
    fn a_formula_in_the_page_is_its_tree() {
        for latex in COMMON {
            for (class, display) in [("math", false), ("math display", true)] {
                let element = code(class, latex);
                typeset(&element);
                assert_eq!(element.class_name(), format!("{class} typeset"), "{latex}");
                assert_eq!(element.child_nodes().length(), 1, "{latex}");
                let formula = math::typeset(latex, display).unwrap();
                assert_is(&element.first_child().unwrap(), &formula, latex);
            }
        }
    }

    #[wasm_bindgen_test]
    fn a_formula_that_is_not_understood_stays_as_its_source() {
        let element = code("math", "\\frac{1}{<b>");
        let text = element.first_child().unwrap();
        typeset(&element);
        assert_eq!(element.class_name(), "math math-failed");
        assert!(text.is_same_node(element.first_child().as_ref()));
        assert_eq!(element.text_content().unwrap(), "\\frac{1}{<b>");
    }
}
