//! A text part of an answer, shown as Markdown.
//!
//! A view of its own rather than nodes made with `view!`: it is drawn outside of the reactive system,
//! so that text can grow at the end of what is there, and it takes over what the server wrote without
//! looking at it.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::CastFrom;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::{Mountable, Position, PositionState};

use crate::app::client::body::{Body, CLASS, TEST_ID, group};
use crate::app::state::words::labels;
use crate::markdown::math::write_typeset;
use crate::markdown::{Element as Block, Growing, Tree, parse_with, write_html};

/// Shows `text` in a `<div class="md" data-testid="text">`. In the browser, `ready` is called with the
/// handle with which the text grows: [`Body::show`].
#[component]
pub fn MarkdownBody(
    /// The text as it is when the page is rendered.
    text: String,
    /// Nothing more will come.
    done: bool,
    /// Takes the handle, once, in the browser.
    #[prop(optional, into)]
    ready: Option<Callback<Body>>,
) -> impl IntoView {
    MarkdownView { text, done, ready }
}

#[derive(Debug)]
struct MarkdownView {
    text: String,
    done: bool,
    ready: Option<Callback<Body>>,
}

impl MarkdownView {
    fn built(&self) -> Body {
        let body = Body::build(&self.text);
        if self.done {
            body.show(&self.text, true);
        }
        body
    }

    /// The blocks as the browser would have them by now: it goes on from there.
    fn blocks(&self) -> Vec<Block> {
        if self.done {
            return parse_with(&self.text, labels());
        }
        let mut tree = Tree::new();
        Growing::with(labels()).push(&self.text, &mut |change| tree.apply(change));
        tree.into_blocks()
    }

    fn mounted(ready: Option<Callback<Body>>, body: Body) -> Mounted {
        if let Some(ready) = ready {
            ready.run(body.clone());
        }
        Mounted(body)
    }
}

impl Render for MarkdownView {
    type State = Mounted;

    fn build(self) -> Mounted {
        let body = self.built();
        Self::mounted(self.ready, body)
    }

    fn rebuild(self, Mounted(body): &mut Mounted) {
        body.show(&self.text, self.done);
        if let Some(ready) = self.ready {
            ready.run(body.clone());
        }
    }
}

impl AddAnyAttr for MarkdownView {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
        self
    }
}

impl RenderHtml for MarkdownView {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn html_len(&self) -> usize {
        self.text.len() * 2
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
        buf.push_str("<div class=\"");
        buf.push_str(CLASS);
        buf.push_str("\" data-testid=\"");
        buf.push_str(TEST_ID);
        buf.push_str("\">");
        // What may still change is compared with its tree in the browser, and that has only the source of
        // a formula.
        let write = if self.done { write_typeset } else { write_html };
        group::write_groups(buf, &self.blocks(), write);
        buf.push_str("</div>");
        *position = Position::NextChild;
    }

    /// One element, whatever is in it: the cursor goes on behind it.
    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Mounted {
        match position.get() {
            Position::FirstChild => cursor.child(),
            Position::Current => {}
            _ => cursor.sibling(),
        }
        position.set(Position::NextChild);
        let body = match Element::cast_from(cursor.current()) {
            Some(element) => Body::adopt(element, self.text, self.done),
            None => self.built(),
        };
        Self::mounted(self.ready, body)
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// The body while it stands in the page.
#[derive(Debug)]
struct Mounted(Body);

impl Mountable for Mounted {
    fn unmount(&mut self) {
        self.0.element().remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.0.element().clone().mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.element().insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.0.element().clone()]
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::MarkdownView;

    fn view(text: &str) -> MarkdownView {
        MarkdownView { text: text.to_owned(), done: false, ready: None }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_server_writes_one_element_with_the_blocks_in_groups() {
        assert_eq!(
            view("a\n\n<b>").to_html(),
            "<div class=\"md\" data-testid=\"text\"><div class=\"group\"><p>a</p><p class=\"raw\">&lt;b&gt;</p></div></div>"
        );
    }

    // On the server only: a browser is told the language by its page.
    #[cfg(not(target_family = "wasm"))]
    #[test]
    fn what_is_said_beside_the_text_is_in_the_language_of_the_request() {
        use crate::app::state::words::language::Language;

        for done in [false, true] {
            let written = |language: Option<Language>, text| {
                Owner::new().with(|| {
                    if let Some(language) = language {
                        provide_context(language);
                    }
                    MarkdownView { done, ..view(text) }.to_html()
                })
            };
            for (text, english, chinese) in [
                ("```\na\n", ">Copy</button>", ">复制</button>"),
                ("> [!WARNING]\n> a\n", ">Warning</p>", ">警告</p>"),
                (
                    "![cat](https://a.test/)\n",
                    ">Image from a.test not loaded: cat <a",
                    ">来自 a.test 的图片未加载：cat <a",
                ),
            ] {
                for (language, expected) in
                    [(None, english), (Some(Language::English), english), (Some(Language::Chinese), chinese)]
                {
                    let html = written(language, text);
                    assert!(html.contains(expected), "{language:?}: {html}");
                }
            }
        }
    }

    // In the browser only: there is no DOM elsewhere.
    #[cfg(target_family = "wasm")]
    #[wasm_bindgen_test]
    async fn hydration_takes_the_servers_nodes_and_goes_on_behind_them() {
        use std::sync::{Arc, Mutex};

        use crate::app::client::clock::sleep;

        let ready = Arc::new(Mutex::new(0));
        let count = Arc::clone(&ready);
        let ready = Callback::new(move |_| *count.lock().unwrap() += 1);
        let root = document().create_element("section").unwrap();
        root.set_inner_html(&format!("{}{}", view("one\n\ntwo").to_html(), view("three").to_html()));
        let first = root.first_element_child().unwrap().first_element_child().unwrap();
        let nodes = [first.first_child().unwrap(), first.last_child().unwrap()];

        let views = (MarkdownView { ready: Some(ready), ..view("one\n\ntwo") }, view("three"));
        let (mounted, after) = {
            let cursor = leptos::tachys::hydration::Cursor::new(root.clone());
            let position =
                leptos::tachys::view::PositionState::new(leptos::tachys::view::Position::FirstChild);
            let first = views.0.hydrate::<true>(&cursor, &position);
            (first, views.1.hydrate::<true>(&cursor, &position))
        };
        mounted.0.show("one\n\ntwo and more", false);
        after.0.show("three and more", false);
        sleep(0).await;
        assert!(nodes[0].is_same_node(first.first_child().as_ref()));
        assert!(nodes[1].is_same_node(first.last_child().as_ref()));
        assert_eq!(root.text_content().unwrap(), "onetwo and morethree and more");
    }
}
