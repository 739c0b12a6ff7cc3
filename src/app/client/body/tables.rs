//! Copies tables as Markdown or CSV. A part of the program that is loaded when somebody does that.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Node, NodeList};

use super::copy::say;
use super::labels::Line;
use crate::app::client::part::part;
use crate::app::client::text;
use crate::markdown::OPEN_IMAGE;
use crate::markdown::table::{Alignment, Cell, Table, code, escaped, link};

part! {
    tables => fn reading() -> fn(&Element) -> Table {
        read
    }
}

/// Copies the table below a button's bar, as it stands at this moment.
pub(super) fn copy(button: Element) {
    spawn_local(async move {
        let csv = button.class_name() == "csv";
        let table = button.closest(".table").ok().flatten();
        let table = table.and_then(|table| table.query_selector("table").ok().flatten());
        let copied = match (table, reading().await) {
            (Some(table), Ok(read)) => {
                let table = read(&table);
                text::copy(if csv { table.csv() } else { table.markdown() }).await
            }
            _ => false,
        };
        say(&button, copied, if csv { Line::CopyCsv } else { Line::CopyMarkdown }).await;
    });
}

fn read(table: &Element) -> Table {
    let mut read = Table::default();
    let Ok(rows) = table.query_selector_all("tr") else { return read };
    for row in elements(&rows) {
        let cells: Vec<Element> = elements(&row.child_nodes()).collect();
        if read.rows.is_empty() {
            read.columns = cells.iter().map(alignment).collect();
        }
        read.rows.push(cells.iter().map(cell).collect());
    }
    read
}

fn elements(nodes: &NodeList) -> impl Iterator<Item = Element> {
    (0..nodes.length()).filter_map(|at| nodes.item(at)?.dyn_into().ok())
}

fn alignment(cell: &Element) -> Alignment {
    match cell.class_name().as_str() {
        "center" => Alignment::Center,
        "right" => Alignment::Right,
        _ => Alignment::Start,
    }
}

fn cell(element: &Element) -> Cell {
    let mut cell = Cell::default();
    inside(element, &mut cell);
    cell
}

fn inside(parent: &Node, cell: &mut Cell) {
    let nodes = parent.child_nodes();
    for node in (0..nodes.length()).filter_map(|at| nodes.item(at)) {
        match node.dyn_ref::<Element>() {
            Some(element) => of_element(element, cell),
            None => {
                let text = node.text_content().unwrap_or_default();
                cell.markdown.push_str(&escaped(&text));
                cell.text.push_str(&text);
            }
        }
    }
}

fn of_element(element: &Element, cell: &mut Cell) {
    let mut within = Cell::default();
    let name = element.local_name();
    if name != "code" {
        inside(element, &mut within);
    }
    let attribute = |name| element.get_attribute(name).unwrap_or_default();
    let Cell { markdown, mut text } = within;
    let markdown = match name.as_str() {
        "strong" => format!("**{markdown}**"),
        "em" => format!("*{markdown}*"),
        "del" => format!("~~{markdown}~~"),
        // Around an image, to open it: that is ours.
        "a" if element.class_name() == OPEN_IMAGE => markdown,
        "a" => link(&markdown, &attribute("href")),
        "img" => {
            text = attribute("alt");
            format!("!{}", link(&escaped(&text), &attribute("src")))
        }
        "br" => {
            text.push('\n');
            "<br>".to_owned()
        }
        "code" if element.class_list().contains("math") => {
            let latex = element.query_selector("annotation").ok().flatten();
            let latex = latex.map_or_else(|| element.text_content(), |latex| latex.text_content());
            let display = element.class_list().contains("display");
            let sign = if display { "$$" } else { "$" };
            text = format!("{sign}{}{sign}", latex.unwrap_or_default());
            text.replace('|', "\\|")
        }
        "code" => {
            text = element.text_content().unwrap_or_default();
            code(&text)
        }
        _ => markdown,
    };
    cell.markdown.push_str(&markdown);
    cell.text.push_str(&text);
}

#[cfg(all(test, target_family = "wasm"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::app::client::body::document;
    use crate::markdown::tests::outline;
    use crate::markdown::{parse, write_html};

    fn shown(source: &str) -> Table {
        let place = document().create_element("div").unwrap();
        let mut html = String::new();
        write_html(&mut html, &parse(source));
        place.set_inner_html(&html);
        read(&place.query_selector("table").unwrap().unwrap())
    }

    #[wasm_bindgen_test]
    fn a_table_is_read_to_the_byte() {
        let table = shown(
            "a|b|c\n:-|:-:|-:\n1 \\| 2|**x** `y\\|z`|$w$\n[l](https://a.test/(b))|~~d~~ *e*|\"q\", r\n",
        );
        assert_eq!(
            table.markdown(),
            "| a | b | c |\n| --- | :-: | --: |\n| 1 \\| 2 | **x** `y\\|z` | $w$ |\n\
             | [l](<https://a.test/(b)>) | ~~d~~ *e* | \"q\", r |\n"
        );
        assert_eq!(table.csv(), "a,b,c\r\n1 | 2,x y|z,$w$\r\nl,d e,\"\"\"q\"\", r\"\r\n");
    }

    #[wasm_bindgen_test]
    fn what_was_copied_is_the_same_table_again() {
        for source in [
            "|a|b|\n|-|:-:|\n|1 \\| 2|**x** *y*|\n|`a\\|b`|[l](https://a.test \"t\")|\n",
            "|$x_1$|![i](/api/files/a.png)|\n|-|-|\n|a_b \\*c\\*|~~d~~|\n||中|\n",
        ] {
            let again = shown(source).markdown();
            assert_eq!(shown(&again), shown(source), "{again}");
            assert_eq!(outline(&parse(&again)), outline(&parse(&source.replace(" \"t\"", ""))), "{again}");
        }
    }
}
