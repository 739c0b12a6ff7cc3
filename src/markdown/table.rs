//! A table in the page with its buttons, and on its way out of the page: as Markdown, or as CSV (RFC 4180).
//!
//! Whoever holds a table as it is shown makes [`Cell`]s of it; a cell's Markdown is put together with
//! [`escaped`], [`code`] and [`link`].

use super::{Attr, Element, Labels, Tag};

/// The box that a table scrolls in, with its buttons, which are there before the first row.
pub(super) fn table_box(labels: &Labels) -> Element {
    let button = |(class, text)| {
        Element::new(Tag::Button).with(Attr::Class(class)).with(Attr::PlainButton).and_text(text)
    };
    let bar = Element::new(Tag::Div).with(Attr::Class("table-bar"));
    let buttons = [("markdown", labels.copy_markdown), ("csv", labels.copy_csv)];
    let bar = buttons.into_iter().map(button).fold(bar, Element::and);
    Element::new(Tag::Div).with(Attr::Class("table")).with(Attr::Focusable).and(bar)
}

/// A table's rows, the head first; each has as many cells as there are columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// How the columns are aligned.
    pub columns: Vec<Alignment>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// How a column is aligned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alignment {
    /// As the language is written.
    #[default]
    Start,
    /// In the middle.
    Center,
    /// To the right.
    Right,
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// As Markdown, which has no line breaks.
    pub markdown: String,
    /// As text.
    pub text: String,
}

impl Table {
    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            for cell in row {
                out.push_str("| ");
                out.push_str(cell.markdown.trim());
                out.push(' ');
            }
            out.push_str("|\n");
            if index == 0 {
                for column in &self.columns {
                    out.push_str(match column {
                        Alignment::Start => "| --- ",
                        Alignment::Center => "| :-: ",
                        Alignment::Right => "| --: ",
                    });
                }
                out.push_str("|\n");
            }
        }
        out
    }

    /// As CSV: every line ends with CR and LF, and what needs quotes has them.
    pub fn csv(&self) -> String {
        let mut out = String::new();
        for row in &self.rows {
            for (index, cell) in row.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_field(&mut out, cell.text.trim());
            }
            out.push_str("\r\n");
        }
        out
    }
}

fn push_field(out: &mut String, text: &str) {
    if !text.contains(['"', ',', '\r', '\n']) {
        out.push_str(text);
        return;
    }
    out.push('"');
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

/// A text of a cell, so that reading it as Markdown gives that text.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        if c == ']' {
            // `\[` and `\]` around something would be a formula.
            out.push_str("&#93;");
            before = c;
            continue;
        }
        let marks = match c {
            '\\' | '|' | '*' | '`' | '[' | '<' | '~' | '$' => true,
            // Within a word it means nothing.
            '_' => !(before.is_alphanumeric() && next.is_some_and(char::is_alphanumeric)),
            '&' => next.is_some_and(|next| next == '#' || next.is_ascii_alphanumeric()),
            // Before a link.
            '!' => next.is_none(),
            _ => false,
        };
        if marks {
            out.push('\\');
        }
        out.push(if c.is_whitespace() && c.is_control() { ' ' } else { c });
        before = c;
    }
    out
}

/// Code in a cell: a bar is escaped there too, and the quotes are longer than any in it.
pub fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let quotes = "`".repeat(longest + 1);
    let apart = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{quotes}{apart}{}{apart}{quotes}", text.replace('|', "\\|"))
}

/// A link or, with an exclamation mark before it, an image.
pub fn link(markdown: &str, address: &str) -> String {
    let address = address.replace('|', "%7C").replace('<', "%3C").replace('>', "%3E").replace('\\', "%5C");
    let plain = !address.contains(['(', ')', ' ']);
    if plain { format!("[{markdown}]({address})") } else { format!("[{markdown}](<{address}>)") }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn table(columns: &[Alignment], rows: &[&[&str]]) -> Table {
        let cell = |text: &&str| Cell { markdown: escaped(text), text: (*text).to_owned() };
        Table {
            columns: columns.to_vec(),
            rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn markdown_has_its_alignment_and_escaped_bars() {
        use Alignment::{Center, Right, Start};
        let table = table(&[Start, Center, Right], &[&["a", "b|c", "中"], &["1", "", "x_y *z*"]]);
        assert_eq!(table.markdown(), "| a | b\\|c | 中 |\n| --- | :-: | --: |\n| 1 |  | x_y \\*z\\* |\n");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn csv_is_that_of_rfc_4180() {
        use Alignment::Start;
        let table = table(&[Start; 3], &[&["a", "b,c", "d\"e"], &["", "f\ng", " h "], &["=1", "中", "|"]]);
        assert_eq!(table.csv(), "a,\"b,c\",\"d\"\"e\"\r\n,\"f\ng\",h\r\n=1,中,|\r\n");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_escaped_reads_back_as_it_was() {
        use crate::markdown::{Element, parse};

        for text in [
            "a|b",
            "\\",
            "*a*",
            "_a_",
            "a_b_c",
            "`x`",
            "[a](b)",
            "![a](b)",
            "<b>",
            "~~a~~",
            "$a$ $5",
            "&amp; & &#65;",
            "wow!",
            "a\\|b",
            "<https://a.test>",
            "__a__",
            "\\*",
            "中文_x_",
        ] {
            let source = format!("|a|\n|-|\n| {} |\n", escaped(text));
            let blocks = parse(&source);
            let cells: Vec<String> = blocks.iter().map(Element::text).collect();
            assert!(cells.concat().ends_with(text), "{text:?}: {source:?} {cells:?}");
            let mut html = String::new();
            crate::markdown::write_html(&mut html, &blocks);
            let cell = html.split("<td>").nth(1).unwrap();
            // An address is a link wherever it stands.
            let plain = text.contains("://") || !cell.split("</td>").next().unwrap().contains('<');
            assert!(plain, "{html}");
        }
        for text in ["a", "`", "a``b", "|", "a | b", "\\"] {
            let mut html = String::new();
            crate::markdown::write_html(&mut html, &parse(&format!("|a|\n|-|\n| {} |\n", code(text))));
            assert!(html.contains(&format!("<td><code>{text}</code></td>")), "{text:?}: {html}");
        }
    }
}
