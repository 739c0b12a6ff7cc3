//! The life of the connection to one answer (protocol, sections 4 and 5): one POST that is never
//! repeated, and attaching as often as it takes until the terminal is there.
//!
//! It knows nothing of what is in the frames; a [`Reader`] folds them and says what should follow.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::backoff::{ASK_AFTER_MS, Backoff};
use super::clock::{Pause, now, random};
use super::page::{PageEvent, PageEvents, is_offline};
use super::stream::{Arrival, Connection, Over, RawFrame, Refusal, StreamRequest};
use crate::wire::{AnswerId, Offset};

/// A tab that has been hidden for this long gives its connection back: browsers allow six per host.
const HIDDEN_MS: u32 = 5_000;

/// Who folds the frames.
pub trait Reader {
    /// How much it has: where to attach.
    fn offset(&self) -> Offset;
    /// Takes a frame and says what should follow.
    fn take(&self, frame: RawFrame<'_>) -> Next;
    /// Forgets everything: the next frame is from offset 0.
    fn restart(&self);
    /// Whether it has the terminal, wherever from.
    fn is_done(&self) -> bool;
    /// A connection is over that nobody here has ended, and the terminal is not there.
    fn broke(&self);
    /// How the connection does.
    fn phase(&self, phase: LinkPhase);
}

/// What should follow a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// More frames.
    Read,
    /// A new connection from the reader's offset: this one lost something.
    Attach,
    /// Nothing: the terminal is there.
    Done,
}

/// How the connection does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkPhase {
    /// Well.
    #[default]
    Open,
    /// The request is sent and there is no response yet.
    Sending,
    /// It broke, and is being made again.
    Reconnecting,
    /// It broke, and the browser says that there is no network.
    Offline,
}

/// How following an answer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// The reader has the terminal.
    Done,
    /// The start never arrived, or was refused. It left nothing behind.
    Unsent(Option<Refusal>),
    /// The answer can't be read any more, because of this refusal if there was one.
    Gone(Option<Refusal>),
}

/// The connection of one answer; clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Link(Rc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    connection: RefCell<Option<Connection>>,
    /// Whether the connection has its response.
    open: Cell<bool>,
    /// Whether the connection is the one that starts the answer.
    starting: Cell<bool>,
    /// The tab is hidden and nothing should be read.
    parked: Cell<bool>,
    /// A page event asked for a new connection.
    woken: Cell<bool>,
    pause: Pause,
}

impl Link {
    /// Follows an answer to its terminal. `start` is the body of the POST that starts it; without it
    /// the answer exists and is attached to.
    pub async fn follow(&self, id: AnswerId, start: Option<String>, reader: &dyn Reader) -> Followed {
        let _events = self.listen();
        let mut search = None;
        if let Some(body) = start {
            reader.phase(LinkPhase::Sending);
            let over = self.read(StreamRequest::Start { body }, reader).await;
            match over {
                _ if reader.is_done() => return Followed::Done,
                // A proxy's 502 says as little as silence about whether the start arrived.
                Over::Refused(refusal) if refusal.status < 500 || refusal.status == 503 => {
                    return Followed::Unsent(Some(refusal));
                }
                Over::NoResponse | Over::Refused(_) => search = Some(Search::default()),
                Over::Closed | Over::Cut | Over::Broken | Over::Unreadable => {}
            }
        }
        self.attach(id, search, reader).await
    }

    async fn attach(&self, id: AnswerId, mut search: Option<Search>, reader: &dyn Reader) -> Followed {
        let mut backoff = Backoff::default();
        let mut restarted = false;
        loop {
            // While it is not known whether the start arrived, its times are the schedule.
            let wait = search.as_ref().map_or_else(|| backoff.next(random()), Search::wait);
            self.rest(wait, backoff.is_struggling() || search.is_some(), reader).await;
            if reader.is_done() {
                return Followed::Done;
            }
            let after = reader.offset();
            let over = self.read(StreamRequest::Attach { id, after }, reader).await;
            if reader.offset() > after || self.0.woken.take() {
                backoff.reset();
            }
            match over {
                Over::Refused(refusal) => match Self::refused(&refusal, search.as_mut()) {
                    Refused::Retry => {}
                    // We have more than there is: somebody lost the end of this answer.
                    Refused::Beyond if !restarted => {
                        restarted = true;
                        reader.restart();
                    }
                    Refused::Beyond | Refused::Gone => return Followed::Gone(Some(refusal)),
                    Refused::NeverArrived => return Followed::Unsent(None),
                },
                Over::Unreadable => return Followed::Gone(None),
                // Nothing has been heard.
                Over::Cut if !self.0.open.get() => {}
                Over::Closed | Over::Cut | Over::Broken => search = None,
                Over::NoResponse => {
                    if let Some(search) = &mut search {
                        search.unheard();
                    }
                }
            }
        }
    }

    fn refused(refusal: &Refusal, search: Option<&mut Search>) -> Refused {
        match (refusal.status, search) {
            (404 | 410, Some(search)) => {
                if search.next() {
                    Refused::Retry
                } else {
                    Refused::NeverArrived
                }
            }
            (400, _) => Refused::Beyond,
            (408 | 429 | 500.., _) => Refused::Retry,
            _ => Refused::Gone,
        }
    }

    /// Waits before the next attempt, and for as long as the tab is hidden.
    async fn rest(&self, wait: u32, struggling: bool, reader: &dyn Reader) {
        if struggling {
            reader.phase(if is_offline() { LinkPhase::Offline } else { LinkPhase::Reconnecting });
        }
        if wait > 0 && !self.0.woken.get() {
            self.0.pause.wait(Some(wait)).await;
        }
        while self.0.parked.get() {
            self.0.pause.wait(None).await;
        }
    }

    /// One connection from its request to its end.
    async fn read(&self, request: StreamRequest, reader: &dyn Reader) -> Over {
        let connection = Connection::new();
        self.0.woken.set(false);
        self.0.open.set(false);
        self.0.starting.set(matches!(request, StreamRequest::Start { .. }));
        self.0.connection.replace(Some(connection.clone()));
        let over = connection
            .read(&request, &mut |arrival| match arrival {
                Arrival::Open => {
                    self.0.open.set(true);
                    reader.phase(LinkPhase::Open);
                    if self.0.parked.get() {
                        connection.cut();
                    }
                }
                Arrival::Frame(frame) => {
                    if reader.take(frame) == Next::Attach {
                        connection.cut();
                    }
                }
            })
            .await;
        self.0.connection.take();
        if self.0.open.get() && over != Over::Cut && !reader.is_done() {
            reader.broke();
        }
        over
    }

    fn listen(&self) -> PageEvents {
        let link = self.clone();
        PageEvents::listen(HIDDEN_MS, move |event| match event {
            PageEvent::Hidden => link.park(),
            PageEvent::Woken => link.wake(),
            PageEvent::Left => link.leave(),
        })
    }

    fn park(&self) {
        self.0.parked.set(true);
        // A start without its response is left alone, or nobody would know whether it arrived.
        if self.0.open.get() {
            self.cut();
        }
    }

    /// In Firefox the first that a page notices of being left is that its connections break. The one that is
    /// made in their place at once can live on without the page, and nobody would ever end it.
    fn leave(&self) {
        self.0.parked.set(true);
        if self.0.open.get() || !self.0.starting.get() {
            self.cut();
        }
    }

    /// The page is back after being hidden, frozen or without network: whatever the old connection
    /// claims, it is not to be trusted.
    fn wake(&self) {
        self.0.parked.set(false);
        if self.0.open.get() {
            self.0.woken.set(true);
            self.cut();
        } else if self.0.connection.borrow().is_none() {
            self.0.woken.set(true);
        }
        self.0.pause.end();
    }

    fn cut(&self) {
        if let Some(connection) = &*self.0.connection.borrow() {
            connection.cut();
        }
        self.0.pause.end();
    }
}

/// What a refusal to attach means.
enum Refused {
    Retry,
    Beyond,
    Gone,
    NeverArrived,
}

/// Looking for an answer whose start got no response.
#[derive(Debug)]
struct Search {
    began: f64,
    step: usize,
    /// Attempts that reached nobody. They do not count: only a 404 says that there is nothing.
    unheard: Backoff,
    wait: u32,
}

impl Default for Search {
    fn default() -> Self {
        Self { began: now(), step: 0, unheard: Backoff::default(), wait: 0 }
    }
}

impl Search {
    fn wait(&self) -> u32 {
        self.wait
    }

    /// There is none yet. Whether it is worth asking once more.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 7,000")]
    fn next(&mut self) -> bool {
        let elapsed = now() - self.began;
        while self.step < ASK_AFTER_MS.len() && ASK_AFTER_MS[self.step] <= elapsed {
            self.step += 1;
        }
        match ASK_AFTER_MS.get(self.step) {
            Some(at) => {
                self.wait = (at - elapsed) as u32 + 1;
                true
            }
            None => false,
        }
    }

    fn unheard(&mut self) {
        self.wait = self.unheard.next(random()).max(500);
    }
}
