//! What stays of a text that ends as another one, and what of that is finished.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Node};

use super::super::finish::Finished;
use super::super::keep::Keep;
use super::{Page, all, as_source, assert_shows, drawn, finished_in, typeset};
use crate::app::client::body::adopted::Unfinished;
use crate::app::client::clock::sleep;
use crate::markdown::tests::long::long;

fn is_still_in(body: &Element, node: &Node) -> bool {
    body.contains(Some(node))
}

#[wasm_bindgen_test]
async fn a_formula_that_is_typeset_stays_where_it_is_the_same() {
    for (text, cut) in [
        ("so $a$ and\n\n$$b$$\n\n- $a$\n- $c$ and more", "so $a$ and\n\n$$b$$\n\n- $a$\n- $c$ and"),
        ("|$a$|\n|-|\n|$b$|\n\nend", "|$a$|\n|-|\n|$b$|\n"),
    ] {
        let mut page = Page::build(text);
        let formulas = all(&page.element, "code.math");
        formulas.iter().for_each(typeset);
        drawn(&mut page, cut, true).await;
        assert!(formulas.iter().all(|formula| is_still_in(&page.element, formula)), "{text:?}");
        formulas.iter().for_each(as_source);
        assert_shows(&page.element, cut);
    }
    for (text, other) in [("$a$ b", "$b$ b"), ("$a$ b", "$$a$$ b"), ("$a$", "`a`")] {
        let mut page = Page::build(text);
        typeset(&all(&page.element, "code.math")[0]);
        drawn(&mut page, other, true).await;
        assert_shows(&page.element, other);
    }
}

#[wasm_bindgen_test]
async fn code_is_finished_once_wherever_it_stood_open() {
    for (text, other, stays) in [
        // It stood open, and there is more in the other text.
        ("a\n\n```\nb\n", "c\n\n```\nb\n```\n\nmore", true),
        ("a\n\n> ```\n> b\n", "c\n\n> ```\n> b\n> ```\n>\n> more", true),
        ("a\n\n```\nb\n``", "a\n\n```\nb\n", true),
        // It was closed, and the other text ends with it.
        ("a\n\n```\nb\n```\n\nmore", "a\n\n```\nb\n```\n", true),
        ("a\n\n```\nb\n", "a\n\n```\nb", false),
        ("a\n\n```\nb\n", "c\n\n```x\nb\n```\n", false),
    ] {
        for mut page in [Page::build(text), Page::adopted(text)] {
            let code = all(&page.element, ".code").remove(0);
            drawn(&mut page, other, true).await;
            assert_shows(&page.element, other);
            sleep(100).await;
            let finished = finished_in(&page.element);
            assert_eq!(finished.len(), 1, "{text:?} {other:?} {finished:?}");
            assert!(!stays || is_still_in(&page.element, &code), "{text:?} {other:?}");
        }
    }
}

#[wasm_bindgen_test]
async fn what_nobody_has_taken_over_yet_is_finished_when_it_stays() {
    let text = "```\na\n```\n\nSome $b$ words.\n\n".repeat(400);
    let mut page = Page::adopted(&text);
    let code = all(&page.element, ".code");
    let cut = &text[..text.len() / 2];
    drawn(&mut page, cut, true).await;
    assert_shows(&page.element, cut);
    assert!(is_still_in(&page.element, &code[0]));
    sleep(100).await;
    let finished = finished_in(&page.element);
    for (kind, selector) in [(Finished::Code, ".code"), (Finished::Math, ".math")] {
        let count = finished.iter().filter(|(finished, _)| *finished == kind).count();
        assert_eq!(count, all(&page.element, selector).len(), "{selector}");
    }
}

#[wasm_bindgen_test]
async fn a_step_is_a_piece_and_pieces_stay() {
    for (name, text) in long() {
        let (mut old, mut new) = (Page::build(&text), Page::build(&text));
        drawn(&mut old, &text, true).await;
        drawn(&mut new, &text, true).await;
        let pieces = all(&old.element, "[data-long] > :not(.code *)");
        let mut keep = Keep::new(&old.element, &new.element, Unfinished::default());
        let mut steps = 0;
        while keep.step() {
            steps += 1;
        }
        assert!(steps >= pieces.len(), "{name}: {steps} steps for {} pieces", pieces.len());
        assert!(pieces.iter().all(|piece| is_still_in(&old.element, piece)), "{name}");
    }
}

#[wasm_bindgen_test]
async fn a_list_that_goes_on_goes_on_in_another_group_also_where_it_is_kept() {
    let text = "- item\n".repeat(400);
    let (mut old, mut new) = (Page::build("one"), Page::build(&text));
    drawn(&mut new, &text, true).await;
    let groups = all(&new.element, ".group").len();
    assert_eq!(groups, 7);
    drawn(&mut old, "two", true).await;
    let mut keep = Keep::new(&old.element, &new.element, Unfinished::default());
    while keep.step() {}
    assert_eq!(all(&old.element, ".group").len(), groups);
}
