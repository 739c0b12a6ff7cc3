//! Leaves that many definitions come late for: they go on in the next frames, and meanwhile nothing is lost.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Node};

use super::super::Draw;
use super::{Page, all, assert_shows, block, drawn, latex, typeset};

/// Leaves that wait, of all kinds. With what becomes of them they are more than there is room for in the first
/// frame, without it less.
fn leaves() -> String {
    let leaf = "Some *words*, and [a reference][r].\n\n- [r], [s]\n\n> # [R]\n\n|a|\n|-|\n|[r]|\n\n";
    leaf.repeat(6_500 / leaf.len())
}

const DEFINITIONS: &str = "[r]: https://a.test\n\nBetween.\n\n[s]: https://b.test";

#[wasm_bindgen_test]
async fn what_a_definition_changes_goes_on_in_the_next_frames() {
    let text = format!("{}[r]: https://a.test\n\nx", leaves());
    let mut page = Page::build("");
    assert!(!page.drawn.show(&text, false), "there is no room for all of it");
    let links = all(&page.element, "a").len();
    let references = text.matches("[r]").count() + text.matches("[R]").count() - 1;
    assert!((1..references).contains(&links), "{links} of {references}");
    let first = block(&page.element, 0);
    // What comes meanwhile goes first.
    let text = format!("{text} and more");
    drawn(&mut page, &text, false).await;
    assert!(first.is_same_node(Some(&block(&page.element, 0))));
    page.end(&text);
    assert_shows(&page.element, &text);
}

#[wasm_bindgen_test]
async fn leaves_that_the_server_drew_get_their_links_wherever_it_stopped() {
    let text = format!("{}{DEFINITIONS}", leaves());
    let definition = text.find("[r]: ").unwrap();
    for cut in [30, 3_000, definition, definition + 10, definition + 22, text.len() - 3] {
        let mut page = Page::adopted(&text[..cut]);
        let first = block(&page.element, 0);
        drawn(&mut page, &text, true).await;
        assert_shows(&page.element, &text);
        assert!(first.is_same_node(Some(&block(&page.element, 0))), "cut at {cut}");
    }
}

#[wasm_bindgen_test]
async fn a_definition_in_the_last_line_changes_what_waits() {
    let text = format!("{}[r]: https://a.test", leaves());
    let mut page = Page::build("");
    assert!(!page.drawn.show(&text, true), "there is no room for all of it");
    drawn(&mut page, &text, true).await;
    assert_shows(&page.element, &text);
}

#[wasm_bindgen_test]
async fn a_text_that_becomes_another_one_meanwhile_is_that_one() {
    let text = format!("{}[r]: https://a.test", leaves());
    for (other, done) in
        [(format!("{text}/more"), true), ("Another.".to_owned(), true), (text.clone() + "x", false)]
    {
        let mut page = Page::build("");
        assert!(!page.drawn.show(&text, true), "there is no room for all of it");
        drawn(&mut page, &other, done).await;
        drawn(&mut page, &other, true).await;
        assert_shows(&page.element, &other);
    }
}

/// Whether all of these are in the element.
fn are_all_in(element: &Element, nodes: &[Node]) -> bool {
    nodes.iter().all(|node| element.contains(Some(node)))
}

#[wasm_bindgen_test]
async fn what_is_equal_stays_when_a_leaf_changes_in_several_places() {
    for (text, definitions) in [
        ("x[^1] $a$ and $b$ y[^2].", "[^1]: one\n[^2]: two"),
        ("[1], $a$ and $b$ hold, see [2].", "[1]: https://a.test\n[2]: https://b.test"),
        ("[1] **so $a$ [2] and $b$** [1]", "[1]: https://a.test\n[2]: https://b.test"),
        ("**[1]** $a$ **[1] $b$** [1]", "[1]: https://a.test"),
        ("[1][1][1] *x* [1] $a$ [1] $b$", "[1]: https://a.test"),
        ("$a$ *[1] [$b$][1] [1]*", "[1]: https://a.test"),
        ("$a$ [[1] $b$][2]", "[2]: https://b.test\n\n[1]: https://a.test"),
    ] {
        let mut page = Page::build(&format!("{text}\n\nnext\n\n"));
        let formulas = all(&page.element, "code.math");
        formulas.iter().for_each(typeset);
        let stays: Vec<Node> = formulas.iter().map(|formula| formula.clone().into()).collect();
        let text = format!("{text}\n\nnext\n\n{definitions}\n\nend");
        drawn(&mut page, &text, false).await;
        let shown: Vec<_> = all(&page.element, "code.math").iter().map(latex).collect();
        assert_eq!(shown, ["a", "b"], "{text:?}");
        if !text.contains("[$b$]") && !text.contains("[[1]") {
            assert!(are_all_in(&page.element, &stays), "{text:?}");
        }
        drawn(&mut page, &text, true).await;
        all(&page.element, "code.math").iter().for_each(super::as_source);
        assert_shows(&page.element, &text);
    }
}
