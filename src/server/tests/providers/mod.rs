//! The whole server between a reader and a model server that behaves as badly as real ones do: each
//! body is cut in many ways and framed in two, and the same answer must come out every time.

mod cancel;
mod hostile;
mod refusals;
mod rows;

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::watch;

use super::{Stream, TestServer};
use crate::server::provider::fake::{Connection, Fake, Framing, soon};
use crate::wire::{EndReason, ErrorKind, Outcome, Part, Usage};

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

/// How a body comes.
#[derive(Clone, Copy, Debug)]
struct Case {
    framing: Framing,
    cut: Cut,
}

/// What comes out: the parts, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    parts: Vec<(&'static str, String)>,
    outcome: Outcome,
}

impl Told {
    fn length(&self) -> usize {
        self.parts.iter().map(|(_, content)| content.len()).sum()
    }

    /// Reads a stream to its terminal, which must be the last event and verify.
    async fn read(stream: &mut Stream, progress: &watch::Sender<usize>) -> Self {
        while stream.answer.terminal().is_none() && stream.apply().await.is_some() {
            progress.send_replace(usize::try_from(stream.answer.offset().0).unwrap());
        }
        assert_eq!(stream.frame().await, None, "something follows the terminal");
        assert_eq!(stream.answer.verdict(), Some(crate::wire::Verdict::Whole), "{:?}", stream.seen.last());
        let part = |part: &Part| (part.kind().name(), part.content().to_owned());
        let outcome = stream.answer.terminal().unwrap().outcome.clone();
        Self { parts: stream.answer.parts().iter().map(part).collect(), outcome }
    }

    /// An error may say more than the words that are expected of it.
    fn take_wording_of(&mut self, expected: &Self) {
        if let (Outcome::Error { message: said, .. }, Outcome::Error { message: words, .. }) =
            (&mut self.outcome, &expected.outcome)
            && said.contains(words.as_str())
        {
            words.clone_into(said);
        }
    }
}

fn told(parts: &[(&'static str, &str)], outcome: Outcome) -> Told {
    Told { parts: parts.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect(), outcome }
}

/// An error whose message holds these words.
fn failed(kind: ErrorKind, words: &str) -> Outcome {
    Outcome::Error { kind, message: words.to_owned(), retry_after: None }
}

const STOPPED: Outcome = Outcome::End { reason: EndReason::Stop, usage: None };

/// A server whose only provider is the fake one, with further settings.
async fn server(fake: &Fake, settings: &str) -> TestServer {
    let base_url = fake.base_url();
    let provider = format!("[[providers]]\nname = \"fake\"\nbase_url = \"{base_url}\"\nmodels = [\"m\"]\n");
    TestServer::with(&format!("[server]\ndemo = false\n{settings}\n{provider}")).await
}

/// Patience that a test can wait for, and that a busy machine does not exhaust.
const SOON: &str = "[timeouts]\nfirst_seconds = 0.5\nbetween_seconds = 0.5\ngrace_seconds = 0.1\n";

/// Asks; the fake one is told the number.
async fn ask(server: &TestServer, number: usize) -> Stream {
    server.chat(&json!({"message": {"parts": [{"t": "text", "r": number.to_string()}]}})).await
}

/// Which question this is that the fake one was asked.
fn number(connection: &Connection) -> usize {
    let body: serde_json::Value = serde_json::from_slice(&connection.body).unwrap();
    body["messages"][0]["content"].as_str().unwrap().parse().unwrap()
}

/// Sends a body as the case says, and ends as the ending says once the reader has what there will be.
async fn serve(
    mut connection: Connection,
    case: Case,
    body: &str,
    ending: Ending,
    read: watch::Receiver<usize>,
    length: usize,
) {
    connection.begin(case.framing).await;
    for piece in case.cut.pieces(body.as_bytes()) {
        // Whoever has read the last word hangs up.
        if connection.send(piece).await.is_err() {
            return;
        }
    }
    match ending {
        Ending::Proper => connection.end().await,
        Ending::Broken => connection.close(),
        Ending::Reset => {
            // A reset overtakes what has not been read yet, and the rows are not about that.
            let mut read = read;
            soon(read.wait_for(|had| *had >= length)).await.unwrap();
            connection.reset();
        }
        Ending::Silent => {
            connection.closed().await;
        }
    }
}

/// The same must come out however the body is cut and framed. All cases run at once, on one server.
async fn always(body: &str, ending: Ending, expected: &Told) {
    let framings: &[_] = match ending {
        // An end of the connection is the proper end of a body without another.
        Ending::Broken => &[Framing::Chunked],
        Ending::Proper | Ending::Reset | Ending::Silent => &[Framing::Chunked, Framing::Close],
    };
    let cases = framings.iter().flat_map(|framing| Cut::ALL.map(|cut| Case { framing: *framing, cut }));
    let cases: Vec<_> = cases.map(|case| (case, watch::Sender::new(0))).collect();
    let fake = Fake::start().await;
    let server = server(&fake, if ending == Ending::Silent { SOON } else { "" }).await;
    let asked = cases.iter().enumerate().map(async |(n, (case, progress))| {
        let mut stream = ask(&server, n).await;
        let mut told = soon(Told::read(&mut stream, progress)).await;
        told.take_wording_of(expected);
        assert_eq!(told, *expected, "{case:?}, {ending:?}: {body}");
    });
    let served = cases.iter().map(async |_| {
        let connection = fake.accept().await;
        let (case, progress) = &cases[number(&connection)];
        serve(connection, *case, body, ending, progress.subscribe(), expected.length()).await;
    });
    tokio::join!(join_all(asked), join_all(served));
    assert!(fake.is_alone(), "asked twice");
}

/// What comes of one conversation with the fake one.
async fn answer(server: &TestServer, fake: &Fake, serve: impl AsyncFnOnce(Connection)) -> Told {
    let asked = async {
        let mut stream = ask(server, 0).await;
        soon(Told::read(&mut stream, &watch::Sender::new(0))).await
    };
    let (told, ()) = tokio::join!(asked, async { serve(fake.accept().await).await });
    told
}
