//! The tree: elements from a closed set of tags, attributes from a closed set of names.

use std::borrow::Cow;

use super::{FilePath, Href};

/// One element with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// What it is.
    pub tag: Tag,
    /// Its attributes, each name at most once.
    pub attrs: Vec<Attr>,
    /// What is in it; never two texts side by side, never an empty one.
    pub children: Vec<Node>,
}

/// A child of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text.
    Text(String),
}

macro_rules! tags {
    ($($variant:ident $name:literal,)*) => {
        /// The elements that there are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is the HTML element of its name")]
        pub enum Tag {
            $($variant,)*
        }

        impl Tag {
            /// Its name in HTML.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

tags! {
    A "a", Blockquote "blockquote", Br "br", Button "button", Code "code", Del "del", Div "div", Em "em",
    H1 "h1", H2 "h2", H3 "h3", H4 "h4", H5 "h5", H6 "h6", Hr "hr", Img "img", Input "input", Li "li",
    Ol "ol", P "p", Pre "pre", Span "span", Strong "strong", Sup "sup", Table "table", Tbody "tbody",
    Td "td", Th "th", Thead "thead", Tr "tr", Ul "ul",
}

impl Tag {
    /// Whether it is written without an end tag and has no children.
    pub fn is_void(self) -> bool {
        matches!(self, Self::Br | Self::Hr | Self::Img | Self::Input)
    }
}

/// The attributes that there are. Text of the model can get into [`Attr::Alt`], [`Attr::Title`] and,
/// filtered, into [`Attr::Href`], [`Attr::Src`] and [`Attr::Opens`]; everything else is written here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attr {
    /// A class from the stylesheet.
    Class(&'static str),
    /// Where a link goes.
    Href(Href),
    /// A link tells nobody where it came from, and the new page gets no hold of ours.
    Rel,
    /// A link opens a new tab.
    Target,
    /// An image of ours.
    Src(FilePath),
    /// An image of ours that a link leads to.
    Opens(FilePath),
    /// The width of an image in pixels.
    Width(u32),
    /// The height of an image in pixels.
    Height(u32),
    /// What an image shows.
    Alt(String),
    /// Images are fetched when they come near the screen.
    Lazy,
    /// A tooltip.
    Title(String),
    /// The number of a list's first item.
    Start(u64),
    /// A box to tick; always with [`Attr::Disabled`].
    Checkbox,
    /// Ticked.
    Checked,
    /// Not to be changed.
    Disabled,
    /// A button that submits nothing.
    PlainButton,
    /// A button that is on or off, and off at first.
    NotPressed,
    /// The name for a screen reader.
    Label(&'static str),
    /// Can be reached with the keyboard, because it scrolls.
    Focusable,
    /// The header cell of a column.
    ColumnScope,
    /// A remark beside the text.
    NoteRole,
    /// It goes on with what is before it: a part of a long element, or a list that goes on with another.
    Piece,
    /// It has many pieces, or something in it has.
    Long,
    /// It is written from right to left. Paragraphs take their direction by the stylesheet; this is for
    /// what has a side: bullets, bars, columns. Not `dir="auto"`, for which a browser looks through the whole
    /// list again with each item that comes.
    RightToLeft,
}

impl Attr {
    /// Its name in HTML.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Class(_) => "class",
            Self::Href(_) | Self::Opens(_) => "href",
            Self::Rel => "rel",
            Self::Target => "target",
            Self::Src(_) => "src",
            Self::Width(_) => "width",
            Self::Height(_) => "height",
            Self::Alt(_) => "alt",
            Self::Lazy => "loading",
            Self::Title(_) => "title",
            Self::Start(_) => "start",
            Self::Checkbox | Self::PlainButton => "type",
            Self::Checked => "checked",
            Self::Disabled => "disabled",
            Self::NotPressed => "aria-pressed",
            Self::Label(_) => "aria-label",
            Self::Focusable => "tabindex",
            Self::ColumnScope => "scope",
            Self::NoteRole => "role",
            Self::Piece => "data-piece",
            Self::Long => "data-long",
            Self::RightToLeft => "dir",
        }
    }

    /// Its value, not escaped.
    pub fn value(&self) -> Cow<'_, str> {
        match self {
            Self::Class(value) | Self::Label(value) => Cow::Borrowed(value),
            Self::Href(href) => Cow::Borrowed(href.as_str()),
            Self::Rel => Cow::Borrowed("noopener noreferrer nofollow"),
            Self::Target => Cow::Borrowed("_blank"),
            Self::Src(path) | Self::Opens(path) => Cow::Borrowed(path.as_str()),
            Self::Width(pixels) | Self::Height(pixels) => Cow::Owned(pixels.to_string()),
            Self::Alt(text) | Self::Title(text) => Cow::Borrowed(text),
            Self::Lazy => Cow::Borrowed("lazy"),
            Self::Start(number) => Cow::Owned(number.to_string()),
            Self::Checkbox => Cow::Borrowed("checkbox"),
            Self::PlainButton => Cow::Borrowed("button"),
            Self::NotPressed => Cow::Borrowed("false"),
            Self::Checked | Self::Disabled | Self::Piece | Self::Long => Cow::Borrowed(""),
            Self::Focusable => Cow::Borrowed("0"),
            Self::ColumnScope => Cow::Borrowed("col"),
            Self::NoteRole => Cow::Borrowed("note"),
            Self::RightToLeft => Cow::Borrowed("rtl"),
        }
    }
}

/// So many characters of a line are looked at for a letter.
const LOOKED_AT: usize = 256;

/// The first letter of a line, but for the one in a task's box.
fn first_letter(line: &str) -> Option<char> {
    let letter = |text: &str| text.char_indices().take(LOOKED_AT).find(|(_, it)| it.is_alphabetic());
    let (at, first) = letter(line)?;
    let (before, behind) = (&line[..at], &line[at + first.len_utf8()..]);
    let is_tick = matches!(first, 'x' | 'X') && before.ends_with('[') && behind.starts_with("] ");
    if is_tick { letter(behind).map(|(_, first)| first) } else { Some(first) }
}

/// Whether a letter is of a script that is written from right to left: Hebrew, Arabic and what lies around
/// them, in the blocks that Unicode keeps for such.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter,
        '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

impl Element {
    /// An element without attributes and children.
    pub(super) fn new(tag: Tag) -> Self {
        Self { tag, attrs: Vec::new(), children: Vec::new() }
    }

    /// The same with one more attribute.
    pub(super) fn with(mut self, attr: Attr) -> Self {
        self.attrs.push(attr);
        self
    }

    /// The same in the direction of its first line: that of the first letter in it.
    pub(super) fn along(self, line: &str) -> Self {
        if first_letter(line).is_some_and(is_right_to_left) { self.with(Attr::RightToLeft) } else { self }
    }

    /// Whether the direction of a line that begins like this is known, whatever follows.
    pub(super) fn has_direction(line: &str) -> bool {
        first_letter(line).is_some() || line.chars().nth(LOOKED_AT).is_some()
    }

    /// The same with one more child.
    pub(super) fn and(mut self, child: Self) -> Self {
        self.children.push(Node::Element(child));
        self
    }

    /// The same with more text at its end.
    pub(super) fn and_text(mut self, text: &str) -> Self {
        self.push_text(text);
        self
    }

    /// Adds text at the end, to the text that is there if there is one.
    pub(super) fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Node::Text(last)) = self.children.last_mut() {
            last.push_str(text);
        } else {
            self.children.push(Node::Text(text.to_owned()));
        }
    }

    /// Whether it, or something in it, is in many pieces.
    pub fn is_long(&self) -> bool {
        self.attrs.contains(&Attr::Long)
    }

    /// Whether it goes on with what is before it.
    pub fn is_piece(&self) -> bool {
        self.attrs.contains(&Attr::Piece)
    }

    /// All text in it, in order.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.collect_text(&mut out);
        out
    }

    fn collect_text(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Node::Element(element) => element.collect_text(out),
                Node::Text(text) => out.push_str(text),
            }
        }
    }
}
