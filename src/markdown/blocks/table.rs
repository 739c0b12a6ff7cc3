//! Tables: each row is a leaf.

use std::rc::Rc;

use pulldown_cmark::Alignment;

use super::row::Cell;
use super::{Blocks, Context, Leaf, scan};
use crate::markdown::book::Book;
use crate::markdown::leaf::{self, Kind};
use crate::markdown::table::table_box;
use crate::markdown::{Element, Tag};

#[derive(Clone, Debug)]
pub(super) struct Table {
    pub columns: Rc<[Alignment]>,
    /// It has rows below its head.
    rows: bool,
    /// That of a long row.
    pub cell: Option<Cell>,
}

impl Table {
    /// The columns of a row that has so many bytes and cells: all of them, unless too many are missing.
    pub(super) fn complete(&self, book: &mut Book, bytes: usize, cells: usize) -> Rc<[Alignment]> {
        let missing = self.columns.len().saturating_sub(cells);
        if book.fill_in(bytes, missing) {
            return self.columns.clone();
        }
        self.columns[..self.columns.len() - missing].into()
    }
}

impl Blocks {
    pub(super) fn begin_table(&mut self, cx: &mut Context<'_>, head: &str, columns: Vec<Alignment>) {
        let columns: Rc<[Alignment]> = columns.into();
        let around = table_box(cx.book.labels).along(head);
        self.open(cx, around);
        self.open(cx, Element::new(Tag::Table));
        self.open(cx, Element::new(Tag::Thead));
        Self::add_row(cx, head, columns.clone(), true);
        self.close(cx, 1);
        self.leaf = Leaf::Table(Table { columns, rows: false, cell: None });
    }

    /// A row below the head; says whether the line is one.
    pub(super) fn table_row(&mut self, cx: &mut Context<'_>, row: &str) -> bool {
        if !scan::has_cells(row.as_bytes()) {
            return false;
        }
        let Leaf::Table(table) = &mut self.leaf else { return false };
        let is_first = !std::mem::replace(&mut table.rows, true);
        if is_first {
            self.open(cx, Element::new(Tag::Tbody));
        }
        if self.is_long() {
            self.begin_row(cx, row);
            return true;
        }
        let Leaf::Table(table) = &mut self.leaf else { return false };
        let columns = table.complete(cx.book, row.len(), scan::row_cells(row.as_bytes()));
        Self::add_row(cx, row, columns, false);
        true
    }

    fn add_row(cx: &mut Context<'_>, row: &str, columns: Rc<[Alignment]>, head: bool) {
        let leaf = leaf::Leaf { source: document(row), kind: Kind::Row(columns, head) };
        cx.add_leaf(Element::new(Tag::Tr), &leaf);
    }

    pub(super) fn end_table(&mut self, cx: &mut Context<'_>, table: Table) {
        let elements = 2 + usize::from(table.rows);
        self.leaf = Leaf::Table(table);
        self.end_row(cx);
        self.leaf = Leaf::None;
        self.close(cx, elements);
    }
}

/// The row below the head of a table that has as many columns as the row.
fn document(row: &str) -> String {
    let cells = scan::row_cells(row.as_bytes()).max(1);
    // With a pipe before it, a row is nothing else, whatever it begins with.
    let pipe = if row.starts_with('|') { "" } else { "|" };
    format!("{}|\n{}|\n{pipe}{row}", "|".repeat(cells), "|-".repeat(cells))
}
