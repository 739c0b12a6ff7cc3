//! The server's HTML, read by an HTML parser, is the tree that it was written from: nothing in a text
//! can change the markup around it. And the text in the tree is the text that the parser gave.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag as Start, TagEnd};

use super::documents::{HOSTILE, ORDINARY};
use super::{assert_safe, beginnings, outline, outline_tag, outline_text};
use crate::markdown::{Attr, Element, Node, parse, write_html};

/// What an HTML parser sees in the server's HTML.
fn read(html: &str) -> String {
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let dom = parse_fragment(RcDom::default(), ParseOpts::default(), context, vec![], false).one(html);
    let mut out = String::new();
    // The document has one child, the root that stands for the context.
    for child in dom.document.children.borrow()[0].children.borrow().iter() {
        outline_node(&mut out, child);
    }
    out
}

fn outline_node(out: &mut String, node: &Handle) {
    match &node.data {
        NodeData::Text { contents } => outline_text(out, &contents.borrow()),
        NodeData::Element { name, attrs, .. } => {
            let attrs = attrs.borrow();
            let attrs = attrs.iter().map(|attr| (attr.name.local.to_string(), attr.value.to_string()));
            outline_tag(out, &name.local, attrs.collect());
            for child in node.children.borrow().iter() {
                outline_node(out, child);
            }
            out.push('}');
        }
        other => panic!("{other:?}"),
    }
}

fn assert_reads_back(source: &str) {
    let blocks = parse(source);
    assert_safe(&blocks, source);
    let mut html = String::new();
    write_html(&mut html, &blocks);
    assert_eq!(read(&html), outline(&blocks), "{source:?}: {html}");
}

#[test]
fn html_reads_back_as_the_tree() {
    for text in HOSTILE.iter().chain(ORDINARY) {
        for beginning in beginnings(text) {
            assert_reads_back(beginning);
        }
    }
}

/// Words that have a meaning, so that chance meets constructs.
fn marks() -> impl Strategy<Value = String> {
    let marks = prop::sample::select(vec![
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```",
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        "> ",
        "- ",
        "1. ",
        "  ",
        "    ",
        "\t",
        "#",
        "# ",
        "|",
        "|-|",
        ":-:",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "[^a]",
        "[^a]: ",
        "[x] ",
        "[ ] ",
        "$",
        "$$",
        "<",
        ">",
        "</",
        "<b>",
        "<!--",
        "-->",
        "&amp;",
        "&#13;",
        "&",
        "\\",
        "\0",
        "a",
        "b c",
        "é",
        "中",
        "😀",
        "https://a.test",
        "javascript:",
        "[!NOTE]",
        "[a]: ",
        "---",
        "===",
        "~~~",
        "\u{a0}",
        "\u{202e}",
        "'",
        "\"",
        "/api/files/a",
        "<https://b.test>",
        "<a@b.test>",
        "{",
        "}",
    ]);
    prop::collection::vec(marks, 0..40).prop_map(|marks| marks.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn html_of_chance_reads_back_as_the_tree(source in marks()) {
        assert_reads_back(&source);
    }

    #[test]
    fn html_of_any_text_reads_back_as_the_tree(source in any::<String>()) {
        assert_reads_back(&source);
    }

    #[test]
    fn no_text_is_lost_or_added(source in marks()) {
        assert_same_text(&source);
    }
}

#[test]
fn no_text_of_ordinary_documents_is_lost_or_added() {
    for text in ORDINARY {
        assert_same_text(text);
    }
}

fn assert_same_text(source: &str) {
    let mut have = String::new();
    for block in parse(source) {
        own_text(&block, &mut have);
    }
    let source = source.replace('\0', "\u{FFFD}");
    assert_eq!(squeezed(&have), squeezed(&parsers_text(&source)), "{source:?}");
}

/// Without what is written around the model's text.
fn own_text(element: &Element, out: &mut String) {
    const OURS: [&str; 4] = ["code-bar", "alert-title", "footnote-label", "image-blocked"];
    if element.attrs.iter().any(|attr| matches!(attr, Attr::Class(class) if OURS.contains(class))) {
        return;
    }
    for child in &element.children {
        match child {
            Node::Element(child) => own_text(child, out),
            Node::Text(text) => out.push_str(text),
        }
    }
}

/// The text of the parser's events, without what images show.
fn parsers_text(source: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    let (mut out, mut images) = (String::new(), 0);
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        match event {
            Event::Start(Start::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images -= 1,
            _ if images > 0 => {}
            Event::InlineMath(_) if source.as_bytes().get(range.end).is_some_and(u8::is_ascii_digit) => {
                out.push_str(&source[range]);
            }
            Event::Text(text)
            | Event::Code(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => out.push_str(&text),
            _ => {}
        }
    }
    out
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
