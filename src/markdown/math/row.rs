//! Rows and what they are made of: the parser's events to elements.

use pulldown_latex::Storage;
use pulldown_latex::event::{
    ColorTarget, Content, DelimiterType, Event, Font, Grouping, ScriptPosition, ScriptType, StateChange,
    Style, Visual,
};

use super::content::{accent, close_up, em, space};
use super::source::{BOXED, PHANTOM};
use super::{Em, MAX_DEPTH, MathAttr, MathElement, MathTag, NotTypeset, events};

/// What one thing is to the next, which decides about the space between them (The TeXbook, chapter 18).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Atom {
    Binary,
    Operator,
    Relation,
    Open,
    Close,
    Punctuation,
    Ordinary,
}

/// Reads events from the first to the last, never beyond what nests deeper than [`MAX_DEPTH`].
#[derive(Debug)]
pub(super) struct Builder<'a> {
    pub(super) events: Vec<Event<'a>>,
    pub(super) at: usize,
    pub(super) depth: usize,
    /// The alphabet of letters.
    pub(super) font: Option<Font>,
    /// Drawn as in a formula on a line of its own.
    pub(super) display: bool,
    /// In a script there is no space around relations.
    pub(super) script: bool,
    /// What stands before in this row.
    pub(super) before: Option<Atom>,
}

/// Reads a whole formula, or one that stands in the text of another.
pub(super) fn read(latex: &str, display: bool, depth: usize) -> Result<Vec<MathElement>, NotTypeset> {
    let storage = Storage::new();
    let events = events(latex, &storage)?;
    let mut builder = Builder { events, at: 0, depth, font: None, display, script: false, before: None };
    let row = builder.row()?;
    let all = builder.at == builder.events.len();
    if all { Ok(row) } else { Err(NotTypeset::NotUnderstood) }
}

impl<'a> Builder<'a> {
    pub(super) fn next(&mut self) -> Option<Event<'a>> {
        let event = self.events.get(self.at).cloned();
        self.at += 1;
        event
    }

    /// Up to the end of the group, the cell or the formula; the end itself is not taken.
    pub(super) fn row(&mut self) -> Result<Vec<MathElement>, NotTypeset> {
        let mut row = Vec::new();
        while let Some(event) = self.events.get(self.at) {
            match *event {
                Event::End | Event::EnvironmentFlow(_) => break,
                Event::StateChange(StateChange::Font(font)) => {
                    self.at += 1;
                    self.font = font;
                }
                Event::StateChange(change) => {
                    self.at += 1;
                    let rest = self.nested(|builder| builder.changed(change))?;
                    row.push(rest);
                }
                Event::Content(Content::Ordinary { content: '′', .. }) => row.push(self.primes()),
                _ if self.is_function() => self.function(&mut row)?,
                _ => {
                    let element = self.element()?;
                    row.push(element);
                }
            }
        }
        Ok(row)
    }

    /// The rest of the row in another size or colour.
    fn changed(&mut self, change: StateChange) -> Result<MathElement, NotTypeset> {
        let display = self.display;
        let attrs = match change {
            StateChange::Style(style) => {
                self.display = style == Style::Display;
                let level = match style {
                    Style::Display | Style::Text => 0,
                    Style::Script => 1,
                    Style::ScriptScript => 2,
                };
                vec![MathAttr::DisplayStyle(self.display), MathAttr::ScriptLevel(level)]
            }
            StateChange::Color(change) => {
                let (r, g, b) = change.color;
                match change.target {
                    ColorTarget::Text => vec![MathAttr::Color([r, g, b])],
                    ColorTarget::Background => vec![MathAttr::Background([r, g, b])],
                    ColorTarget::Border => vec![MathAttr::Class("boxed")],
                }
            }
            StateChange::Font(_) => Vec::new(),
        };
        let rest = self.row()?;
        self.display = display;
        Ok(MathElement { attrs, ..MathElement::of(MathTag::Mstyle, rest) })
    }

    /// Runs one level deeper.
    pub(super) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, NotTypeset>,
    ) -> Result<T, NotTypeset> {
        if self.depth >= MAX_DEPTH {
            return Err(NotTypeset::TooDeep);
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// The next element, whatever it is.
    pub(super) fn element(&mut self) -> Result<MathElement, NotTypeset> {
        self.nested(|builder| match builder.next() {
            Some(Event::Content(content)) => builder.content(content, false),
            Some(Event::Begin(grouping)) => builder.group(grouping),
            Some(Event::Visual(visual)) => builder.visual(visual),
            Some(Event::Script { ty, position }) => builder.script(ty, position),
            Some(Event::Space { width, height, depth }) => Ok(space(width, height, depth)),
            Some(Event::StateChange(StateChange::Font(font))) => {
                builder.font = font;
                Ok(MathElement::of(MathTag::Mrow, Vec::new()))
            }
            Some(Event::StateChange(_)) => Ok(MathElement::of(MathTag::Mrow, Vec::new())),
            Some(Event::End | Event::EnvironmentFlow(_)) | None => Err(NotTypeset::NotUnderstood),
        })
    }

    /// A script.
    fn small(&mut self) -> Result<MathElement, NotTypeset> {
        let script = std::mem::replace(&mut self.script, true);
        let element = self.alone(false)?;
        self.script = script;
        Ok(element)
    }

    /// An element in the place of a script or a numerator, where nothing stands beside it.
    fn alone(&mut self, display: bool) -> Result<MathElement, NotTypeset> {
        let (before, shown) = (self.before.take(), self.display);
        self.display = display;
        let element = self.element()?;
        (self.before, self.display) = (before, shown);
        Ok(element)
    }

    fn group(&mut self, grouping: Grouping) -> Result<MathElement, NotTypeset> {
        let font = self.font;
        self.before = None;
        let (element, atom) = match grouping {
            Grouping::Normal => {
                let mark = self.mark();
                let row = self.row()?;
                self.end()?;
                let group = match mark {
                    None => MathElement::row(row),
                    Some(PHANTOM) => MathElement::of(MathTag::Mphantom, row),
                    Some(_) => MathElement::of(MathTag::Mrow, row).with(MathAttr::Class("boxed")),
                };
                (group, Atom::Ordinary)
            }
            Grouping::LeftRight(open, close) => {
                let fence = |c: char, form| {
                    let fence = MathElement::token(MathTag::Mo, c);
                    fence.with(MathAttr::Form(form)).with(MathAttr::Stretchy(true))
                };
                let mut row: Vec<_> = open.map(|open| fence(open, "prefix")).into_iter().collect();
                self.before = Some(Atom::Open);
                row.extend(self.row()?);
                self.end()?;
                row.extend(close.map(|close| fence(close, "postfix")));
                (MathElement::of(MathTag::Mrow, row), Atom::Close)
            }
            environment => {
                self.font = None;
                (self.environment(&environment)?, Atom::Ordinary)
            }
        };
        self.font = font;
        self.before = Some(atom);
        Ok(element)
    }

    /// What a group was marked with when the formula was spelled anew.
    fn mark(&mut self) -> Option<char> {
        match self.events.get(self.at) {
            Some(&Event::Content(Content::Ordinary { content: mark @ (BOXED | PHANTOM), .. })) => {
                self.at += 1;
                Some(mark)
            }
            _ => None,
        }
    }

    pub(super) fn end(&mut self) -> Result<(), NotTypeset> {
        if self.next() == Some(Event::End) { Ok(()) } else { Err(NotTypeset::NotUnderstood) }
    }

    fn visual(&mut self, visual: Visual) -> Result<MathElement, NotTypeset> {
        let display = self.display;
        let element = match visual {
            Visual::SquareRoot => MathElement::of(MathTag::Msqrt, vec![self.alone(display)?]),
            Visual::Root => {
                let radicand = self.alone(display)?;
                MathElement::of(MathTag::Mroot, vec![radicand, self.small()?])
            }
            Visual::Fraction(line) => {
                let numerator = self.alone(false)?;
                let fraction = MathElement::of(MathTag::Mfrac, vec![numerator, self.alone(false)?]);
                match line {
                    Some(line) => fraction.with(MathAttr::Line(em(line).max(Em(0)))),
                    None => fraction,
                }
            }
            Visual::Negation => return self.negation(),
        };
        self.before = Some(Atom::Ordinary);
        Ok(element)
    }

    fn negation(&mut self) -> Result<MathElement, NotTypeset> {
        if let Some(&Event::Content(content)) = self.events.get(self.at)
            && match content {
                Content::Text(_) | Content::Number(_) | Content::Function(_) => false,
                Content::Ordinary { content, .. } => !content.is_alphanumeric(),
                _ => true,
            }
        {
            self.at += 1;
            return self.content(content, true);
        }
        let struck = self.alone(self.display)?;
        self.before = Some(Atom::Ordinary);
        Ok(MathElement::of(MathTag::Mrow, vec![struck]).with(MathAttr::Class("struck")))
    }

    fn script(&mut self, ty: ScriptType, position: ScriptPosition) -> Result<MathElement, NotTypeset> {
        let apart = match position {
            ScriptPosition::Right => false,
            ScriptPosition::AboveBelow => true,
            ScriptPosition::Movable => self.display,
        };
        let operator = matches!(
            self.events.get(self.at),
            Some(Event::Content(Content::LargeOp { .. } | Content::Function(_)))
        );
        let display = self.display;
        let base = if apart { self.long_arrow() } else { None };
        let base = base.map_or_else(|| self.alone(display), Ok)?;
        let single = matches!(base.tag, MathTag::Mi | MathTag::Mn);
        let mut children = vec![base];
        let mut attrs = Vec::new();
        if ty != ScriptType::Superscript {
            let (accent, below) = self.script_or_accent(apart.then_some(single), false)?;
            attrs.extend((apart && accent).then_some(MathAttr::AccentUnder));
            children.push(below);
        }
        if ty != ScriptType::Subscript {
            let (accent, above) = self.script_or_accent(apart.then_some(single), true)?;
            attrs.extend((apart && accent).then_some(MathAttr::Accent));
            children.push(above);
        }
        self.before = Some(if operator { Atom::Operator } else { Atom::Ordinary });
        let tag = match (ty, apart) {
            (ScriptType::Subscript, false) => MathTag::Msub,
            (ScriptType::Superscript, false) => MathTag::Msup,
            (ScriptType::SubSuperscript, false) => MathTag::Msubsup,
            (ScriptType::Subscript, true) => MathTag::Munder,
            (ScriptType::Superscript, true) => MathTag::Mover,
            (ScriptType::SubSuperscript, true) => MathTag::Munderover,
        };
        Ok(MathElement { attrs, ..MathElement::of(tag, children) })
    }

    /// An arrow with something above or below is a long one, since not every browser stretches it.
    fn long_arrow(&mut self) -> Option<MathElement> {
        let Some(&Event::Content(Content::Relation { content, .. })) = self.events.get(self.at) else {
            return None;
        };
        let mut buffer = [0; 8];
        let arrow = match content.encode_utf8_to_buf(&mut buffer) {
            arrow if arrow == "→".as_bytes() => '⟶',
            arrow if arrow == "←".as_bytes() => '⟵',
            _ => return None,
        };
        self.at += 1;
        Some(MathElement::token(MathTag::Mo, arrow).with(MathAttr::Stretchy(true)))
    }

    /// A hat, a bar, a brace: the parser gives them as letters above or below. `apart` says that this is
    /// above or below, and whether of a single sign.
    fn script_or_accent(
        &mut self,
        apart: Option<bool>,
        above: bool,
    ) -> Result<(bool, MathElement), NotTypeset> {
        if let Some(single) = apart
            && let Some(&Event::Content(Content::Ordinary { content, stretchy })) = self.events.get(self.at)
            && let Some(element) = accent(content, stretchy, above, single)
        {
            self.at += 1;
            return Ok((true, element));
        }
        Ok((false, self.small()?))
    }

    /// Several primes are one sign. It is raised by itself.
    fn primes(&mut self) -> MathElement {
        let mut count = 0;
        while let Some(Event::Content(Content::Ordinary { content: '′', .. })) = self.events.get(self.at) {
            self.at += 1;
            count += 1;
        }
        self.before = Some(Atom::Ordinary);
        let primes = match count {
            1 => "′".to_owned(),
            2 => "″".to_owned(),
            3 => "‴".to_owned(),
            4 => "⁗".to_owned(),
            more => "′".repeat(more),
        };
        close_up(MathElement::token(MathTag::Mo, primes))
    }

    /// Whether a function comes, with scripts or without.
    fn is_function(&self) -> bool {
        let rest = self.events.get(self.at..).unwrap_or_default();
        let base = rest.iter().find(|event| !matches!(event, Event::Script { .. }));
        matches!(base, Some(Event::Content(Content::Function(_))))
    }

    /// A function's name has a thin space beside it, and before its argument the sign that applies it.
    fn function(&mut self, row: &mut Vec<MathElement>) -> Result<(), NotTypeset> {
        let thin = || MathElement::of(MathTag::Mspace, Vec::new()).with(MathAttr::Width(Em(167)));
        if matches!(self.before, Some(Atom::Close | Atom::Ordinary)) {
            row.push(thin());
        }
        let name = self.element()?;
        row.push(name);
        self.before = Some(Atom::Operator);
        let spaced = matches!(self.events.get(self.at), Some(Event::Space { .. }));
        if let Some(next) = self.atom_behind() {
            row.push(MathElement::token(MathTag::Mo, '\u{2061}'));
            // A space by hand is meant to change the one that TeX has there.
            if matches!(next, Atom::Ordinary | Atom::Operator) || spaced && next == Atom::Open {
                row.push(thin());
            }
        }
        Ok(())
    }

    /// What comes next in the row.
    pub(super) fn atom_behind(&self) -> Option<Atom> {
        for event in self.events.get(self.at..).unwrap_or_default() {
            return Some(match event {
                Event::StateChange(_)
                | Event::Space { .. }
                | Event::Script { .. }
                | Event::Visual(Visual::Negation) => continue,
                Event::End | Event::EnvironmentFlow(_) => return None,
                Event::Begin(Grouping::LeftRight(Some(_), _)) => Atom::Open,
                Event::Visual(_) | Event::Begin(_) => Atom::Ordinary,
                Event::Content(content) => match content {
                    Content::BinaryOp { .. } => Atom::Binary,
                    Content::LargeOp { .. } | Content::Function(_) => Atom::Operator,
                    Content::Relation { .. } => Atom::Relation,
                    Content::Delimiter { ty: DelimiterType::Open, .. } => Atom::Open,
                    Content::Delimiter { ty: DelimiterType::Close, .. } => Atom::Close,
                    Content::Punctuation(_) => Atom::Punctuation,
                    Content::Ordinary { .. }
                    | Content::Text(_)
                    | Content::Number(_)
                    | Content::Delimiter { ty: DelimiterType::Fence, .. } => Atom::Ordinary,
                },
            });
        }
        None
    }
}
