//! Tests of formulas: what they look like, that they are safe and nothing panics whatever the text, and
//! that their HTML reads back as the same tree.

use super::MathElement;

mod bounds;
pub(crate) mod shapes;

// proptest and the HTML parser are not built for WASM.
#[cfg(not(target_family = "wasm"))]
mod reading_back;

/// The elements that may be in a formula, written apart from the table that the code has.
pub(crate) const MATH_TAGS: &[&str] = &[
    "annotation",
    "math",
    "mfrac",
    "mi",
    "mn",
    "mo",
    "mover",
    "mphantom",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "semantics",
];

/// How many children these have, or the browser shows the formula as an error.
fn arity(tag: &str) -> Option<usize> {
    Some(match tag {
        "mfrac" | "mroot" | "msub" | "msup" | "munder" | "mover" | "semantics" => 2,
        "msubsup" | "munderover" => 3,
        "math" => 1,
        _ => return None,
    })
}

/// Panics if a formula has what it must not have. Written apart from the tables that it checks.
pub(crate) fn assert_safe(element: &MathElement, source: &str) {
    assert_safe_element(element, source, 0);
}

fn assert_safe_element(element: &MathElement, source: &str, depth: usize) {
    let tag = element.tag.name();
    assert!(depth < 4 * super::MAX_DEPTH, "{depth} deep: {source:?}");
    assert!(MATH_TAGS.contains(&tag), "<{tag}> of {source:?}");
    assert!(element.text.is_empty() || element.children.is_empty(), "{element:?}");
    assert!(arity(tag).is_none_or(|count| count == element.children.len()), "{element:?} of {source:?}");
    let is_token = matches!(tag, "mi" | "mn" | "mo" | "mtext" | "annotation");
    assert!(is_token || element.text.is_empty(), "{element:?} of {source:?}");
    let mut names: Vec<_> = element.attrs.iter().map(|attr| attr.name()).collect();
    for attr in &element.attrs {
        assert_safe_math_attribute(tag, attr.name(), &attr.value(), source);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), element.attrs.len(), "a name twice: {:?}", element.attrs);
    for child in &element.children {
        assert_safe_element(child, source, depth + 1);
    }
}

/// Panics if an element of a formula must not have this attribute, or not with this value.
pub(crate) fn assert_safe_math_attribute(tag: &str, name: &str, value: &str, source: &str) {
    let truth = || matches!(value, "true" | "false");
    let length = || {
        value
            .strip_suffix("em")
            .is_some_and(|number| number.parse::<f64>().is_ok_and(|ems| ems.abs() <= 20.0))
    };
    let color = || value.len() == 7 && value[1..].bytes().all(|b| b.is_ascii_hexdigit());
    let ok = match (tag, name) {
        ("math", "display") => value == "block",
        ("annotation", "encoding") => value == "application/x-tex",
        ("mi", "mathvariant") => value == "normal",
        ("mo", "stretchy" | "symmetric" | "movablelimits" | "largeop") => truth(),
        ("mo", "form") => matches!(value, "prefix" | "postfix"),
        ("mo", "lspace" | "rspace") => value == "0",
        ("mo", "minsize" | "maxsize") | ("mfrac", "linethickness") => length(),
        ("mspace", "width" | "height" | "depth") => length() && !value.starts_with('-'),
        ("mover" | "munderover", "accent") | ("munder" | "munderover", "accentunder") => value == "true",
        ("mstyle" | "mtable", "displaystyle") => truth(),
        ("mstyle", "scriptlevel") => matches!(value, "0" | "1" | "2"),
        ("mstyle", "mathcolor" | "mathbackground") => color(),
        ("mo" | "mrow" | "mspace" | "mstyle" | "mtable" | "mtd" | "mtr", "class") => {
            value.bytes().all(|b| b.is_ascii_lowercase() || b" -".contains(&b))
        }
        _ => false,
    };
    assert!(ok, "<{tag} {name}={value:?}> of {source:?}");
}
