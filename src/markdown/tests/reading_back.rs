//! The server's HTML, read by an HTML parser, is the tree that it was written from: nothing in a text
//! can change the markup around it.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;

use super::documents::{HOSTILE, MARKS, ORDINARY};
use super::{assert_safe, beginnings, outline, outline_tag, outline_text};
use crate::markdown::{parse, write_html};

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

/// Texts of words that have a meaning, so that chance meets constructs.
pub(super) fn marks() -> impl Strategy<Value = String> {
    let marks = prop::sample::select(MARKS);
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
}
