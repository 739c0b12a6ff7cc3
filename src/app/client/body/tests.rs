//! The body in a real page: what stands there is the tree of the text, however it got there, and at no
//! moment anything else.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Node, Text};

use super::{Body, document};
use crate::markdown::tests::documents::{HOSTILE, ORDINARY, TAGS};
use crate::markdown::tests::{assert_safe_attribute, beginnings, outline, outline_tag, outline_text};
use crate::markdown::{parse, write_html};

/// The children of an element as [`outline`] would write them; panics at what must not be there.
fn page_outline(element: &Element, source: &str) -> String {
    let mut out = String::new();
    outline_children(&mut out, element, source);
    out
}

fn outline_children(out: &mut String, parent: &Node, source: &str) {
    let nodes = parent.child_nodes();
    for node in (0..nodes.length()).filter_map(|index| nodes.item(index)) {
        match node.dyn_ref::<Element>() {
            Some(element) => {
                outline_tag(out, &element.local_name(), attributes(element, source));
                outline_children(out, element, source);
                out.push('}');
            }
            None => outline_text(out, &node.unchecked_ref::<Text>().data()),
        }
    }
}

fn attributes(element: &Element, source: &str) -> Vec<(String, String)> {
    let tag = element.local_name();
    assert!(TAGS.contains(&tag.as_str()), "<{tag}> of {source:?}");
    let names = element.get_attribute_names().into_iter().filter_map(|name| name.as_string());
    let attributes: Vec<_> = names
        .map(|name| {
            let value = element.get_attribute(&name).unwrap_or_default();
            (name, value)
        })
        .collect();
    for (name, value) in &attributes {
        assert_safe_attribute(&tag, name, value, source);
    }
    attributes
}

fn texts() -> impl Iterator<Item = &'static str> {
    HOSTILE.iter().chain(ORDINARY).copied()
}

/// An element as the server would have sent it, and the body that took it over.
fn adopted(source: &str) -> Body {
    let element = document().create_element("div").unwrap();
    let mut html = String::new();
    write_html(&mut html, &parse(source));
    element.set_inner_html(&html);
    Body::adopt(element, source.to_owned())
}

fn assert_shows(body: &Body, source: &str) {
    assert_eq!(page_outline(body.element(), source), outline(&parse(source)), "{source:?}");
}

#[wasm_bindgen_test]
fn a_new_body_is_the_tree() {
    for text in texts() {
        assert_shows(&Body::build(text), text);
    }
}

#[wasm_bindgen_test]
fn the_servers_html_is_the_same_in_the_page() {
    for text in texts() {
        assert_shows(&adopted(text), text);
    }
}

#[wasm_bindgen_test]
fn a_text_that_comes_one_character_at_a_time_is_the_tree_at_every_moment() {
    for text in texts() {
        let body = Body::build("");
        for beginning in beginnings(text) {
            body.show(beginning, false);
            assert_shows(&body, beginning);
        }
        body.show(text, true);
        assert_shows(&body, text);
    }
}

#[wasm_bindgen_test]
fn an_adopted_text_goes_on_from_anywhere() {
    for text in texts() {
        let cuts: Vec<_> = beginnings(text).collect();
        for cut in cuts.iter().step_by(7) {
            let body = adopted(cut);
            body.show(text, true);
            assert_shows(&body, text);
        }
    }
}

#[wasm_bindgen_test]
fn a_text_that_becomes_another_is_the_tree_of_the_other() {
    let all: Vec<_> = texts().collect();
    let body = Body::build("");
    for pair in all.windows(2) {
        body.show(pair[0], false);
        body.show(pair[1], false);
        assert_shows(&body, pair[1]);
    }
}

#[wasm_bindgen_test]
fn a_page_that_is_not_what_the_server_sent_is_built_anew() {
    let element = document().create_element("div").unwrap();
    element.set_inner_html("<p>one</p><p>two</p><p>from some extension</p>");
    let body = Body::adopt(element, "one\n\ntwo".to_owned());
    body.show("one\n\ntwo\n\nthree", true);
    assert_shows(&body, "one\n\ntwo\n\nthree");
}

#[wasm_bindgen_test]
fn a_long_text_that_the_browser_cut_into_nodes_goes_on() {
    let long = format!("```\n{}", "some code\n".repeat(20_000));
    let body = adopted(&long);
    // Not every way into a page cuts, so it is done here.
    let code = body.element().query_selector("code").unwrap().unwrap();
    code.first_child().unwrap().unchecked_into::<Text>().split_text(65_536).unwrap();
    let grown = format!("{}else", &long[..long.len() - 5]);
    body.show(&grown, false);
    assert_shows(&body, &grown);
}

#[wasm_bindgen_test]
fn one_element_for_each_block() {
    for text in texts() {
        let body = Body::build(text);
        assert_eq!(body.element().child_nodes().length() as usize, parse(text).len());
        assert_eq!(body.element().children().length() as usize, parse(text).len());
    }
}

#[wasm_bindgen_test]
fn finished_blocks_keep_their_nodes() {
    let body = adopted("one *two*\n\n- three\n- fo");
    let first = body.element().first_child().unwrap();
    let item = body.element().query_selector("li").unwrap().unwrap();
    body.show("one *two*\n\n- three\n- four\n\nfive", false);
    assert!(body.element().first_child().unwrap().is_same_node(Some(&first)));
    let same: &Node = &body.element().query_selector("li").unwrap().unwrap();
    assert!(item.is_same_node(Some(same)));
    assert_shows(&body, "one *two*\n\n- three\n- four\n\nfive");
}

#[wasm_bindgen_test]
fn a_selection_survives_growth() {
    for (before, selector, after) in [
        ("some te", "p", "some text and more *of* it\n\nand another"),
        ("```\nsome te", "code", "```\nsome text and more\nof it\n```\n\nand another"),
        ("- a\n- some te", "li:last-child > p", "- a\n- some text and\n- b"),
        ("- a\n- some te", "li:last-child > p", "- a\n\n- some text, loose now\n- b"),
        ("| a |\n|---|\n| some te", "td", "| a |\n|---|\n| some text |\n| b |"),
    ] {
        let body = Body::build(before);
        document().body().unwrap().append_child(body.element()).unwrap();
        let text = body.element().query_selector(selector).unwrap().unwrap().first_child().unwrap();
        let selection = document().get_selection().unwrap().unwrap();
        selection.set_base_and_extent(&text, 0, &text, 6).unwrap();
        for beginning in beginnings(after).filter(|beginning| beginning.len() > before.len()) {
            body.show(beginning, false);
            assert_eq!(String::from(selection.to_string()), "some t", "{beginning:?}");
        }
        body.element().remove();
    }
}
