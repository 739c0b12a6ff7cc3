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
