//! The provider over real TCP, against a server that behaves as badly as real ones do.

mod cancel;
mod hostile;
mod refusals;
mod request;
mod rows;

use serde_json::json;
use tokio::sync::watch;

use super::*;
use crate::server::provider::fake::{Connection, Fake, Framing, soon};
use crate::server::provider::{Role, Turn, stall};
use crate::wire::{EndReason, Usage};

/// How pieces of a response are cut.
#[derive(Clone, Copy, Debug)]
enum Cut {
    Whole,
    Bytes,
    /// At random, by this seed.
    Random(u64),
}

impl Cut {
    const ALL: [Self; 5] = [Self::Whole, Self::Bytes, Self::Random(1), Self::Random(2), Self::Random(3)];

    fn pieces(self, bytes: &[u8]) -> Vec<&[u8]> {
        let mut rng = fastrand::Rng::with_seed(if let Self::Random(seed) = self { seed } else { 0 });
        let (mut rest, mut pieces) = (bytes, Vec::new());
        while !rest.is_empty() {
            let len = match self {
                Self::Whole => rest.len(),
                Self::Bytes => 1,
                Self::Random(_) => rng.usize(1..=rest.len().min(40)),
            };
            let (piece, behind) = rest.split_at(len);
            pieces.push(piece);
            rest = behind;
        }
        pieces
    }
}

/// How a response's connection ends after its last byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// As its framing says.
    Proper,
    /// A chunked body without its last chunk.
    Broken,
    Reset,
    /// Not at all: the connection stays open and silent.
    Silent,
}

/// An answer as a reader would have it: a stand-in for the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Folded {
    parts: Vec<(&'static str, String)>,
    outcome: Option<Outcome>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    End(EndReason, Option<Usage>),
    Error(ErrorKind, String, Option<u64>),
}

impl Folded {
    fn part(&mut self, kind: &'static str, more: &str) {
        assert!(!more.is_empty(), "an empty delta");
        match self.parts.last_mut() {
            Some((last, text)) if *last == kind => text.push_str(more),
            _ => self.parts.push((kind, more.to_owned())),
        }
    }

    fn text(&self) -> String {
        self.parts.iter().filter(|(kind, _)| *kind == "text").map(|(_, text)| text.as_str()).collect()
    }

    /// An error may say more than the words that are expected of it.
    fn take_wording_of(&mut self, expected: &Self) {
        if let (Some(Outcome::Error(_, said, _)), Some(Outcome::Error(_, words, _))) =
            (&mut self.outcome, &expected.outcome)
            && said.contains(words.as_str())
        {
            words.clone_into(said);
        }
    }

    fn length(&self) -> usize {
        self.parts.iter().map(|(_, text)| text.len()).sum()
    }

    fn error(&self) -> (ErrorKind, &str) {
        match &self.outcome {
            Some(Outcome::Error(kind, message, _)) => (*kind, message),
            other => panic!("not an error: {other:?}"),
        }
    }
}

async fn fold(deltas: Deltas) -> Folded {
    fold_and_tell(deltas, &watch::Sender::new(0)).await
}

/// Tells how many bytes of content there are, as they come.
async fn fold_and_tell(mut deltas: Deltas, told: &watch::Sender<usize>) -> Folded {
    let (mut folded, mut reason, mut usage) = (Folded::default(), None, None);
    while let Some(item) = soon(deltas.next()).await {
        let deltas = match item {
            Ok(deltas) => deltas,
            Err(ProviderError { kind, message, retry_after }) => {
                folded.outcome = Some(Outcome::Error(kind, message, retry_after));
                break;
            }
        };
        for delta in deltas {
            match delta {
                Delta::Think(more) => folded.part("think", &more),
                Delta::Text(more) => folded.part("text", &more),
                Delta::Image(image) => folded.part("image", &image.url),
                Delta::Finish(why) => {
                    assert_eq!(reason, None, "finished twice");
                    reason = Some(why);
                }
                Delta::Usage(tokens) => usage = Some(tokens),
                Delta::Done => reason = reason.or(Some(EndReason::Unknown)),
            }
        }
        told.send_replace(folded.length());
    }
    let incomplete = || Outcome::Error(ErrorKind::Incomplete, String::new(), None);
    let ended = reason.map_or_else(incomplete, |reason| Outcome::End(reason, usage));
    folded.outcome = folded.outcome.or(Some(ended));
    folded
}

/// Patience that a test can wait for, and that a busy machine does not exhaust.
const PATIENCE: stall::Patience = stall::Patience {
    first: Duration::from_millis(500),
    between: Duration::from_millis(500),
    grace: Duration::from_millis(100),
};

fn provider(fake: &Fake) -> OpenAi {
    let mut settings = Settings::new("fake", fake.base_url().parse().unwrap());
    settings.event_limit = 1 << 20;
    OpenAi::new(settings).unwrap()
}

fn prompt() -> Prompt {
    let messages = vec![Turn { role: Role::User, text: "hi".to_owned() }];
    Prompt { model: "m".to_owned(), messages, options: serde_json::Map::new() }
}

/// What comes of a body that is cut in one way and whose connection ends in one way. `length` is how
/// much content there will be.
async fn once(body: &[u8], cut: Cut, framing: Framing, ending: Ending, length: usize) -> Folded {
    let fake = Fake::start().await;
    let patience = if ending == Ending::Silent { PATIENCE } else { stall::Patience::default() };
    let deltas = stall::watch(provider(&fake).stream(prompt()), patience);
    let told = watch::Sender::new(0);
    let serve = async {
        let mut connection = fake.accept().await;
        connection.begin(framing).await;
        for piece in cut.pieces(body) {
            // Whoever has read the last word hangs up.
            if connection.send(piece).await.is_err() {
                break;
            }
        }
        match ending {
            Ending::Proper => connection.end().await,
            Ending::Broken => connection.close(),
            Ending::Reset => {
                // A reset overtakes what has not been read yet, and the rows are not about that.
                soon(told.subscribe().wait_for(|had| *had >= length)).await.unwrap();
                connection.reset();
            }
            Ending::Silent => drop(connection.closed().await),
        }
        assert!(fake.is_alone(), "asked twice");
    };
    let (folded, ()) = tokio::join!(fold_and_tell(deltas, &told), serve);
    folded
}

/// The same must come out however the body is cut and framed.
async fn always(body: &str, ending: Ending, expected: &Folded) {
    let framings: &[_] = match ending {
        // An end of the connection is the proper end of a body without another.
        Ending::Broken => &[Framing::Chunked],
        _ => &[Framing::Chunked, Framing::Close],
    };
    let cases = framings.iter().flat_map(|framing| Cut::ALL.map(|cut| (*framing, cut)));
    let cases = cases.map(async |(framing, cut)| {
        let mut folded = once(body.as_bytes(), cut, framing, ending, expected.length()).await;
        folded.take_wording_of(expected);
        assert_eq!(folded, *expected, "{cut:?}, {framing:?}, {ending:?}: {body}");
    });
    futures_util::future::join_all(cases).await;
}

fn folded(parts: &[(&'static str, &str)], outcome: Outcome) -> Folded {
    let parts = parts.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect();
    Folded { parts, outcome: Some(outcome) }
}

/// An error whose message holds these words.
fn failed(kind: ErrorKind, words: &str) -> Outcome {
    Outcome::Error(kind, words.to_owned(), None)
}

const STOPPED: Outcome = Outcome::End(EndReason::Stop, None);
