//! What is unfinished at the end of a text, made to look as it will: emphasis and code are closed, a
//! link is its label, and what nobody can tell yet is left out.

use pulldown_cmark::{Event, Tag as Start, TagEnd};

use super::{Lines, notation, parser};
use crate::markdown::blocks::label;
use crate::markdown::book::Book;

/// A formula that is not closed within so many bytes is taken for text.
const LONGEST_FORMULA: usize = 1000;

pub(in crate::markdown) fn mend(lines: &mut Lines, complete: bool, book: &Book) {
    let mut text = std::mem::take(&mut lines.text);
    let defines = begins_definition(&text);
    if complete {
        text.push('\n');
    }
    if !defines || lines.inner {
        lines.text = mended(text, book);
        lines.text.truncate(lines.text.trim_end_matches('\n').len());
    }
    let length = lines.text.len();
    lines.starts.retain(|(start, _)| *start < length);
}

/// Whether a definition has just begun, or may have: its label is seldom more than a word or a number.
fn begins_definition(text: &str) -> bool {
    const LONGEST_WORD: usize = 24;
    let Some(rest) = text.strip_prefix('[') else { return false };
    let word = rest.strip_suffix(']').unwrap_or(rest);
    let is_word = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (word.len() <= LONGEST_WORD && word.chars().all(is_word))
        || label(rest).is_some_and(|(length, _)| rest[length..].strip_prefix(':').is_some_and(is_half))
}

/// Whether this, behind the colon of a definition, has no address yet, or a title that is not closed.
fn is_half(rest: &str) -> bool {
    let Some((_, title)) = rest.trim_start().split_once([' ', '\t', '\n']) else {
        return rest.trim_start().is_empty();
    };
    let mut title = title.trim_start().chars();
    let close = match title.next() {
        Some('(') => ')',
        Some(quote @ ('"' | '\'')) => quote,
        _ => return false,
    };
    !title.as_str().contains([close, '\n'])
}

/// The same for the last cell of a row.
pub(in crate::markdown) fn mend_row(row: &str, book: &Book) -> String {
    let cell =
        row.rmatch_indices('|').find(|(at, _)| !row[..*at].ends_with('\\')).map_or(0, |(at, _)| at + 1);
    format!("{}{}", &row[..cell], mended(row[cell..].to_owned(), book))
}

/// The text with its end mended.
pub(in crate::markdown) fn mended(mut text: String, book: &Book) -> String {
    if let Some(at) = open_formula(&text) {
        text.truncate(at);
    }
    if let (_, Some((at, count))) = plain_end(&text) {
        // Backticks at its end may be the beginning of the ones that close it.
        text.truncate(text.trim_end_matches('`').len().max(at));
        if text.len() > at {
            text.push_str(&"`".repeat(count));
            mend_links(&mut text, book);
            return close_emphasis(text);
        }
    }
    mend_links(&mut text, book);
    let plain = plain_end(&text).0;
    cut_marks(&mut text, plain);
    close_emphasis(text)
}

fn open_formula(text: &str) -> Option<usize> {
    let dollars = || text.rfind("$$").filter(|_| text.matches("$$").count() % 2 == 1);
    notation::open(text).or_else(dollars).filter(|at| text.len() - at < LONGEST_FORMULA)
}

/// Where the text is plain up to its end, behind all code; and the code that is open in the last line,
/// with how many marks.
fn plain_end(text: &str) -> (usize, Option<(usize, usize)>) {
    let bytes = text.as_bytes();
    let (mut at, mut plain, mut open) = (0, 0, None);
    let mut code = notation::CodeSpans::default();
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'`' => {
                let run = bytes[at..].iter().take_while(|b| **b == b'`').count();
                let length = code.length(bytes, at);
                if length > run {
                    plain = at + length;
                } else {
                    open = open.or(Some((at, run)));
                }
                at += length;
            }
            b'\n' => {
                open = None;
                at += 1;
            }
            _ => at += 1,
        }
    }
    (plain, open)
}

/// Half a link is its label, half an image is nothing.
fn mend_links(text: &mut String, book: &Book) {
    let bytes = text.as_bytes();
    let mut code = notation::CodeSpans::default();
    let (mut open, mut at, mut half) = (Vec::new(), text.rfind('\n').map_or(0, |at| at + 1), None);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'`' => at += code.length(bytes, at) - 1,
            b'[' => open.push(at),
            b']' => {
                let Some(start) = open.pop() else {
                    at += 1;
                    continue;
                };
                let end = match bytes.get(at + 1) {
                    Some(b'(') => closing(bytes, at + 1, b'(', b')'),
                    Some(b'[') => closing(bytes, at + 1, b'[', b']'),
                    Some(_) => Some(at),
                    None if book.find(&text[start + 1..at]).is_some() => Some(at),
                    None => None,
                };
                match end {
                    Some(end) => at = end,
                    None => {
                        half = Some((start, at));
                        break;
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
    let is_image = |text: &str, at: usize| text[..at].ends_with('!') || text[at..].starts_with("[^");
    if let Some((start, end)) = half {
        text.truncate(end);
        if is_image(text, start) || text[start..].contains("![") {
            text.truncate(text[..start].trim_end_matches('!').len());
        } else {
            text.remove(start);
        }
    }
    while let Some(start) = open.pop() {
        // An image is shown when it is clear whether it stands in a link.
        if is_image(text, start) || text[start..].starts_with("[![") {
            text.truncate(text[..start].trim_end_matches('!').len());
        } else if open.is_empty() {
            text.remove(start);
        }
    }
}

/// Where the bracket closes that opens here.
fn closing(bytes: &[u8], from: usize, open: u8, close: u8) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, from);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            byte if byte == open => depth += 1,
            byte if byte == close => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Leaves out what has just begun: an address in angle brackets, an entity, an escape, marks.
fn cut_marks(text: &mut String, from: usize) {
    const LONGEST_ENTITY: usize = 32;
    let end = &text[from.min(text.len())..];
    let angle = end.rfind('<').filter(|at| !end[*at..].contains(|c: char| c == '>' || c.is_whitespace()));
    let angle = angle.filter(|at| {
        end[at + 1..].chars().next().is_none_or(|c| c.is_ascii_alphabetic() || "/!?".contains(c))
    });
    let entity = end.rfind('&').filter(|at| {
        end.len() - at <= LONGEST_ENTITY
            && end[at + 1..].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#')
    });
    if let Some(at) = angle.or(entity) {
        text.truncate(from + at);
    }
    let line = text.trim_end_matches('\n').len();
    let escapes = text[..line].bytes().rev().take_while(|b| *b == b'\\').count();
    if escapes % 2 == 1 {
        text.remove(line - 1);
    }
    let marks = text.trim_end_matches(['*', '_', '~']);
    if !marks.ends_with('\\') {
        text.truncate(marks.len());
    }
    // An image may begin here.
    if let Some(before) = text.strip_suffix('!')
        && !before.ends_with(|c: char| !c.is_whitespace())
    {
        text.pop();
    }
    // A dollar that closes a formula stays.
    if text.ends_with('$') && text.bytes().filter(|b| *b == b'$').count() % 2 == 1 && !text.ends_with("\\$") {
        text.pop();
    }
}

/// Closes the emphasis that is open at the end.
fn close_emphasis(mut text: String) -> String {
    const MOST: usize = 8;
    let open = open_emphasis(&text);
    if !open.is_empty() && open.len() <= MOST {
        text.truncate(text.trim_end().len());
        for (mark, count) in open.iter().rev() {
            text.extend(std::iter::repeat_n(*mark, *count));
        }
    }
    text
}

/// The marks that open emphasis which nothing closes.
fn open_emphasis(text: &str) -> Vec<(char, usize)> {
    const WORD: &str = "x ";
    if !text.contains(['*', '_', '~']) {
        return Vec::new();
    }
    let document = format!("{WORD}{text}");
    let (mut depth, mut runs) = (0_usize, Vec::<(usize, char, usize)>::new());
    for (event, range) in parser(&document).into_offset_iter() {
        match event {
            Event::Start(Start::Paragraph) | Event::End(TagEnd::Paragraph) => {}
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(_) if depth == 0 && range.len() == 1 => {
                let mark = char::from(document.as_bytes()[range.start]);
                if !matches!(mark, '*' | '_' | '~') || document[..range.start].ends_with('\\') {
                    continue;
                }
                match runs.last_mut() {
                    Some((start, last, count)) if *last == mark && *start + *count == range.start => {
                        *count += 1
                    }
                    _ => runs.push((range.start, mark, 1)),
                }
            }
            _ => {}
        }
    }
    runs.retain(|(start, mark, count)| opens(&document, *start, *mark, *count));
    let marks: Vec<_> = runs.into_iter().map(|(_, mark, count)| (mark, count)).collect();
    // Two of the same: the second was meant to close the first, which it can't, so neither is a mark.
    let is_alone = |one: &(char, usize)| marks.iter().filter(|other| *other == one).count() == 1;
    marks.iter().copied().filter(is_alone).collect()
}

fn opens(text: &str, start: usize, mark: char, count: usize) -> bool {
    let Some(next) = text[start + count..].chars().next().filter(|c| !c.is_whitespace()) else {
        return false;
    };
    let before = text[..start].chars().next_back();
    let after_word = before.is_some_and(char::is_alphanumeric);
    // `a*b` and `2**3` are no emphasis more often than they are.
    let in_word = before.is_some_and(|c| c.is_ascii_alphanumeric()) && next.is_ascii_alphanumeric();
    match mark {
        '~' => count == 2,
        // Between two marks of punctuation, as Chinese text has them, it closes more often.
        '*' => count <= 3 && !in_word && (next.is_alphanumeric() || before.is_none_or(char::is_whitespace)),
        _ => count <= 3 && !after_word,
    }
}
