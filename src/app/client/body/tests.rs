//! The body in a real page: what stands there is the tree of the text, however it got there, and at no
//! moment anything else.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Node, Text};

use super::drawn::Drawn;
use super::{Body, Draw, document, markdown};
use crate::app::client::clock::sleep;
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

/// A body whose Markdown can be drawn.
struct Page {
    element: Element,
    drawn: Drawn,
}

impl Page {
    fn adopt(element: Element, source: &str) -> Self {
        let drawn = Drawn::adopt(element.clone(), source);
        Self { element, drawn }
    }

    fn build(source: &str) -> Self {
        let mut page = Self::adopt(document().create_element("div").unwrap(), "");
        page.drawn.show(source);
        page
    }

    fn adopted(source: &str) -> Self {
        Self::adopt(as_the_server_sent(source), source)
    }

    fn show(&mut self, source: &str) {
        self.drawn.show(source);
    }
}

fn as_the_server_sent(source: &str) -> Element {
    let element = document().create_element("div").unwrap();
    let mut html = String::new();
    write_html(&mut html, &parse(source));
    element.set_inner_html(&html);
    element
}

fn assert_shows(element: &Element, source: &str) {
    assert_eq!(page_outline(element, source), outline(&parse(source)), "{source:?}");
}

#[wasm_bindgen_test]
fn a_new_body_is_the_tree() {
    for text in texts() {
        assert_shows(&Page::build(text).element, text);
    }
}

#[wasm_bindgen_test]
fn the_servers_html_is_the_same_in_the_page() {
    for text in texts() {
        assert_shows(&Page::adopted(text).element, text);
    }
}

#[wasm_bindgen_test]
fn a_text_that_comes_one_character_at_a_time_is_the_tree_at_every_moment() {
    for text in texts() {
        let mut body = Page::build("");
        for beginning in beginnings(text) {
            body.show(beginning);
            assert_shows(&body.element, beginning);
        }
        body.show(text);
        assert_shows(&body.element, text);
    }
}

#[wasm_bindgen_test]
fn an_adopted_text_goes_on_from_anywhere() {
    for text in texts() {
        let cuts: Vec<_> = beginnings(text).collect();
        for cut in cuts.iter().step_by(7) {
            let mut body = Page::adopted(cut);
            body.show(text);
            assert_shows(&body.element, text);
        }
    }
}

#[wasm_bindgen_test]
fn a_text_that_becomes_another_is_the_tree_of_the_other() {
    let all: Vec<_> = texts().collect();
    let mut body = Page::build("");
    for pair in all.windows(2) {
        body.show(pair[0]);
        body.show(pair[1]);
        assert_shows(&body.element, pair[1]);
    }
}

#[wasm_bindgen_test]
fn a_page_that_is_not_what_the_server_sent_is_built_anew() {
    let element = document().create_element("div").unwrap();
    element.set_inner_html("<p>one</p><p>two</p><p>from some extension</p>");
    let mut body = Page::adopt(element, "one\n\ntwo");
    body.show("one\n\ntwo\n\nthree");
    assert_shows(&body.element, "one\n\ntwo\n\nthree");
}

#[wasm_bindgen_test]
fn a_long_text_that_the_browser_cut_into_nodes_goes_on() {
    let long = format!("```\n{}", "some code\n".repeat(20_000));
    let element = as_the_server_sent(&long);
    // Not every way into a page cuts, so it is done here.
    let code = element.query_selector("code").unwrap().unwrap();
    code.first_child().unwrap().unchecked_into::<Text>().split_text(65_536).unwrap();
    let mut body = Page::adopt(element, &long);
    let grown = format!("{}else", &long[..long.len() - 5]);
    body.show(&grown);
    assert_shows(&body.element, &grown);
}

#[wasm_bindgen_test]
fn one_element_for_each_block() {
    for text in texts() {
        let mut body = Page::build(text);
        assert_eq!(body.element.child_nodes().length() as usize, parse(text).len());
        assert_eq!(body.element.children().length() as usize, parse(text).len());
    }
}

#[wasm_bindgen_test]
fn finished_blocks_keep_their_nodes() {
    let mut body = Page::adopted("one *two*\n\n- three\n- fo");
    let first = body.element.first_child().unwrap();
    let item = body.element.query_selector("li").unwrap().unwrap();
    body.show("one *two*\n\n- three\n- four\n\nfive");
    assert!(body.element.first_child().unwrap().is_same_node(Some(&first)));
    let same: &Node = &body.element.query_selector("li").unwrap().unwrap();
    assert!(item.is_same_node(Some(same)));
    assert_shows(&body.element, "one *two*\n\n- three\n- four\n\nfive");
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
        let mut body = Page::build(before);
        document().body().unwrap().append_child(&body.element).unwrap();
        let text = body.element.query_selector(selector).unwrap().unwrap().first_child().unwrap();
        let selection = document().get_selection().unwrap().unwrap();
        selection.set_base_and_extent(&text, 0, &text, 6).unwrap();
        for beginning in beginnings(after).filter(|beginning| beginning.len() > before.len()) {
            body.show(beginning);
            assert_eq!(String::from(selection.to_string()), "some t", "{beginning:?}");
        }
        body.element.remove();
    }
}

#[wasm_bindgen_test]
async fn text_stands_as_it_is_until_its_markdown_can_be_drawn() {
    markdown::unload();
    let body = Body::build("one *tw");
    assert_eq!(body.element().text_content().unwrap(), "one *tw");
    body.show("one *two*\n\nand <b>", false);
    assert_eq!(body.element().text_content().unwrap(), "one *two*\n\nand <b>");
    sleep(0).await;
    assert_shows(body.element(), "one *two*\n\nand <b>");
    body.show("one *two*\n\nand <b>more", true);
    assert_shows(body.element(), "one *two*\n\nand <b>more");
}

#[wasm_bindgen_test]
async fn what_the_server_drew_stays_while_the_rest_can_not_be_drawn() {
    markdown::unload();
    let body = Body::adopt(as_the_server_sent("one *two*\n\nthr"), "one *two*\n\nthr".to_owned());
    let first = body.element().first_child().unwrap();
    body.show("one *two*\n\nthree *fo", false);
    body.show("one *two*\n\nthree *four*", false);
    assert_eq!(body.element().text_content().unwrap(), "one twothree *four*");
    sleep(0).await;
    assert_shows(body.element(), "one *two*\n\nthree *four*");
    assert!(body.element().first_child().unwrap().is_same_node(Some(&first)));
}

#[wasm_bindgen_test]
async fn a_text_that_is_cut_before_it_can_be_drawn_is_cut() {
    for (cut, plain) in [("one\n\ntwo and", "onetwo and"), ("on", "on"), ("", "")] {
        markdown::unload();
        let body = Body::adopt(as_the_server_sent("one\n\ntwo"), "one\n\ntwo".to_owned());
        body.show("one\n\ntwo and more", false);
        assert_eq!(body.element().text_content().unwrap(), "onetwo and more");
        body.show(cut, true);
        assert_eq!(body.element().text_content().unwrap(), plain);
        sleep(0).await;
        assert_shows(body.element(), cut);
    }
}

#[wasm_bindgen_test]
async fn a_body_that_stays_as_the_server_drew_it_needs_nothing() {
    markdown::unload();
    let body = Body::adopt(as_the_server_sent("one *two*"), "one *two*".to_owned());
    let empty = Body::build("");
    sleep(0).await;
    assert!(markdown::loaded().is_none());
    assert_shows(body.element(), "one *two*");
    assert_shows(empty.element(), "");
}
