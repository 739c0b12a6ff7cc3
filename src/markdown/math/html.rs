//! Formulas as HTML text, for the server.

use super::{MathElement, typeset};
use crate::markdown::html::{escape, write_element};
use crate::markdown::{Attr, Element, Tag};

/// Appends blocks as [`crate::markdown::write_html`] does, with their formulas typeset.
pub fn write_typeset(out: &mut String, blocks: &[Element]) {
    for block in blocks {
        write_element(out, block, &mut formula);
    }
}

/// Writes an element if it is a formula.
fn formula(out: &mut String, element: &Element) -> bool {
    let display = match element.attrs.as_slice() {
        [Attr::Class("math")] => false,
        [Attr::Class("math display")] => true,
        _ => return false,
    };
    if element.tag != Tag::Code {
        return false;
    }
    let latex = element.text();
    let formula = typeset(&latex, display);
    out.push_str("<code class=\"");
    out.push_str(class(display, formula.is_ok()));
    out.push_str("\">");
    match formula {
        Ok(formula) => write_html(out, &formula),
        Err(_) => escape(out, &latex),
    }
    out.push_str("</code>");
    true
}

/// The class of the element that a formula stands in once it has been looked at.
pub fn class(display: bool, typeset: bool) -> &'static str {
    match (display, typeset) {
        (false, true) => "math typeset",
        (true, true) => "math display typeset",
        (false, false) => "math math-failed",
        (true, false) => "math display math-failed",
    }
}

/// Appends a formula.
pub fn write_html(out: &mut String, element: &MathElement) {
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
    for child in &element.children {
        write_html(out, child);
    }
    escape(out, &element.text);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}
