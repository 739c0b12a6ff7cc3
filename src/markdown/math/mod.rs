//! Mathematics: a formula in LaTeX to a tree of MathML elements.
//!
//! pulldown-latex reads the formula; of what it offers only its events are used, since its own MathML
//! has `style` attributes, which the page's policy forbids. Like a block, a formula is safe to show by
//! construction: the tree's tags and attributes are closed sets ([`MathTag`], [`MathAttr`]).
//!
//! ```
//! use sluice::markdown::math;
//!
//! let formula = math::typeset(r"\frac{a}{2}", false).unwrap();
//! let mut html = String::new();
//! math::write_html(&mut html, &formula);
//! assert!(html.starts_with("<math><semantics><mfrac><mi>a</mi><mn>2</mn></mfrac><annotation"));
//! ```
//!
//! # Architecture Invariant
//!
//! Pure, and never panics: what is too long, too deep, not understood or known to bring the parser down
//! is refused, and stands in the page as its source. In the browser all of this is a part of the program
//! of its own, so nothing outside of it may name it but what loads it.

use pulldown_latex::{Parser, Storage};

mod content;
mod html;
mod letters;
mod row;
mod source;
mod table;
mod tree;

#[cfg(test)]
pub(crate) mod tests;

pub use html::{class, write_html, write_typeset};
pub use tree::{Em, MathAttr, MathElement, MathTag};

/// The longest formula that is typeset, in bytes.
pub const MAX_BYTES: usize = 8192;

/// The deepest nesting that is typeset.
pub const MAX_DEPTH: usize = 48;

/// Why a formula is shown as its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTypeset {
    /// It has more than [`MAX_BYTES`].
    #[error("the formula is too long")]
    TooLong,
    /// It is nested deeper than [`MAX_DEPTH`].
    #[error("the formula is nested too deep")]
    TooDeep,
    /// It is not what we know of LaTeX.
    #[error("the formula is not understood")]
    NotUnderstood,
}

/// Makes a tree of a formula, with its source as an annotation. `display` says that it stands on a line
/// of its own.
///
/// # Errors
///
/// When it can't be typeset, and why.
pub fn typeset(latex: &str, display: bool) -> Result<MathElement, NotTypeset> {
    if latex.len() > MAX_BYTES {
        return Err(NotTypeset::TooLong);
    }
    let spelled = source::spelled(latex)?;
    let body = row::read(&spelled, display, 0)?;
    let source = MathElement::token(MathTag::Annotation, latex).with(MathAttr::Tex);
    let semantics = MathElement::of(MathTag::Semantics, vec![MathElement::row(body), source]);
    let math = MathElement::of(MathTag::Math, vec![semantics]);
    Ok(if display { math.with(MathAttr::Block) } else { math })
}

/// All events of a formula.
fn events<'a>(
    latex: &'a str,
    storage: &'a Storage,
) -> Result<Vec<pulldown_latex::event::Event<'a>>, NotTypeset> {
    Parser::new(latex, storage).collect::<Result<_, _>>().map_err(|_| NotTypeset::NotUnderstood)
}
