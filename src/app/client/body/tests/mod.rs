//! The body in a real page: what stands there is the tree of the text, however it got there, and at no
//! moment anything else.

mod changes;
mod identity;
mod kept;
mod late;
mod pieces;
mod waiting;

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Node, Text};

use super::drawn::Drawn;
use super::finish::Finished;
use super::{Body, Draw, document, formula, group};
use crate::app::client::clock::{Pause, next_frame, sleep};
use crate::markdown::tests::documents::{HOSTILE, ORDINARY, TAGS};
use crate::markdown::tests::{assert_safe_attribute, beginnings, outline, outline_tag, outline_text};
use crate::markdown::{Element as Block, Growing, Tree, parse, write_html};

thread_local! {
    static FINISHED: RefCell<Vec<(Finished, Element)>> = RefCell::default();
}

/// Notes what was finished.
pub(super) fn record(kind: Finished, element: &Element) {
    FINISHED.with_borrow_mut(|finished| finished.push((kind, element.clone())));
}

/// The classes of what was finished in `body`, each time that it was.
fn finished_in(body: &Element) -> Vec<(Finished, String)> {
    FINISHED.with_borrow(|finished| {
        let within = finished.iter().filter(|(_, element)| body.contains(Some(element)));
        within.map(|(kind, element)| (*kind, element.text_content().unwrap_or_default())).collect()
    })
}

/// The blocks of a body as [`outline`] would write them; panics at what must not be there.
fn page_outline(body: &Element, source: &str) -> String {
    let mut out = String::new();
    let groups = body.child_nodes();
    for group in (0..groups.length()).filter_map(|index| groups.item(index)) {
        let element: &Element = group.dyn_ref().unwrap();
        assert_eq!(element.class_name(), group::CLASS, "{source:?}");
        outline_children(&mut out, element, source);
    }
    out
}

fn outline_children(out: &mut String, parent: &Node, source: &str) {
    let nodes = parent.child_nodes();
    let mut text = String::new();
    for node in (0..nodes.length()).filter_map(|index| nodes.item(index)) {
        // A long text may be several nodes; an empty one must not be there.
        let Some(element) = node.dyn_ref::<Element>() else {
            let data = node.unchecked_ref::<Text>().data();
            assert!(!data.is_empty(), "an empty text in {source:?}");
            text.push_str(&data);
            continue;
        };
        end_text(out, &mut text);
        outline_tag(out, &element.local_name(), attributes(element, source));
        outline_children(out, element, source);
        out.push('}');
    }
    end_text(out, &mut text);
}

fn end_text(out: &mut String, text: &mut String) {
    if !text.is_empty() {
        outline_text(out, text);
        text.clear();
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

/// The tree of a text of which more may come.
fn growing(source: &str) -> Vec<Block> {
    let mut tree = Tree::new();
    Growing::new().push(source, &mut |change| tree.apply(change));
    tree.into_blocks()
}

/// A body whose Markdown can be drawn.
struct Page {
    element: Element,
    drawn: Drawn,
}

impl Page {
    fn adopt(element: Element, source: &str) -> Self {
        let drawn = Drawn::adopt(element.clone(), Some(source.to_owned()));
        Self { element, drawn }
    }

    fn build(source: &str) -> Self {
        let mut page = Self::adopt(document().create_element("div").unwrap(), "");
        page.show(source);
        page
    }

    fn adopted(source: &str) -> Self {
        Self::adopt(as_the_server_sent(&growing(source)), source)
    }

    fn show(&mut self, source: &str) {
        self.drawn.show(source, false);
    }

    fn end(&mut self, source: &str) {
        self.drawn.show(source, true);
    }
}

fn as_the_server_sent(blocks: &[Block]) -> Element {
    let element = document().create_element("div").unwrap();
    let mut html = String::new();
    group::write_groups(&mut html, blocks, write_html);
    element.set_inner_html(&html);
    element
}

/// The block at this place.
fn block(body: &Element, at: u32) -> Element {
    let (group, before) = group::holding((body.first_element_child().unwrap(), 0), at).unwrap();
    group.children().item(at - before).unwrap()
}

/// The first block of a body.
fn first_block(body: &Element) -> Node {
    block(body, 0).into()
}

fn assert_shows(element: &Element, source: &str) {
    assert_eq!(page_outline(element, source), outline(&parse(source)), "{source:?}");
}

fn assert_grows(element: &Element, source: &str) {
    assert_eq!(page_outline(element, source), outline(&growing(source)), "{source:?}");
}

/// All elements of this kind in a body.
fn all(body: &Element, selector: &str) -> Vec<Element> {
    let found = body.query_selector_all(selector).unwrap();
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// As if the part had done that.
fn typeset(element: &Element) {
    formula::typeset(element);
    assert!(element.class_name().ends_with("typeset"));
}

/// Undoes that.
fn as_source(element: &Element) {
    let latex = latex(element);
    element.set_class_name(if element.class_name().contains("display") { "math display" } else { "math" });
    element.set_text_content(Some(&latex));
}

fn latex(formula: &Element) -> String {
    let annotation = formula.query_selector("annotation").unwrap();
    annotation.as_ref().unwrap_or(formula).text_content().unwrap()
}

/// Shows it, in as many frames as it takes.
async fn drawn(page: &mut Page, text: &str, done: bool) {
    while !page.drawn.show(text, done) {
        frame().await;
    }
}

async fn frame() {
    let pause = Pause::default();
    let end = pause.clone();
    next_frame(move || end.end());
    pause.wait(None).await;
}

#[wasm_bindgen_test]
fn a_new_body_is_the_tree() {
    for text in texts() {
        let mut page = Page::build(text);
        assert_grows(&page.element, text);
        page.end(text);
        assert_shows(&page.element, text);
    }
}

#[wasm_bindgen_test]
fn the_servers_html_is_the_same_in_the_page() {
    for text in texts() {
        let mut page = Page::adopted(text);
        assert_grows(&page.element, text);
        page.end(text);
        assert_shows(&page.element, text);
    }
}

#[wasm_bindgen_test]
fn a_text_that_comes_one_character_at_a_time_is_the_tree_at_every_moment() {
    for text in texts() {
        let mut page = Page::build("");
        let (mut parser, mut tree, mut shown) = (Growing::new(), Tree::new(), 0);
        for beginning in beginnings(text) {
            page.show(beginning);
            parser.push(&beginning[shown..], &mut |change| tree.apply(change));
            shown = beginning.len();
            let expected = outline(&tree.clone().into_blocks());
            assert_eq!(page_outline(&page.element, beginning), expected, "{beginning:?}");
        }
        page.end(text);
        assert_shows(&page.element, text);
    }
}

#[wasm_bindgen_test]
fn a_text_is_the_same_tree_however_it_is_cut() {
    for text in texts() {
        for size in [2, 3, 5, 7, 11, 16, 64] {
            let mut page = Page::build("");
            let cuts: Vec<_> = beginnings(text).collect();
            cuts.iter().skip(size - 1).step_by(size).for_each(|beginning| page.show(beginning));
            page.end(text);
            assert_shows(&page.element, text);
        }
    }
}

#[wasm_bindgen_test]
async fn an_adopted_text_goes_on_from_anywhere() {
    for text in texts() {
        let cuts: Vec<_> = beginnings(text).collect();
        for cut in cuts.iter().step_by(7) {
            let mut page = Page::adopted(cut);
            drawn(&mut page, text, false).await;
            assert_grows(&page.element, text);
            drawn(&mut page, text, true).await;
            assert_shows(&page.element, text);
        }
    }
}

#[wasm_bindgen_test]
fn a_text_that_becomes_another_is_the_tree_of_the_other() {
    let all: Vec<_> = texts().collect();
    let mut page = Page::build("");
    for pair in all.windows(2) {
        page.show(pair[0]);
        page.show(pair[1]);
        assert_grows(&page.element, pair[1]);
    }
}

#[wasm_bindgen_test]
fn a_finished_text_that_is_cut_is_drawn_anew() {
    let mut page = Page::build("");
    page.end("one *two*\n\nthree");
    page.end("one *two*");
    assert_shows(&page.element, "one *two*");
    page.end("one *two*\n\nfour");
    assert_shows(&page.element, "one *two*\n\nfour");
}

#[wasm_bindgen_test]
fn a_page_that_is_not_what_the_server_sent_is_built_anew() {
    let element = document().create_element("div").unwrap();
    element.set_inner_html("<p>one</p><p>two</p><p>from some extension</p>");
    let mut page = Page::adopt(element, "one\n\ntwo");
    page.show("one\n\ntwo\n\nthree");
    assert_grows(&page.element, "one\n\ntwo\n\nthree");
}

#[wasm_bindgen_test]
async fn a_long_text_that_the_browser_cut_into_nodes_goes_on() {
    let long = format!("some words {}", "and more of them ".repeat(5_000));
    let element = as_the_server_sent(&growing(&long));
    // Not every way into a page cuts, so it is done here, also within the tail.
    let text = element.query_selector("span:last-child").unwrap().unwrap().first_child().unwrap();
    let text: Text = text.unchecked_into();
    let end = text.length();
    text.split_text(end - 3).unwrap();
    text.split_text(end / 2).unwrap();
    let mut page = Page::adopt(element, &long);
    let grown = format!("{long}*else*");
    page.end(&grown);
    while page.element.query_selector("em").unwrap().is_none() {
        frame().await;
    }
    assert_shows(&page.element, &grown);
}

#[wasm_bindgen_test]
async fn a_long_text_takes_as_many_frames_as_it_needs() {
    let long = "A paragraph with *emphasis* and `code`.\n\n- one\n- two\n\n".repeat(500);
    let mut page = Page::adopted(&long);
    let first = first_block(&page.element);
    let more = format!("{long}and what comes meanwhile");
    page.show(&more);
    while !page.element.text_content().unwrap().ends_with("meanwhile") {
        frame().await;
    }
    assert!(first.is_same_node(Some(&first_block(&page.element))));
    page.end(&more);
    assert_shows(&page.element, &more);
}

#[wasm_bindgen_test]
fn one_element_for_each_block() {
    for text in texts() {
        let mut body = Page::build(text);
        body.end(text);
        let groups = body.element.children();
        let groups = (0..groups.length()).filter_map(|at| groups.item(at));
        let counts = groups.map(|group| (group.child_nodes().length(), group.child_element_count()));
        let (nodes, elements) = counts.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
        assert_eq!([nodes as usize, elements as usize], [parse(text).len(); 2]);
    }
}

#[wasm_bindgen_test]
fn no_group_grows_without_end_however_the_text_comes() {
    let text = "one\n\n- two\n\n# three\n\n".repeat(12);
    let mut slow = Page::build("");
    beginnings(&text).for_each(|beginning| slow.show(beginning));
    let half = &text[..text.len() / 2];
    let mut adopted = Page::adopted(half);
    beginnings(&text).skip(half.len()).for_each(|beginning| adopted.show(beginning));
    for page in [slow, Page::build(&text), adopted] {
        assert_grows(&page.element, &text);
        let groups = page.element.children();
        let blocks =
            (0..groups.length()).filter_map(|at| groups.item(at)).map(|group| group.child_element_count());
        let blocks: Vec<_> = blocks.collect();
        assert!(blocks.len() >= 6 && blocks.iter().all(|blocks| *blocks <= 6), "{blocks:?}");
    }
}

#[wasm_bindgen_test]
async fn what_is_closed_is_finished_once_whoever_drew_it() {
    let text = "`a` $b$\n\n```\nc\n```\n\n> ```\n> d\n> ```\n\n|e|\n|-|\n|$f$|\n";
    let whole = [
        (Finished::Math, "b"),
        (Finished::Code, "WrapCopyc\n"),
        (Finished::Code, "WrapCopyd\n"),
        (Finished::Table, "Copy MarkdownCopy CSVef"),
        (Finished::Math, "f"),
    ];
    let whole: Vec<_> = whole.map(|(kind, text)| (kind, text.to_owned())).into();
    let mut live = Page::build("");
    beginnings(text).for_each(|beginning| live.show(beginning));
    live.end(text);
    let mut adopted = Page::adopted(&text[..text.len() / 2]);
    adopted.end(text);
    let body = Body::adopt(as_the_server_sent(&parse(text)), text.to_owned(), true);
    while finished_in(body.element()).len() < whole.len() {
        sleep(10).await;
    }
    sleep(100).await;
    for element in [&live.element, &adopted.element, body.element()] {
        let mut finished = finished_in(element);
        finished.sort_by_key(|(kind, text)| whole.iter().position(|(k, t)| k == kind && t == text));
        assert_eq!(finished, whole);
    }
}
