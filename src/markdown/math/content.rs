//! Tokens: letters, numbers, operators, texts, spaces.

use pulldown_latex::event::{Content, DelimiterSize, DelimiterType, Dimension, DimensionUnit, Font};

use super::letters::{letter, negated};
use super::row::{Atom, Builder, read};
use super::{Em, MathAttr, MathElement, MathTag, NotTypeset};

/// How the parser says that there is a space.
const SPACE: &str = "&nbsp;";

impl Builder<'_> {
    /// `not` strikes it through.
    pub(super) fn content(&mut self, content: Content<'_>, not: bool) -> Result<MathElement, NotTypeset> {
        let (atom, element) = match content {
            Content::Text(text) => (Atom::Ordinary, self.text(text)?),
            Content::Number(number) => {
                (Atom::Ordinary, MathElement::token(MathTag::Mn, self.in_font(number)))
            }
            Content::Function(name) => {
                let name = MathElement::token(MathTag::Mi, self.in_font(&plain(name)));
                let single = name.text.chars().count() == 1;
                (Atom::Operator, if single { name.with(MathAttr::Upright) } else { name })
            }
            Content::Ordinary { content, stretchy: true } => {
                (Atom::Ordinary, operator(content, not).with(MathAttr::Stretchy(true)))
            }
            Content::Ordinary { content, stretchy: false } => (Atom::Ordinary, self.letter(content, not)),
            Content::BinaryOp { content, .. } => self.binary(content, not),
            Content::Relation { content, .. } => {
                let mut buffer = [0; 8];
                let text = std::str::from_utf8(content.encode_utf8_to_buf(&mut buffer)).unwrap_or_default();
                let mut chars = text.chars();
                let relation = match (chars.next(), chars.next()) {
                    (Some(single), None) => operator(single, not),
                    _ => MathElement::token(MathTag::Mo, text),
                };
                (Atom::Relation, if self.script { close_up(relation) } else { relation })
            }
            Content::LargeOp { content, small } => {
                let large = operator(content, not).with(MathAttr::FixedLimits);
                (Atom::Operator, if small { large.with(MathAttr::SmallOperator) } else { large })
            }
            Content::Delimiter { content, size, ty } => delimiter(content, not, size, ty),
            Content::Punctuation(content) => (Atom::Punctuation, operator(content, not)),
        };
        self.before = Some(atom);
        Ok(element)
    }

    fn in_font(&self, text: &str) -> String {
        match self.font {
            Some(font) => text.chars().map(|c| letter(font, c)).collect(),
            None => text.to_owned(),
        }
    }

    /// A single letter is italic by itself, but not capital Greek ones and what has an alphabet.
    fn letter(&self, content: char, not: bool) -> MathElement {
        let greek_capital = content.is_uppercase() && !content.is_ascii_uppercase();
        let (shown, upright) = match self.font {
            None => (content, greek_capital),
            Some(Font::UpRight) => (content, true),
            Some(Font::BoldSymbol) if greek_capital => (letter(Font::Bold, content), false),
            Some(font) => {
                let shown = letter(font, content);
                (shown, shown == content)
            }
        };
        let mi = MathElement::token(MathTag::Mi, struck(shown, not));
        if upright && shown.is_alphabetic() { mi.with(MathAttr::Upright) } else { mi }
    }

    /// Only between two things it has space around it.
    fn binary(&self, content: char, not: bool) -> (Atom, MathElement) {
        let between = matches!(self.before, Some(Atom::Close | Atom::Ordinary))
            && matches!(
                self.atom_behind(),
                Some(Atom::Binary | Atom::Operator | Atom::Ordinary | Atom::Open)
            );
        match between {
            true if !self.script => (Atom::Binary, operator(content, not)),
            true => (Atom::Binary, close_up(operator(content, not))),
            false => (Atom::Ordinary, close_up(operator(content, not))),
        }
    }

    /// `\text{…}`: with what is between dollars as a formula in it.
    fn text(&mut self, text: &str) -> Result<MathElement, NotTypeset> {
        if text == SPACE {
            return Ok(MathElement::token(MathTag::Mtext, '\u{A0}'));
        }
        let mut pieces = Vec::new();
        for (index, piece) in split_at_dollars(text).enumerate() {
            if index % 2 == 1 {
                pieces.extend(self.nested(|builder| read(piece, false, builder.depth))?);
            } else if !piece.is_empty() {
                pieces.push(MathElement::token(MathTag::Mtext, with_edges(&self.in_font(&plain(piece)))));
            }
        }
        Ok(MathElement::row(pieces))
    }
}

/// The pieces between dollars that are not escaped.
fn split_at_dollars(text: &str) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    text.split(move |c| {
        let border = c == '$' && !escaped;
        escaped = c == '\\' && !escaped;
        border
    })
}

/// Space at the edges of a token would be dropped.
fn with_edges(text: &str) -> String {
    let edge = |has: bool| if has { "\u{A0}" } else { "" };
    let inside = text.trim();
    if inside.is_empty() {
        return edge(!text.is_empty()).to_owned();
    }
    let (before, behind) = (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace));
    format!("{}{inside}{}", edge(before), edge(behind))
}

/// A text without what only says how it looks.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '{', '}', '~']) {
        out.push_str(&rest[..at]);
        let (mark, behind) = rest[at..].split_at(1);
        rest = behind;
        if mark == "~" {
            out.push('\u{A0}');
        }
        if mark != "\\" {
            continue;
        }
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let symbol = rest.chars().next().map_or(0, char::len_utf8);
        let (command, behind) = rest.split_at(letters.max(symbol));
        rest = behind;
        match command {
            "," | ";" | ":" | " " | "quad" | "qquad" | "enspace" | "\\" => out.push(' '),
            "!" => {}
            "ldots" | "dots" => out.push('…'),
            "textbackslash" => out.push('\\'),
            _ if letters == 0 => out.push_str(command),
            // A font, most likely.
            _ => rest = rest.trim_start(),
        }
    }
    out.push_str(rest);
    out
}

fn struck(c: char, not: bool) -> String {
    match (not, negated(c)) {
        (false, _) => c.to_string(),
        (true, Some(negated)) => negated.to_string(),
        (true, None) => format!("{c}\u{338}"),
    }
}

fn operator(c: char, not: bool) -> MathElement {
    MathElement::token(MathTag::Mo, struck(c, not))
}

/// Without the space that an operator has.
pub(super) fn close_up(operator: MathElement) -> MathElement {
    operator.with(MathAttr::NoSpaceBefore).with(MathAttr::NoSpaceBehind)
}

fn delimiter(c: char, not: bool, size: Option<DelimiterSize>, ty: DelimiterType) -> (Atom, MathElement) {
    let fence = operator(c, not);
    let (atom, fence) = match ty {
        DelimiterType::Open => (Atom::Open, fence.with(MathAttr::Form("prefix"))),
        DelimiterType::Close => (Atom::Close, fence.with(MathAttr::Form("postfix"))),
        DelimiterType::Fence if size.is_some() => (Atom::Ordinary, close_up(fence)),
        DelimiterType::Fence => (Atom::Punctuation, fence),
    };
    let size = size.map(|size| match size {
        DelimiterSize::Big => Em(1200),
        DelimiterSize::BIG => Em(1800),
        DelimiterSize::Bigg => Em(2400),
        DelimiterSize::BIGG => Em(3000),
    });
    let fence = match size {
        Some(size) => fence
            .with(MathAttr::Stretchy(true))
            .with(MathAttr::Symmetric)
            .with(MathAttr::MinSize(size))
            .with(MathAttr::MaxSize(size)),
        None => fence.with(MathAttr::Stretchy(ty == DelimiterType::Fence)),
    };
    (atom, fence)
}

/// What stands above or below something as a part of it; `None` for a script.
/// `single` says that it is over a single letter.
pub(super) fn accent(c: char, stretchy: bool, above: bool, single: bool) -> Option<MathElement> {
    if c.is_alphanumeric() || !(stretchy || above) {
        return None;
    }
    // Of several signs that look alike, only some are there in several widths.
    let (c, stretchy) = match (c, stretchy) {
        ('^', false) => ('\u{2C6}', false),
        ('^', true) => ('\u{302}', true),
        ('~', _) => ('\u{2DC}', false),
        ('_', true) => ('\u{332}', true),
        ('‾', _) if single => ('\u{AF}', false),
        ('‾', _) => ('\u{203E}', true),
        other => other,
    };
    let arrow = !stretchy && c == '→';
    let accent = MathElement::token(MathTag::Mo, c).with(MathAttr::Stretchy(stretchy));
    Some(if arrow { accent.with(MathAttr::Class("vector")) } else { accent })
}

/// A space; where it is less than nothing, a class draws what follows nearer.
pub(super) fn space(
    width: Option<Dimension>,
    height: Option<Dimension>,
    depth: Option<Dimension>,
) -> MathElement {
    let mut space = MathElement::of(MathTag::Mspace, Vec::new());
    match width.map(em) {
        Some(width) if width < Em(0) => space.attrs.push(MathAttr::Class("back")),
        Some(width) => space.attrs.push(MathAttr::Width(width)),
        None => {}
    }
    space.attrs.extend(height.map(|height| MathAttr::Height(em(height).max(Em(0)))));
    space.attrs.extend(depth.map(|depth| MathAttr::Depth(em(depth).max(Em(0)))));
    space
}

/// A length as a part of the font's size, which is taken to be ten points.
pub(super) fn em(length: Dimension) -> Em {
    let ems = match length.unit {
        DimensionUnit::Em => 1.0,
        DimensionUnit::Mu => 1.0 / 18.0,
        DimensionUnit::Ex => 0.45,
        DimensionUnit::Pt | DimensionUnit::Bp | DimensionUnit::Dd => 0.1,
        DimensionUnit::Pc | DimensionUnit::Cc => 1.2,
        DimensionUnit::In => 7.2,
        DimensionUnit::Cm => 2.85,
        DimensionUnit::Mm => 0.285,
        DimensionUnit::Sp => 0.0,
    };
    let most = f64::from(Em::MOST.0);
    let thousandths = (f64::from(length.value) * ems * 1000.0).round().clamp(-most, most);
    #[expect(clippy::cast_possible_truncation, reason = "it is clamped, and what is no number becomes 0")]
    Em(thousandths as i32)
}
