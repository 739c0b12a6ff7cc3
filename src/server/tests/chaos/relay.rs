//! A network: a TCP relay that splits, trickles, delays, cuts and stalls, each connection by its plan.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::yield_now;

/// Where a connection breaks.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// Among the bytes of the request, so that it does not arrive.
    Request(usize),
    /// After so many bytes of the response, its head included.
    Response(usize),
    /// Behind this empty line of the response, from 0. That of the head, with its carriage returns, is
    /// not counted: the first stands behind the comment, and each other behind an event.
    Border(usize),
}

/// How it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// In an orderly way.
    Close,
    Reset,
    /// It stays, and nothing comes any more.
    Stall,
}

/// In what pieces bytes pass.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pieces {
    AsTheyCome,
    /// Of random sizes up to this one, in bytes.
    UpTo(usize),
}

/// What happens to one connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) cut: Option<(Place, How)>,
    pub(super) pieces: Pieces,
    /// How long each piece of the response is held.
    pub(super) delay: Option<Duration>,
}

impl Plan {
    /// A good connection.
    pub(super) const GOOD: Self = Self { cut: None, pieces: Pieces::AsTheyCome, delay: None };
}

/// One reader's way to the server.
pub(super) struct Relay {
    listener: TcpListener,
    server: SocketAddr,
    /// For one connection after the other; what comes after the last one is good.
    plans: RefCell<VecDeque<Plan>>,
    rng: RefCell<fastrand::Rng>,
    /// Told when a connection begins to stall: what a reader's clock would find out after 40 s.
    pub(super) stalled: Notify,
}

impl Relay {
    pub(super) async fn start(server: SocketAddr, plans: Vec<Plan>, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let rng = RefCell::new(fastrand::Rng::with_seed(seed));
        Self { listener, server, plans: RefCell::new(plans.into()), rng, stalled: Notify::new() }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.listener.local_addr().unwrap())
    }

    /// Relays until it is dropped, and every connection with it.
    pub(super) async fn run(&self) -> Infallible {
        let mut open = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let plan = self.plans.borrow_mut().pop_front().unwrap_or(Plan::GOOD);
                    open.push(self.connection(accepted.unwrap().0, plan));
                }
                Some(()) = open.next() => {}
            }
        }
    }

    async fn connection(&self, client: TcpStream, plan: Plan) {
        let Ok(server) = TcpStream::connect(self.server).await else { return };
        client.set_nodelay(true).unwrap();
        server.set_nodelay(true).unwrap();
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let of_request = |(place, _): &(Place, How)| matches!(place, Place::Request(_));
        let request = plan.cut.filter(of_request);
        let response = plan.cut.filter(|cut| !of_request(cut));
        let mut up = Way::new(from_client, to_server, Plan { cut: request, delay: None, ..plan });
        let mut down = Way::new(from_server, to_client, Plan { cut: response, ..plan });
        let broken = tokio::select! {
            how = up.pump(&self.rng) => how,
            how = down.pump(&self.rng) => how,
        };
        match broken {
            None | Some(How::Close) => {}
            Some(How::Reset) => reunite(up, down).set_zero_linger().unwrap(),
            Some(How::Stall) => {
                self.stalled.notify_one();
                std::future::pending().await
            }
        }
    }
}

/// The client's side of a connection; the server's is closed.
fn reunite(up: Way, down: Way) -> TcpStream {
    up.from.reunite(down.to).unwrap()
}

/// One direction of a connection.
struct Way {
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    plan: Plan,
    /// Bytes that came.
    came: usize,
    /// Empty lines among them.
    borders: usize,
    last: u8,
}

impl Way {
    fn new(from: OwnedReadHalf, to: OwnedWriteHalf, plan: Plan) -> Self {
        Self { from, to, plan, came: 0, borders: 0, last: 0 }
    }

    /// Passes bytes on until its plan breaks it, or one of the two ends.
    async fn pump(&mut self, rng: &RefCell<fastrand::Rng>) -> Option<How> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = self.from.read(&mut buffer).await.unwrap_or(0);
            if read == 0 {
                return None;
            }
            let broken = self.breaks(&buffer[..read]);
            let (allowed, how) = broken.map_or((read, None), |(at, how)| (at, Some(how)));
            self.pass(&buffer[..allowed], rng).await?;
            if how.is_some() {
                return how;
            }
        }
    }

    /// How many of these bytes may still pass, where the plan breaks the connection among them.
    fn breaks(&mut self, bytes: &[u8]) -> Option<(usize, How)> {
        let (place, how) = self.plan.cut?;
        let begin = self.came;
        self.came += bytes.len();
        let at = match place {
            Place::Request(at) | Place::Response(at) => (at <= self.came).then(|| at - begin),
            Place::Border(nth) => bytes.iter().position(|&byte| self.is_border(byte, nth)).map(|at| at + 1),
        };
        at.map(|at| (at, how))
    }

    fn is_border(&mut self, byte: u8, nth: usize) -> bool {
        let empty_line = (self.last, byte) == (b'\n', b'\n');
        self.last = byte;
        self.borders += usize::from(empty_line);
        empty_line && self.borders > nth
    }

    async fn pass(&mut self, mut bytes: &[u8], rng: &RefCell<fastrand::Rng>) -> Option<()> {
        while !bytes.is_empty() {
            let len = match self.plan.pieces {
                Pieces::AsTheyCome => bytes.len(),
                Pieces::UpTo(most) => rng.borrow_mut().usize(1..=most.min(bytes.len())),
            };
            let (piece, rest) = bytes.split_at(len);
            if let Some(delay) = self.plan.delay {
                tokio::time::sleep(delay).await;
            }
            self.to.write_all(piece).await.ok()?;
            bytes = rest;
            yield_now().await;
        }
        Some(())
    }
}
