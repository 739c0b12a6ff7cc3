//! What is unfinished at the end of a text, made to look as it will.

use super::Lines;
use crate::markdown::book::Book;

pub(in crate::markdown) fn mend(lines: &mut Lines, book: &mut Book) {
    let _ = (lines, book);
}

pub(in crate::markdown) fn mend_row(line: &str) -> String {
    line.to_owned()
}
