//! What one seed means: an answer, how it is told, and what happens to its readers on the way.

use std::time::Duration;

use fastrand::Rng;

use super::relay::{How, Pieces, Place, Plan};
use crate::wire::{Answer, PartKind};

/// How many kinds of trouble there are; the seed says which one it is.
pub(super) const KINDS: u64 = 8;

/// One run.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) seed: u64,
    /// What the model says, token by token.
    pub(super) tokens: Vec<(PartKind, String)>,
    /// Each token waits until the reader has the one before: no two events are merged, and a wake-up
    /// that is lost is not made up for by the next one.
    pub(super) lockstep: bool,
    /// The model says that it finished; otherwise its connection just ends.
    pub(super) finishes: bool,
    /// What happens to the reader's connections, one after the other.
    pub(super) plans: Vec<Plan>,
    pub(super) second: Second,
}

/// Another reader of the same answer.
#[derive(Debug)]
pub(super) enum Second {
    None,
    /// With troubles of its own.
    Reads(Vec<Plan>),
    /// It never reads a byte.
    Stalls,
}

impl Case {
    pub(super) fn draw(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let rng = &mut rng;
        let kind = seed % KINDS;
        // Some of those that stall have more to read than all buffers on the way hold.
        let large = kind == 7 && seed % 128 == 7;
        let tokens: Vec<_> = if large { vast(rng) } else { tokens(rng) };
        let plans = match kind {
            0 => every_border(rng, 3 * tokens.len()),
            1 => cuts(rng, 12, |rng| Place::Response(rng.usize(0..1_500)), closing),
            2 => during_attach(rng),
            3 => lost_starts(rng),
            4 => cuts(rng, 8, |rng| Place::Response(rng.usize(0..1_500)), |_| How::Stall),
            5 => cuts(rng, 8, |rng| Place::Border(rng.usize(0..9)), any),
            6 => cuts(rng, 6, |rng| Place::Response(rng.usize(0..2_500)), any),
            _ if large => cuts_of_much(rng),
            _ => cuts(rng, 5, |rng| Place::Response(rng.usize(0..2_500)), any),
        };
        let second = match kind {
            6 => Second::Reads(cuts(rng, 6, |rng| Place::Response(rng.usize(0..2_500)), any)),
            7 => Second::Stalls,
            _ => Second::None,
        };
        let lockstep = kind == 0 || !large && rng.bool();
        Self { seed, tokens, lockstep, finishes: rng.u8(..) > 50, plans, second }
    }

    /// What every reader must have in the end.
    pub(super) fn expected(&self) -> Answer {
        let mut answer = Answer::default();
        for (kind, r) in &self.tokens {
            answer.push(*kind, r);
        }
        answer
    }

    /// The id of its answer.
    pub(super) fn id(&self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.seed)
    }
}

/// Tokens with everything in them that could be taken for something else.
fn tokens(rng: &mut Rng) -> Vec<(PartKind, String)> {
    const WORDS: &[&str] = &["a", "water ", "é", "世界", "🌊", "\n\n", "\r", "\"", "data: ", "\\", "id: 7\n"];
    let mut word = |kind, least: usize| {
        let words = (0..rng.usize(least..6)).map(|_| WORDS[rng.usize(..WORDS.len())]);
        // Begins with a letter: blank thinking opens no part.
        (kind, format!("t{}", words.collect::<String>()))
    };
    let mut tokens = vec![word(PartKind::Think, 1), word(PartKind::Think, 0), word(PartKind::Text, 1)];
    for _ in 0..16 {
        tokens.push(word(PartKind::Text, 0));
    }
    tokens.extend([word(PartKind::Think, 1), word(PartKind::Text, 1), word(PartKind::Text, 0)]);
    tokens
}

/// Seven megabytes: more than the kernel holds between two sockets.
fn vast(rng: &mut Rng) -> Vec<(PartKind, String)> {
    (0..220).map(|_| (PartKind::Text, "0123456789abcdeé".repeat(rng.usize(1_800..2_000)))).collect()
}

/// Every connection ends behind its first event, or its second.
fn every_border(rng: &mut Rng, connections: usize) -> Vec<Plan> {
    cuts(rng, connections, |rng| Place::Border(1 + usize::from(rng.u8(..8) == 0)), closing)
}

/// Cuts in the head of the response, in the request and around the comment, and between them
/// connections that get further.
fn during_attach(rng: &mut Rng) -> Vec<Plan> {
    let place = |rng: &mut Rng| match rng.u8(..4) {
        0 => Place::Request(rng.usize(0..300)),
        1 => Place::Response(rng.usize(0..300)),
        2 => Place::Border(0),
        _ => Place::Border(rng.usize(2..6)),
    };
    cuts(rng, 14, place, any)
}

/// The start does not arrive, or its response does not; nor do some of the questions after it.
fn lost_starts(rng: &mut Rng) -> Vec<Plan> {
    let early = |rng: &mut Rng| match rng.u8(..3) {
        0 => Place::Request(rng.usize(0..500)),
        1 => Place::Response(0),
        _ => Place::Response(rng.usize(0..200)),
    };
    let lost = rng.usize(1..7);
    let mut plans = cuts(rng, lost, early, any);
    plans.extend(cuts(rng, 4, |rng| Place::Response(rng.usize(0..1_500)), any));
    plans
}

/// Not byte by byte: that would take minutes.
fn cuts_of_much(rng: &mut Rng) -> Vec<Plan> {
    let plans = cuts(rng, 5, |rng| Place::Response(rng.usize(0..3_000_000)), any).into_iter();
    plans.map(|plan| Plan { pieces: Pieces::UpTo(50_000), delay: None, ..plan }).collect()
}

fn cuts(
    rng: &mut Rng,
    connections: usize,
    place: impl Fn(&mut Rng) -> Place,
    how: impl Fn(&mut Rng) -> How,
) -> Vec<Plan> {
    let mut plan = || {
        let cut = Some((place(rng), how(rng)));
        Plan { cut, pieces: pieces(rng), delay: (rng.u8(..8) == 0).then_some(Duration::from_millis(1)) }
    };
    (0..connections).map(|_| plan()).collect()
}

fn pieces(rng: &mut Rng) -> Pieces {
    match rng.u8(..4) {
        0 => Pieces::UpTo(1 + rng.usize(..3)),
        1 => Pieces::UpTo(100),
        _ => Pieces::AsTheyCome,
    }
}

fn closing(rng: &mut Rng) -> How {
    if rng.bool() { How::Close } else { How::Reset }
}

fn any(rng: &mut Rng) -> How {
    if rng.u8(..3) == 0 { How::Stall } else { closing(rng) }
}
