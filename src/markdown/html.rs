//! Blocks as HTML text, for the server.
//!
//! Reading it back gives the same tree: text and values are escaped, and what an HTML parser would
//! change in silence (a carriage return, a NUL) is written so that it does not, or does not occur.

use super::{Element, Node};

/// Appends the blocks.
pub fn write_html(out: &mut String, blocks: &[Element]) {
    for block in blocks {
        write_element(out, block, &mut |_, _| false);
    }
}

/// Appends an element. `written` is asked first for it and each one in it, and may have written it.
pub(super) fn write_element(
    out: &mut String,
    element: &Element,
    written: &mut dyn FnMut(&mut String, &Element) -> bool,
) {
    if written(out, element) {
        return;
    }
    let name = element.tag.name();
    out.push('<');
    out.push_str(name);
    for attr in &element.attrs {
        out.push(' ');
        out.push_str(attr.name());
        out.push_str("=\"");
        escape(out, &attr.value());
        out.push('"');
    }
    out.push('>');
    if element.tag.is_void() {
        return;
    }
    for child in &element.children {
        match child {
            Node::Element(element) => write_element(out, element, written),
            Node::Text(text) => escape(out, text),
        }
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

pub(super) fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'', '\r']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\r' => "&#13;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}
