//! What the demo says in one answer: an image, thinking and text, cut into pieces, up to where a
//! fault was asked for.

use std::borrow::Cow;
use std::time::Duration;

use fastrand::Rng;

use super::pieces::{self, Language};
use super::{ARTICLE, ECHO, PACE, options};
use crate::server::provider::{BadPrompt, Delta, Prompt, Role};
use crate::wire::{DemoOptions, Image};

/// One answer, as far as it has been said.
#[derive(Debug)]
pub(super) struct Script {
    /// The pause between two pieces.
    pub(super) pace: Duration,
    rng: Rng,
    /// Least and most characters of a piece.
    sizes: [usize; 2],
    image: Option<Image>,
    think: Source,
    text: Source,
    fault: Option<Fault>,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Act {
    Say(Vec<Delta>),
    End,
    Fail,
    Cut,
    Stall,
}

/// Something that goes wrong after so many characters more.
#[derive(Clone, Copy, Debug)]
struct Fault {
    after: usize,
    kind: FaultKind,
}

#[derive(Clone, Copy, Debug)]
enum FaultKind {
    Error,
    Cut,
    Stall,
}

impl Script {
    /// The script for a prompt, or why there is none.
    pub(super) fn for_prompt(prompt: &Prompt) -> Result<Self, BadPrompt> {
        let options = options::parse(&prompt.options)?;
        let asked = prompt.messages.iter().rfind(|turn| turn.role == Role::User);
        let asked = asked.map_or("", |turn| turn.text.as_str());
        match prompt.model.as_str() {
            ARTICLE => Ok(Self::article(asked, &options)),
            ECHO => Ok(Self::echo(asked, &options)),
            other => Err(BadPrompt(format!(
                "The demo has no model `{}`; it has `{ARTICLE}` and `{ECHO}`.",
                other.chars().take(60).collect::<String>()
            ))),
        }
    }

    fn article(asked: &str, options: &DemoOptions) -> Self {
        let seed = options.seed.unwrap_or_else(|| pieces::seed_for(Language::fitting(asked)));
        let mut rng = Rng::with_seed(seed);
        let piece = pieces::pick(&mut rng);
        let think = Source::once(piece.think.trim_end().into());
        let text = Source::new(piece.text.trim_end().into(), "\n\n", options.length);
        Self::new(rng, Some(piece.image()), think, text, options)
    }

    fn echo(asked: &str, options: &DemoOptions) -> Self {
        let rng = Rng::with_seed(options.seed.unwrap_or_else(|| fastrand::u64(..)));
        let text = Source::new(asked.to_owned().into(), "", options.length);
        Self::new(rng, None, Source::once("".into()), text, options)
    }

    fn new(rng: Rng, image: Option<Image>, think: Source, text: Source, options: &DemoOptions) -> Self {
        let pace = options.pace_ms.map_or(PACE, Duration::from_millis);
        let fault = Fault::first(options);
        Self { pace, rng, sizes: options.pieces.unwrap_or([1, 10]), image, think, text, fault }
    }

    /// Says up to `most` pieces more. What goes wrong goes wrong between two of them.
    pub(super) fn act(&mut self, most: usize) -> Act {
        let mut deltas = Vec::new();
        while deltas.len() < most {
            match self.piece() {
                Some(delta) => deltas.push(delta),
                None if deltas.is_empty() => return self.ending(),
                None => break,
            }
        }
        Act::Say(deltas)
    }

    fn piece(&mut self) -> Option<Delta> {
        if let Some(image) = self.image.take() {
            return Some(Delta::Image(image));
        }
        let left = self.fault.map_or(usize::MAX, |fault| fault.after);
        if left == 0 {
            return None;
        }
        let size = self.rng.usize(self.sizes[0]..=self.sizes[1]).min(left);
        let (delta, chars) = if let Some((think, chars)) = self.think.take(size) {
            (Delta::Think(think), chars)
        } else {
            let (text, chars) = self.text.take(size)?;
            (Delta::Text(text), chars)
        };
        if let Some(fault) = &mut self.fault {
            fault.after -= chars;
        }
        Some(delta)
    }

    fn ending(&self) -> Act {
        match self.fault {
            Some(Fault { after: 0, kind: FaultKind::Error }) => Act::Fail,
            Some(Fault { after: 0, kind: FaultKind::Cut }) => Act::Cut,
            Some(Fault { after: 0, kind: FaultKind::Stall }) => Act::Stall,
            // The answer was over before it could go wrong.
            Some(_) | None => Act::End,
        }
    }
}

impl Fault {
    /// The one that comes first; where several come at once, an error before a cut before a stall.
    fn first(options: &DemoOptions) -> Option<Self> {
        let faults = [
            (options.error_after, FaultKind::Error),
            (options.cut_after, FaultKind::Cut),
            (options.stall_after, FaultKind::Stall),
        ];
        let faults = faults.into_iter().filter_map(|(after, kind)| Some(Self { after: after?, kind }));
        faults.min_by_key(|fault| fault.after)
    }
}

/// A text that is said once, or again and again up to a length. Taking from it costs what is taken,
/// however long it is.
#[derive(Debug)]
struct Source {
    text: Cow<'static, str>,
    /// Between two repetitions.
    joint: &'static str,
    /// Where in `text`, or in `joint` once `text` is over, the next character stands.
    at: usize,
    in_joint: bool,
    /// Bytes to go; none: to the end of `text`.
    left: Option<usize>,
}

impl Source {
    fn once(text: Cow<'static, str>) -> Self {
        Self::new(text, "", None)
    }

    fn new(text: Cow<'static, str>, joint: &'static str, length: Option<usize>) -> Self {
        Self { text, joint, at: 0, in_joint: false, left: length }
    }

    /// Up to `most` characters more and how many they are; none at the end.
    fn take(&mut self, most: usize) -> Option<(String, usize)> {
        let mut out = String::new();
        let mut chars = 0;
        while chars < most {
            let Some(c) = self.next() else {
                break;
            };
            out.push(c);
            chars += 1;
        }
        (chars > 0).then_some((out, chars))
    }

    fn next(&mut self) -> Option<char> {
        if self.left == Some(0) || self.text.is_empty() {
            return None;
        }
        if self.left.is_some() {
            self.turn();
        }
        let c = self.current()[self.at..].chars().next()?;
        self.at += c.len_utf8();
        self.left = self.left.map(|left| left.saturating_sub(c.len_utf8()));
        Some(c)
    }

    /// Goes from the text to the joint and back, where one is over.
    fn turn(&mut self) {
        while self.at == self.current().len() {
            self.in_joint = !self.in_joint;
            self.at = 0;
        }
    }

    fn current(&self) -> &str {
        if self.in_joint { self.joint } else { &self.text }
    }
}
