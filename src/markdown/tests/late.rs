//! Definitions that come behind what they define.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::markdown::{Change, Growing, Tree, write_html};

/// The HTML of the pieces, and how often a leaf was changed late.
fn grown(pieces: &[&str]) -> (String, usize) {
    let (mut growing, mut tree, mut late) = (Growing::new(), Tree::new(), 0);
    let mut apply = |change: Change| {
        late += usize::from(matches!(change, Change::Late { .. }));
        tree.apply(change);
    };
    for piece in pieces {
        growing.push(piece, &mut apply);
    }
    growing.finish(&mut apply);
    let mut html = String::new();
    write_html(&mut html, &tree.into_blocks());
    (html.replace(" rel=\"noopener noreferrer nofollow\" target=\"_blank\"", ""), late)
}

#[wasm_bindgen_test(unsupported = test)]
fn a_leaf_gets_its_link_when_the_definition_comes() {
    let to = "\n\n[r]: https://a.test\n[r]: https://second.test\n";
    for (text, html) in [
        ("*a* [r]", "<p><em>a</em> <a href=\"https://a.test\">r</a></p>"),
        ("# [R]", "<h2><a href=\"https://a.test\">R</a></h2>"),
        ("> - [b][r]", "<blockquote><ul><li><p><a href=\"https://a.test\">b</a></p></li></ul></blockquote>"),
    ] {
        assert_eq!(grown(&[text, to]), (html.to_owned(), 1), "{text:?}");
    }
    let (html, late) = grown(&["|a|b|\n|-|-|\n|c|[r]|\n", to]);
    assert!(html.contains("<tr><td>c</td><td><a href=\"https://a.test\">r</a></td></tr>"), "{html}");
    assert_eq!(late, 1);
    assert_eq!(grown(&["[r]: https://a.test\n\n[r]"]).1, 0);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_footnote_is_one_when_its_definition_comes() {
    let (html, late) = grown(&["a[^n]\n\nb\n", "\n[^n]: c"]);
    assert!(html.starts_with("<p>a<sup class=\"footnote-ref\">n</sup></p><p>b</p><div"), "{html}");
    assert_eq!(late, 1);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_definition_changes_nothing_else() {
    let mut growing = Growing::new();
    growing.push("a\n\n[r]\n\n- b\n\n- c [s]\n\n", &mut |_| {});
    let mut changes = Vec::new();
    growing.push("[r]: https://a.test\n\n", &mut |change| changes.push(change));
    let late = changes.iter().filter(|change| matches!(change, Change::Late { .. })).count();
    let other =
        changes.iter().filter(|change| matches!(change, Change::Add(_) | Change::Text(_) | Change::Open(_)));
    assert_eq!((late, other.count()), (1, 0), "{changes:?}");
}

#[wasm_bindgen_test(unsupported = test)]
fn the_parts_of_a_long_paragraph_wait_too() {
    let text = format!("[r] {} [R] {}[s]", "word ".repeat(2000), "word ".repeat(2000));
    let (html, late) = grown(&[&text, "\n\n[r]: https://a.test\n"]);
    assert_eq!((html.matches("<a href=\"https://a.test\">").count(), late), (2, 2), "{html}");
    assert!(html.starts_with("<p data-long=\"\"><span><a "), "{html}");
    assert!(html.ends_with("[s]</span></span></p>"), "{html}");
}

/// Where a reference in a text becomes a link, what is around it is no link any more, and what is behind that is
/// looked at for the first time.
#[cfg(not(target_family = "wasm"))]
#[test]
fn what_a_link_uncovers_is_one_too() {
    for text in [
        "[x [a] y]([c])\n\n[a]: /a\n\n[c]: /c\n",
        "[x [a] y]([c])\n\n[c]: /c\n\n[a]: /a\n",
        "[x [a] y]([c])\n\n[c]: /c\n[a]: /a\n",
        "[c]: /c\n\n[x [a] y]([c])\n\n[a]: /a\n",
        "[x [a] y](/u \"[c]\")\n\n[c]: /c\n\n[a]: /a\n",
        "[q]: /q\n\n[x [a] y][q] [q]\n\n[a]: /a\n",
        "[c]: /c\n\n[a][b][c]\n\n[b]: /b\n\n[a]: /a\n",
        "[b]: /b\n\n[a][b][c]\n\n[a]: /a\n\n[c]: /c\n",
        "[x [^n] y][q]\n\n[q]: /q\n\n[^n]: note\n",
        "[x ![i] [a] y][q]\n\n[q]: /q\n\n[i]: /i\n\n[a]: /a\n",
        "[x [^n] y]([q])\n\n[^n]: note\n\n[q]: /q\n",
    ] {
        let text = text.replace(": /", ": https://a.test/");
        let read = super::outline(&super::reference::parse(&text));
        assert_eq!(super::outline(&crate::markdown::parse(&text)), read, "{text:?}");
        super::chunks::assert_cuts(&text);
    }
}
