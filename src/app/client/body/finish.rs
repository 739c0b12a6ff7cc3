//! What is done with code, formulas and tables once they stand there for good.

use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{code, math};
use crate::markdown::{self, Attr};

/// What has been finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finished {
    /// A code block with its bar: `div.code`.
    Code,
    /// A formula: `code.math`, with the class `display` too if it stands by itself.
    Math,
    /// A table in the box that it scrolls in: `div.table`.
    Table,
}

impl Finished {
    /// Where they are to be found in a body.
    pub(super) const SELECTOR: &str = ".code, .math, .table";

    /// What an element is, by its first class: no text of a model can give one.
    pub(super) fn of(element: &Element) -> Option<Self> {
        match element.class_name().split(' ').next()? {
            "code" => Some(Self::Code),
            "math" => Some(Self::Math),
            "table" => Some(Self::Table),
            _ => None,
        }
    }
}

/// Called once with each element of these kinds that nothing will be added to any more: in the middle
/// of drawing, so what takes time is to be put off. From here on the element may be changed inside, but
/// it must stay one element, where it is and with its first class.
pub(super) fn finished(kind: Finished, element: &Element) {
    // There is no DOM elsewhere.
    #[cfg(all(test, target_family = "wasm"))]
    super::tests::record(kind, element);
    match kind {
        Finished::Code => code::finished(element),
        // The view's tests compare what stands there with the tree, in which a formula is its source.
        Finished::Math if cfg!(test) => {}
        Finished::Math => math::finished(element),
        Finished::Table => {}
    }
}

/// Calls [`finished`] for all that is in an element which was just closed, itself included.
pub(super) fn within(element: &Element, shown: &markdown::Element) {
    if !is_any_in(shown) {
        return;
    }
    if let Some(kind) = Finished::of(element) {
        finished(kind, element);
    }
    let Ok(found) = element.query_selector_all(Finished::SELECTOR) else { return };
    for node in (0..found.length()).filter_map(|at| found.item(at)) {
        if let Ok(element) = node.dyn_into()
            && let Some(kind) = Finished::of(&element)
        {
            finished(kind, &element);
        }
    }
}

/// The page is asked only where the tree says that there is something.
fn is_any_in(element: &markdown::Element) -> bool {
    let within = |node: &markdown::Node| match node {
        markdown::Node::Element(element) => is_any_in(element),
        markdown::Node::Text(_) => false,
    };
    is_finished(element) || element.children.iter().any(within)
}

/// Whether it is one of these kinds.
pub(super) fn is_finished(element: &markdown::Element) -> bool {
    let named = |attr: &Attr| match attr {
        Attr::Class(class) => matches!(*class, "code" | "math" | "math display" | "table"),
        _ => false,
    };
    element.attrs.iter().any(named)
}
