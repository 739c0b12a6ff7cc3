//! What texts look like.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::markdown::{Growing, Labels, Tree, parse, parse_with, write_html};

fn html(source: &str) -> String {
    let mut html = String::new();
    write_html(&mut html, &parse(source));
    html
}

/// The same where each label says which one of them it is.
fn numbered(source: &str) -> String {
    let mut labels = "n0 n1 n2 n3 n4 n5 n6 n7 n8 n9 n10 n11 n12 n13 n14({}) n15({}) n16".split(' ');
    let mut html = String::new();
    write_html(&mut html, &parse_with(source, Box::leak(Box::new(Labels::read(&mut labels)))));
    html
}

const LINK: &str = "rel=\"noopener noreferrer nofollow\" target=\"_blank\"";

#[wasm_bindgen_test(unsupported = test)]
fn links_open_apart_and_only_three_schemes_are_links() {
    for scheme in ["http://", "https://", "HTTPS://", "mailto:"] {
        assert_eq!(html(&format!("[a]({scheme}b)")), format!("<p><a href=\"{scheme}b\" {LINK}>a</a></p>"));
    }
    for address in ["/a", "a", "#a", "//a.test", "ftp://a", "tel:1", "http:a", "https://", "javascript:x"] {
        assert_eq!(html(&format!("[*a*]({address})")), "<p><em>a</em></p>", "{address}");
    }
    assert_eq!(html("<a@b.test>"), format!("<p><a href=\"mailto:a@b.test\" {LINK}>a@b.test</a></p>"));
}

#[wasm_bindgen_test(unsupported = test)]
fn an_image_of_ours_is_an_image_and_another_one_is_a_link() {
    assert_eq!(
        html("![a *b*](/api/files/x.png)"),
        "<p><a class=\"open-image\" href=\"/api/files/x.png\">\
         <img src=\"/api/files/x.png\" alt=\"a b\" loading=\"lazy\"></a></p>"
    );
    assert_eq!(
        html("![](/api/files/0f-30x20 't')"),
        "<p><a class=\"open-image\" href=\"/api/files/0f-30x20\">\
         <img src=\"/api/files/0f-30x20\" alt=\"Image\" width=\"30\" height=\"20\" loading=\"lazy\" title=\"t\"></a></p>"
    );
    for no_size in ["0f", "0f-0x1", "0f-1x0", "0f-1x", "0f-x", "0f-4294967296x1", "0f-1x1.png"] {
        let shown = html(&format!("![a](/api/files/{no_size})"));
        assert!(shown.contains("<img") && !shown.contains("width="), "{shown}");
    }
    assert_eq!(
        html("![cat](https://me@evil.test:8/x?y)"),
        format!(
            "<p><span class=\"image-blocked\">Image from evil.test:8 not loaded: cat \
             <a href=\"https://me@evil.test:8/x?y\" {LINK}>Open</a></span></p>"
        )
    );
    assert_eq!(html("![](data:x)"), "<p><span class=\"image-blocked\">Image not loaded</span></p>");
}

#[wasm_bindgen_test(unsupported = test)]
fn no_link_is_within_a_link() {
    assert_eq!(
        html("[![a](https://b.test)](https://c.test)"),
        format!(
            "<p><a href=\"https://c.test\" {LINK}><span class=\"image-blocked\">\
             Image from b.test not loaded: a</span></a></p>"
        )
    );
    assert_eq!(
        html("[![a](/api/files/0f-3x2)](https://c.test)"),
        format!(
            "<p><a href=\"https://c.test\" {LINK}><img src=\"/api/files/0f-3x2\" alt=\"a\" \
             width=\"3\" height=\"2\" loading=\"lazy\"></a></p>"
        )
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn a_code_block_has_its_bar_before_it_has_a_line() {
    let bar = |language| {
        format!(
            "<div class=\"code\"><div class=\"code-bar\"><span class=\"code-language\">{language}</span>\
             <button class=\"wrap\" type=\"button\" aria-pressed=\"false\">Wrap</button>\
             <button class=\"copy\" type=\"button\">Copy</button></div><pre tabindex=\"0\"><code>"
        )
    };
    assert_eq!(html("```"), format!("{}</code></pre></div>", bar("")));
    assert_eq!(
        html("```rust,ignore\na\n"),
        format!("{}<span data-piece=\"\">a\n</span></code></pre></div>", bar("rust"))
    );
    assert_eq!(html("```c++ {.x}\n```"), format!("{}</code></pre></div>", bar("c++")));
    assert_eq!(html("```\"><img\n```"), format!("{}</code></pre></div>", bar("")));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_list_differs_from_a_loose_one_only_in_its_class() {
    assert_eq!(html("- a\n- b"), "<ul><li><p>a</p></li><li><p>b</p></li></ul>");
    assert_eq!(html("- a\n\n- b"), "<ul class=\"loose\"><li><p>a</p></li><li><p>b</p></li></ul>");
    assert_eq!(html("2. a\n   - b"), "<ol start=\"2\"><li><p>a</p><ul><li><p>b</p></li></ul></li></ol>");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_task_has_a_box_that_can_not_be_ticked() {
    let done = "<input type=\"checkbox\" disabled=\"\" aria-label=\"Done\" checked=\"\">";
    assert_eq!(html("- [x] a"), format!("<ul><li class=\"task\"><p>{done}a</p></li></ul>"));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_table_scrolls_by_itself_and_keeps_its_alignment() {
    assert_eq!(
        html("|a|b|\n|-|-:|\n|1|2|"),
        "<div class=\"table\" tabindex=\"0\"><div class=\"table-bar\">\
         <button class=\"markdown\" type=\"button\">Copy Markdown</button>\
         <button class=\"csv\" type=\"button\">Copy CSV</button></div><table><thead><tr><th scope=\"col\">a</th>\
         <th scope=\"col\" class=\"right\">b</th></tr></thead><tbody><tr><td>1</td>\
         <td class=\"right\">2</td></tr></tbody></table></div>"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn raw_html_is_text() {
    assert_eq!(html("a <b>c</b>"), "<p>a &lt;b&gt;c&lt;/b&gt;</p>");
    assert_eq!(html("<div>\n*c*\n"), "<p class=\"raw\">&lt;div&gt;\n*c*\n</p>");
}

#[wasm_bindgen_test(unsupported = test)]
fn prices_are_not_a_formula() {
    assert_eq!(html("$5-$10"), "<p>$5-$10</p>");
    assert_eq!(
        html("$a_1$, $$b$$"),
        "<p><code class=\"math\">a_1</code>, <code class=\"math display\">b</code></p>"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn alerts_and_footnotes_have_no_ids() {
    assert_eq!(
        html("> [!NOTE]\n> a"),
        "<div class=\"alert note\" role=\"note\"><p class=\"alert-title\">Note</p><p>a</p></div>"
    );
    assert_eq!(
        html("a[^n]\n\n[^n]: b"),
        "<p>a<sup class=\"footnote-ref\">n</sup></p><div class=\"footnote\" role=\"note\">\
         <span class=\"footnote-label\">n</span><div class=\"footnote-body\"><p>b</p></div></div>"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn what_has_a_side_has_it_where_its_first_line_begins() {
    for (source, expected) in [
        ("- 1. א\n- a", "<ul dir=\"rtl\"><li><ol dir=\"rtl\"><li>"),
        ("- [x] نص", "<ul dir=\"rtl\"><li class=\"task\">"),
        ("- [X] x א", "<ul><li class=\"task\">"),
        ("7) 5 **א**", "<ol start=\"7\" dir=\"rtl\">"),
        ("- a\n- א", "<ul><li>"),
        ("> נ", "<blockquote dir=\"rtl\">"),
        ("> 12\n> נ", "<blockquote><p>"),
        ("> [!TIP]\n> נ", "<div class=\"alert tip\" role=\"note\" dir=\"rtl\"><p class=\"alert-title\">"),
        ("> [!TIP]\n> - נ", "<div class=\"alert tip\" role=\"note\" dir=\"rtl\"><p class=\"alert-title\">"),
        ("> [!TIP]\n\nנ", "<div class=\"alert tip\" role=\"note\"><p"),
        ("[^1]: נ", "<div class=\"footnote\" role=\"note\" dir=\"rtl\"><span"),
        ("|נ|a|\n|-|-|", "<div class=\"table\" tabindex=\"0\" dir=\"rtl\">"),
    ] {
        let shown = html(source);
        assert!(shown.starts_with(expected), "{source:?}: {shown}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_said_beside_the_text_is_what_the_labels_say() {
    let cases: &[(&str, &[&str])] = &[
        ("```", &[">n5</button>", ">n2</button>"]),
        ("|a|\n|-|", &[">n3</button>", ">n4</button>"]),
        ("- [x] a\n- [ ] b\n- [ ]\n", &["label=\"n11\"", "label=\"n12\"", "label=\"n12\""]),
        ("![](data:x)", &[">n13<"]),
        ("![a{}](https://b.test)", &[">n14(b.test)n15(a{}) <a", ">n16</a>"]),
        ("> [!NOTE]\n\n", &[">n6</p>"]),
        ("> [!TIP]\n\n", &[">n7</p>"]),
        ("> [!IMPORTANT]\n\n", &[">n8</p>"]),
        ("> [!WARNING]\n\n", &[">n9</p>"]),
        ("> [!CAUTION]\n\n", &[">n10</p>"]),
    ];
    for (source, expected) in cases {
        let shown = numbered(source);
        let mut rest = shown.as_str();
        for part in *expected {
            rest = rest.split_once(part).unwrap_or_else(|| panic!("{part} in {shown}")).1;
        }
        for said in Labels::ENGLISH.list() {
            assert!(!shown.contains(&format!(">{said}<")), "{said} in {shown}");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_text_that_grows_has_the_same_labels() {
    let mut labels = "n0 n1 n2".split(' ');
    let labels = Box::leak(Box::new(Labels::read(&mut labels)));
    let (mut growing, mut tree) = (Growing::with(labels), Tree::new());
    growing.push("```\na", &mut |change| tree.apply(change));
    let mut html = String::new();
    write_html(&mut html, &tree.into_blocks());
    assert!(html.contains(">n2</button>"), "{html}");
}

#[wasm_bindgen_test(unsupported = test)]
fn containers_deeper_than_32_are_text() {
    let shown = html(&format!("{}- > deep", "> ".repeat(31)));
    assert!(
        shown.ends_with(&format!("<ul><li><p>&gt; deep</p></li></ul>{}", "</blockquote>".repeat(31))),
        "{shown}"
    );
}
