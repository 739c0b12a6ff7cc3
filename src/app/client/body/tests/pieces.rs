//! What is long is in pieces that can be skipped, whoever drew it.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::{Page, all, assert_shows, frame, page_outline};
use crate::app::client::body::adopted::Unfinished;
use crate::app::client::body::keep::Keep;
use crate::markdown::parse;
use crate::markdown::tests::long::long;
use crate::markdown::tests::outline;

/// Waits until all of the text is drawn.
async fn drawn(page: &Page, text: &str) {
    let expected = outline(&parse(text));
    for _ in 0..1000 {
        if page_outline(&page.element, text) == expected {
            return;
        }
        frame().await;
    }
    assert_shows(&page.element, text);
}

/// As the stylesheet has it: groups that are not long are skipped, and pieces of what is long.
fn assert_nothing_is_skipped_within_something_skipped(body: &Element, name: &str) {
    let skipped = "[data-long] > [data-piece]:not([data-long]), .group:not([data-long])";
    for element in all(body, skipped) {
        let around = element.parent_element().unwrap().closest(skipped).unwrap();
        assert!(around.is_none_or(|around| !body.contains(Some(&around))), "{name}");
    }
}

/// A quarter further each time.
fn quarters(text: &str) -> impl Iterator<Item = &str> {
    (1..4).map(|quarter| &text[..text.floor_char_boundary(text.len() * quarter / 4)])
}

#[wasm_bindgen_test]
async fn what_is_long_is_the_same_whoever_drew_it() {
    for (name, text) in long() {
        let mut live = Page::build("");
        let mut at = 0;
        while at < text.len() {
            at = text.ceil_char_boundary((at + 997).min(text.len()));
            live.show(&text[..at]);
        }
        live.end(&text);
        drawn(&live, &text).await;
        assert_nothing_is_skipped_within_something_skipped(&live.element, name);
        for cut in quarters(&text) {
            let mut page = Page::adopted(cut);
            page.show(&text);
            page.end(&text);
            drawn(&page, &text).await;
            assert_nothing_is_skipped_within_something_skipped(&page.element, name);
        }
    }
}

fn become_like(old: &Element, new: &Element) {
    let mut keep = Keep::new(old, new, Unfinished::default());
    while keep.step() {}
}

#[wasm_bindgen_test]
async fn a_stop_keeps_the_pieces() {
    for (name, text) in long() {
        let mut live = Page::build(&text);
        live.end(&text);
        drawn(&live, &text).await;
        for cut in quarters(&text) {
            let (mut old, mut new) = (Page::build(&text), Page::build(cut));
            old.end(&text);
            new.end(cut);
            drawn(&old, &text).await;
            drawn(&new, cut).await;
            become_like(&old.element, &new.element);
            assert_shows(&old.element, cut);
            assert_nothing_is_skipped_within_something_skipped(&old.element, name);
        }
        // And so it is where another text was.
        let old = Page::build("one\n\ntwo");
        become_like(&old.element, &live.element);
        assert_nothing_is_skipped_within_something_skipped(&old.element, name);
    }
}

/// Where the next list goes on, another group begins: one long list is not one group.
#[wasm_bindgen_test]
async fn a_list_that_goes_on_does_so_in_another_group() {
    let text = "- item\n".repeat(400);
    let mut live = Page::build("");
    for at in (0..=text.len()).step_by(5) {
        live.show(&text[..at]);
    }
    live.end(&text);
    drawn(&live, &text).await;
    for body in [&live.element, &super::as_the_server_sent(&parse(&text))] {
        assert_eq!(all(body, ".group").len(), 7);
        assert_eq!(all(body, ".group > ul").len(), 7);
    }
}

/// A long line that is incomplete is not looked at for each bit that comes: what the server had drawn of it is
/// what goes on all the same.
#[wasm_bindgen_test]
async fn a_long_row_of_which_the_server_had_drawn_a_part_goes_on() {
    let words = |from: usize, to: usize| (from..to).map(|at| format!("word{at} ")).collect::<String>();
    let (before, first) = ("|a|b|\n|-|-|\n|", words(0, 550));
    for beginning in [before, "# "] {
        let mut text = format!("{beginning}{first}");
        let mut page = Page::adopted(&text);
        for at in (550..800).step_by(10) {
            text.push_str(&words(at, at + 10));
            page.show(&text);
            frame().await;
        }
        text.push_str("\n\nAnd more.\n");
        page.show(&text);
        page.end(&text);
        drawn(&page, &text).await;
        assert_shows(&page.element, &text);
    }
}
