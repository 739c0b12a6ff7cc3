//! A row of a table that is longer than [`LONGEST`]: its cells one by one, and those in parts.

use super::paragraph::Paragraph;
use super::{Blocks, Context, LONGEST, Leaf};
use crate::markdown::leaf::empty_cell;
use crate::markdown::{Change, Element, Tag};

/// The cell of a long row that is open.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    column: usize,
    /// Its text, but for what is shown for good.
    pub text: Paragraph,
}

impl Blocks {
    /// The beginning of a long row.
    pub(super) fn begin_row(&mut self, cx: &mut Context<'_>, row: &str) {
        self.open(cx, Element::new(Tag::Tr));
        self.begin_cell(cx, 0);
        self.row_more(cx, row.strip_prefix('|').unwrap_or(row));
    }

    /// More of it.
    pub(super) fn row_more(&mut self, cx: &mut Context<'_>, piece: &str) {
        for c in piece.chars() {
            let Leaf::Table(table) = &mut self.leaf else { return };
            let Some(Cell { column, text }) = &mut table.cell else { return };
            let is_escaped = c == '|' && text.lines.text.ends_with('\\');
            if c == '|' && !is_escaped {
                let next = *column + 1;
                self.end_cell(cx);
                self.begin_cell(cx, next);
            } else if *column < table.columns.len() {
                if is_escaped {
                    text.lines.text.pop();
                }
                text.extend(c.encode_utf8(&mut [0; 4]));
                // A backslash at the end may still be taken away.
                if text.lines.text.len() > LONGEST {
                    text.show_part(cx);
                }
            }
        }
    }

    fn begin_cell(&mut self, cx: &mut Context<'_>, column: usize) {
        let Leaf::Table(table) = &mut self.leaf else { return };
        table.cell = Some(Cell { column, text: Paragraph::inner() });
        if let Some(alignment) = table.columns.get(column).copied() {
            self.open(cx, empty_cell(alignment, false));
        }
    }

    /// Ends the cell, and says in which column it stood.
    fn end_cell(&mut self, cx: &mut Context<'_>) -> Option<usize> {
        let Leaf::Table(table) = &mut self.leaf else { return None };
        let Cell { column, text } = table.cell.take()?;
        if column < table.columns.len() {
            text.show_rest(cx);
            self.close(cx, 1);
        }
        Some(column)
    }

    /// The row ends, if a long one is open. Cells that it lacks are empty.
    pub(super) fn end_row(&mut self, cx: &mut Context<'_>) {
        let Some(column) = self.end_cell(cx) else { return };
        if let Leaf::Table(table) = &mut self.leaf {
            let columns = table.complete(cx.book, LONGEST, column + 1);
            for alignment in columns.get(column + 1..).unwrap_or_default() {
                (cx.change)(Change::Add(empty_cell(*alignment, false)));
            }
        }
        self.close(cx, 1);
    }
}
