//! Ten thousand answers, each with cancels, readers and lookers that run against it and each other:
//! whoever wins, there is one terminal, and everybody agrees on it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;
use futures_util::StreamExt;
use futures_util::future::{BoxFuture, join_all};
use tokio::sync::watch;
use tokio::task::yield_now;
use tokio_util::task::TaskTracker;

use crate::server::answer::{Limits, Registry, Target, frames};
use crate::server::provider::fake::soon;
use crate::server::provider::{
    BadPrompt, Delta, Deltas, Model, Patience, Prompt, Provider, ProviderError, Role,
};
use crate::server::store::{OwnerId, Owners, Sqlite, TokenHash};
use crate::sse::Decoder;
use crate::wire::{
    Answer, AnswerId, Applied, EndReason, ErrorKind, Offset, Outcome, SnapshotPart, StartRequest, Terminal,
    Verdict,
};

const RACES: u64 = 10_000;
/// As many run at once.
const AT_ONCE: usize = 24;

/// How far a model has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    NotAsked,
    Asked,
    /// It has said what it will say, and will be silent or end next.
    Said,
    /// It was let go.
    Dropped,
}

/// How a model ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Finishes,
    Breaks,
    Fails,
    /// Never; only a cancel ends it.
    Silent,
}

/// One race, drawn from its number.
#[derive(Clone, Debug)]
struct Race {
    tokens: Vec<&'static str>,
    last: Last,
    cancels: Vec<Cancel>,
    readers: usize,
    seed: u64,
}

#[derive(Clone, Copy, Debug)]
struct Cancel {
    seen: Option<Offset>,
    when: When,
    twice: bool,
}

/// What a cancel waits for before it looks for a gap of its own.
#[derive(Clone, Copy, Debug)]
enum When {
    AtOnce,
    Stage(Stage),
    /// When a reader has the terminal.
    Ended,
}

impl Race {
    fn draw(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let tokens = (0..rng.usize(..6)).map(|_| ["a", "water ", "é世", "🌊"][rng.usize(..4)]).collect();
        let last = [Last::Finishes, Last::Finishes, Last::Breaks, Last::Fails, Last::Silent][rng.usize(..5)];
        let when = |rng: &mut Rng| match rng.u8(..5) {
            0 | 1 => When::AtOnce,
            2 => When::Stage(Stage::Asked),
            3 => When::Stage(Stage::Said),
            _ => When::Ended,
        };
        let mut cancels: Vec<_> = (0..rng.usize(1..4))
            .map(|_| Cancel {
                seen: rng.bool().then(|| Offset(rng.u64(..12))),
                when: when(&mut rng),
                twice: rng.bool(),
            })
            .collect();
        if last == Last::Silent {
            cancels[0].when = When::Stage(Stage::Said);
        }
        Self { tokens, last, cancels, readers: rng.usize(1..4), seed }
    }

    fn id(&self) -> AnswerId {
        let [head, tail] = [1_u64.to_be_bytes(), self.seed.to_be_bytes()];
        AnswerId::from_bytes([head, tail].concat().try_into().unwrap())
    }

    fn request(&self) -> StartRequest {
        let id = serde_json::to_value(self.id()).unwrap();
        let message = serde_json::json!({"parts": [{"t": "text", "r": self.seed.to_string()}]});
        serde_json::from_value(serde_json::json!({"id": id, "message": message})).unwrap()
    }
}

/// A model that is watched.
#[derive(Debug)]
struct Watched {
    races: Mutex<HashMap<u64, Arc<watch::Sender<Stage>>>>,
}

impl Watched {
    fn stage(&self, seed: u64) -> Arc<watch::Sender<Stage>> {
        self.races
            .lock()
            .unwrap()
            .entry(seed)
            .or_insert_with(|| Arc::new(watch::Sender::new(Stage::NotAsked)))
            .clone()
    }
}

/// Says when a model's stream is dropped.
struct Open(Arc<watch::Sender<Stage>>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.send_replace(Stage::Dropped);
    }
}

impl Provider for Watched {
    fn check(&self, _: &Prompt) -> Result<(), BadPrompt> {
        Ok(())
    }

    fn stream(&self, prompt: Prompt) -> Deltas {
        assert_eq!(prompt.messages.last().unwrap().role, Role::User);
        let race = Race::draw(prompt.messages.last().unwrap().text.parse().unwrap());
        let stage = self.stage(race.seed);
        assert_eq!(stage.send_replace(Stage::Asked), Stage::NotAsked, "asked twice");
        let open = Open(stage);
        Box::pin(async_stream::stream! {
            let open = open;
            let mut rng = Rng::with_seed(race.seed);
            for token in race.tokens {
                pause(&mut rng).await;
                yield Ok(vec![Delta::Text((*token).to_owned())]);
            }
            open.0.send_replace(Stage::Said);
            pause(&mut rng).await;
            match race.last {
                Last::Finishes => yield Ok(vec![Delta::Finish(EndReason::Stop), Delta::Done]),
                Last::Breaks => {}
                Last::Fails => yield Err(failure()),
                Last::Silent => std::future::pending().await,
            }
        })
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>, ProviderError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

fn failure() -> ProviderError {
    ProviderError { kind: ErrorKind::Provider, message: "no".to_owned(), retry_after: None }
}

/// Lets the others go first, more often or less.
async fn pause(rng: &mut Rng) {
    for _ in 0..rng.usize(..20) {
        yield_now().await;
    }
}

/// What all races share.
#[derive(Clone)]
struct Course {
    registry: Arc<Registry>,
    provider: Arc<Watched>,
    owner: OwnerId,
    tasks: TaskTracker,
}

impl Course {
    async fn new() -> Self {
        let store = Arc::new(Sqlite::in_memory().await.unwrap());
        let owner = store.add_anonymous(TokenHash([0; 32])).await.unwrap();
        let limits = Limits { running: 1_000, running_per_owner: 1_000, answer_bytes: 1 << 20 };
        let registry = Registry::new(store, limits, Patience::default());
        let provider = Arc::new(Watched { races: Mutex::default() });
        Self { registry, provider, owner, tasks: TaskTracker::new() }
    }

    /// Runs one race, all of it on threads of its own; fails where somebody disagrees.
    async fn run(&self, race: Race) {
        let ended = watch::Sender::new(false);
        let stage = self.provider.stage(race.seed);
        let (this, racing) = (self.clone(), race.clone());
        let start = self.tasks.spawn(async move { this.start(&racing).await });
        let readers: Vec<_> = (0..race.readers)
            .map(|n| {
                let (this, race, ended) = (self.clone(), race.clone(), ended.clone());
                self.tasks.spawn(async move { this.read(&race, n, &ended).await })
            })
            .collect();
        let cancels: Vec<_> = race
            .cancels
            .iter()
            .enumerate()
            .map(|(n, &cancel)| {
                let (this, race) = (self.clone(), race.clone());
                let (stage, ended) = (stage.subscribe(), ended.subscribe());
                self.tasks.spawn(async move { this.cancel(&race, n, cancel, stage, ended).await })
            })
            .collect();
        start.await.unwrap();
        let answers: Vec<Answer> = join_all(readers).await.into_iter().map(Result::unwrap).collect();
        let told: Vec<_> = join_all(cancels).await.into_iter().flat_map(Result::unwrap).collect();
        let stage = *stage.borrow();
        self.agree(&race, &answers, &told, stage).await;
        self.provider.races.lock().unwrap().remove(&race.seed);
    }

    async fn start(&self, race: &Race) {
        pause(&mut Rng::with_seed(race.seed ^ 1)).await;
        let target =
            Target { provider: self.provider.clone(), id: "watched/m".to_owned(), name: "m".to_owned() };
        self.registry.start(self.owner, race.request(), target).await.unwrap();
    }

    /// Reads to the end, with some detours: it goes away and comes back.
    async fn read(&self, race: &Race, n: usize, ended: &watch::Sender<bool>) -> Answer {
        let mut rng = Rng::with_seed(race.seed ^ (n as u64 + 2) << 32);
        let mut answer = Answer::default();
        while answer.terminal().is_none() {
            pause(&mut rng).await;
            let Some(attached) = self.registry.attach(self.owner, race.id()).await.unwrap() else { continue };
            let mine = answer.offset();
            assert!(!attached.running || mine <= attached.length, "{mine} would be refused");
            let open = self.registry.reader();
            let mut stream = Box::pin(frames(attached.origin, mine, Duration::from_secs(600), open));
            let mut decoder = Decoder::new(1 << 20);
            // To the end of the stream, where nothing may follow the terminal, or not so far.
            let stay = if rng.bool() { usize::MAX } else { rng.usize(1..4) };
            for _ in 0..stay {
                let Some(Ok(bytes)) = stream.next().await else { break };
                decoder.feed(&bytes, |frame| take(&mut answer, frame.id, &frame.data)).unwrap();
            }
            self.look(race, &answer).await;
        }
        let stage = *self.provider.stage(race.seed).borrow();
        assert!([Stage::NotAsked, Stage::Dropped].contains(&stage), "its model was not let go: {stage:?}");
        ended.send_replace(true);
        answer
    }

    /// Who has seen the terminal finds it everywhere.
    async fn look(&self, race: &Race, answer: &Answer) {
        let snapshot = self.registry.snapshot(self.owner, race.id()).await.unwrap().unwrap();
        if let Some(terminal) = answer.terminal() {
            assert_eq!(snapshot.terminal.as_ref(), Some(terminal));
            let parts: Vec<_> = answer.parts().iter().cloned().map(SnapshotPart).collect();
            assert_eq!(snapshot.parts, parts);
        }
    }

    /// Returns what it was told, each time.
    async fn cancel(
        &self,
        race: &Race,
        n: usize,
        cancel: Cancel,
        mut stage: watch::Receiver<Stage>,
        mut ended: watch::Receiver<bool>,
    ) -> Vec<Option<Terminal>> {
        let mut rng = Rng::with_seed(race.seed ^ (n as u64 + 2) << 40);
        let moment = async {
            match cancel.when {
                When::AtOnce => {}
                When::Stage(wanted) => drop(stage.wait_for(|stage| *stage >= wanted).await),
                When::Ended => std::future::pending().await,
            }
        };
        tokio::select! {
            () = moment => {}
            _ = ended.wait_for(|ended| *ended) => {}
        }
        let mut told = Vec::new();
        for _ in 0..=usize::from(cancel.twice) {
            pause(&mut rng).await;
            let stopped = self.registry.cancel(self.owner, race.id(), cancel.seen).await.unwrap();
            told.push(stopped.map(|stopped| stopped.terminal));
        }
        told
    }

    /// One terminal, which fits what happened.
    async fn agree(&self, race: &Race, answers: &[Answer], told: &[Option<Terminal>], stage: Stage) {
        let terminal = answers[0].terminal().unwrap();
        for answer in answers {
            assert_eq!(answer.terminal(), Some(terminal));
            assert_eq!(answer.parts(), answers[0].parts());
        }
        for told in told.iter().flatten() {
            assert_eq!(told, terminal, "a cancel was told something else");
        }
        // `None` is a cancel that came before the start, and then it counts.
        if told.contains(&None) {
            assert_eq!((&terminal.outcome, stage), (&Outcome::Cancelled { discarded: 0 }, Stage::NotAsked));
        }
        let all: String = race.tokens.concat();
        assert!(all.starts_with(&answers[0].text()));
        match &terminal.outcome {
            Outcome::Cancelled { .. } => {
                let fits = |cancel: &Cancel| cancel.seen.is_none_or(|seen| terminal.length <= seen);
                assert!(race.cancels.iter().any(fits), "more than anybody had seen");
            }
            outcome => {
                assert_eq!(answers[0].text(), all);
                let fits = match race.last {
                    Last::Finishes => matches!(outcome, Outcome::End { .. }),
                    Last::Breaks => matches!(outcome, Outcome::Error { kind: ErrorKind::Incomplete, .. }),
                    Last::Fails => matches!(outcome, Outcome::Error { kind: ErrorKind::Provider, .. }),
                    Last::Silent => false,
                };
                assert!(fits, "{outcome:?}");
            }
        }
        self.look(race, &answers[0]).await;
    }
}

fn take(answer: &mut Answer, id: &str, data: &str) {
    let applied = answer.apply_frame(id, data).unwrap();
    let fine = [Applied::Appended, Applied::Status, Applied::Ended(Verdict::Whole)];
    assert!(fine.contains(&applied), "{applied:?}: {data}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_wants_to_end_an_answer_there_is_one_end_and_all_agree() {
    let course = Course::new().await;
    let races = futures_util::stream::iter(0..RACES).map(|seed| {
        let (this, race) = (course.clone(), Race::draw(seed));
        let name = format!("{race:?}");
        let run = course.tasks.spawn(async move { soon(this.run(race)).await });
        async move { assert!(run.await.is_ok(), "{name}") }
    });
    races.buffer_unordered(AT_ONCE).for_each(async |()| {}).await;
    soon(course.registry.drain()).await;
}
