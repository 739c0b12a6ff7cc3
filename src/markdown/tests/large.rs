//! Texts that are made to be expensive: they must neither hang nor run out of stack, also when their
//! tree is dropped. Native only: the cost is the same everywhere, and a browser has better to do.

use super::assert_safe;
use crate::markdown::{Change, Growing, parse, write_html};

const MEGABYTE: usize = 1 << 20;

fn check(source: &str) {
    let blocks = parse(source);
    assert_safe(&blocks, &source[..source.len().min(20)]);
    let mut html = String::new();
    write_html(&mut html, &blocks);
    assert!(html.len() < 64 * MEGABYTE, "{} bytes of HTML", html.len());
}

#[test]
fn a_megabyte_of_one_construct_is_read() {
    for piece in [
        "[", "*", "![", "](", "> ", "- ", "1. ", "*a ", "a*", "[a](", "[^", "`a``b", "$a$", "<a ", "|\n",
        "\\(a](", "$5 US$1 ", "www._", "a@b.",
    ] {
        check(&piece.repeat(MEGABYTE / piece.len()));
    }
}

#[test]
fn emphasis_in_emphasis_is_read() {
    check(&format!("{0}a{0}", "*".repeat(MEGABYTE / 2)));
    check(&format!("{}a{}", "*a **b ".repeat(50_000), "** *".repeat(50_000)));
    check(&format!("{}a{}", "![".repeat(50_000), "](b)".repeat(50_000)));
}

#[test]
fn ten_thousand_containers_are_read() {
    for piece in [">", "> ", "- ", "1. ", "> - ", "[^a]: "] {
        check(&format!("{}a\n{}b", piece.repeat(10_000), piece.repeat(10_000)));
    }
    let steps: String = (0..1000).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect();
    check(&steps);
}

#[test]
fn wide_tables_with_short_rows_are_read() {
    let table = |rows| format!("{}|\n{}|\n{}\n", "|a".repeat(2000), "|-".repeat(2000), "|b|\n".repeat(rows));
    check(&table(2000));
    check(&table(131).repeat(MEGABYTE / 9000));
    check(&format!("{}|\n{}|\n{}", "|a".repeat(13), "|-".repeat(13), "|\n".repeat(MEGABYTE / 2)));
}

#[test]
fn a_bit_of_a_table_is_not_many_cells() {
    for columns in [10, 100, 1000, 4000] {
        let mut growing = Growing::new();
        growing.push(&format!("{}|\n{}|\n", "|a".repeat(columns), "|-".repeat(columns)), &mut |_| {});
        growing.push("|x|\n", &mut |_| {});
        for _ in 0..100 {
            let mut cells = 0;
            growing.advance(&"|b\n".repeat(341), &mut |change| {
                if let Change::Add(row) = change {
                    cells += row.children.len();
                }
            });
            assert!(cells <= 4096 + 2 * 1024, "{cells} of {columns} columns");
        }
    }
}
