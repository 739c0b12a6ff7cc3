//! What is not typeset, and why.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::markdown::math::{MAX_BYTES, MAX_DEPTH, NotTypeset, typeset};

#[wasm_bindgen_test(unsupported = test)]
fn a_long_formula_is_refused_and_one_of_just_the_length_is_not() {
    assert!(typeset(&"x".repeat(MAX_BYTES), true).is_ok());
    assert_eq!(typeset(&"x".repeat(MAX_BYTES + 1), true), Err(NotTypeset::TooLong));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_deep_formula_is_refused() {
    for (open, close) in [
        ("{", "}"),
        ("\\frac{1}{", "}"),
        ("x^{", "}"),
        ("\\left(", "\\right)"),
        ("\\sqrt{", "}"),
        ("\\begin{matrix}", "\\end{matrix}"),
        ("\\color{red}", ""),
        ("\\displaystyle ", ""),
        ("\\text{$", "$}"),
        ("\\not{", "}"),
    ] {
        let nested = |depth: usize| format!("{}x{}", open.repeat(depth), close.repeat(depth));
        let deep = nested(MAX_BYTES / (open.len() + close.len()) - 1);
        assert!(typeset(&deep, true).is_err(), "{open}");
    }
    assert!(typeset(&format!("{}x{}", "{".repeat(10), "}".repeat(10)), true).is_ok());
    assert_eq!(
        typeset(&format!("{}x{}", "{".repeat(MAX_DEPTH), "}".repeat(MAX_DEPTH)), true),
        Err(NotTypeset::TooDeep)
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn the_parser_is_not_made_to_call_itself_without_end() {
    for piece in [
        "\\hat",
        "\\frac",
        "\\mathbf",
        "\\relax",
        "\\not",
        "\\sqrt",
        "%\n",
        "\\relax%\n",
        "\\bar ",
        "^",
        "_",
        "'",
        "{}",
        "&",
    ] {
        let long = piece.repeat(MAX_BYTES / piece.len());
        for display in [false, true] {
            let _ = typeset(&long, display);
            let _ = typeset(&format!("{long} x"), display);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn macros_are_refused() {
    for latex in [
        r"\def\a{\a}\a",
        r"\newcommand{\a}[1]{\a{#1}}\a x",
        r"\let\a\a \a",
        r"\futurelet\a\b",
        r"\providecommand{\a}[0]{\a\a}\a",
        r"\char999999999999999999999999",
        "\u{E000}x",
    ] {
        assert_eq!(typeset(latex, false), Err(NotTypeset::NotUnderstood), "{latex}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_brought_the_parser_down_does_not() {
    for latex in [
        "\\kern1em\u{A0}x",
        "\\color{#中中}x",
        "\\color{#}x",
        "\\operatorname x",
        "\\text x中",
        "\\",
        "\\ ",
        "\\\u{A0}",
        "\\begin",
        "\\begin{array}",
        "\\begin{array}{}x\\end{array}",
        "\\left",
        "\\tag",
        "\\label{",
        "\\boxed x",
        "\\kern99999999999999999999999999999999999999999em",
    ] {
        for display in [false, true] {
            let _ = typeset(latex, display);
        }
    }
}
