//! The tree of a formula: MathML elements from a closed set, attributes from a closed set with values
//! that are written here or are numbers. Text of the model gets into text and nowhere else.

use std::borrow::Cow;

/// One MathML element: a token has text, every other one has children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MathElement {
    /// What it is.
    pub tag: MathTag,
    /// Its attributes, each name at most once.
    pub attrs: Vec<MathAttr>,
    /// What is in it.
    pub children: Vec<MathElement>,
    /// Its text; empty where it has children.
    pub text: String,
}

macro_rules! tags {
    ($($variant:ident $name:literal,)*) => {
        /// The elements that there are: those of MathML Core that a formula can need.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is the MathML element of its name")]
        pub enum MathTag {
            $($variant,)*
        }

        impl MathTag {
            /// Its name in MathML.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

tags! {
    Annotation "annotation", Math "math", Mfrac "mfrac", Mi "mi", Mn "mn", Mo "mo", Mover "mover",
    Mphantom "mphantom", Mroot "mroot", Mrow "mrow", Mspace "mspace", Msqrt "msqrt", Mstyle "mstyle",
    Msub "msub", Msubsup "msubsup", Msup "msup", Mtable "mtable", Mtd "mtd", Mtext "mtext", Mtr "mtr",
    Munder "munder", Munderover "munderover", Semantics "semantics",
}

/// A length in thousandths of an em.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Em(pub i32);

impl Em {
    /// Nothing in a formula is wider or higher than this by its own word.
    pub const MOST: Self = Self(20_000);

    fn value(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{}.{:03}em", self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000)
    }
}

/// The attributes that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathAttr {
    /// A formula on a line of its own.
    Block,
    /// The annotation is LaTeX.
    Tex,
    /// A class from the stylesheet.
    Class(&'static str),
    /// A single letter that is not italic.
    Upright,
    /// Whether an operator grows with what stands beside it.
    Stretchy(bool),
    /// It grows to both sides of the middle.
    Symmetric,
    /// Where its scripts stand is said by the element around it.
    FixedLimits,
    /// A large operator that is not drawn large.
    SmallOperator,
    /// What is above is an accent.
    Accent,
    /// What is below is an accent.
    AccentUnder,
    /// Not between two things, but before or behind one: `prefix`, `postfix`.
    Form(&'static str),
    /// No space before.
    NoSpaceBefore,
    /// No space behind.
    NoSpaceBehind,
    /// As high as this and no less.
    MinSize(Em),
    /// As high as this and no more.
    MaxSize(Em),
    /// How thick a fraction's line is.
    Line(Em),
    /// How wide a space is.
    Width(Em),
    /// How high a space is.
    Height(Em),
    /// How deep a space is.
    Depth(Em),
    /// Drawn as in a formula on a line of its own.
    DisplayStyle(bool),
    /// How many times smaller.
    ScriptLevel(u8),
    /// The colour of what is in it.
    Color([u8; 3]),
    /// The colour behind it.
    Background([u8; 3]),
}

impl MathAttr {
    /// Its name in MathML.
    pub fn name(self) -> &'static str {
        match self {
            Self::Block => "display",
            Self::Tex => "encoding",
            Self::Class(_) => "class",
            Self::Upright => "mathvariant",
            Self::Stretchy(_) => "stretchy",
            Self::Symmetric => "symmetric",
            Self::FixedLimits => "movablelimits",
            Self::SmallOperator => "largeop",
            Self::Accent => "accent",
            Self::AccentUnder => "accentunder",
            Self::Form(_) => "form",
            Self::NoSpaceBefore => "lspace",
            Self::NoSpaceBehind => "rspace",
            Self::MinSize(_) => "minsize",
            Self::MaxSize(_) => "maxsize",
            Self::Line(_) => "linethickness",
            Self::Width(_) => "width",
            Self::Height(_) => "height",
            Self::Depth(_) => "depth",
            Self::DisplayStyle(_) => "displaystyle",
            Self::ScriptLevel(_) => "scriptlevel",
            Self::Color(_) => "mathcolor",
            Self::Background(_) => "mathbackground",
        }
    }

    /// Its value, which needs no escaping.
    pub fn value(self) -> Cow<'static, str> {
        match self {
            Self::Block => Cow::Borrowed("block"),
            Self::Tex => Cow::Borrowed("application/x-tex"),
            Self::Class(value) | Self::Form(value) => Cow::Borrowed(value),
            Self::Upright => Cow::Borrowed("normal"),
            Self::Stretchy(on) | Self::DisplayStyle(on) => Cow::Borrowed(if on { "true" } else { "false" }),
            Self::Symmetric | Self::Accent | Self::AccentUnder => Cow::Borrowed("true"),
            Self::FixedLimits | Self::SmallOperator => Cow::Borrowed("false"),
            Self::NoSpaceBefore | Self::NoSpaceBehind => Cow::Borrowed("0"),
            Self::MinSize(em)
            | Self::MaxSize(em)
            | Self::Line(em)
            | Self::Width(em)
            | Self::Height(em)
            | Self::Depth(em) => Cow::Owned(em.value()),
            Self::ScriptLevel(level) => Cow::Owned(level.to_string()),
            Self::Color([r, g, b]) | Self::Background([r, g, b]) => {
                Cow::Owned(format!("#{r:02x}{g:02x}{b:02x}"))
            }
        }
    }
}

impl MathElement {
    /// An element around others.
    pub(super) fn of(tag: MathTag, children: Vec<Self>) -> Self {
        Self { tag, attrs: Vec::new(), children, text: String::new() }
    }

    /// A token.
    pub(super) fn token(tag: MathTag, text: impl Into<String>) -> Self {
        Self { tag, attrs: Vec::new(), children: Vec::new(), text: text.into() }
    }

    /// The same with one more attribute.
    pub(super) fn with(mut self, attr: MathAttr) -> Self {
        self.attrs.push(attr);
        self
    }

    /// One element for all of these: none is needed around a single one.
    pub(super) fn row(mut children: Vec<Self>) -> Self {
        if children.len() == 1
            && let Some(only) = children.pop()
        {
            return only;
        }
        Self::of(MathTag::Mrow, children)
    }
}
