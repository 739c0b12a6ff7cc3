//! Where the tree is meant to be another one than pulldown-cmark's.

use wasm_bindgen_test::wasm_bindgen_test;

use super::long::undivided;
use crate::markdown::{parse, write_html};

fn html(source: &str) -> String {
    let mut html = String::new();
    write_html(&mut html, &undivided(parse(source)));
    html.replace(" rel=\"noopener noreferrer nofollow\" target=\"_blank\"", "")
}

fn link(address: &str) -> String {
    format!("<a href=\"{address}\">{address}</a>")
}

#[wasm_bindgen_test(unsupported = test)]
fn brackets_behind_a_backslash_are_mathematics() {
    let math = |source| format!("<p><code class=\"math\">{source}</code></p>");
    let display = |source| format!("<p><code class=\"math display\">{source}</code></p>");
    assert_eq!(html("\\(x_1 * y_1\\)"), math("x_1 * y_1"));
    assert_eq!(html("\\( a \\)"), math("a"));
    assert_eq!(html("\\[\n\\frac{a}{b}\n\\]"), display("\\frac{a}{b}"));
    assert_eq!(html("\\(`\\)"), math("`"));
    assert_eq!(html("`\\(a\\)`"), "<p><code>\\(a\\)</code></p>");
    assert_eq!(html("\\\\(a\\\\)"), "<p>\\(a\\)</p>");
    assert_eq!(html("\\(a"), "<p>(a</p>");
    assert_eq!(html("\\(\\)"), "<p>()</p>");
    assert_eq!(html("[a](https://b.test/\\(c\\))"), "<p><a href=\"https://b.test/(c)\">a</a></p>");
    assert!(html("|a|\n|-|\n|\\(b\\)|").contains("<td><code class=\"math\">b</code></td>"));
    assert!(!html("|a|b|\n|-|-|\n|\\(b|c\\)|").contains('\u{F8F0}'));
}

#[wasm_bindgen_test(unsupported = test)]
fn money_is_not_mathematics() {
    for text in ["$5-$10", "$5 and $10", "$5, US$10 or $3", "from $1 to $2"] {
        assert_eq!(html(text), format!("<p>{text}</p>"));
    }
    assert_eq!(
        html("$5 for **a**, US$10 for `b`: $x$"),
        "<p>$5 for <strong>a</strong>, US$10 for <code>b</code>: <code class=\"math\">x</code></p>"
    );
}

/// pulldown-cmark fills in a quarter of a million in each table.
#[wasm_bindgen_test(unsupported = test)]
fn not_very_many_missing_cells_are_filled_in() {
    let cells = |rows: usize| {
        let table = format!("{}|\n{}|\n{}", "|a".repeat(200), "|-".repeat(200), "|b|\n".repeat(rows));
        html(&table).matches("<td").count()
    };
    assert_eq!(cells(20), 20 * 200);
    assert_eq!(cells(21), 20 * 200 + 1);
}

/// pulldown-cmark gives the marks of the containers as a part of the comment.
#[wasm_bindgen_test(unsupported = test)]
fn a_comment_of_several_lines_has_no_marks_of_containers() {
    assert_eq!(html("> a <!-- b\n>   c -->"), "<blockquote><p>a &lt;!-- b\nc --&gt;</p></blockquote>");
    assert_eq!(html("- a <?b\n  c?>"), "<ul><li><p>a &lt;?b\nc?&gt;</p></li></ul>");
}

#[wasm_bindgen_test(unsupported = test)]
fn addresses_in_the_text_are_links() {
    let a = link("https://a.test/b_c?d=e");
    for (before, after) in [
        ("", ""),
        ("see ", "."),
        ("(", ")"),
        ("", ", and"),
        ("**", "**"),
        ("见", "。然后"),
        ("“", "”"),
        ("", "?!"),
    ] {
        let shown = html(&format!("{before}https://a.test/b_c?d=e{after}"));
        assert!(shown.contains(&a), "{before} {after}: {shown}");
    }
    assert_eq!(html("http://a.test/b_(c)"), format!("<p>{}</p>", link("http://a.test/b_(c)")));
    assert_eq!(
        html("[https://a.test](https://b.test)"),
        "<p><a href=\"https://b.test\">https://a.test</a></p>"
    );
    for text in [
        "xhttps://a.test",
        "https://",
        "https:// a",
        "ftp://a.test",
        "javascript://a.test",
        "xwww.a.test",
        "a/www.a.test",
        "ftp://www.a.test",
        "www.conf",
        "www.",
        "www..a.test",
        "www.a.te_st",
        "react@18.2.0",
        "@a.test",
        "a@b",
        "a@b..test",
        "git@a.test:b/c",
        "a@b.test/c",
        "a@b.test@c.test",
    ] {
        assert_eq!(html(text), format!("<p>{text}</p>"));
    }
    // Without a scheme.
    let www = |address: &str| format!("<a href=\"https://{address}\">{address}</a>");
    let mail = |address: &str| format!("<a href=\"mailto:{address}\">{address}</a>");
    for (before, after) in [("", ""), ("see ", "."), ("(", ")"), ("**", "**"), ("见", "。然后"), ("", "?")]
    {
        let shown = html(&format!("{before}www.a.test/b?c{after}"));
        assert!(shown.contains(&www("www.a.test/b?c")), "{before} {after}: {shown}");
        let shown = html(&format!("{before}a.b_c+d@e-f.test{after}"));
        assert!(shown.contains(&mail("a.b_c+d@e-f.test")), "{before} {after}: {shown}");
    }
    assert_eq!(html("mailto:a@b.test: c"), format!("<p>mailto:{}: c</p>", mail("a@b.test")));
    assert_eq!(html("www.a.test:80"), format!("<p>{}</p>", www("www.a.test:80")));
    assert_eq!(html("`https://a.test`"), "<p><code>https://a.test</code></p>");
}

#[wasm_bindgen_test(unsupported = test)]
fn an_answer_has_no_heading_of_the_first_level() {
    assert_eq!(html("# a\n## b\n### c\n###### d"), "<h2>a</h2><h2>b</h2><h3>c</h3><h6>d</h6>");
    assert_eq!(html("a\n="), "<h2>a</h2>");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_long_paragraph_forgets_marks_that_are_far_away() {
    let far = |between: usize| html(&format!("**{}**", "word ".repeat(between).trim_end()));
    assert!(far(200).starts_with("<p><strong>"));
    assert!(far(2000).starts_with("<p>**word"));
    // Nor is it a heading.
    let long = "word ".repeat(2000);
    assert!(html(&format!("{long}\n===")).ends_with("\n===</p>"));
    assert!(html(&format!("[a]: https://b.test\n\n[a] {long}")).starts_with("<p><a href"));
    // Nor is the head of a table what has been shown as text.
    assert_eq!(html(&format!("a\n|{long}|\n|-|")).matches("word").count(), 2000);
}

/// A line is what its first 8 KB say.
#[wasm_bindgen_test(unsupported = test)]
fn a_long_line_is_no_rule_and_its_marks_at_the_end_are_text() {
    let long = "word ".repeat(2000);
    let many = |mark: &str| mark.repeat(10_000);
    for line in [many("-"), many("* "), many("="), many("|-"), format!("{}x", many("_"))] {
        assert_eq!(html(&line), format!("<p>{}</p>", line.trim_end()));
        let behind = html(&format!("a | b\n{line}"));
        assert!(!["<hr", "<h2", "<table"].iter().any(|tag| behind.contains(tag)), "{}", &line[..10]);
    }
    assert_eq!(html(&format!("# {long}##")), format!("<h2>{long}##</h2>"));
    assert_eq!(html(&format!("{}x", many(" "))), "<p>x</p>");
    assert!(html(&format!("<a {}>", many("b "))).starts_with("<p>&lt;a b"));
    // What opens a fence does so, whatever stands behind it.
    assert!(html(&format!("```{long}`\ncode")).contains("<code>code</code>"));
    // Marks in a cell that are far apart do not pair either.
    let cell = |text: &str| html(&format!("|a|b|\n|-|:-:|\n|{text}|*c* \\| d|e|\n|f|"));
    assert!(cell(&format!("**{long}**")).ends_with(
        "**</td><td class=\"center\"><em>c</em> | d</td></tr><tr><td>f</td><td class=\"center\"></td></tr></tbody></table></div>"
    ));
    assert!(cell(&format!("**x** {long}")).contains("<td><strong>x</strong> word"));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_carriage_return_alone_ends_a_line() {
    assert_eq!(html("# a\rb\r\nc"), "<h2>a</h2><p>b\nc</p>");
}

#[wasm_bindgen_test(unsupported = test)]
fn references_do_not_blow_a_text_up() {
    let address = format!("https://a.test/{}", "x".repeat(5000));
    let text = format!("[a]: {address}\n\n{}", "[a]\n\n".repeat(10_000));
    let links = html(&text).matches("<a ").count();
    assert!((10..100).contains(&links), "{links} links");
}

/// Code over two lines, of which one goes on lazily: its parser gets the paragraph with an indentation before it.
#[wasm_bindgen_test(unsupported = test)]
fn a_tab_at_the_beginning_of_a_line_of_code_between_words_may_be_four_spaces() {
    assert_eq!(html(">s\n|-\n`\n\t`"), "<blockquote><p>s\n|-\n<code>     </code></p></blockquote>");
    assert_eq!(html("s\n`\n\t`"), "<p>s\n<code> \t</code></p>");
}
