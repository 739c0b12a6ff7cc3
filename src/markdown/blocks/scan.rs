//! What a line, or the rest of one, may be. Without its end of line.

use pulldown_cmark::Alignment;

/// Space within a line.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 11 | 12)
}

pub(super) fn blank(line: &[u8]) -> bool {
    line.iter().all(|b| is_space(*b))
}

/// How many of this byte the line begins with.
pub(super) fn run(line: &[u8], byte: u8) -> usize {
    line.iter().take_while(|b| **b == byte).count()
}

/// A thematic break.
pub(super) fn rule(line: &[u8]) -> bool {
    let Some(mark @ (b'*' | b'-' | b'_')) = line.first() else { return false };
    let mut marks = 0;
    for byte in line {
        match byte {
            b' ' | b'\t' => {}
            byte if byte == mark => marks += 1,
            _ => return false,
        }
    }
    marks >= 3
}

/// The level of an ATX heading.
pub(super) fn heading(line: &[u8]) -> Option<usize> {
    let level = run(line, b'#');
    let follows = line.get(level).is_none_or(|b| is_space(*b));
    (follows && (1..=6).contains(&level)).then_some(level)
}

/// Whether this may underline a heading, and of which level.
pub(super) fn underline(line: &[u8]) -> Option<usize> {
    let (mark, level) = match line.first()? {
        b'=' => (b'=', 1),
        b'-' => (b'-', 2),
        _ => return None,
    };
    blank(&line[run(line, mark)..]).then_some(level)
}

/// The mark of a fence that opens here, and how many there are.
pub(super) fn fence(line: &[u8]) -> Option<(u8, usize)> {
    let mark = *line.first().filter(|b| matches!(b, b'`' | b'~'))?;
    let count = run(line, mark);
    let plain = mark == b'~' || !line[count..].contains(&b'`');
    (count >= 3 && plain).then_some((mark, count))
}

/// Whether this closes such a fence.
pub(super) fn closes_fence(line: &[u8], mark: u8, count: usize) -> bool {
    let found = run(line, mark);
    found >= count && line[found..].iter().all(|b| *b == b' ')
}

/// The columns of a table, where this is the row below its head.
pub(super) fn delimiter_row(line: &[u8]) -> Option<Vec<Alignment>> {
    let spaces = run(line, b' ');
    let mut rest = line.get(spaces..).filter(|rest| spaces < 4 && !rest.is_empty())?;
    let mut pipe = rest[0] == b'|';
    if pipe {
        rest = &rest[1..];
    }
    let (mut columns, mut now, mut fresh, mut dash, mut any_dash) =
        (Vec::new(), Alignment::None, true, false, false);
    for byte in rest {
        match byte {
            b' ' => {}
            b':' => {
                now = match (fresh, now) {
                    (true, Alignment::None) => Alignment::Left,
                    (false, Alignment::Left) => Alignment::Center,
                    (false, Alignment::None) => Alignment::Right,
                    _ => now,
                };
                fresh = false;
            }
            b'-' => (fresh, dash, any_dash) = (false, true, true),
            b'|' if dash => {
                columns.push(std::mem::replace(&mut now, Alignment::None));
                (fresh, pipe, dash) = (true, true, false);
            }
            _ => return None,
        }
    }
    if !fresh {
        columns.push(now);
    }
    (pipe && any_dash).then_some(columns)
}

/// How many cells a table's head has in this line: its pipes that no backslash stands before.
pub(super) fn head_columns(line: &[u8]) -> usize {
    let line = &line[line.iter().take_while(|b| is_space(**b)).count()..];
    let is_pipe = |at: &usize| line[*at] == b'|' && (*at == 0 || line[at - 1] != b'\\');
    let pipes = (0..line.len()).filter(is_pipe).count();
    let Some(last) = (0..line.len()).rfind(is_pipe) else { return 0 };
    pipes - usize::from(line[0] == b'|') + usize::from(!blank(&line[last + 1..]))
}

/// Whether a row has cells at all; one without ends the table.
pub(super) fn has_cells(row: &[u8]) -> bool {
    let row = row.strip_prefix(b"|").unwrap_or(row);
    !blank(row)
}

/// What ends an HTML block that begins here and is no matter of blank lines.
pub(super) fn html_end(line: &[u8]) -> Option<&'static str> {
    const TAGS: [(&str, &str); 4] =
        [("pre", "</pre>"), ("style", "</style>"), ("script", "</script>"), ("textarea", "</textarea>")];
    let rest = line.strip_prefix(b"<")?;
    for (tag, end) in TAGS {
        if rest.get(..tag.len()).is_some_and(|name| name.eq_ignore_ascii_case(tag.as_bytes()))
            && rest.get(tag.len()).is_none_or(|b| is_space(*b) || *b == b'>')
        {
            return Some(end);
        }
    }
    match rest {
        [b'!', b'-', b'-', ..] => Some("-->"),
        [b'?', ..] => Some("?>"),
        [b'!', rest @ ..] if rest.starts_with(b"[CDATA[") => Some("]]>"),
        [b'!', letter, ..] if letter.is_ascii_alphabetic() => Some(">"),
        _ => None,
    }
}

/// The elements that begin an HTML block, also in a paragraph.
const BLOCK_TAGS: &str = " address article aside base basefont blockquote body caption center col colgroup \
    dd details dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 \
    head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup option p param \
    search section summary table tbody td tfoot th thead title tr track ul ";

/// Whether the tag of an HTML block stands here.
pub(super) fn html_block(line: &str) -> bool {
    let Some(rest) = line.strip_prefix('<') else { return false };
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let name = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if name == 0 || name > 10 || !BLOCK_TAGS.contains(&format!(" {} ", rest[..name].to_ascii_lowercase())) {
        return false;
    }
    let after = &rest.as_bytes()[name..];
    matches!(after, [] | [b' ' | b'\t' | b'>', ..] | [b'/', b'>', ..])
}

/// Whether one tag is all that stands on the line.
pub(super) fn html_alone(line: &[u8]) -> bool {
    html_tag(line).is_some_and(|length| blank(&line[length..]))
}

fn spaces(line: &[u8], at: usize) -> usize {
    at + line[at..].iter().take_while(|b| is_space(**b)).count()
}

fn html_tag(line: &[u8]) -> Option<usize> {
    let closing = line.get(1) == Some(&b'/');
    let mut at = 1 + usize::from(closing);
    line.get(at).filter(|b| b.is_ascii_alphabetic())?;
    at += line[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    if !closing {
        loop {
            let next = spaces(line, at);
            match line.get(next)? {
                b'/' | b'>' => {
                    at = next;
                    break;
                }
                _ if next == at => return None,
                _ => at = html_attribute(line, next)?,
            }
        }
    }
    at = spaces(line, at);
    if !closing && line.get(at) == Some(&b'/') {
        at += 1;
    }
    (line.get(at) == Some(&b'>')).then_some(at + 1)
}

fn html_attribute(line: &[u8], at: usize) -> Option<usize> {
    line.get(at).filter(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b':'))?;
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'-');
    let end = at + line[at..].iter().take_while(is_name).count();
    let equals = spaces(line, end);
    if line.get(equals) != Some(&b'=') {
        return Some(end);
    }
    let value = spaces(line, equals + 1);
    match *line.get(value)? {
        quote @ (b'"' | b'\'') => Some(value + 2 + line[value + 1..].iter().position(|b| *b == quote)?),
        b' ' | b'=' | b'>' | b'<' | b'`' => None,
        _ => {
            let ends = |b: &u8| matches!(b, b'\'' | b'"' | b' ' | b'=' | b'>' | b'<' | b'`');
            Some(value + line[value..].iter().position(ends).unwrap_or(line.len() - value))
        }
    }
}

/// The label that begins here, behind its bracket, and the length up to behind the other bracket.
pub(in crate::markdown) fn label(text: &str) -> Option<(usize, String)> {
    const LONGEST: usize = 1000;
    let mut label = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '[' => return None,
            ']' => {
                let label = label.trim_matches(' ').to_owned();
                return (!label.is_empty()).then_some((at + 1, label));
            }
            '\\' => {
                label.push(c);
                let next = text.as_bytes().get(at + 1)?;
                if next.is_ascii_punctuation() {
                    label.extend(chars.next().map(|(_, c)| c));
                }
            }
            // As the parser of inlines has it: space of several kinds is one space, one alone stays.
            c if c.is_ascii() && (is_space(c as u8) || matches!(c, '\n' | '\r')) => {
                if !label.ends_with(' ') {
                    label.push(' ');
                }
            }
            c => label.push(c),
        }
        if label.len() > LONGEST {
            return None;
        }
    }
    None
}

/// The label of a footnote's definition that begins here, and how long the mark is with what space
/// follows.
pub(super) fn note(line: &str) -> Option<(usize, String)> {
    let (length, label) = label(line.strip_prefix("[^")?)?;
    let end = 2 + length;
    (line.as_bytes().get(end) == Some(&b':')).then(|| (spaces(line.as_bytes(), end + 1), label))
}

/// The kinds of alerts.
const ALERTS: [&str; 5] = ["note", "tip", "important", "warning", "caution"];

/// The mark of an alert that stands alone: `[!NOTE]`.
pub(super) fn alert(line: &str) -> Option<usize> {
    let rest = line.strip_prefix("[!")?;
    let (name, after) = rest.split_once(']')?;
    let kind = ALERTS.iter().position(|kind| name.eq_ignore_ascii_case(kind))?;
    blank(after.as_bytes()).then_some(kind)
}

/// Whether this, behind `[!`, may become the mark of an alert that stands alone.
pub(super) fn begins_alert(rest: &str) -> bool {
    let (name, after) = rest.split_once(']').unwrap_or((rest, ""));
    let begins = |kind: &&str| kind.get(..name.len()).is_some_and(|kind| name.eq_ignore_ascii_case(kind));
    blank(after.as_bytes()) && ALERTS.iter().any(begins)
}

/// How many cells a row has.
pub(super) fn row_cells(row: &[u8]) -> usize {
    let row = row.strip_prefix(b"|").unwrap_or(row);
    let pipes = (0..row.len()).filter(|at| row[*at] == b'|' && (*at == 0 || row[at - 1] != b'\\'));
    let (count, last) = pipes.fold((0, None), |(count, _), at| (count + 1, Some(at)));
    count + usize::from(!blank(&row[last.map_or(0, |at| at + 1)..]))
}

/// Whether an item begins here that ends a paragraph; not every one does in the same container.
pub(super) fn item_interrupts(line: &[u8], any: bool) -> bool {
    let (width, first) = match line.first() {
        Some(b'-' | b'+' | b'*') => (1, true),
        _ => {
            let digits = line.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 || !matches!(line.get(digits), Some(b'.' | b')')) {
                return false;
            }
            let one = line[..digits].iter().rev().enumerate().all(|(at, b)| *b == b'0' + u8::from(at == 0));
            (digits + 1, one)
        }
    };
    let rest = &line[width..];
    matches!(rest, [] | [b' ' | b'\t', ..]) && (any || (first && !blank(rest)))
}
