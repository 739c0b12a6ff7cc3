//! What a screen reader says of an answer while it is written, for readers who want whole sentences:
//! prose sentence by sentence and without its marks; of code and tables only what they are. Pure.

use super::words::{fill, words};

/// Turns a growing Markdown text into what is said, one after the other.
#[derive(Debug, Default)]
pub struct Speech {
    /// Bytes of the text that have been looked at.
    read: usize,
    /// Prose that does not make a sentence yet, without its marks.
    pending: String,
    block: Block,
    /// The line that is looked at was begun before.
    inside: bool,
    /// Where in `pending` the line begins that was looked at last: what follows may make it a table's head.
    line_at: usize,
    said: std::collections::VecDeque<String>,
}

/// What the lines belong to.
#[derive(Debug, Default)]
enum Block {
    #[default]
    Prose,
    /// A fence of this length, of this character, and its lines so far.
    Code {
        fence: char,
        length: usize,
        quoted: bool,
        language: String,
        lines: usize,
    },
    Table {
        columns: usize,
        rows: usize,
    },
    /// A formula, up to what ends it.
    Formula(&'static str),
}

impl Speech {
    /// Takes the text as it is now, which begins with what it was before. `done` says that it ends so.
    pub fn feed(&mut self, text: &str, done: bool) {
        while let Some(rest) = text.get(self.read..).filter(|rest| !rest.is_empty()) {
            match rest.find('\n') {
                Some(end) => {
                    self.read += end + 1;
                    self.line(&rest[..end]);
                }
                None if done => {
                    self.read += rest.len();
                    self.line(rest);
                }
                None => {
                    self.beginning(rest);
                    break;
                }
            }
        }
        if done {
            self.close();
        }
    }

    /// The next text is another one.
    pub fn next_text(&mut self) {
        self.read = 0;
    }

    /// The next thing to say.
    pub fn say_next(&mut self) -> Option<String> {
        self.said.pop_front()
    }

    /// The whole sentences at the beginning of a line of prose that still grows.
    fn beginning(&mut self, line: &str) {
        let special =
            without_block_marks(line).starts_with(['`', '~', '|', '$', '\\']) || line.contains(" | ");
        let special = special || line.trim_start().starts_with('#');
        if !matches!(self.block, Block::Prose) || (special && !self.inside) {
            return;
        }
        let text = if self.inside { line } else { without_block_marks(line) };
        if let Some(end) = last_sentence_end(text) {
            let rest = text[end..].trim_start();
            let end = line.len() - rest.len();
            self.read += end;
            if !self.inside {
                self.begin_line(line, text);
            }
            self.inside = true;
            self.prose(&line[line.len() - text.len()..end]);
        }
    }

    fn line(&mut self, line: &str) {
        if std::mem::take(&mut self.inside) {
            self.prose(line);
            return self.pending.push(' ');
        }
        let trimmed = line.trim();
        let unquoted = trimmed.trim_start_matches(['>', ' ']);
        match &mut self.block {
            Block::Code { fence, length, quoted, lines, .. } => {
                let trimmed = if *quoted { unquoted } else { trimmed };
                let closes = trimmed.chars().all(|c| c == *fence) && trimmed.chars().count() >= *length;
                if closes {
                    self.close_block();
                } else {
                    *lines += 1;
                }
                return;
            }
            Block::Formula(end) => {
                if trimmed.ends_with(*end) {
                    self.close_block();
                }
                return;
            }
            Block::Table { rows, .. } if unquoted.contains('|') => {
                *rows += usize::from(!is_delimiter(unquoted));
                return;
            }
            Block::Table { .. } => self.close_block(),
            Block::Prose => {}
        }
        self.first_line(trimmed);
    }

    /// A line that belongs to nothing yet.
    fn first_line(&mut self, line: &str) {
        let inner = without_block_marks(line);
        if let Some((fence, length)) = fence_of(inner) {
            self.close();
            let language = inner[length..].split_whitespace().next().unwrap_or_default().to_owned();
            self.block = Block::Code { fence, length, quoted: line.starts_with('>'), language, lines: 0 };
        } else if inner.starts_with('|') {
            self.close();
            self.block = Block::Table { columns: columns(inner), rows: 0 };
        } else if is_delimiter(inner) && self.pending[self.line_at..].contains('|') {
            // The line above was its head.
            self.pending.truncate(self.line_at);
            self.close();
            self.block = Block::Table { columns: columns(inner), rows: 0 };
        } else if let Some((rest, end)) = formula_of(inner) {
            self.close();
            self.block = Block::Formula(end);
            if rest.ends_with(end) {
                self.close_block();
            }
        } else if line.is_empty() {
            self.flush();
        } else {
            self.new_prose(line);
        }
    }

    fn new_prose(&mut self, line: &str) {
        let text = without_block_marks(line);
        self.begin_line(line, text);
        self.line_at = self.pending.len();
        if text.contains('|') {
            // The next line says whether these are sentences.
            self.pending += &without_inline_marks(text);
        } else {
            self.prose(text);
        }
        self.pending.push(' ');
        if line.starts_with('#') {
            self.flush();
        }
    }

    /// A heading, an item or a quote begins anew; any other line goes on with the one above it.
    fn begin_line(&mut self, line: &str, text: &str) {
        if text.len() < line.trim_start().len() {
            self.flush();
        }
    }

    /// Takes prose and says the whole sentences in it.
    fn prose(&mut self, text: &str) {
        self.pending += &without_inline_marks(text);
        while let Some(end) = first_sentence_end(&self.pending) {
            let rest = self.pending.split_off(end);
            self.line_at = 0;
            let sentence = std::mem::replace(&mut self.pending, rest);
            self.say(sentence.trim());
        }
    }

    fn say(&mut self, text: &str) {
        if text.chars().any(char::is_alphanumeric) {
            self.said.push_back(text.to_owned());
        }
    }

    fn flush(&mut self) {
        self.prose("");
        let pending = std::mem::take(&mut self.pending);
        self.line_at = 0;
        self.say(pending.trim());
    }

    fn close(&mut self) {
        self.flush();
        self.close_block();
    }

    /// Says what it was, instead of reading it out.
    fn close_block(&mut self) {
        let words = words();
        let said = match std::mem::replace(&mut self.block, Block::Prose) {
            Block::Prose => return,
            Block::Code { language, lines, .. } if language.is_empty() => {
                [words.says_code.to_owned(), counted(lines, words.says_lines)].join(", ")
            }
            Block::Code { language, lines, .. } => {
                [fill(words.says_code_in, &language), counted(lines, words.says_lines)].join(", ")
            }
            Block::Table { columns, rows } => [
                words.says_table.to_owned(),
                counted(columns, words.says_columns),
                counted(rows, words.says_rows),
            ]
            .join(", "),
            Block::Formula(_) => words.says_formula.to_owned(),
        };
        self.said.push_back(said);
    }
}

/// One of something, or several.
fn counted(count: usize, [one, several]: [&str; 2]) -> String {
    if count == 1 { one.to_owned() } else { fill(several, &count.to_string()) }
}

fn fence_of(line: &str) -> Option<(char, usize)> {
    let fence = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == fence).count();
    let info = &line[length..];
    (length >= 3 && !(fence == '`' && info.contains('`'))).then_some((fence, length))
}

/// A formula of its own: what stands behind its beginning, and what ends it.
fn formula_of(line: &str) -> Option<(&str, &'static str)> {
    let dollars = line.strip_prefix("$$").map(|rest| (rest, "$$"));
    dollars.or_else(|| line.strip_prefix("\\[").map(|rest| (rest, "\\]")))
}

fn columns(row: &str) -> usize {
    row.trim_matches('|').split('|').count()
}

/// The row between a table's head and the others.
fn is_delimiter(row: &str) -> bool {
    row.contains('|') && row.contains('-') && row.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// The text of a heading, an item or a quote.
fn without_block_marks(line: &str) -> &str {
    let mut text = line;
    loop {
        let before = text;
        text = text.trim_start_matches('>').trim_start();
        let heading = text.trim_start_matches('#');
        if heading.len() < text.len() && heading.starts_with(' ') {
            text = heading.trim_start();
        }
        for mark in ["- ", "* ", "+ ", "[ ] ", "[x] "] {
            text = text.strip_prefix(mark).unwrap_or(text).trim_start();
        }
        let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
        if digits.len() < text.len()
            && let Some(rest) = digits.strip_prefix(". ").or_else(|| digits.strip_prefix(") "))
        {
            text = rest.trim_start();
        }
        if text.len() == before.len() {
            return text;
        }
    }
}

/// The words of a text with emphasis, code and links in it.
fn without_inline_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '*' | '`' => after,
            '_' if !out.ends_with(char::is_alphanumeric) || !after.starts_with(char::is_alphanumeric) => {
                after
            }
            '~' if after.starts_with('~') => &after[1..],
            '!' if after.starts_with('[') => after,
            '[' => after,
            ']' if after.starts_with('(') => after.find(')').map_or("", |end| &after[end + 1..]),
            ']' => after,
            '\\' if after.starts_with(|c: char| c.is_ascii_punctuation()) => {
                out.extend(after.chars().next());
                &after[1..]
            }
            _ => {
                out.push(c);
                after
            }
        };
    }
    out
}

/// Where the first sentence ends: behind its full stop, if more follows or it is one that stands alone.
fn first_sentence_end(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        match c {
            '。' | '！' | '？' => return Some(end),
            '.' | '!' | '?' | '…' if chars.peek().is_some_and(|(_, next)| next.is_whitespace()) => {
                return Some(end);
            }
            _ => {}
        }
    }
    None
}

fn last_sentence_end(text: &str) -> Option<usize> {
    let mut end = None;
    while let Some(more) = first_sentence_end(&text[end.unwrap_or(0)..]) {
        end = Some(end.unwrap_or(0) + more);
    }
    end
}

#[cfg(test)]
mod tests;
