//! Prices: `$5-$10` is no formula, for none ends just before a digit.

use std::borrow::Cow;

use pulldown_cmark::Event;

use super::parser;

/// So many prices in one leaf are found; behind them marks between prices are text.
const MOST: usize = 8;

/// The source with a backslash before each dollar that would begin a formula which ends just before a
/// digit, and how often the parser of inlines had to read it.
pub(super) fn escape(mut source: Cow<'_, str>) -> (Cow<'_, str>, usize) {
    for times in 0..MOST {
        if !may_have(&source) {
            return (source, times);
        }
        let prices = find(&source);
        if prices.is_empty() {
            return (source, times + 1);
        }
        for at in prices.into_iter().rev() {
            source.to_mut().insert(at, '\\');
        }
    }
    (source, MOST)
}

/// Whether a dollar could end a formula just before a digit.
fn may_have(source: &str) -> bool {
    let bytes = source.as_bytes();
    let Some(first) = source.find('$') else { return false };
    let ends =
        |at: usize| bytes[at] == b'$' && is_price(source, at + 1) && !bytes[at - 1].is_ascii_whitespace();
    (first + 2..bytes.len()).any(ends)
}

/// Whether what ends here is no formula.
pub(super) fn is_price(source: &str, end: usize) -> bool {
    source.as_bytes().get(end).is_some_and(u8::is_ascii_digit)
}

fn find(source: &str) -> Vec<usize> {
    let math = parser(source).into_offset_iter().filter(|(event, _)| matches!(event, Event::InlineMath(_)));
    math.filter(|(_, range)| is_price(source, range.end)).map(|(_, range)| range.start).collect()
}
