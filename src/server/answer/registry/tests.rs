//! Answers whose store stalls, is full, or comes back.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::unfold;
use futures_util::{FutureExt, StreamExt};
use tempfile::TempDir;
use tokio::sync::mpsc;

use super::*;
use crate::server::answer::frames;
use crate::server::provider::{BadPrompt, Delta, Deltas, Model, Prompt, Provider, ProviderError};
use crate::server::store::{Sqlite, TokenHash};
use crate::sse::Decoder;
use crate::wire::{Answer, EndReason, MessagePart, Part, UserMessage};

/// A model that says what the test says.
#[derive(Debug)]
struct Puppet(Mutex<Option<mpsc::UnboundedReceiver<Delta>>>);

impl Provider for Puppet {
    fn check(&self, _: &Prompt) -> Result<(), BadPrompt> {
        Ok(())
    }

    fn stream(&self, _: Prompt) -> Deltas {
        let said = self.0.lock().unwrap().take().unwrap();
        unfold(said, async |mut said| Some((Ok(vec![said.recv().await?]), said))).boxed()
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>, ProviderError>> {
        async { Ok(Vec::new()) }.boxed()
    }
}

/// An answer that runs, over a database in a file.
struct Scene {
    registry: Arc<Registry>,
    store: Arc<Sqlite>,
    owner: OwnerId,
    id: AnswerId,
    said: mpsc::UnboundedSender<Delta>,
    _dir: TempDir,
}

impl Scene {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(Sqlite::serve(dir.path()).await.unwrap());
        let owner = crate::server::store::Owners::add_anonymous(&*store, TokenHash([1; 32])).await.unwrap();
        let limits = Limits { running: 9, running_per_owner: 9, answer_bytes: 1 << 24 };
        let registry = Registry::new(store.clone(), limits, Patience::default());
        let (said, heard) = mpsc::unbounded_channel();
        let provider = Arc::new(Puppet(Mutex::new(Some(heard))));
        let target = Target { provider, id: "test/puppet".to_owned(), name: "puppet".to_owned() };
        let parts = vec![MessagePart::Text("hello".to_owned())];
        let request =
            StartRequest { message: Some(UserMessage { id: None, parts }), ..StartRequest::default() };
        let id = registry.start(owner, request, target).await.unwrap().id;
        Self { registry, store, owner, id, said, _dir: dir }
    }

    fn says(&self, text: &str) {
        self.said.send(Delta::Text(text.to_owned())).unwrap();
    }

    fn finishes(&self) {
        self.said.send(Delta::Finish(EndReason::Stop)).unwrap();
        self.said.send(Delta::Done).unwrap();
    }

    /// Reads until there are so many bytes or the end.
    async fn read(&self, bytes: u64) -> Answer {
        let origin = self.registry.attach(self.owner, self.id).await.unwrap().unwrap().origin;
        let mut frames =
            Box::pin(frames(origin, Offset::ZERO, Duration::from_secs(15), self.registry.reader()));
        let mut decoder = Decoder::new(1 << 20);
        let mut answer = Answer::default();
        while answer.offset().0 < bytes {
            let Some(Ok(chunk)) = frames.next().await else { break };
            let fold =
                |frame: crate::sse::Frame<'_>| drop(answer.apply_frame(frame.id, &frame.data).unwrap());
            decoder.feed(&chunk, fold).unwrap();
        }
        answer
    }

    async fn stored(&self) -> Option<Terminal> {
        let record = crate::server::store::Answers::answer(&*self.store, self.owner, self.id).await.unwrap();
        record.unwrap().terminal
    }

    /// Waits until the registry has let go of the answer.
    async fn gone(&self) {
        while self.registry.any_running() {
            tokio::task::yield_now().await;
        }
    }
}

fn is_internal(terminal: &Terminal) -> bool {
    matches!(terminal.outcome, Outcome::Error { kind: ErrorKind::Internal, .. })
}

#[tokio::test]
async fn readers_see_tokens_while_the_disk_stalls() {
    let scene = Scene::new().await;
    let stall = scene.store.stall().await;
    for text in ["a", "b", "c"] {
        scene.says(text);
    }
    assert_eq!(scene.read(3).await.text(), "abc");
    drop(stall);
    scene.finishes();
    let answer = scene.read(u64::MAX).await;
    assert_eq!(answer.terminal(), scene.stored().await.as_ref(), "what a reader has seen is stored");
    assert_eq!(answer.text(), "abc");
}

#[tokio::test]
async fn an_end_that_can_not_be_saved_keeps_nobody_waiting_and_is_saved_later() {
    let scene = Scene::new().await;
    scene.says("abc");
    assert_eq!(scene.read(3).await.text(), "abc");
    let stall = scene.store.stall().await;
    // Only now: opening a database takes real time.
    tokio::time::pause();
    scene.finishes();
    let answer = scene.read(u64::MAX).await;
    let terminal = answer.terminal().unwrap();
    assert!(is_internal(terminal), "{terminal:?}");
    assert_eq!(terminal.length, Offset(3), "what was delivered");
    // A database works in real time.
    tokio::time::resume();
    drop(stall);
    scene.gone().await;
    assert_eq!(scene.stored().await.as_ref(), Some(terminal), "nobody is told two ends");
}

#[tokio::test]
async fn a_full_disk_ends_the_answer_and_keeps_what_was_saved() {
    let scene = Scene::new().await;
    scene.store.fill().await;
    scene.says(&"x".repeat(200_000));
    let answer = scene.read(u64::MAX).await;
    let terminal = answer.terminal().unwrap();
    let Outcome::Error { kind: ErrorKind::Internal, message, .. } = &terminal.outcome else {
        panic!("{terminal:?}")
    };
    assert!(message.contains("disk is full") || message.contains("could not be saved"), "{message}");
    scene.store.make_room().await;
    scene.gone().await;
    assert_eq!(scene.stored().await.as_ref(), Some(terminal));
    let parts = crate::server::store::Answers::read(&*scene.store, scene.id, Offset::ZERO, usize::MAX).await;
    assert_eq!(parts.unwrap().parts, [Part::Text("x".repeat(200_000))], "there was room in the end");
}

#[tokio::test]
async fn a_server_that_stops_does_not_wait_for_a_disk_that_stalls() {
    let scene = Scene::new().await;
    scene.says("abc");
    scene.read(3).await;
    let _stall = scene.store.stall().await;
    tokio::time::pause();
    let reader = scene.read(u64::MAX);
    let (answer, ()) = tokio::join!(reader, scene.registry.drain());
    tokio::time::resume();
    assert!(is_internal(answer.terminal().unwrap()), "it says that it is not saved");
    assert_eq!(scene.stored().await, None, "and the next start makes it an interrupted one");
}
