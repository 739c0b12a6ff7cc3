//! What stays: nodes, selection and focus, while text comes and what was open is closed.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, Node, Selection};

use super::super::document;
use super::{Page, assert_grows, assert_shows, beginnings, block, drawn, first_block, texts};

/// A body that stands in the document, as long as this lives.
struct Standing(Page);

impl Standing {
    fn build(source: &str) -> Self {
        let page = Page::build(source);
        document().body().unwrap().append_child(&page.element).unwrap();
        Self(page)
    }

    fn find(&self, selector: &str) -> Element {
        self.0.element.query_selector(selector).unwrap().unwrap()
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.0.element.remove();
    }
}

fn select(text: &Node, from: u32, to: u32) -> Selection {
    let selection = document().get_selection().unwrap().unwrap();
    selection.set_base_and_extent(text, from, text, to).unwrap();
    selection
}

fn all_nodes(parent: &Node, into: &mut Vec<Node>) {
    let nodes = parent.child_nodes();
    for node in (0..nodes.length()).filter_map(|at| nodes.item(at)) {
        all_nodes(&node, into);
        into.push(node);
    }
}

#[wasm_bindgen_test]
fn finished_blocks_keep_their_nodes() {
    let mut body = Page::adopted("one *two*\n\n- three\n- fo");
    let first = first_block(&body.element);
    let item = body.element.query_selector("li").unwrap().unwrap();
    body.show("one *two*\n\n- three\n- four\n\nfive");
    assert!(first_block(&body.element).is_same_node(Some(&first)));
    let same: &Node = &body.element.query_selector("li").unwrap().unwrap();
    assert!(item.is_same_node(Some(same)));
    assert_grows(&body.element, "one *two*\n\n- three\n- four\n\nfive");
}

#[wasm_bindgen_test]
fn every_node_of_what_is_closed_is_the_same_one_afterwards() {
    let closed =
        "one *two* `three`\n\n```rust\nlet a = 1;\n```\n\n|a|b|\n|-|-|\n|1|2|\n\n> - x\n>   1. y\n\n# h\n\n";
    let mut page = Page::build(closed);
    let mut before = Vec::new();
    all_nodes(&page.element, &mut before);
    let text = format!("{closed}and **more**\n\n- of\n- it\n\n```\nall\n```\n");
    beginnings(&text).skip(closed.len()).for_each(|beginning| page.show(beginning));
    page.end(&text);
    assert!(before.iter().all(|node| page.element.contains(Some(node))));
    assert_shows(&page.element, &text);
}

#[wasm_bindgen_test]
fn a_selection_survives_growth() {
    for (before, selector, after) in [
        ("some te", "p", "some text and more *of* it\n\nand another"),
        ("```\nsome te", "code", "```\nsome text and more\nof it\n```\n\nand another"),
        ("- a\n- some te", "li:last-child > p", "- a\n- some text and\n- b"),
        ("- some te", "li > p", "- some text, loose soon\n\n- b"),
        ("| a |\n|---|\n| some te", "td", "| a |\n|---|\n| some text |\n| b |"),
        ("> some te", "p", "> some text and\n> more\n\nand another\n\n- one\n- two"),
        ("some te", "p", "some text [a], `b` and $c$\n\n[a]: https://example.org\n\nmore"),
    ] {
        let mut body = Standing::build(before);
        // Lines of code stand in groups.
        let mut text = body.find(selector).first_child().unwrap();
        while let Some(within) = text.first_child() {
            text = within;
        }
        let selection = select(&text, 0, 6);
        for beginning in beginnings(after).filter(|beginning| beginning.len() > before.len()) {
            body.0.show(beginning);
            assert_eq!(String::from(selection.to_string()), "some t", "{beginning:?}");
        }
        body.0.end(after);
        assert_eq!(String::from(selection.to_string()), "some t", "{after:?}");
        assert_shows(&body.0.element, after);
    }
}

#[wasm_bindgen_test]
fn a_selection_in_an_earlier_block_survives_whatever_comes() {
    let before = "first of *all*\n\nsecond";
    let mut body = Standing::build(before);
    let selection = select(&body.find("em").first_child().unwrap(), 0, 3);
    let after = format!("{before}\n===\n\n|a|\n|-|\n|b|\n\n- c\n\n- d[^e]\n\n[^e]: f\n");
    beginnings(&after).skip(before.len()).for_each(|beginning| body.0.show(beginning));
    body.0.end(&after);
    assert_eq!(String::from(selection.to_string()), "all");
    assert_shows(&body.0.element, &after);
}

#[wasm_bindgen_test]
fn a_button_that_has_the_focus_keeps_it() {
    let before = "```rust\nlet a";
    let mut body = Standing::build(before);
    let button: HtmlElement = body.find("button").unchecked_into();
    button.focus().unwrap();
    let after = "```rust\nlet a = 1;\nlet b;\n```\n\nand *so* on\n\n```\nmore\n```\n";
    for beginning in beginnings(after).skip(before.len()) {
        body.0.show(beginning);
        assert!(button.is_same_node(document().active_element().as_deref()), "{beginning:?}");
    }
    body.0.end(after);
    assert!(button.is_same_node(document().active_element().as_deref()));
}

#[wasm_bindgen_test]
fn what_is_the_same_in_a_text_that_is_cut_stays() {
    let text = "one *two*\n\n```rust\nlet a = 1;\n```\n\nthree\n\nfour\n\nfive\n\n- six\n- seven and more";
    let mut body = Standing::build(text);
    // As if it had its colours.
    let (lines, colour) = (body.find("pre span"), document().create_element("b").unwrap());
    colour.set_text_content(lines.text_content().as_deref());
    lines.set_text_content(None);
    lines.append_child(&colour).unwrap();
    let button: HtmlElement = body.find("button").unchecked_into();
    button.focus().unwrap();
    let last = body.find("li:last-child > p").first_child().unwrap();
    let selection = select(&last, 0, 5);
    let (mut before, kept) = (Vec::new(), &text[..text.len() - 4]);
    all_nodes(&body.0.element, &mut before);
    body.0.end(kept);
    assert_eq!(String::from(selection.to_string()), "seven");
    assert!(before.iter().all(|node| body.0.element.contains(Some(node))));
    assert!(button.is_same_node(document().active_element().as_deref()));
    assert_eq!(last.text_content().unwrap(), "seven and");
    colour.replace_with_with_str_1("let a = 1;\n").unwrap();
    assert_shows(&body.0.element, kept);
}

#[wasm_bindgen_test]
fn what_is_the_same_stays_however_the_blocks_are_grouped() {
    // A group has four blocks, and the server's last one up to six.
    for count in 4..12 {
        let text = |blocks| (0..blocks).map(|at| format!("block {at}\n\n")).collect::<String>();
        let (text, cut) = (text(count), text(count - 1));
        for mut page in [Page::build(&text), Page::adopted(&text)] {
            let before: Vec<_> = (0..count - 1).map(|at| block(&page.element, at)).collect();
            page.end(&cut);
            for (at, was) in (0..).zip(&before) {
                let is_same = block(&page.element, at).is_same_node(Some(was));
                assert!(is_same, "block {at} of {count}");
            }
            assert_shows(&page.element, &cut);
        }
    }
}

#[wasm_bindgen_test]
async fn a_text_that_is_cut_anywhere_is_the_tree_of_what_is_left() {
    for text in texts() {
        let cuts: Vec<_> = beginnings(text).collect();
        for cut in cuts.iter().step_by(5) {
            for mut page in [Page::build(text), Page::adopted(text)] {
                drawn(&mut page, cut, true).await;
                assert_shows(&page.element, cut);
            }
        }
    }
}

#[wasm_bindgen_test]
fn code_that_was_open_is_finished_when_the_text_is_cut_behind_it() {
    let mut page = Page::build("a\n\n```\nb\n``");
    page.end("a\n\n```\nb\n");
    let finished = super::finished_in(&page.element);
    assert_eq!(finished.len(), 1, "{finished:?}");
}
