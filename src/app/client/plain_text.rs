//! The text of an answer without the marks of Markdown, read from what the page shows.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, Node};

use super::page::document;

/// What belongs to the page and not to the text. A source that is hidden is that of a diagram which is shown in
/// its place, and is still what was written.
const SKIPPED: &str = "button, .code-bar, .diagram-failed, .image-blocked > a, [aria-hidden=true], [hidden]:not(pre), script, style";

/// The text of the message whose element has this id; empty where there is none.
pub fn plain_text_of(id: &str) -> String {
    let message = document().and_then(|document| document.get_element_by_id(id));
    let bodies = message.and_then(|message| message.query_selector_all("[data-testid=text]").ok());
    let mut writer = Writer::default();
    if let Some(bodies) = bodies {
        for at in 0..bodies.length() {
            if let Some(body) = bodies.get(at) {
                writer.gap(2);
                writer.children(&body);
            }
        }
    }
    writer.out.trim().to_owned()
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Line breaks that are due before the next text.
    due: usize,
    /// Inside of preformatted text.
    raw: bool,
    /// How deep in lists.
    depth: usize,
    /// A list's mark was written last, and what it marks follows on the same line.
    marked: bool,
}

impl Writer {
    /// At least so many line breaks before what comes.
    fn gap(&mut self, lines: usize) {
        let most = if self.depth > 0 { 1 } else { 2 };
        if !self.marked {
            self.due = self.due.max(lines.min(most));
        }
    }

    fn write(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.due > 0 {
            self.out.truncate(self.out.trim_end_matches(' ').len());
            if !self.out.is_empty() {
                self.out.extend(std::iter::repeat_n('\n', self.due));
            }
        }
        (self.due, self.marked) = (0, false);
        self.out.push_str(text);
    }

    fn text(&mut self, text: &str) {
        if self.raw {
            return self.write(text);
        }
        let mut words = text.split_whitespace().peekable();
        let starts_apart = text.starts_with(char::is_whitespace) && self.due == 0 && !self.out.is_empty();
        if starts_apart && !self.out.ends_with(char::is_whitespace) {
            self.out.push(' ');
        }
        while let Some(word) = words.next() {
            self.write(word);
            if words.peek().is_some() || text.ends_with(char::is_whitespace) {
                self.out.push(' ');
            }
        }
    }

    fn children(&mut self, node: &Node) {
        let mut child = node.first_child();
        while let Some(node) = child {
            match node.dyn_ref::<Element>() {
                Some(element) => self.element(element),
                None if node.node_type() == Node::TEXT_NODE => {
                    self.text(&node.text_content().unwrap_or_default());
                }
                None => {}
            }
            child = node.next_sibling();
        }
    }

    fn element(&mut self, element: &Element) {
        if element.matches(SKIPPED).unwrap_or(false) {
            return;
        }
        match element.tag_name().to_ascii_uppercase().as_str() {
            "BR" => self.gap(1),
            "HR" => self.gap(2),
            "IMG" => self.write(&element.get_attribute("alt").unwrap_or_default()),
            "INPUT" => {
                let ticked = element.dyn_ref::<HtmlInputElement>().is_some_and(HtmlInputElement::checked);
                self.write(if ticked { "[x] " } else { "[ ] " });
            }
            "MATH" => self.formula(element),
            "PRE" => {
                self.gap(2);
                self.raw = true;
                self.children(element);
                self.raw = false;
                self.gap(2);
            }
            "UL" | "OL" => self.list(element),
            "TR" => {
                self.gap(1);
                self.children(element);
                self.gap(1);
            }
            "TD" | "TH" => {
                if element.previous_element_sibling().is_some() {
                    self.write("\t");
                }
                self.children(element);
            }
            "P" | "H1" | "H2" | "H3" | "H4" | "H5" | "H6" | "BLOCKQUOTE" | "TABLE" | "DIV" => {
                self.gap(2);
                self.children(element);
                self.gap(2);
            }
            _ => self.children(element),
        }
    }

    fn list(&mut self, list: &Element) {
        self.gap(if self.depth == 0 { 2 } else { 1 });
        if list.has_attribute("data-piece") {
            // It goes on with the one before.
            self.due = self.due.min(1);
        }
        let numbered = list.tag_name() == "OL";
        let first = list.get_attribute("start").and_then(|start| start.parse().ok()).unwrap_or(1_u64);
        let items = list.children();
        for (number, at) in (first..).zip(0..items.length()) {
            if let Some(item) = items.item(at) {
                self.gap(1);
                let mark = if numbered { format!("{number}. ") } else { "- ".to_owned() };
                self.write(&format!("{}{mark}", "  ".repeat(self.depth)));
                self.marked = true;
                self.depth += 1;
                self.children(&item);
                self.depth -= 1;
            }
        }
        self.gap(if self.depth == 0 { 2 } else { 1 });
    }

    /// As its author wrote it.
    fn formula(&mut self, formula: &Element) {
        let source = formula.query_selector("annotation").ok().flatten();
        let text = source.as_ref().unwrap_or(formula).text_content();
        self.write(text.unwrap_or_default().trim());
    }
}
