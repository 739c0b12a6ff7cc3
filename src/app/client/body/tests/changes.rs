//! Changes made by hand and by chance, applied to the page and to a tree: both look the same, and what
//! stood there as the tail is claimed.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Text};

use super::super::document;
use super::super::spine::Spine;
use super::super::view::View;
use super::{as_the_server_sent, outline, page_outline};
use crate::markdown::{Attr, Change, Element as Block, LeafId, Node, Tag, Tree};

fn block<const N: usize>(tag: Tag, children: [Node; N]) -> Block {
    Block { tag, attrs: Vec::new(), children: children.into() }
}

fn node<const N: usize>(tag: Tag, children: [Node; N]) -> Node {
    Node::Element(block(tag, children))
}

fn text(text: &str) -> Node {
    Node::Text(text.to_owned())
}

fn tail<const N: usize>(depth: usize, nodes: [Node; N]) -> Change {
    Change::Tail { depth, nodes: nodes.into() }
}

/// A body and a tree to which the same changes are applied.
struct Both {
    body: Element,
    view: View,
    tree: Tree,
    made: Vec<Change>,
}

impl Both {
    fn new() -> Self {
        let body = document().create_element("div").unwrap();
        Self { view: View::new(body.clone()), body, tree: Tree::new(), made: Vec::new() }
    }

    fn apply(&mut self, changes: impl IntoIterator<Item = Change>) {
        for change in changes {
            self.made.push(change.clone());
            self.tree.apply(change.clone());
            self.view.apply(change);
        }
        self.view.settle();
        let expected = outline(&self.tree.clone().into_blocks());
        assert_eq!(page_outline(&self.body, "changes"), expected, "{:#?}", self.made);
    }

    /// The same as if the server had drawn it so far.
    fn adopt(&mut self) {
        self.body = as_the_server_sent(&self.tree.clone().into_blocks());
        let mut spine = Spine::default();
        self.made.iter().for_each(|change| spine.apply(change.clone()));
        while spine.find_next(&self.body) {}
        self.view = View::adopt(&self.body, spine).unwrap_or_else(|| panic!("{:#?}", self.made));
    }

    fn find(&self, selector: &str) -> Element {
        self.body.query_selector(selector).unwrap().unwrap()
    }

    fn text_of(&self, selector: &str) -> Text {
        self.find(selector).first_child().unwrap().unchecked_into()
    }
}

#[wasm_bindgen_test]
fn a_paragraph_in_the_tail_becomes_the_closed_one() {
    let mut both = Both::new();
    both.apply([tail(0, [node(Tag::P, [text("some wo")])])]);
    let (paragraph, shown) = (both.find("p"), both.text_of("p"));
    both.apply([Change::Add(block(Tag::P, [text("some words")])), tail(0, [node(Tag::P, [text("more")])])]);
    assert!(paragraph.is_same_node(Some(&both.find("p"))));
    assert!(shown.is_same_node(Some(&both.text_of("p"))));
    assert_eq!(both.find(".group").child_element_count(), 2);
}

#[wasm_bindgen_test]
fn a_list_in_the_tail_becomes_open_elements() {
    let mut both = Both::new();
    let item = |said: &str| node(Tag::Li, [node(Tag::P, [text(said)])]);
    both.apply([tail(0, [node(Tag::Ul, [item("one"), item("two")])])]);
    let nodes = ["ul", "li", "li:last-child", "li:last-child > p"].map(|selector| both.find(selector));
    let shown = both.text_of("li:last-child > p");
    both.apply([
        Change::Open(block(Tag::Ul, [])),
        Change::Add(block(Tag::Li, [node(Tag::P, [text("one")])])),
        Change::Open(block(Tag::Li, [])),
        Change::Open(block(Tag::P, [])),
        Change::Text("two ".to_owned()),
        tail(3, [text("three")]),
    ]);
    for (node, selector) in nodes.iter().zip(["ul", "li", "li:last-child", "li:last-child > p"]) {
        assert!(node.is_same_node(Some(&both.find(selector))), "{selector}");
    }
    assert!(shown.is_same_node(Some(&both.text_of("li:last-child > p"))));
    both.apply([Change::Text("three".to_owned()), Change::Close, Change::Close, Change::Loose { depth: 1 }]);
    assert!(shown.is_same_node(Some(&both.text_of("li:last-child > p"))));
    assert_eq!(shown.data(), "two three");
}

#[wasm_bindgen_test]
fn text_of_the_tail_is_joined_to_the_text_before_it() {
    let mut both = Both::new();
    both.apply([Change::Open(block(Tag::P, [])), Change::Text("a ".to_owned()), tail(1, [text("*b")])]);
    let shown = both.text_of("p");
    both.apply([tail(1, [text("c "), node(Tag::Em, [text("b")])])]);
    both.apply([
        Change::Text("d ".to_owned()),
        Change::Add(block(Tag::Em, [text("b")])),
        tail(1, [text(" e")]),
    ]);
    both.apply([Change::Text(" ef".to_owned()), Change::Close]);
    assert!(shown.is_same_node(Some(&both.text_of("p"))));
    assert_eq!(both.find("p").text_content().unwrap(), "a d b ef");
}

#[wasm_bindgen_test]
fn a_late_definition_leaves_the_text_around_it_where_it_is() {
    let mut both = Both::new();
    let attrs = vec![Attr::Class("footnote-ref")];
    let link = Node::Element(Block { tag: Tag::Sup, attrs, children: vec![text("x")] });
    both.apply([
        Change::Add(block(
            Tag::P,
            [node(Tag::Em, [text("a")]), text("b [x] c [x]d"), node(Tag::Code, [text("e")])],
        )),
        Change::Waits(LeafId(7)),
        Change::Add(block(Tag::P, [text("after")])),
    ]);
    let first: Text = both.find("em").next_sibling().unwrap().unchecked_into();
    let code = both.find("code");
    let children = vec![
        node(Tag::Em, [text("a")]),
        text("b "),
        link.clone(),
        text(" c "),
        link,
        text("d"),
        node(Tag::Code, [text("e")]),
    ];
    both.apply([Change::Late { leaf: LeafId(7), children }]);
    assert!(first.is_same_node(both.find("em").next_sibling().as_ref()));
    assert!(code.is_same_node(Some(&both.find("code"))));
}

/// Valid changes by chance (mulberry32), the same for the same seed.
struct Chance {
    state: u32,
    /// Tags of the open elements.
    open: Vec<Tag>,
    leaves: u32,
    can_wait: bool,
}

impl Chance {
    fn pick(&mut self, below: u32) -> u32 {
        self.state = self.state.wrapping_add(0x6d2b_79f5);
        let mut t = (self.state ^ (self.state >> 15)).wrapping_mul(self.state | 1);
        t ^= t.wrapping_add((t ^ (t >> 7)).wrapping_mul(t | 61));
        (t ^ (t >> 14)) % below
    }

    fn word(&mut self) -> String {
        ["a", "ab", "abc ", "b", "闸门", "🌊 x", "\n"][self.pick(7) as usize].to_owned()
    }

    /// What may stand in a paragraph; never two texts side by side.
    fn inlines(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        for _ in 0..self.pick(4) {
            if self.pick(2) == 0 && !matches!(nodes.last(), Some(Node::Text(_))) {
                nodes.push(Node::Text(self.word()));
            } else {
                let tag = [Tag::Em, Tag::Strong, Tag::Code][self.pick(3) as usize];
                let word = self.word();
                nodes.push(node(tag, [text(&word)]));
            }
        }
        nodes
    }

    fn block(&mut self, depth: u32) -> Block {
        if depth > 2 || self.pick(2) == 0 {
            let tag = [Tag::P, Tag::H2][self.pick(2) as usize];
            return Block { tag, attrs: Vec::new(), children: self.inlines() };
        }
        let tag = [Tag::Blockquote, Tag::Ul][self.pick(2) as usize];
        let children = (0..self.pick(3)).map(|_| {
            let child = self.block(depth + 1);
            Node::Element(if tag == Tag::Ul { block(Tag::Li, [Node::Element(child)]) } else { child })
        });
        Block { tag, attrs: Vec::new(), children: children.collect() }
    }

    /// What may stand in an open element.
    fn nodes_of(&mut self, around: Option<Tag>) -> Vec<Node> {
        match around {
            Some(Tag::P) => self.inlines(),
            Some(Tag::Ul) => (0..self.pick(3)).map(|_| self.item()).map(Node::Element).collect(),
            _ => (0..self.pick(3)).map(|_| Node::Element(self.block(0))).collect(),
        }
    }

    fn item(&mut self) -> Block {
        let block_in = self.block(1);
        block(Tag::Li, [Node::Element(block_in)])
    }

    fn change(&mut self) -> Option<Change> {
        let around = self.open.last().copied();
        let can_wait = std::mem::take(&mut self.can_wait);
        Some(match self.pick(10) {
            0..2 => {
                let tag = match around {
                    Some(Tag::P) => return None,
                    Some(Tag::Ul) => Tag::Li,
                    _ => [Tag::Ul, Tag::Blockquote, Tag::P][self.pick(3) as usize],
                };
                self.open.push(tag);
                Change::Open(block(tag, []))
            }
            2 => {
                let closed = self.open.pop()?;
                self.can_wait = closed == Tag::P;
                Change::Close
            }
            3..5 => match self.nodes_of(around).pop()? {
                Node::Element(added) => {
                    self.can_wait = added.tag == Tag::P;
                    Change::Add(added)
                }
                Node::Text(text) => Change::Text(text),
            },
            5 if around == Some(Tag::P) => Change::Text(self.word()),
            6 if can_wait => {
                self.leaves += 1;
                Change::Waits(LeafId(self.leaves))
            }
            7 if self.leaves > 0 => {
                let leaf = LeafId(1 + self.pick(self.leaves));
                Change::Late { leaf, children: self.inlines() }
            }
            _ => {
                let depth = self.pick(self.open.len() as u32 + 1) as usize;
                let around = depth.checked_sub(1).map(|at| self.open[at]);
                Change::Tail { depth, nodes: self.nodes_of(around) }
            }
        })
    }
}

#[wasm_bindgen_test]
fn the_page_is_the_tree_whatever_changes_come_and_whoever_drew_the_beginning() {
    for seed in 0..400 {
        let mut chance = Chance { state: seed, open: Vec::new(), leaves: 0, can_wait: false };
        let mut both = Both::new();
        for step in 0..40 {
            let changes: Vec<_> = (0..4).filter_map(|_| chance.change()).collect();
            both.apply(changes);
            if seed % 2 == 1 && step == seed % 39 {
                both.adopt();
                chance.can_wait = false;
            }
        }
    }
}
