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
use crate::sse;
use crate::wire::{Answer, Event, Offset, Position};

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
    /// One that has ended and is stored.
    Stored(Arc<Answer>),
}

/// The frames for a reader that has everything up to `after`: a comment at once, what follows
/// `after`, merged, then live events, then the terminal. `open` is dropped with the stream, which is
/// how a draining server knows that its readers have gone.
pub fn frames(
    origin: Origin,
    after: Offset,
    open: TaskTrackerToken,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    async_stream::stream! {
        let _open = open;
        let mut changed = match &origin {
            Origin::Live(live) => live.subscribe(),
            // Never wakes, and need not: a stored answer is read without waiting.
            Origin::Stored(_) => watch::Sender::new(()).subscribe(),
        };
        let mut cursor = Cursor { offset: after, status_seen: 0 };
        let mut out = Vec::new();
        sse::encode_comment(&mut out, "sluice");
        let mut silent_since = Instant::now();
        loop {
            changed.mark_unchanged();
            let next = match &origin {
                Origin::Live(live) => live.with(|answer, version| cursor.read(answer, version, &mut out)),
                Origin::Stored(answer) => cursor.read(answer, 0, &mut out),
            };
            if !out.is_empty() {
                yield Ok(Bytes::from(std::mem::take(&mut out)));
                silent_since = Instant::now();
            }
            match next {
                Next::More => {}
                Next::Ended => return,
                Next::Wait => tokio::select! {
                    result = changed.changed() => if result.is_err() { return },
                    () = sleep_until(silent_since + HEARTBEAT) => sse::encode_comment(&mut out, ""),
                },
            }
        }
    }
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
