//! `\(…\)` and `\[…\]` are mathematics. The parser of inlines takes them for escaped brackets, so it
//! gets them as code with a mark within.

use std::borrow::Cow;

/// Begins the code that is a formula: private characters, which mean nothing elsewhere.
pub(super) const INLINE: char = '\u{F8F0}';
/// The same for a formula that is displayed.
pub(super) const DISPLAY: char = '\u{F8F1}';
/// An end of line in a formula.
const LINE: char = '\u{F8F2}';

/// What the code of this text is, where it is a formula: its class and its source.
pub(super) fn formula(code: &str) -> Option<(&'static str, String)> {
    let (class, source) = match code.strip_prefix(INLINE) {
        Some(source) => ("math", source),
        None => ("math display", code.strip_prefix(DISPLAY)?),
    };
    Some((class, source.replace(LINE, "\n").trim().to_owned()))
}

/// A formula in a text.
struct Formula {
    start: usize,
    end: usize,
    display: bool,
}

/// Writes the formulas as code; in a row of a table those that stand in one cell.
pub(super) fn hide(source: &str, row: bool) -> Cow<'_, str> {
    let mut formulas = find(source).0;
    formulas.retain(|formula| !(row && has_pipe(&source[formula.start..formula.end])));
    if formulas.is_empty() {
        return Cow::Borrowed(source);
    }
    // A fence that is longer than any run in the text ends where it is meant to.
    let longest = source.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let (mut out, mut done) = (String::with_capacity(source.len() + 64), 0);
    for formula in formulas {
        out.push_str(&source[done..formula.start]);
        out.push_str(&fence);
        out.push(if formula.display { DISPLAY } else { INLINE });
        out.extend(
            source[formula.start + 2..formula.end - 2].chars().map(|c| if c == '\n' { LINE } else { c }),
        );
        // A backtick before the fence would be a part of it.
        out.push(' ');
        out.push_str(&fence);
        done = formula.end;
    }
    out.push_str(&source[done..]);
    Cow::Owned(out)
}

fn has_pipe(formula: &str) -> bool {
    formula.match_indices('|').any(|(at, _)| !formula[..at].ends_with('\\'))
}

/// The formulas, and where one begins that is not closed.
fn find(source: &str) -> (Vec<Formula>, Option<usize>) {
    let bytes = source.as_bytes();
    let (mut formulas, mut at, mut open) = (Vec::new(), 0, None);
    if !source.contains("\\(") && !source.contains("\\[") {
        return (formulas, open);
    }
    // Once a closing mark is not found, it is not to be found further on.
    let (mut no_inline, mut no_display) = (false, false);
    let mut code = CodeSpans::default();
    while at < bytes.len() {
        at += match bytes[at] {
            b'\\' => match bytes.get(at + 1) {
                Some(mark @ (b'(' | b'[')) => {
                    let display = *mark == b'[';
                    let none = if display { &mut no_display } else { &mut no_inline };
                    let close = if display { "\\]" } else { "\\)" };
                    let length = if *none { None } else { close_of(&source[at + 2..], close) };
                    if let Some(length) = length {
                        let end = at + 2 + length + 2;
                        if length > 0 {
                            formulas.push(Formula { start: at, end, display });
                        }
                        end - at
                    } else {
                        *none = true;
                        open = open.or(Some(at));
                        2
                    }
                }
                Some(_) => 2,
                None => 1,
            },
            b'`' => code.length(bytes, at),
            // The address and the title of a link, and what stands in a tag, are no place for formulas.
            b']' if bytes.get(at + 1) == Some(&b'(') => 2 + address(&bytes[at + 2..]),
            b'<' => tag(&bytes[at..]),
            _ => 1,
        };
    }
    (formulas, open)
}

/// Where a formula begins that has no end.
pub(super) fn open(source: &str) -> Option<usize> {
    find(source).1
}

/// How long the address and the title in the brackets of a link are.
fn address(rest: &[u8]) -> usize {
    const LONGEST: usize = 256;
    let (mut depth, mut escaped) = (0, false);
    for (at, byte) in rest.iter().enumerate().take(LONGEST) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' if depth == 0 => return at,
            b')' => depth -= 1,
            _ => {}
        }
    }
    0
}

/// How long the tag is that begins here; 1 where none does.
fn tag(rest: &[u8]) -> usize {
    const LONGEST: usize = 256;
    match rest.get(1) {
        Some(b) if b.is_ascii_alphabetic() || *b == b'/' => {
            rest.iter().take(LONGEST).skip(1).position(|b| matches!(b, b'<' | b'>')).unwrap_or(0) + 1
        }
        _ => 1,
    }
}

/// Where the closing mark stands that no backslash makes another one.
fn close_of(rest: &str, close: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while at + 1 < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
        } else if rest[at..].starts_with(close) {
            return Some(at);
        } else {
            at += 2;
        }
    }
    None
}

/// Which runs of backticks have another of the same length behind them.
#[derive(Debug, Default)]
pub(super) struct CodeSpans {
    /// For each length the last run that there is; empty before the first question.
    last: Vec<(usize, usize)>,
}

impl CodeSpans {
    /// How long the code is that begins with the run here; only the run where nothing closes it.
    pub(super) fn length(&mut self, bytes: &[u8], at: usize) -> usize {
        let count = run(bytes, at);
        if self.last.is_empty() {
            self.collect(bytes);
        }
        let closes = |(length, place): &(usize, usize)| *length == count && *place > at;
        if !self.last.iter().any(closes) {
            return count;
        }
        let mut next = at + count;
        while next < bytes.len() {
            if bytes[next] != b'`' {
                next += 1;
                continue;
            }
            let found = run(bytes, next);
            next += found;
            if found == count {
                break;
            }
        }
        next - at
    }

    fn collect(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while at < bytes.len() {
            let count = run(bytes, at);
            if count > 0 {
                match self.last.iter_mut().find(|(length, _)| *length == count) {
                    Some(last) => last.1 = at,
                    None => self.last.push((count, at)),
                }
            }
            at += count.max(1);
        }
    }
}

fn run(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().take_while(|b| **b == b'`').count()
}

/// Where the formulas are; one without an end, if it begins behind this place, up to the end.
pub(super) fn ranges(source: &str, from: usize) -> Vec<std::ops::Range<usize>> {
    let (formulas, open) = find(source);
    let mut ranges: Vec<_> = formulas.iter().map(|formula| formula.start..formula.end).collect();
    ranges.extend(open.filter(|open| *open >= from).map(|open| open..source.len()));
    ranges
}
