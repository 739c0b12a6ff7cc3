//! What a text looks like while its last line is incomplete.

use pulldown_cmark::Alignment;

use super::cursor::Cursor;
use super::paragraph::Paragraph;
use super::table::Table;
use super::{Blocks, Context, Leaf, MAX_CONTAINERS, containers, scan};
use crate::markdown::book::Book;
use crate::markdown::leaf::{self, Kind};
use crate::markdown::{Change, Element, Node, Tag, Tree};

impl Blocks {
    /// How many elements are open.
    pub(in crate::markdown) fn depth(&self) -> usize {
        self.depth
    }

    /// Whether a line that begins like this is text of a paragraph, or code of a fence, whatever
    /// follows.
    pub(in crate::markdown) fn decided(&self, line: &str) -> bool {
        let mut at = Cursor::new(line);
        let inside = self.continued(&mut at) == self.spine.len();
        match &self.leaf {
            Leaf::Fence { mark, indent, .. } if inside => {
                at.spaces(*indent);
                let text = at.rest().trim_start_matches([' ', '\t']);
                !text.trim_start_matches(*mark as char).trim_start_matches(' ').is_empty()
            }
            Leaf::Paragraph(_) => {
                let indented = at.indented(4);
                at.all_spaces();
                let rest = at.rest();
                !rest.is_empty()
                    && (indented
                        || (inside && !self.has_room())
                        || is_text(rest)
                        || (self.begins_text(line) && self.interrupts(rest, inside, false)))
            }
            Leaf::Indented { .. } if inside && (at.indented(4) || at.at_end()) => {
                !scan::blank(at.rest().as_bytes())
            }
            Leaf::Html(_) if inside => !scan::blank(at.rest().as_bytes()),
            Leaf::None | Leaf::Indented { .. } => self.begins_text(line),
            Leaf::Alert(_) | Leaf::Html(_) | Leaf::Table(_) | Leaf::Fence { .. } => false,
        }
    }

    /// Whether a line that begins like this ends the paragraph, whatever follows, and is not yet taken.
    pub(in crate::markdown) fn ends_paragraph(&self, line: &str) -> bool {
        let mut at = Cursor::new(line);
        let inside = self.continued(&mut at) == self.spine.len();
        let is_open = matches!(self.leaf, Leaf::Paragraph(_));
        if !is_open || at.indented(4) {
            return false;
        }
        let rest = at.rest().as_bytes();
        let heading = scan::heading(rest).is_some_and(|level| rest.len() > level);
        heading || matches!(scan::fence(rest), Some((b'~', _))) || self.ends_for_item(at.rest(), inside)
    }

    /// Whether an item begins here that ends a paragraph, whatever follows, and not only with marks.
    fn ends_for_item(&self, rest: &str, inside: bool) -> bool {
        let of_delimiter_row = |b: &u8| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t');
        let bytes = rest.as_bytes();
        let behind = bytes.iter().skip_while(|b| !scan::is_space(**b));
        (!inside || self.has_room())
            && scan::item_interrupts(bytes, !inside)
            && behind.clone().any(|b| !scan::is_space(*b))
            && !bytes.iter().all(of_delimiter_row)
    }

    /// What stands behind what is closed, and at which depth, with the beginning of a line that is not
    /// decided.
    pub(in crate::markdown) fn tail(&self, cx: &mut Context<'_>, line: &str) -> (usize, Vec<Node>) {
        if !is_marks(line)
            && let Some(tail) = self.as_if(cx, line)
        {
            return tail;
        }
        (self.depth, self.open_leaf(cx))
    }

    fn open_leaf(&self, cx: &mut Context<'_>) -> Vec<Node> {
        let paragraph = match &self.leaf {
            Leaf::Paragraph(paragraph) => paragraph,
            Leaf::Alert(kind) => return vec![Node::Element(containers::alert(*kind, cx.book.labels))],
            Leaf::Table(Table { cell: Some(cell), .. }) => &cell.text,
            _ => return Vec::new(),
        };
        #[cfg(test)]
        if cx.book.plain {
            return self.leaf_as_it_is(cx, paragraph);
        }
        if !paragraph.begun && paragraph.lines.starts.len() == 1 && paragraph.lines.text.starts_with('|') {
            return vec![Node::Element(self.table_to_be(cx, &paragraph.lines.text))];
        }
        let mut paragraph = paragraph.clone();
        leaf::mend(&mut paragraph.lines, paragraph.complete, cx.book);
        self.leaf_as_it_is(cx, &paragraph)
    }

    fn leaf_as_it_is(&self, cx: &mut Context<'_>, paragraph: &Paragraph) -> Vec<Node> {
        if paragraph.lines.text.is_empty() && paragraph.task.is_none() {
            return Vec::new();
        }
        let source = paragraph.lines.document().into_owned();
        let leaf = leaf::Leaf { source, kind: Kind::Text(paragraph.task) };
        let mut shown = Element::new(Tag::P);
        let dry = std::mem::replace(&mut cx.book.dry, true);
        let parsed = if paragraph.complete { leaf.parse(cx.book) } else { leaf.parse_open(cx.book) };
        shown.children = parsed.children;
        cx.book.dry = dry;
        match shown.children.is_empty() {
            true => Vec::new(),
            false if paragraph.begun => shown.children,
            false => vec![Node::Element(shown)],
        }
    }

    /// What looks like the head of a table is shown as one.
    fn table_to_be(&self, cx: &mut Context<'_>, head: &str) -> Element {
        let columns = vec![Alignment::None; scan::row_cells(head.as_bytes())];
        let mut blocks = self.clone();
        let mut tree = Tree::new();
        let dry = std::mem::replace(&mut cx.book.dry, true);
        let head = leaf::mend_row(head, cx.book);
        let mut inner = Context { change: &mut |change| tree.apply(change), book: cx.book };
        blocks.begin_table(&mut inner, &head, columns);
        cx.book.dry = dry;
        tree.into_blocks().pop().unwrap_or_else(|| Element::new(Tag::P))
    }

    /// What it would look like if the line ended here, where that stands at one depth behind what is
    /// closed.
    fn as_if(&self, cx: &mut Context<'_>, line: &str) -> Option<(usize, Vec<Node>)> {
        let mut changes = Vec::new();
        let mut blocks = self.clone();
        let dry = std::mem::replace(&mut cx.book.dry, true);
        let mut inner = Context { change: &mut |change| changes.push(change), book: cx.book };
        let line = self.mended(line, inner.book);
        let tells = !matches!(self.leaf, Leaf::Table(_)) || scan::has_cells(self.row(&line).as_bytes());
        if tells {
            blocks.line(&mut inner, &line, false);
        }
        let nodes = blocks.open_leaf(&mut inner);
        cx.book.dry = dry;
        let closed = changes.iter().take_while(|change| matches!(change, Change::Close)).count();
        let mut tree = Tree::new();
        tree.apply(Change::Open(Element::new(Tag::Div)));
        let (depth, mut open) = (self.depth - closed, 1);
        for change in changes.drain(closed..) {
            match change {
                Change::Open(_) => open += 1,
                Change::Close if open == 1 => return None,
                Change::Close => open -= 1,
                Change::Loose { .. } | Change::Long { .. } | Change::Waits(_) | Change::Late { .. } => {
                    continue;
                }
                Change::Add(_) | Change::Text(_) | Change::Tail { .. } => {}
            }
            tree.apply(change);
        }
        tree.apply(Change::Tail { depth: open, nodes });
        tree.into_blocks().pop().map(|all| (depth, all.children))
    }

    /// What stands behind the marks of the containers of a row.
    fn row<'a>(&self, line: &'a str) -> &'a str {
        let mut at = Cursor::new(line);
        self.continued(&mut at);
        at.all_spaces();
        at.rest()
    }

    /// The line with its end mended, if it is a row or a heading.
    fn mended(&self, line: &str, book: &Book) -> String {
        if let Leaf::Table(_) = self.leaf {
            return leaf::mend_row(line, book);
        }
        let mut at = Cursor::new(line);
        self.begin_at(&mut at);
        let rest = at.rest();
        match scan::heading(rest.as_bytes()) {
            Some(level) => {
                let text = leaf::mended(rest[level..].to_owned(), book);
                format!("{}{}{text}", &line[..line.len() - rest.len()], &rest[..level])
            }
            None => line.to_owned(),
        }
    }

    /// Goes over the marks of containers, and says which was the last one that begins here.
    fn begin_at(&self, at: &mut Cursor<'_>) -> Option<Begun> {
        self.continued(at);
        let mut begun = Begun::Nothing;
        for _ in 0..=MAX_CONTAINERS {
            let outer = at.spaces(4);
            if outer >= 4 {
                return None;
            }
            if at.marker(outer).is_some() {
                begun = Begun::Other;
            } else if at.quote() {
                begun = Begun::Quote;
            } else {
                return Some(begun);
            }
        }
        // Beyond that they are text, but that shows when the line is complete.
        None
    }

    /// Whether the marks of containers stand here and then what is a paragraph, whatever follows. What
    /// begins here takes its direction from this line, so that has to be known too.
    fn begins_text(&self, line: &str) -> bool {
        let mut at = Cursor::new(line);
        let begun = self.begin_at(&mut at);
        let rest = at.rest();
        is_text(rest)
            && begun.is_some_and(|begun| match begun {
                Begun::Nothing => true,
                Begun::Quote => !rest.starts_with("[!") && Element::has_direction(rest),
                Begun::Other => Element::has_direction(rest),
            })
    }
}

/// Which container begins with a line.
#[derive(Clone, Copy, Debug)]
enum Begun {
    Nothing,
    Quote,
    Other,
}

/// Whether a line that begins like this is a paragraph, whatever follows.
fn is_text(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    let Some(first) = bytes.first() else { return false };
    let follows = |count: usize| bytes.get(count).copied();
    match first {
        b' ' | b'\t' | 11 | 12 | b'>' => false,
        b'#' => {
            let count = scan::run(bytes, b'#');
            count > 6 || follows(count).is_some_and(|b| !scan::is_space(b))
        }
        b'`' | b'~' => {
            let count = scan::run(bytes, *first);
            count < 3 && follows(count).is_some()
        }
        b'<' => follows(1).is_some_and(|b| !b.is_ascii_alphabetic() && !matches!(b, b'/' | b'!' | b'?')),
        b'[' => match follows(1) {
            None | Some(b'^' | b'!') => false,
            // Behind the box of a task everything is text.
            Some(b'x' | b'X' | b' ' | b'\t' | 11 | 12) => match (follows(2), follows(3)) {
                (Some(b']'), Some(b)) if scan::is_space(b) => !scan::blank(&bytes[4..]),
                (Some(b']'), behind) => behind.is_some(),
                (behind, _) => behind.is_some(),
            },
            Some(_) => true,
        },
        b'0'..=b'9' => {
            let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
            match follows(digits) {
                None => digits > 9,
                Some(b'.' | b')') => follows(digits + 1).is_some_and(|b| !scan::is_space(b)),
                Some(_) => true,
            }
        }
        b'-' | b'+' | b'*' | b'_' | b'=' | b':' | b'|' => {
            bytes.iter().any(|b| !matches!(b, b'-' | b'+' | b'*' | b'_' | b'=' | b':' | b'|' | b' ' | b'\t'))
                && !(matches!(first, b'-' | b'+' | b'*') && follows(1).is_some_and(scan::is_space))
        }
        _ => true,
    }
}

/// Whether a line so far has only marks, of which nobody can say what they will be.
fn is_marks(line: &str) -> bool {
    let is_mark = |c: char| c.is_ascii_whitespace() || "#-*_=+>|:~`[<$!^\\".contains(c);
    let mut rest = line;
    loop {
        let marks = rest.len();
        rest = rest.trim_start_matches(is_mark);
        let marks = &line[line.len() - marks..line.len() - rest.len()];
        if marks.ends_with("[!") && scan::begins_alert(rest) || marks.ends_with('<') && begins_tag(rest) {
            return true;
        }
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        match number.strip_prefix(['.', ')']) {
            Some(behind) if number.len() < rest.len() && behind.is_empty() => return true,
            Some(behind) if number.len() < rest.len() && behind.starts_with([' ', '\t']) => rest = behind,
            _ => {
                return number.is_empty()
                    || matches!(rest, "]" | "x" | "x]" | "X" | "X]") && marks.ends_with('[');
            }
        }
    }
}

/// Whether this, behind an angle bracket, may become a longer name of a tag.
fn begins_tag(rest: &str) -> bool {
    let name = rest.strip_prefix('/').unwrap_or(rest);
    name.bytes().all(|b| b.is_ascii_alphanumeric())
}
