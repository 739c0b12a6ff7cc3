//! Text in the place of Markdown that can't be drawn yet.

use wasm_bindgen_test::wasm_bindgen_test;

use super::super::{Body, markdown};
use super::{as_the_server_sent, assert_grows, assert_shows, beginnings, first_block, frame, growing};
use crate::app::client::clock::sleep;
use crate::markdown::parse;

#[wasm_bindgen_test]
async fn text_stands_as_it_is_until_its_markdown_can_be_drawn() {
    markdown::unload();
    let body = Body::build("one *tw");
    assert_eq!(body.element().text_content().unwrap(), "one *tw");
    body.show("one *two*\n\nand <b>", false);
    assert_eq!(body.element().text_content().unwrap(), "one *two*\n\nand <b>");
    sleep(0).await;
    assert_grows(body.element(), "one *two*\n\nand <b>");
    body.show("one *two*\n\nand <b>more", true);
    assert_shows(body.element(), "one *two*\n\nand <b>more");
}

#[wasm_bindgen_test]
async fn a_long_text_stands_as_it_is_until_all_of_it_is_drawn() {
    markdown::unload();
    let long = "A paragraph with *emphasis* and `code`.\n\n- one\n- two\n\n".repeat(1_000);
    let body = Body::build("");
    body.show(&long, true);
    sleep(0).await;
    let mut frames = 0;
    while body.element().query_selector(".group").unwrap().is_none() {
        assert_eq!(body.element().text_content().unwrap(), long);
        frame().await;
        frames += 1;
    }
    assert!(frames > 0);
    assert_shows(body.element(), &long);
}

#[wasm_bindgen_test]
fn what_waits_to_be_drawn_stands_in_pieces() {
    let (lines, line) = ("Some words, 一些文字.\n\n".repeat(1_000), "闸门".repeat(10_000));
    for (text, most) in [(lines.as_str(), 4 << 10), (line.as_str(), 16 << 10)] {
        markdown::unload();
        let at_once = Body::build(text);
        let growing = Body::build("");
        for beginning in beginnings(text).step_by(700) {
            growing.show(beginning, false);
        }
        growing.show(text, true);
        for body in [at_once, growing] {
            assert_eq!(body.element().text_content().unwrap(), text);
            let pieces = body.element().children();
            let sizes: Vec<_> = (0..pieces.length())
                .filter_map(|at| pieces.item(at)?.text_content().map(|text| text.len()))
                .collect();
            let (_, but_last) = sizes.split_last().unwrap();
            assert!(!but_last.is_empty(), "{sizes:?}");
            assert!(but_last.iter().all(|bytes| (most..most + 64).contains(bytes)), "{sizes:?}");
        }
    }
}

#[wasm_bindgen_test]
async fn what_the_server_drew_stays_while_the_rest_can_not_be_drawn() {
    markdown::unload();
    let sent = as_the_server_sent(&growing("one *two*\n\nthr"));
    let body = Body::adopt(sent, "one *two*\n\nthr".to_owned(), false);
    let first = first_block(body.element());
    body.show("one *two*\n\nthree *fo", false);
    body.show("one *two*\n\nthree *four*", true);
    assert_eq!(body.element().text_content().unwrap(), "one twothree *four*");
    sleep(0).await;
    assert_shows(body.element(), "one *two*\n\nthree *four*");
    assert!(first_block(body.element()).is_same_node(Some(&first)));
}

#[wasm_bindgen_test]
async fn a_text_that_is_cut_before_it_can_be_drawn_is_cut() {
    for (cut, plain) in [("one\n\ntwo and", "onetwo and"), ("on", "on"), ("", "")] {
        markdown::unload();
        let sent = as_the_server_sent(&growing("one\n\ntwo"));
        let body = Body::adopt(sent, "one\n\ntwo".to_owned(), false);
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
    let sent = as_the_server_sent(&parse("one *two*"));
    let body = Body::adopt(sent, "one *two*".to_owned(), true);
    body.show("one *two*", true);
    let empty = Body::build("");
    sleep(0).await;
    assert!(markdown::loaded().is_none());
    assert_shows(body.element(), "one *two*");
    assert_shows(empty.element(), "");
}

#[wasm_bindgen_test]
async fn a_finished_body_of_the_server_that_is_to_show_another_text_is_drawn_anew() {
    for loaded in [false, true] {
        if !loaded {
            markdown::unload();
        }
        let sent = as_the_server_sent(&parse("one *two*"));
        let body = Body::adopt(sent, "one *two*".to_owned(), true);
        body.show("one *three*", true);
        sleep(0).await;
        assert_shows(body.element(), "one *three*");
    }
}
