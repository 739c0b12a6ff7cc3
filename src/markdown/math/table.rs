//! Environments: matrices, cases, aligned lines.

use pulldown_latex::event::{ArrayColumn, ColumnAlignment, EnvironmentFlow, Event, Grouping, Line};

use super::row::Builder;
use super::{MathAttr, MathElement, MathTag, NotTypeset};

/// The most lines and cells together.
const MOST_CELLS: usize = 4096;

/// What is to be known of an environment.
struct Shape {
    class: &'static str,
    /// Its cells are drawn as formulas on a line of their own.
    display: bool,
    /// The classes of an array's cells, by column, and of the last cell's other edge.
    columns: Vec<&'static str>,
    open: Option<char>,
    close: Option<char>,
}

impl Shape {
    fn of(class: &'static str, display: bool) -> Self {
        Self { class, display, columns: Vec::new(), open: None, close: None }
    }
}

fn shape(environment: &Grouping) -> Shape {
    match environment {
        Grouping::Array(columns) => Shape { columns: cells(columns), ..Shape::of("array", false) },
        Grouping::Matrix { alignment } => Shape::of(
            match alignment {
                ColumnAlignment::Left => "array left",
                ColumnAlignment::Center => "array",
                ColumnAlignment::Right => "array right",
            },
            false,
        ),
        Grouping::Cases { left: true } => Shape { open: Some('{'), ..Shape::of("cases", false) },
        Grouping::Cases { left: false } => Shape { close: Some('}'), ..Shape::of("cases", false) },
        Grouping::Align { .. }
        | Grouping::Aligned
        | Grouping::Alignat { .. }
        | Grouping::Alignedat { .. }
        | Grouping::Split => Shape::of("align", true),
        Grouping::SubArray { alignment: ColumnAlignment::Left } => Shape::of("stack left", false),
        Grouping::SubArray { .. } => Shape::of("stack", false),
        Grouping::Multline => Shape::of("multline", true),
        Grouping::Equation { .. }
        | Grouping::Gather { .. }
        | Grouping::Gathered
        | Grouping::Normal
        | Grouping::LeftRight(..) => Shape::of("gather", true),
    }
}

/// The class of each column's cells: how they are aligned, and the lines beside them.
fn cells(columns: &[ArrayColumn]) -> Vec<&'static str> {
    let mut cells = Vec::new();
    let (mut line, mut count) = (None, 0);
    for (index, column) in columns.iter().enumerate() {
        match column {
            ArrayColumn::Separator(separator) => line = Some(*separator),
            ArrayColumn::Column(alignment) => {
                count += 1;
                let rest = &columns[index + 1..];
                let last = !rest.iter().any(|column| matches!(column, ArrayColumn::Column(_)));
                let closed = last && !rest.is_empty();
                cells.push(cell(*alignment, line.take(), closed));
            }
        }
    }
    debug_assert_eq!(cells.len(), count);
    cells
}

fn cell(alignment: ColumnAlignment, line: Option<Line>, closed: bool) -> &'static str {
    use ColumnAlignment::{Center, Left, Right};
    match (alignment, line, closed) {
        (Center, None, false) => "",
        (Left, None, false) => "left",
        (Right, None, false) => "right",
        (Center, Some(Line::Solid), false) => "line",
        (Left, Some(Line::Solid), false) => "left line",
        (Right, Some(Line::Solid), false) => "right line",
        (Center, Some(Line::Dashed), false) => "line dashed",
        (Left, Some(Line::Dashed), false) => "left line dashed",
        (Right, Some(Line::Dashed), false) => "right line dashed",
        (Center, None, true) => "line-end",
        (Left, None, true) => "left line-end",
        (Right, None, true) => "right line-end",
        (Center, Some(_), true) => "line line-end",
        (Left, Some(_), true) => "left line line-end",
        (Right, Some(_), true) => "right line line-end",
    }
}

/// One line of an environment.
struct Row {
    cells: Vec<MathElement>,
    /// A line is drawn above.
    ruled: bool,
    ruled_below: bool,
}

impl Builder<'_> {
    /// From behind its beginning up to its end, which is taken.
    pub(super) fn environment(&mut self, environment: &Grouping) -> Result<MathElement, NotTypeset> {
        let shape = shape(environment);
        let display = std::mem::replace(&mut self.display, shape.display);
        let rows = self.rows(&shape)?;
        self.display = display;
        let rows = rows.into_iter().map(|row| {
            let class = match (row.ruled, row.ruled_below) {
                (false, false) => None,
                (true, false) => Some("rule"),
                (false, true) => Some("rule-end"),
                (true, true) => Some("rule rule-end"),
            };
            let attrs = class.map(MathAttr::Class).into_iter().collect();
            MathElement { attrs, ..MathElement::of(MathTag::Mtr, row.cells) }
        });
        let table = MathElement::of(MathTag::Mtable, rows.collect()).with(MathAttr::Class(shape.class));
        let table = if shape.display { table.with(MathAttr::DisplayStyle(true)) } else { table };
        let fence = |c: char, form| {
            let fence = MathElement::token(MathTag::Mo, c);
            fence.with(MathAttr::Form(form)).with(MathAttr::Stretchy(true))
        };
        let mut row: Vec<_> = shape.open.map(|open| fence(open, "prefix")).into_iter().collect();
        row.push(table);
        row.extend(shape.close.map(|close| fence(close, "postfix")));
        Ok(MathElement::row(row))
    }

    fn rows(&mut self, shape: &Shape) -> Result<Vec<Row>, NotTypeset> {
        let mut rows = Vec::new();
        let mut row = Row { cells: Vec::new(), ruled: false, ruled_below: false };
        let mut count = 0;
        if let Some(Event::EnvironmentFlow(EnvironmentFlow::StartLines { lines })) = self.events.get(self.at)
        {
            row.ruled = !lines.is_empty();
            self.at += 1;
        }
        loop {
            count += 1;
            if count > MOST_CELLS {
                return Err(NotTypeset::TooLong);
            }
            let cell = self.cell(shape, row.cells.len())?;
            row.cells.push(cell);
            match self.next() {
                Some(Event::EnvironmentFlow(EnvironmentFlow::Alignment)) => {}
                Some(Event::EnvironmentFlow(EnvironmentFlow::NewLine { horizontal_lines, .. })) => {
                    let ruled = !horizontal_lines.is_empty();
                    rows.push(row);
                    row = Row { cells: Vec::new(), ruled, ruled_below: false };
                }
                Some(Event::End) => break,
                _ => return Err(NotTypeset::NotUnderstood),
            }
        }
        // What follows the last line break is no line, but a rule before it is the one below.
        let is_empty = row.cells.iter().all(|cell| cell.children.is_empty());
        match rows.last_mut() {
            Some(last) if is_empty => last.ruled_below = row.ruled,
            _ => rows.push(row),
        }
        Ok(rows)
    }

    fn cell(&mut self, shape: &Shape, column: usize) -> Result<MathElement, NotTypeset> {
        self.before = None;
        self.font = None;
        // In an aligned formula, what stands right of the mark goes on from what stands left of it.
        if shape.class == "align" && column % 2 == 1 {
            self.before = Some(super::row::Atom::Ordinary);
        }
        let cell = MathElement::of(MathTag::Mtd, self.nested(Self::row)?);
        Ok(match shape.columns.get(column) {
            Some(&class) if !class.is_empty() => cell.with(MathAttr::Class(class)),
            _ => cell,
        })
    }
}
