//! The stream lab: one stream at a time, what has come of it, and every frame of it.
//!
//! - [`form`]: what to ask for, and the same as a curl command; pure
//! - [`frames`]: the last frames, bounded; pure
//! - [`mod@words`]: every sentence of the page
//!
//! Unlike the chat it never attaches by itself: whoever looks at streams wants to see them break.

pub mod form;
pub mod frames;
pub mod words;

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use self::form::{Form, Mode, NotANumber};
use self::frames::{Entry, FrameLog};
use self::words::words;
use super::answer::{LiveAnswer, State};
use super::chat::own;
use super::words::{fill, is_theirs, refused};
use crate::app::client::clock::{next_frame, now};
use crate::app::client::link::{Next, Reader};
use crate::app::client::page::random_bytes;
use crate::app::client::stream::{Arrival, Connection, Over, RawFrame, StreamRequest};
use crate::wire::{AnswerId, AnswerState, ConversationId, MessageId};

/// What the plain stream ends with.
const DONE: &str = "[DONE]";

/// Where the stream stands, for the reader of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was started yet.
    Idle,
    /// It comes.
    Running,
    /// The connection is over, the stream is not.
    Cut,
    /// It ended.
    End,
    /// It was stopped.
    Cancelled,
    /// It failed.
    Error,
}

/// The connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// There was none yet.
    Idle,
    /// It is open, or being opened.
    Open,
    /// It ended before its stream did.
    Cut,
    /// Its stream ended with it.
    Done,
    /// It was given up, and its stream with it.
    Stopped,
    /// There was no stream.
    Refused,
}

/// The lab. Copies are the same one.
#[derive(Clone, Copy, Debug)]
pub struct LabState {
    /// What to ask for.
    pub form: RwSignal<Form>,
    /// The typed stream's answer, once one was started.
    pub answer: RwSignal<Option<LiveAnswer>>,
    /// The plain stream's text. Changed without notice, and told once per animation frame.
    pub plain: RwSignal<String>,
    /// The frames. Told once per animation frame too.
    pub frames: RwSignal<FrameLog>,
    /// What went wrong before there was a stream.
    pub problem: RwSignal<Option<String>>,
    line: RwSignal<Line>,
    /// The connection that counts, and its number: an older one says nothing any more.
    connection: StoredValue<(u32, Option<SendWrapper<Connection>>)>,
    /// When the stream was started, by the page's clock.
    began: StoredValue<f64>,
    scheduled: StoredValue<bool>,
}

impl LabState {
    /// A lab in which nothing was started.
    #[expect(clippy::new_without_default, reason = "it makes signals, so it needs an owner")]
    pub fn new() -> Self {
        Self {
            form: RwSignal::new(Form::default()),
            answer: RwSignal::new(None),
            plain: RwSignal::new(String::new()),
            frames: RwSignal::new(FrameLog::default()),
            problem: RwSignal::new(None),
            line: RwSignal::new(Line::Idle),
            connection: StoredValue::new((0, None)),
            began: StoredValue::new(0.0),
            scheduled: StoredValue::new(false),
        }
    }

    /// Where the stream stands. Tracked.
    pub fn phase(self) -> Phase {
        let answer = self.answer.get().map(|answer| answer.state.get());
        match (self.line.get(), answer) {
            (Line::Idle, _) => Phase::Idle,
            (Line::Refused, _) | (_, Some(State::Of(AnswerState::Error) | State::Unsent)) => Phase::Error,
            (_, Some(State::Of(AnswerState::End))) | (Line::Done, None) => Phase::End,
            (_, Some(State::Of(AnswerState::Cancelled))) | (Line::Stopped, None) => Phase::Cancelled,
            // The terminal is there, and the last of the text is being drawn.
            (Line::Open | Line::Done, _) => Phase::Running,
            (Line::Cut | Line::Stopped, _) => Phase::Cut,
        }
    }

    /// Whether what runs or ran is the typed stream. Tracked.
    pub fn is_typed(self) -> bool {
        self.answer.with(Option::is_some)
    }

    /// Starts what the form says, in place of what was there.
    pub fn start(self) {
        let form = self.form.get_untracked();
        self.drop_connection();
        self.answer.set(None);
        self.plain.set(String::new());
        self.frames.set(FrameLog::default());
        self.problem.set(None);
        self.began.set_value(now());
        match form.mode {
            Mode::Plain => {
                self.note("POST /api/sse".to_owned());
                self.read(StreamRequest::Plain { text: form.text.clone() });
            }
            Mode::Typed => self.start_typed(&form),
        }
    }

    fn start_typed(self, form: &Form) {
        let id = AnswerId::from_random(random_bytes());
        let user = MessageId::from_random(random_bytes());
        let conversation = ConversationId::from_random(random_bytes());
        let request = match form.start_request_with(id, conversation, user) {
            Ok(request) => request,
            Err(NotANumber(number)) => {
                let words = words();
                return self.refuse(fill(words.not_a_number, words.numbers[number as usize].0));
            }
        };
        let Ok(body) = serde_json::to_string(&request) else {
            return;
        };
        self.answer.set(Some(own(|| LiveAnswer::to_start(id, user, request))));
        self.note("POST /api/chat".to_owned());
        self.read(StreamRequest::Start { body });
    }

    /// Stops it: the typed stream by a cancel, which reaches the model, the plain one by hanging up.
    pub fn stop(self) {
        match self.answer.get_untracked() {
            Some(answer) => {
                self.note(format!("POST /api/chat/{}/cancel", answer.id));
                answer.stop();
            }
            None => {
                self.note(words().stopped_plain.to_owned());
                self.drop_connection();
                self.line.set(Line::Stopped);
            }
        }
    }

    /// Drops the connection, and nothing else: the server is told nothing.
    pub fn cut(self) {
        self.note(words().cut.to_owned());
        self.drop_connection();
        self.line.set(Line::Cut);
    }

    /// Attaches to the typed stream where the connection left off.
    pub fn resume(self) {
        if let Some(answer) = self.answer.get_untracked() {
            let (id, after) = (answer.id, answer.offset());
            self.problem.set(None);
            self.note(format!("GET /api/chat/{id}/events?after={after}"));
            self.read(StreamRequest::Attach { id, after });
        }
    }

    fn drop_connection(self) {
        self.connection.update_value(|(number, connection)| {
            *number += 1;
            if let Some(connection) = connection.take() {
                connection.cut();
            }
        });
    }

    fn refuse(self, problem: String) {
        self.problem.set(Some(problem));
        self.line.set(Line::Refused);
    }

    fn read(self, request: StreamRequest) {
        self.drop_connection();
        let connection = Connection::new();
        let number = self.connection.with_value(|(number, _)| *number);
        self.connection.set_value((number, Some(SendWrapper::new(connection.clone()))));
        self.line.set(Line::Open);
        spawn_local(async move {
            // Frames come with their time since the request.
            let asked_at = now() - self.began.get_value();
            let over = connection
                .read(&request, &mut |arrival| match arrival {
                    Arrival::Open => self.note(words().opened.to_owned()),
                    Arrival::Frame(frame) => {
                        self.log(Entry::frame(asked_at + frame.at_ms, frame.id, frame.data));
                        if !self.fold(frame) {
                            connection.cut();
                        }
                    }
                })
                .await;
            if self.connection.try_with_value(|(current, _)| *current) == Some(number) {
                self.over(over);
            }
        });
    }

    /// Folds a frame into the result. Says whether to read on.
    fn fold(self, frame: RawFrame<'_>) -> bool {
        if let Some(answer) = self.answer.get_untracked() {
            let next = answer.take(frame);
            if next == Next::Done {
                self.line.set(Line::Done);
            }
            return next != Next::Attach;
        }
        if frame.data == DONE {
            self.line.set(Line::Done);
        } else {
            self.plain.update_untracked(|text| text.push_str(frame.data));
        }
        true
    }

    /// The connection is over, not by our doing.
    fn over(self, over: Over) {
        self.note(over.to_string());
        if self.line.get_untracked() == Line::Done {
            return;
        }
        match over {
            Over::Refused(refusal) => {
                let why = refused(refusal.status).filter(|_| !is_theirs() || refusal.message.is_empty());
                self.refuse([why.unwrap_or_default(), &refusal.message].join(" ").trim().to_owned());
            }
            // Nobody knows whether the start arrived; Resume finds out.
            Over::NoResponse => {
                self.problem.set(Some(words().no_response.to_owned()));
                self.line.set(Line::Cut);
            }
            Over::Closed | Over::Cut | Over::Broken | Over::Unreadable => self.line.set(Line::Cut),
        }
    }

    fn note(self, text: String) {
        self.log(Entry::note(now() - self.began.get_value(), text));
    }

    fn log(self, entry: Entry) {
        self.frames.update_untracked(|frames| frames.push(entry));
        if self.scheduled.try_update_value(|scheduled| std::mem::replace(scheduled, true)) == Some(false) {
            next_frame(move || {
                self.scheduled.set_value(false);
                self.frames.notify();
                self.plain.notify();
            });
        }
    }
}
