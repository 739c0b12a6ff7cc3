//! What a text looks like while it comes, one character at a time.

use wasm_bindgen_test::wasm_bindgen_test;

use super::assert_safe;
use super::documents::{HOSTILE, ORDINARY};
use crate::markdown::{Growing, Tree, write_html};

/// What is shown when the text has come so far.
fn shown(text: &str) -> String {
    let (mut growing, mut tree) = (Growing::new(), Tree::new());
    for (at, c) in text.char_indices() {
        growing.push(&text[at..at + c.len_utf8()], &mut |change| tree.apply(change));
    }
    let mut html = String::new();
    write_html(&mut html, &tree.into_blocks());
    // What stands above a table is no matter here.
    match (html.find("<div class=\"table-bar\">"), html.find("<table>")) {
        (Some(bar), Some(table)) => format!("{}{}", &html[..bar], &html[table..]),
        _ => html,
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_unfinished_looks_as_it_will() {
    for (text, html) in [
        ("a **bold", "<p>a <strong>bold</strong></p>"),
        ("a **bold*", "<p>a <strong>bold</strong></p>"),
        ("a **bold ", "<p>a <strong>bold</strong></p>"),
        ("a **bold *it", "<p>a <strong>bold <em>it</em></strong></p>"),
        ("a ***both", "<p>a <em><strong>both</strong></em></p>"),
        ("a ~~gone", "<p>a <del>gone</del></p>"),
        ("a _it", "<p>a <em>it</em></p>"),
        ("a **", "<p>a </p>"),
        ("a `code", "<p>a <code>code</code></p>"),
        ("a `", "<p>a </p>"),
        ("a ``co`de", "<p>a <code>co`de</code></p>"),
        ("**a `b", "<p><strong>a <code>b</code></strong></p>"),
        ("# a **b", "<h2>a <strong>b</strong></h2>"),
        ("- a **b", "<ul><li><p>a <strong>b</strong></p></li></ul>"),
    ] {
        assert_eq!(shown(text).replace("<p>a</p>", "<p>a </p>"), html, "{text:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn half_a_link_is_its_label_and_half_an_image_is_nothing() {
    for text in
        ["a [label", "a [label]", "a [label](", "a [label](htt", "a [label](https://b.test/x", "a [label][re"]
    {
        assert_eq!(shown(text), "<p>a label</p>", "{text:?}");
    }
    for text in
        ["a!", "a![", "a![alt", "a![alt]", "a![alt](", "a![alt](https://b.test/x.png", "a![alt](/api/files/x"]
    {
        assert_eq!(shown(text).trim_start_matches("<p>").chars().next(), Some('a'), "{text:?}");
        assert!(!shown(text).contains("alt"), "{text:?}");
    }
    assert_eq!(shown("a <https://b.te"), "<p>a</p>");
    assert_eq!(shown("a https://b.te"), "<p>a https://b.te</p>");
    assert!(shown("a https://b.test ").contains("<a "));
    for before in ["", "# ", "- ", "| a | b |\n|---|---|\n| c | ", "> "] {
        for address in ["https://b.te", "www.b.te", "a@b.te", "a@b.te."] {
            let text = format!("{before}a {address}");
            assert!(!shown(&text).contains("<a "), "{text:?}: {}", shown(&text));
            assert!(shown(&format!("{text} ")).contains("<a "), "{text:?}");
        }
    }
    // A cell is complete when the next one begins.
    for row in ["| a | www.b.te |", "| www.b.te | a"] {
        assert!(shown(&format!("| a | b |\n|---|---|\n{row}")).contains("<a "), "{row}");
    }
    assert_eq!(shown("a [^no"), "<p>a</p>");
    assert_eq!(shown("[a]: https://b.te"), "");
    assert_eq!(shown("[a]:"), "");
}

#[wasm_bindgen_test(unsupported = test)]
fn marks_that_may_be_anything_are_nothing() {
    for text in [
        "#", "##", "-", "*", "+", "1", "1.", "12)", "`", "```", "~~~", "|", "|--", "|---|", ">", "> >", "=",
        "===", "$$", "[", "<", "    ", "- -", "**", "---", "\\", "\\(",
    ] {
        assert_eq!(shown(text), "", "{text:?}");
        let after = shown(&format!("a\n{text}"));
        assert_eq!(after, "<p>a</p>", "{text:?}");
    }
    for text in ["a &am", "a &#x2", "a \\", "a \\(x", "a \\[x", "a $$x"] {
        assert_eq!(shown(text), "<p>a</p>", "{text:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_ends_an_item_is_shown_before_its_line_is_complete() {
    for before in ["- a", "> a", "1. a\n   - b", "[^a]: b"] {
        for (line, html) in [
            ("# c", "<h2>c</h2>"),
            ("~~~ r", "<div class=\"code\">"),
            ("## c **d", "<h2>c <strong>d</strong></h2>"),
        ] {
            let text = format!("{before}\n{line}");
            assert!(shown(&text).contains(html), "{text:?}: {}", shown(&text));
        }
    }
    // What may still be text of the paragraph is not.
    for line in ["#", "#a", "~~", "    # a"] {
        let text = format!("- a\n{line}");
        assert!(!shown(&text).contains("</ul><"), "{text:?}: {}", shown(&text));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_table_looks_like_one_from_its_first_line_on() {
    let head = "<thead><tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr></thead>";
    for text in [
        "| a | b",
        "| a | b |",
        "| a | b |\n",
        "| a | b |\n|-",
        "| a | b |\n|---|--",
        "| a | b |\n|---|---|\n",
        "| a | b |\n|---|---|\n|",
    ] {
        assert_eq!(
            shown(text),
            format!("<div class=\"table\" tabindex=\"0\"><table>{head}</table></div>"),
            "{text:?}"
        );
    }
    let row = "<tbody><tr><td>1</td><td><strong>2</strong></td></tr></tbody>";
    for text in ["| a | b |\n|---|---|\n| 1 | **2", "| a | b |\n|---|---|\n| 1 | **2** |\n"] {
        assert_eq!(
            shown(text),
            format!("<div class=\"table\" tabindex=\"0\"><table>{head}{row}</table></div>"),
            "{text:?}"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn nothing_that_is_shown_on_the_way_does_harm() {
    for text in HOSTILE.iter().chain(ORDINARY) {
        let (mut growing, mut tree) = (Growing::new(), Tree::new());
        for (at, c) in text.char_indices() {
            growing.push(&text[at..at + c.len_utf8()], &mut |change| tree.apply(change));
            assert_safe(&tree.clone().into_blocks(), &text[..at]);
        }
    }
}
