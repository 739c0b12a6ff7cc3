//! The provider over real TCP, against a server that behaves as badly as real ones do.

mod cancel;
mod hostile;
mod refusals;
mod request;
mod rows;

use serde_json::json;

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

    fn error(&self) -> (ErrorKind, &str) {
        match &self.outcome {
            Some(Outcome::Error(kind, message, _)) => (*kind, message),
            other => panic!("not an error: {other:?}"),
        }
    }
}

async fn fold(mut deltas: Deltas) -> Folded {
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
    }
    let incomplete = || Outcome::Error(ErrorKind::Incomplete, String::new(), None);
    let ended = reason.map_or_else(incomplete, |reason| Outcome::End(reason, usage));
    folded.outcome = folded.outcome.or(Some(ended));
    folded
}

/// Patience that a test can wait for.
const PATIENCE: stall::Patience = stall::Patience {
    first: Duration::from_millis(150),
    between: Duration::from_millis(150),
    grace: Duration::from_millis(50),
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

/// What comes of a body that is cut in one way and whose connection ends in one way.
async fn once(body: &[u8], cut: Cut, framing: Framing, ending: Ending) -> Folded {
    let fake = Fake::start().await;
    let deltas = stall::watch(provider(&fake).stream(prompt()), PATIENCE);
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
                // A reset overtakes what is not read yet, and the rows are not about that.
                read_out().await;
                connection.reset();
            }
            Ending::Silent => drop(connection.closed().await),
        }
        assert!(fake.is_alone(), "asked twice");
    };
    let (folded, ()) = tokio::join!(fold(deltas), serve);
    folded
}

/// Lets the client read what has been sent.
async fn read_out() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

/// The same must come out however the body is cut and framed.
async fn always(body: &str, ending: Ending, expected: &Folded) {
    let framings: &[_] = match ending {
        // An end of the connection is the proper end of a body without another.
        Ending::Broken => &[Framing::Chunked],
        _ => &[Framing::Chunked, Framing::Close],
    };
    for framing in framings {
        for cut in Cut::ALL {
            let mut folded = once(body.as_bytes(), cut, *framing, ending).await;
            if let (Some(Outcome::Error(_, said, _)), Some(Outcome::Error(_, wanted, _))) =
                (&mut folded.outcome, &expected.outcome)
                && said.contains(wanted.as_str())
            {
                wanted.clone_into(said);
            }
            assert_eq!(folded, *expected, "{cut:?}, {framing:?}, {ending:?}: {body}");
        }
    }
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
