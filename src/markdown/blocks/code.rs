//! Code: fenced and indented.

use pulldown_cmark::{CodeBlockKind, Event, Tag as Start};

use super::cursor::Cursor;
use super::{Blocks, Context, Leaf, scan};
use crate::markdown::leaf::parser;
use crate::markdown::{Attr, Change, Element, Language, Tag};

/// Code that is open. Browsers lay out all the text of an element at once, so it stands in groups of
/// lines, and a line that is longer than a group goes on below.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    /// Of the open group; none is open without any.
    lines: usize,
    bytes: usize,
    grouped: bool,
}

const GROUP_LINES: usize = 256;
const GROUP_BYTES: usize = 8192;
/// No group has more.
const MOST_BYTES: usize = 2 * GROUP_BYTES;

impl Blocks {
    /// The bar with the language and the buttons is there from the first line on.
    fn open_code(&mut self, cx: &mut Context<'_>, language: &str) {
        let language = Element::new(Tag::Span).with(Attr::Class("code-language")).and_text(language);
        let labels = cx.book.labels;
        let copy = Element::new(Tag::Button).with(Attr::Class("copy")).with(Attr::PlainButton);
        let copy = copy.and_text(labels.copy);
        let wrap = Element::new(Tag::Button).with(Attr::Class("wrap")).with(Attr::PlainButton);
        let wrap = wrap.with(Attr::NotPressed).and_text(labels.wrap);
        let bar = Element::new(Tag::Div).with(Attr::Class("code-bar")).and(language).and(wrap).and(copy);
        self.open(cx, Element::new(Tag::Div).with(Attr::Class("code")).and(bar));
        self.open(cx, Element::new(Tag::Pre).with(Attr::Focusable));
        self.open(cx, Element::new(Tag::Code));
    }

    pub(super) fn end_code(&mut self, cx: &mut Context<'_>, code: &Code) {
        self.close(cx, 3 + usize::from(code.grouped));
    }

    pub(super) fn code_text(&mut self, cx: &mut Context<'_>, code: &mut Code, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.floor_char_boundary(MOST_BYTES - code.bytes);
            // The end of a line is no line.
            let end = if &rest[end..] == "\n" { rest.len() } else { end };
            let (part, behind) = rest.split_at(end);
            self.code_part(cx, code, part);
            if !behind.is_empty() {
                self.close(cx, 1);
                *code = Code::default();
            }
            rest = behind;
        }
    }

    fn code_part(&mut self, cx: &mut Context<'_>, code: &mut Code, text: &str) {
        if text.is_empty() {
            return;
        }
        if !code.grouped {
            self.open(cx, Element::new(Tag::Span).with(Attr::Piece));
            code.grouped = true;
        }
        (cx.change)(Change::Text(text.to_owned()));
        code.bytes += text.len();
        code.lines += text.bytes().filter(|b| *b == b'\n').count();
        if text.ends_with('\n') && (code.lines >= GROUP_LINES || code.bytes >= GROUP_BYTES) {
            self.close(cx, 1);
            *code = Code::default();
        }
    }

    pub(super) fn begin_fence(
        &mut self,
        cx: &mut Context<'_>,
        rest: &str,
        mark: u8,
        count: usize,
        indent: usize,
    ) {
        self.open_code(cx, &language(&rest[count..], mark));
        self.leaf = Leaf::Fence { code: Code::default(), mark, count, indent };
    }

    /// A line within the containers of a fence.
    pub(super) fn fence_line(&mut self, cx: &mut Context<'_>, mut at: Cursor<'_>, ended: bool) {
        let Leaf::Fence { mut code, mark, count, indent } = std::mem::take(&mut self.leaf) else { return };
        at.spaces(indent);
        let mut close = at.clone();
        let closes =
            |rest: &str| scan::closes_fence(rest.as_bytes(), mark, count) || (rest.is_empty() && !ended);
        if !self.is_long() && !close.indented(4 - indent) && closes(close.rest()) {
            self.end_code(cx, &code);
            return;
        }
        let text = code_line(&at, ended);
        self.code_text(cx, &mut code, &text);
        self.leaf = Leaf::Fence { code, mark, count, indent };
    }

    pub(super) fn begin_indented(&mut self, cx: &mut Context<'_>, at: &Cursor<'_>, ended: bool) {
        self.open_code(cx, "");
        let mut code = Code::default();
        self.code_text(cx, &mut code, &code_line(at, ended));
        self.leaf = Leaf::Indented { code, blanks: String::new() };
    }

    /// A line within the containers of indented code, as far indented or empty.
    pub(super) fn indented_line(&mut self, cx: &mut Context<'_>, at: &Cursor<'_>, ended: bool) {
        let Leaf::Indented { code, blanks } = std::mem::take(&mut self.leaf) else { return };
        self.after_blank = scan::blank(at.rest().as_bytes());
        self.indented_text(cx, code, blanks, &code_line(at, ended));
    }

    /// More of a line, or of blank lines that wait.
    pub(super) fn indented_text(
        &mut self,
        cx: &mut Context<'_>,
        mut code: Code,
        mut blanks: String,
        text: &str,
    ) {
        self.after_blank &= scan::blank(text.trim_end_matches('\n').as_bytes());
        blanks.push_str(text);
        if !self.after_blank {
            // Line by line: where a group ends must not depend on blank lines that wait.
            for line in std::mem::take(&mut blanks).split_inclusive('\n') {
                self.code_text(cx, &mut code, line);
            }
        }
        self.leaf = Leaf::Indented { code, blanks };
    }
}

fn code_line(at: &Cursor<'_>, ended: bool) -> String {
    let mut text = " ".repeat(at.left());
    text.push_str(at.rest());
    if ended {
        text.push('\n');
    }
    text
}

/// The name of the language in a fence's info string, in which entities and escapes count.
fn language(info: &str, mark: u8) -> String {
    const LONGEST: usize = 200;
    let info = info.get(..LONGEST).unwrap_or(info);
    if !info.contains(['&', '\\']) {
        return Language::parse(info).as_str().to_owned();
    }
    let fence = char::from(mark).to_string().repeat(3);
    match parser(&format!("{fence}{info}")).next() {
        Some(Event::Start(Start::CodeBlock(CodeBlockKind::Fenced(info)))) => {
            Language::parse(&info).as_str().to_owned()
        }
        _ => String::new(),
    }
}
