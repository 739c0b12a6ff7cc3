//! Every order in which those who share a running answer can come: the run, a cancel, the task that
//! saves, the one that concludes, and two readers.
//!
//! This is done by enumeration and not with loom. [`Live`] has one lock, and each of its methods takes
//! it once and wakes the readers behind it; there are no atomics of its own whose order loom could
//! weaken, and its watch and its abort token are tokio's, which loom could only check in tokio's own
//! build. So an execution is an order of whole methods, and there are few enough to run all of them.
//! What falls between a change and its wake-up changes nothing: a reader marks what it has seen
//! *before* it looks, so a wake-up that comes late is one too many and never one too few.

use std::sync::Arc;

use tokio::sync::watch;

use crate::server::answer::{Live, StoredAnswer, Unsaved};
use crate::server::provider::Delta;
use crate::server::store::{Sqlite, Store};
use crate::wire::{Answer, AnswerId, EndReason, Offset, Outcome, Part, PartKind, Terminal};

const END: Outcome = Outcome::End { reason: EndReason::Stop, usage: None };

/// Who takes steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Actor {
    Run,
    Cancel(usize),
    Saver,
    Conclude,
    Reader(usize),
}

/// What is raced.
#[derive(Clone, Copy, Debug)]
struct Scene {
    /// What the model says before it ends, if it does.
    tokens: &'static [&'static str],
    ends: bool,
    /// What each cancel has seen.
    cancels: &'static [Option<u64>],
    saves: usize,
    readers: usize,
}

/// The store's rules in a few lines: nothing follows an end, a piece replaces what stands behind its
/// beginning, an end cuts.
#[derive(Debug, Default)]
struct Kept {
    text: String,
    terminal: Option<Terminal>,
}

impl Kept {
    fn replace(&mut self, from: Offset, parts: &[Part]) {
        self.text.truncate(usize::try_from(from.0).unwrap());
        assert_eq!(self.text.len() as u64, from.0, "a hole in what is kept");
        parts.iter().for_each(|part| self.text.push_str(part.content()));
    }

    fn append(&mut self, piece: &Unsaved) {
        if self.terminal.is_none() {
            self.replace(piece.from, &piece.parts);
        }
    }

    fn finish(&mut self, rest: &Unsaved, terminal: Terminal) {
        if rest.from <= terminal.length {
            self.replace(rest.from, &rest.parts);
        }
        self.text.truncate(usize::try_from(terminal.length.0).unwrap());
        assert_eq!(self.terminal.replace(terminal), None, "ended twice");
    }
}

/// One reader, as `frames` is one: it marks, looks, and waits to be woken.
#[derive(Debug)]
struct Reader {
    changed: watch::Receiver<()>,
    asleep: bool,
    text: String,
    terminal: Option<Terminal>,
}

/// One execution.
#[derive(Debug)]
struct World {
    scene: Scene,
    live: Live,
    store: Arc<dyn Store>,
    kept: Kept,
    /// How many steps each has taken.
    run: usize,
    cancelled: Vec<bool>,
    saver: usize,
    saving: Option<Unsaved>,
    conclude: usize,
    ending: Option<(Unsaved, Terminal)>,
    readers: Vec<Reader>,
}

impl World {
    fn new(scene: Scene, store: Arc<dyn Store>) -> Self {
        let live = Live::new(1_000);
        let reader =
            || Reader { changed: live.subscribe(), asleep: false, text: String::new(), terminal: None };
        let readers = (0..scene.readers).map(|_| reader()).collect();
        let cancelled = vec![false; scene.cancels.len()];
        let (kept, saving, ending) = (Kept::default(), None, None);
        Self { scene, live, store, kept, run: 0, cancelled, saver: 0, saving, conclude: 0, ending, readers }
    }

    /// Who could be next.
    fn ready(&self) -> Vec<Actor> {
        let decided = self.live.abort().is_cancelled();
        let scene = &self.scene;
        let steps = scene.tokens.len() + usize::from(scene.ends);
        let mut ready = Vec::new();
        // Also when somebody else has decided: a run may be at its next delta just then.
        if self.run < steps {
            ready.push(Actor::Run);
        }
        ready.extend((0..scene.cancels.len()).filter(|&n| !self.cancelled[n]).map(Actor::Cancel));
        if self.saver < 3 * scene.saves {
            ready.push(Actor::Saver);
        }
        if decided && self.conclude < 4 {
            ready.push(Actor::Conclude);
        }
        let awake = |reader: &Reader| !reader.asleep || reader.changed.has_changed().unwrap();
        let readers = self.readers.iter().enumerate();
        ready
            .extend(readers.filter(|(_, r)| r.terminal.is_none() && awake(r)).map(|(n, _)| Actor::Reader(n)));
        ready
    }

    fn step(&mut self, actor: Actor) {
        let before = self.live.ending().map(|(_, terminal)| terminal);
        match actor {
            Actor::Run => self.run(),
            Actor::Cancel(n) => {
                self.live.cancel(self.scene.cancels[n].map(Offset));
                self.cancelled[n] = true;
            }
            Actor::Saver => self.save(),
            Actor::Conclude => self.conclude(),
            Actor::Reader(n) => self.read(n),
        }
        if let (Some(before), true) = (before, self.conclude < 4) {
            assert_eq!(self.live.ending().unwrap().1, before, "a decision holds");
        }
    }

    fn run(&mut self) {
        match self.scene.tokens.get(self.run) {
            Some(token) => self.live.append(vec![Delta::Text((*token).to_owned())]).unwrap(),
            None => self.live.end(END),
        }
        self.run += 1;
    }

    fn save(&mut self) {
        match self.saver % 3 {
            0 => self.saving = self.live.unsaved(),
            1 => self.saving.iter().for_each(|piece| self.kept.append(piece)),
            _ => self.saving.take().iter().for_each(|piece| self.live.mark_saved(piece.to)),
        }
        self.saver += 1;
    }

    fn conclude(&mut self) {
        match self.conclude {
            0 => self.ending = self.live.ending(),
            1 => {
                let (rest, terminal) = self.ending.clone().unwrap();
                self.kept.finish(&rest, terminal);
            }
            2 => self.live.publish(),
            _ => {
                let terminal = self.kept.terminal.clone().unwrap();
                let id = AnswerId::from_bytes([7; 16]);
                self.live.hand_over(StoredAnswer { id, terminal, store: self.store.clone() });
            }
        }
        self.conclude += 1;
    }

    fn read(&mut self, n: usize) {
        let reader = &mut self.readers[n];
        reader.changed.mark_unchanged();
        let look = |answer: &Answer, _| {
            reader.text.push_str(answer.text().get(reader.text.len()..).unwrap_or(""));
            answer.terminal().cloned()
        };
        reader.terminal = match self.live.with(look) {
            Ok(terminal) => terminal,
            Err(stored) => {
                reader.text.push_str(self.kept.text.get(reader.text.len()..).unwrap_or(""));
                Some(stored.terminal)
            }
        };
        reader.asleep = reader.terminal.is_none();
        if let Some(terminal) = &reader.terminal {
            reader.text.truncate(usize::try_from(terminal.length.0).unwrap());
            assert_eq!(self.kept.terminal.as_ref(), Some(terminal), "it is stored before it is seen");
        }
    }

    /// When nobody can go on.
    fn check(&self) {
        let terminal = self.kept.terminal.as_ref().expect("it ends");
        assert_eq!(self.conclude, 4);
        let said = self.scene.tokens.concat();
        let text = &self.kept.text;
        assert!(said.starts_with(text) && text.len() as u64 == terminal.length.0, "{text}");
        let mut answer = Answer::default();
        answer.push(PartKind::Text, text);
        assert_eq!(answer.check(), terminal.check);
        for reader in &self.readers {
            assert_eq!(reader.terminal.as_ref(), Some(terminal), "a reader that nobody woke");
            assert_eq!(reader.text, *text);
        }
        match terminal.outcome {
            Outcome::End { .. } => assert_eq!(*text, said),
            Outcome::Cancelled { .. } => {
                let fits = |seen: &Option<u64>| seen.is_none_or(|seen| terminal.length.0 <= seen);
                assert!(self.scene.cancels.iter().any(fits));
            }
            Outcome::Error { .. } => panic!("nobody said so"),
        }
    }
}

/// Runs every order, one after the other, by trying the next branch at the last place that has one.
fn every_order(scene: Scene) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Only to be named by those who read there.
    let store: Arc<dyn Store> = Arc::new(runtime.block_on(Sqlite::in_memory()).unwrap());
    let mut path: Vec<(usize, usize)> = Vec::new();
    let mut orders = 0;
    loop {
        let mut world = World::new(scene, store.clone());
        let mut taken = Vec::new();
        for depth in 0.. {
            let ready = world.ready();
            if ready.is_empty() {
                break;
            }
            if depth == path.len() {
                path.push((0, ready.len()));
            }
            taken.push(ready[path[depth].0]);
            world.step(ready[path[depth].0]);
        }
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.check()));
        assert!(checked.is_ok(), "in this order: {taken:?}");
        orders += 1;
        while path.last().is_some_and(|(branch, of)| branch + 1 == *of) {
            path.pop();
        }
        let Some((branch, _)) = path.last_mut() else { return orders };
        *branch += 1;
    }
}

#[test]
fn a_cancel_an_end_a_save_and_a_reader_in_every_order() {
    let scene = Scene { tokens: &["ab", "cd"], ends: true, cancels: &[Some(1)], saves: 1, readers: 1 };
    let orders = every_order(scene);
    assert!(orders > 10_000, "{orders}");
}

#[test]
fn two_cancels_and_two_readers_of_a_silent_model_in_every_order() {
    let scene = Scene { tokens: &["abc"], ends: false, cancels: &[Some(2), None], saves: 0, readers: 2 };
    let orders = every_order(scene);
    assert!(orders > 1_000, "{orders}");
}

#[test]
fn two_saves_and_a_cancel_that_cuts_into_what_is_saved_in_every_order() {
    let scene = Scene { tokens: &["ab", "cd"], ends: false, cancels: &[Some(1)], saves: 2, readers: 0 };
    let orders = every_order(scene);
    assert!(orders > 1_000, "{orders}");
}
