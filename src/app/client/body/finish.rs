//! What is done with code, formulas and tables once they stand there for good.

use web_sys::Element;

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
    let _ = element;
    match kind {
        Finished::Code | Finished::Math | Finished::Table => {}
    }
}
