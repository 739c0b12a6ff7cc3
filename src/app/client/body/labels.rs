//! What is said beside the text, in the page's language: the server writes it into the page, one label a
//! line.

use std::sync::OnceLock;

use super::LABELS_ID;
use crate::app::client::page::data;
use crate::markdown::Labels;

/// All of them, for what draws.
pub(super) fn labels() -> &'static Labels {
    static LABELS: OnceLock<Labels> = OnceLock::new();
    LABELS.get_or_init(|| match data(LABELS_ID) {
        // Once for the life of the page.
        Some(lines) => Labels::read(&mut String::leak(lines).split('\n')),
        None => none(),
    })
}

/// The page of a test has no server behind it.
#[cfg(test)]
fn none() -> Labels {
    Labels::ENGLISH
}

/// The program in the browser holds no sentence.
#[cfg(not(test))]
fn none() -> Labels {
    Labels::read(&mut std::iter::empty())
}

/// A label that a button needs before there is anything to draw: which of the lines it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Line {
    /// What was asked for is copied.
    Copied,
    /// It could not be copied.
    NotCopied,
    /// The button of code.
    Copy,
    /// A button of a table.
    CopyMarkdown,
    /// A button of a table.
    CopyCsv,
}

/// What one line says; what reads all of them is no business of the first load.
pub(super) fn line(line: Line) -> Option<String> {
    data(LABELS_ID)?.split('\n').nth(line as usize).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_the_label_of_its_name() {
        let english = Labels::ENGLISH;
        let list = english.list();
        for (line, expected) in [
            (Line::Copied, english.copied),
            (Line::NotCopied, english.not_copied),
            (Line::Copy, english.copy),
            (Line::CopyMarkdown, english.copy_markdown),
            (Line::CopyCsv, english.copy_csv),
        ] {
            assert_eq!(list[line as usize], expected, "{line:?}");
        }
    }
}
