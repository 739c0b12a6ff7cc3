//! A reader: a cursor into an answer, as a stream of encoded frames.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::Live;
use crate::server::store::{Slice, Store};
use crate::sse;
use crate::wire::{Answer, AnswerId, Event, Offset, Part, Position, Terminal};

/// A comment goes out when nothing else has for so long, so that neither a proxy nor the reader
/// takes a silent model for a dead connection.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The widest content event, in bytes. What has gathered is merged up to here: it bounds what one
/// reader that does not read holds in memory, and how long one encoding holds the answer's lock.
const MAX_EVENT: usize = 64 * 1024;

/// Where a reader reads from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A running answer.
    Live(Arc<Live>),
    /// One that has ended and is in the store.
    Stored(StoredAnswer),
}

/// An answer that has ended. It is read from the store as its reader takes it, and never held whole.
#[derive(Clone, Debug)]
pub struct StoredAnswer {
    /// Which one.
    pub id: AnswerId,
    /// How it ended.
    pub terminal: Terminal,
    /// Where it is.
    pub store: Arc<dyn Store>,
}

/// The frames for a reader that has everything up to `after`: a comment at once, what follows
/// `after`, merged, then live events, then the terminal. `open` is dropped with the stream, which is
/// how a draining server knows that its readers have gone.
pub fn frames(
    origin: Origin,
    after: Offset,
    open: TaskTrackerToken,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let changed = match &origin {
        Origin::Live(live) => live.subscribe(),
        // Never wakes, and need not: a saved answer is read without waiting for anybody.
        Origin::Stored(_) => watch::Sender::new(()).subscribe(),
    };
    let reader = Reader {
        origin,
        changed,
        cursor: Cursor { offset: after, status_seen: 0 },
        out: greeting(),
        silent_since: Instant::now(),
        ended: false,
        _open: open,
    };
    futures_util::stream::unfold(reader, async |mut reader| {
        let bytes = reader.next().await?;
        Some((Ok(bytes), reader))
    })
}

/// One reader. It holds one piece of the answer and nothing else, however slowly it is read: a
/// running answer is the registry's, and one that has ended is in the store.
struct Reader {
    origin: Origin,
    changed: watch::Receiver<()>,
    cursor: Cursor,
    /// Encoded, and not handed out yet.
    out: Vec<u8>,
    silent_since: Instant,
    ended: bool,
    _open: TaskTrackerToken,
}

impl Reader {
    /// The next bytes to send; `None` behind the terminal.
    async fn next(&mut self) -> Option<Bytes> {
        while !self.ended {
            let next = match &self.origin {
                Origin::Live(live) => {
                    self.changed.mark_unchanged();
                    let read = live.with(|answer, version| self.cursor.read(answer, version, &mut self.out));
                    match read {
                        Ok(next) => next,
                        Err(stored) => {
                            self.origin = Origin::Stored(*stored);
                            Next::More
                        }
                    }
                }
                Origin::Stored(stored) => self.cursor.read_stored(stored, &mut self.out).await?,
            };
            self.ended = next == Next::Ended;
            if !self.out.is_empty() {
                self.silent_since = Instant::now();
                return Some(Bytes::from(std::mem::take(&mut self.out)));
            }
            if next == Next::Wait {
                self.wait().await?;
            }
        }
        None
    }

    /// Waits for a change, or until a heartbeat is due and stands in `out`.
    async fn wait(&mut self) -> Option<()> {
        tokio::select! {
            result = self.changed.changed() => result.ok(),
            () = sleep_until(self.silent_since + HEARTBEAT) => {
                sse::encode_comment(&mut self.out, "");
                self.silent_since = Instant::now();
                Some(())
            }
        }
    }
}

/// Encodes parts that begin at `from`; returns where they end.
fn encode(out: &mut Vec<u8>, from: Offset, parts: &[Part]) -> Offset {
    parts.iter().fold(from, |at, part| {
        let end = at.plus(part.content().len());
        frame(out, Position::At(end), &part.as_slice().to_json());
        end
    })
}

/// What goes out with the head of the response.
fn greeting() -> Vec<u8> {
    let mut out = Vec::new();
    sse::encode_comment(&mut out, "sluice");
    out
}

/// How much a reader has.
#[derive(Debug)]
struct Cursor {
    offset: Offset,
    status_seen: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// There is more at once.
    More,
    /// Nothing more for now.
    Wait,
    /// That was the terminal.
    Ended,
}

impl Cursor {
    /// Encodes the next event for this reader, if there is one.
    fn read(&mut self, answer: &Answer, status_version: u64, out: &mut Vec<u8>) -> Next {
        if let Some((offset, slice)) = answer.read(self.offset, MAX_EVENT) {
            self.offset = offset;
            frame(out, Position::At(offset), &slice.to_json());
            return Next::More;
        }
        if let Some(terminal) = answer.terminal() {
            frame(out, Position::End, &terminal.to_json());
            return Next::Ended;
        }
        match answer.status() {
            Some(status) if self.status_seen != status_version => {
                self.status_seen = status_version;
                frame(out, Position::At(self.offset), &Event::Status(status.clone()).to_json());
                Next::More
            }
            _ => Next::Wait,
        }
    }

    /// Encodes the next stretch of an answer that has ended. Reads no further ahead, so that a resume
    /// near the end of a long answer costs what is missing. `None` where the store fails: the stream
    /// ends without a terminal then, and the reader comes again.
    async fn read_stored(&mut self, answer: &StoredAnswer, out: &mut Vec<u8>) -> Option<Next> {
        let StoredAnswer { id, terminal, store } = answer;
        if self.offset >= terminal.length {
            frame(out, Position::End, &Event::Terminal(terminal.clone()).to_json());
            return Some(Next::Ended);
        }
        match store.read(*id, self.offset, MAX_EVENT).await {
            Ok(Slice { parts, .. }) if parts.is_empty() => {
                tracing::error!(answer = %id, at = self.offset.0, "a saved answer is shorter than its end says");
                None
            }
            Ok(Slice { from, parts }) => {
                self.offset = encode(out, from, &parts);
                Some(Next::More)
            }
            Err(error) => {
                tracing::error!(answer = %id, %error, "a saved answer can't be read");
                None
            }
        }
    }
}

fn frame(out: &mut Vec<u8>, id: Position, json: &str) {
    sse::encode(out, Some(&id.to_string()), json);
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;
    use tokio_util::task::TaskTracker;

    use super::*;
    use crate::server::provider::Delta;
    use crate::wire::{EndReason, Outcome};

    async fn next(stream: &mut (impl Stream<Item = Result<Bytes, Infallible>> + Unpin)) -> String {
        String::from_utf8(stream.next().await.unwrap().unwrap().to_vec()).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_comment_goes_out_after_every_15_s_of_silence() {
        let live = Arc::new(Live::new(100));
        let tracker = TaskTracker::new();
        let mut stream = Box::pin(frames(Origin::Live(live.clone()), Offset::ZERO, tracker.token()));
        assert!(next(&mut stream).await.starts_with(": sluice\n\nid: 0\ndata: {\"t\":\"status\""));
        let begun = Instant::now();
        for beat in 1..=3 {
            assert_eq!(next(&mut stream).await, ": \n\n");
            assert_eq!(begun.elapsed(), Duration::from_secs(15) * beat, "as the protocol says");
        }
        live.append(vec![Delta::Text("x".to_owned())]).unwrap();
        assert!(next(&mut stream).await.contains("\"r\":\"x\""));
    }

    #[tokio::test]
    async fn what_has_gathered_is_merged_and_bounded() {
        let live = Arc::new(Live::new(1 << 30));
        for _ in 0..2 * MAX_EVENT {
            live.append(vec![Delta::Text("é".to_owned())]).unwrap();
        }
        live.end(Outcome::End { reason: EndReason::Stop, usage: None });
        live.publish();
        let tracker = TaskTracker::new();
        let all: Vec<_> = frames(Origin::Live(live), Offset::ZERO, tracker.token()).collect().await;
        assert_eq!(all.len(), 5, "four full events and the terminal");
        assert!(all.iter().all(|chunk| chunk.as_ref().unwrap().len() < 2 * MAX_EVENT));
        tracker.close();
        tracker.wait().await;
    }
}
