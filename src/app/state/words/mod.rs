//! Every sentence that a person reads, in every language, as tables: a sentence that is missing in one
//! of the languages does not compile.
//!
//! - `page`: the words of the page
//! - `beside`: the words of what only the server writes
//! - `labels`: what is said in an answer beside its text; its English is `markdown::Labels::ENGLISH`
//! - [`language`]: which languages there are, and which one a browser asks for
//! - [`dictionary`]: how a table is written, and how it comes into the browser
//! - `refusals`: why the server refused something
//! - `units`: numbers and durations
//!
//! To add a sentence, add a line to a table: `name: "English", "中文";`. A place for something that is
//! known later is `{}`, see [`fill`].
//!
//! Views take their texts from here also for another reason: a subtree of `view!` in which everything
//! is literal would be made through `innerHTML`, which the page's Trusted Types refuse.

mod beside;
pub mod dictionary;
mod labels;
pub mod language;
mod page;
mod refusals;
mod units;

pub use beside::{BesideWords, beside_words};
pub use dictionary::fill;
pub use labels::labels;
pub use page::Words;
pub use refusals::{is_theirs, refused};
pub use units::{duration, number, wait};

use dictionary::here;

/// The words of the page's language.
pub fn words() -> &'static Words {
    here()
}
