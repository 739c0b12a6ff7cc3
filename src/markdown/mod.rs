//! Markdown text to blocks.
//!
//! A block is an [`Element`] of a small closed set of tags and attributes, so a tree is safe to show
//! by construction: there is no way to write a script, a handler, an id, a foreign image or a link
//! that is not http, https or mailto. The server writes it as HTML ([`write_html`]), the browser
//! builds the same nodes from it.
//!
//! ```
//! let blocks = sluice::markdown::parse("Hello *world*, [x](javascript:alert(1))");
//! let mut html = String::new();
//! sluice::markdown::write_html(&mut html, &blocks);
//! assert_eq!(html, "<p>Hello <em>world</em>, x</p>");
//! ```
//!
//! A text that grows is read as it comes ([`Growing`]): `blocks` finds the blocks line by line, and
//! pulldown-cmark reads what stands in one leaf, with `leaf` around it. [`parse`] is the same for a
//! whole text. The tree is that of CommonMark with GFM's tables, tasks, strikethrough, footnotes and
//! alerts, as pulldown-cmark reads them, but for what `tests/differences.rs` lists. What its elements say
//! beside the text (buttons, titles) is in the language of the [`Labels`] that the parser was given.
//!
//! # Architecture Invariant
//!
//! Pure: no DOM, no IO. Imports nothing of ours. Every block can be shown alone, and is one element.
//! What nests deeper than [`MAX_CONTAINERS`] is text, so nobody who walks a tree can run out of stack.

mod blocks;
mod book;
mod change;
mod element;
mod growing;
mod html;
mod labels;
mod leaf;
mod link;
pub mod math;
mod pieces;
pub mod table;

#[cfg(test)]
pub(crate) mod tests;

pub use blocks::MAX_CONTAINERS;
pub use change::{Change, LeafId, Tree};
pub use element::{Attr, Element, Node, Tag};
pub use growing::{Growing, parse, parse_with};
pub use html::write_html;
pub use labels::Labels;
pub use link::{FilePath, Href, Language, size_in};

/// The class of a link around an image that can be opened large.
pub const OPEN_IMAGE: &str = "open-image";
