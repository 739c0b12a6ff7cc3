//! Texts that are made to be expensive: they must neither hang nor run out of stack, also when their
//! tree is dropped. Native only: the cost is the same everywhere, and a browser has better to do.

use super::assert_safe;
use crate::markdown::{parse, write_html};

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
fn a_wide_table_with_short_rows_is_read() {
    check(&format!("{}|\n{}|\n{}", "|a".repeat(2000), "|-".repeat(2000), "|b|\n".repeat(2000)));
}
