//! One answer as signals. Bytes are folded as they arrive; once per frame a flush draws what is new by
//! setting the signals, and the terminal follows when all of it is drawn.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::fold::{Fold, Step};
use super::words::words;
use crate::app::client::api;
use crate::app::client::clock::{next_frame, now};
use crate::app::client::link::{Followed, Link, LinkPhase, Next, Reader};
use crate::app::client::page::{Kept, is_hidden};
use crate::app::client::stream::RawFrame;
use crate::wire::{
    Answer, AnswerId, AnswerState, EndReason, Event, MessageId, MessagePart, Offset, Outcome, PartKind,
    Phase, Position, Snapshot, StartRequest, Terminal, Timing, Usage, Verdict,
};

/// So much is drawn at least in a frame, in bytes, and then as much as there is time for.
const STEP: usize = 64 << 10;

/// A flush that has taken this long leaves the rest to the next frame.
const FLUSH_MS: f64 = 8.0;

/// Where an answer stands, for the reader of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As the server has it.
    Of(AnswerState),
    /// Its start never arrived or was refused.
    Unsent,
}

/// What a failed answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, for a person.
    pub message: String,
    /// Seconds after which another try may help, where known.
    pub retry_after: Option<u64>,
}

/// How an answer ended, beside its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Whether we have all of it.
    pub verdict: Verdict,
    /// Why the model stopped, if it did so itself.
    pub reason: Option<EndReason>,
    /// What it cost, where known.
    pub usage: Option<Usage>,
    /// How long it took.
    pub timing: Timing,
}

/// A part that the views have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Different for each view of a part, also when an answer is drawn anew.
    pub key: usize,
    /// Its place among the parts.
    pub index: usize,
    /// Its type.
    pub kind: PartKind,
    /// When it began, by the page's clock.
    began: f64,
    /// How long it took, in milliseconds, if this page saw it begin and end.
    pub took: RwSignal<Option<u64>>,
}

/// One answer. Copies are the same one.
#[derive(Clone, Copy, Debug)]
pub struct LiveAnswer {
    /// Its id.
    pub id: AnswerId,
    /// The message that it answers.
    pub parent: MessageId,
    /// The parts that are drawn; changes when one begins.
    pub pieces: RwSignal<Vec<Piece>>,
    /// How many images are drawn.
    pub image: RwSignal<usize>,
    /// How many bytes of the open part of thinking are drawn.
    pub think: RwSignal<usize>,
    /// How many bytes of the open part of text are drawn.
    pub content: RwSignal<usize>,
    /// Why it failed or was not sent.
    pub error: RwSignal<Option<Failure>>,
    /// Whether it was stopped.
    pub cancelled: RwSignal<bool>,
    /// Where it stands.
    pub state: RwSignal<State>,
    /// How it ended.
    pub ended: RwSignal<Option<Ended>>,
    /// What it waits for.
    pub status: RwSignal<Option<Phase>>,
    /// How the connection does.
    pub link: RwSignal<LinkPhase>,
    /// Stop was pressed.
    pub stopping: RwSignal<bool>,
    /// It had ended before Stop, and its rest is not shown.
    pub held_back: RwSignal<bool>,
    fold: StoredValue<Fold>,
    /// How many views of parts there have been: the next one's key.
    views: StoredValue<usize>,
    /// What started it, while that may have to be sent again by hand.
    request: StoredValue<Option<StartRequest>>,
}

impl LiveAnswer {
    fn new(id: AnswerId, parent: MessageId, fold: Fold) -> Self {
        let part = |(index, part): (usize, &crate::wire::Part)| Piece {
            key: index,
            index,
            kind: part.kind(),
            began: 0.0,
            took: RwSignal::new(None),
        };
        Self {
            id,
            parent,
            pieces: RwSignal::new(fold.answer().parts().iter().enumerate().map(part).collect()),
            image: RwSignal::new(0),
            think: RwSignal::new(0),
            content: RwSignal::new(0),
            error: RwSignal::new(None),
            cancelled: RwSignal::new(false),
            state: RwSignal::new(State::Of(AnswerState::Running)),
            ended: RwSignal::new(None),
            status: RwSignal::new(fold.answer().status().map(|status| status.phase)),
            link: RwSignal::new(LinkPhase::Open),
            stopping: RwSignal::new(false),
            held_back: RwSignal::new(false),
            views: StoredValue::new(fold.answer().parts().len()),
            fold: StoredValue::new(fold),
            request: StoredValue::new(None),
        }
    }

    /// An answer that the server knows.
    pub fn known(snapshot: Snapshot) -> Self {
        let mut answer = Answer::from_parts(snapshot.parts);
        answer.set_status(snapshot.status);
        if let Some(terminal) = snapshot.terminal {
            let _ = answer.apply(Position::End, Event::Terminal(terminal));
        }
        let live = Self::new(snapshot.id, snapshot.parent, Fold::drawn(answer));
        live.settle();
        live
    }

    /// An answer that is to be started.
    pub fn to_start(id: AnswerId, parent: MessageId, request: StartRequest) -> Self {
        let live = Self::new(id, parent, Fold::default());
        live.request.set_value(Some(request));
        live
    }

    /// Makes an answer that was not sent as it was before it was sent.
    pub fn reopen(self, request: StartRequest) {
        self.fold.set_value(Fold::default());
        self.request.set_value(Some(request));
        self.error.set(None);
        self.pieces.set(Vec::new());
        self.state.set(State::Of(AnswerState::Running));
    }

    /// The drawn text of one part.
    pub fn with_shown<T>(self, index: usize, f: impl FnOnce(&str) -> T) -> T {
        self.fold.with_value(|fold| f(fold.shown_text(index)))
    }

    /// The answer with all that has arrived.
    pub fn with_answer<T>(self, f: impl FnOnce(&Answer) -> T) -> T {
        self.fold.with_value(|fold| f(fold.answer()))
    }

    /// Whether more may come of a part. Tracks what decides it.
    pub fn is_open(self, index: usize) -> bool {
        self.is_running() && self.pieces.with(|pieces| pieces.len() == index + 1)
    }

    /// Whether more of a part is to be drawn: it is open, or the end came while nobody could see the
    /// page. Tracks what decides it.
    pub fn is_growing(self, index: usize) -> bool {
        self.is_open(index) || self.fold.with_value(|fold| !fold.is_part_drawn(index))
    }

    /// Whether its run goes on, as far as we know. Tracked.
    pub fn is_running(self) -> bool {
        self.state.get() == State::Of(AnswerState::Running)
    }

    /// Starts it with the request that it was made with, or attaches to it where there is none.
    pub fn run(self) {
        let start = self.request.with_value(|request| request.as_ref().map(body_of));
        spawn_local(async move {
            match Link::default().follow(self.id, start, &self).await {
                Followed::Done => {}
                Followed::Unsent(message) => {
                    let message = message.unwrap_or_else(|| words().unsent_more.to_owned());
                    self.fail(State::Unsent, message);
                }
                Followed::Gone(message) => {
                    let message = message.unwrap_or_else(|| words().gone.to_owned());
                    self.fail(State::Of(AnswerState::Error), message);
                }
            }
        });
    }

    /// Takes the request of an answer that was not sent, to send it once more.
    pub fn take_request(self) -> Option<StartRequest> {
        self.request.try_update_value(Option::take).flatten()
    }

    /// Stops it at what has been seen of it. From here on no content is shown.
    pub fn stop(self) {
        if self.stopping.get_untracked() || !self.is_running_untracked() {
            return;
        }
        self.stopping.set(true);
        let seen = self.fold.try_update_value(Fold::freeze).unwrap_or(Offset::ZERO);
        spawn_local(async move {
            if let Some(terminal) = api::cancel(self.id, seen, || self.is_running_untracked()).await {
                self.take_terminal(terminal);
            }
        });
    }

    /// Whether Stop was pressed before it ended.
    pub fn was_stopped(self) -> bool {
        self.fold.with_value(|fold| fold.stopped_at().is_some())
    }

    /// Shows what had been there before Stop was pressed, after all.
    pub fn show_rest(self) {
        self.fold.update_value(Fold::thaw);
        self.held_back.set(false);
        self.schedule();
    }

    fn is_running_untracked(self) -> bool {
        self.state.get_untracked() == State::Of(AnswerState::Running)
    }

    fn take_terminal(self, terminal: Terminal) {
        let next = self.fold.try_update_value(|fold| fold.take_terminal(terminal));
        self.took(next.unwrap_or(Next::Done));
    }

    /// After a frame was folded: orders a drawing, and in a hidden tab, where frames do not come, lets
    /// the end be known at once.
    fn took(self, next: Next) {
        if next == Next::Done && is_hidden() {
            self.settle();
        }
        self.schedule();
    }

    fn schedule(self) {
        let scheduled = self.fold.try_update_value(|fold| std::mem::replace(&mut fold.scheduled, true));
        if scheduled == Some(false) {
            next_frame(move || self.flush());
        }
    }

    /// Draws what is new, for as long as there is time in this frame.
    fn flush(self) {
        let stale = self.fold.try_update_value(|fold| {
            fold.scheduled = false;
            fold.take_stale()
        });
        if stale == Some(true) {
            self.pieces.update(Vec::clear);
        }
        let began = now();
        while let Some(step) = self.fold.try_update_value(|fold| fold.advance(STEP)).flatten() {
            self.draw(step);
            if now() - began > FLUSH_MS {
                return self.schedule();
            }
        }
        self.settle();
    }

    fn draw(self, step: Step) {
        match step {
            Step::Opened { index, kind, shown } => {
                self.open(index, kind);
                self.grew(kind, shown);
            }
            Step::Grew { index, shown } => {
                let kind = self.with_answer(|answer| answer.parts()[index].kind());
                self.grew(kind, shown);
            }
        }
    }

    fn grew(self, kind: PartKind, shown: usize) {
        match kind {
            PartKind::Think => self.think.set(shown),
            PartKind::Text => self.content.set(shown),
            PartKind::Image => self.image.update(|count| *count += 1),
        }
    }

    /// Opens a part, which closes the one before it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a span of milliseconds")]
    fn open(self, index: usize, kind: PartKind) {
        let began = now();
        if let Some(last) = self.pieces.with_untracked(|pieces| pieces.last().copied())
            && last.began > 0.0
        {
            last.took.set(Some((began - last.began) as u64));
        }
        let key = self.views.get_value();
        self.views.set_value(key + 1);
        let took = RwSignal::new(None);
        self.pieces.update(|pieces| pieces.push(Piece { key, index, kind, began, took }));
    }

    /// Lets the end be known, once everything is drawn (or nobody can see it).
    fn settle(self) {
        let terminal = self.fold.with_value(|fold| {
            let due = fold.is_over() && (fold.is_drawn() || is_hidden());
            due.then(|| (fold.answer().terminal().cloned(), fold.answer().verdict(), fold.is_held_back()))
        });
        if let Some((Some(terminal), Some(verdict), held_back)) = terminal
            && self.ended.with_untracked(Option::is_none)
        {
            self.held_back.set(held_back);
            self.end(&terminal, verdict);
        }
    }

    fn end(self, terminal: &Terminal, verdict: Verdict) {
        let mut ended = Ended { verdict, reason: None, usage: None, timing: terminal.timing };
        match &terminal.outcome {
            Outcome::End { reason, usage } => {
                ended.reason = Some(*reason);
                ended.usage = *usage;
            }
            Outcome::Cancelled { .. } => self.cancelled.set(true),
            Outcome::Error { message, retry_after, .. } => {
                self.error.set(Some(Failure { message: message.clone(), retry_after: *retry_after }));
            }
        }
        self.status.set(None);
        self.ended.set(Some(ended));
        self.close(State::Of(AnswerState::from(terminal)));
    }

    fn fail(self, state: State, message: String) {
        self.error.set(Some(Failure { message, retry_after: None }));
        self.close(state);
    }

    /// The last part is closed with the answer: its view has a last look.
    fn close(self, state: State) {
        self.stopping.set(false);
        self.state.set(state);
        self.think.notify();
        self.content.notify();
    }

    /// The start has arrived: the draft is not needed any more.
    fn arrived(self) {
        let Some(request) = self.take_request() else {
            return;
        };
        let sent = request.message.iter().flat_map(|message| &message.parts).find_map(|part| match part {
            MessagePart::Text(text) => Some(text.as_str()),
            MessagePart::Image(_) => None,
        });
        if sent.is_some() && Kept::Draft.get().as_deref() == sent {
            Kept::Draft.set("");
        }
    }
}

impl Reader for LiveAnswer {
    fn offset(&self) -> Offset {
        self.fold.with_value(Fold::offset)
    }

    fn take(&self, frame: RawFrame<'_>) -> Next {
        let next = self.fold.try_update_value(|fold| fold.take(frame.id, frame.data)).unwrap_or(Next::Done);
        let phase = self.with_answer(|answer| answer.status().map(|status| status.phase));
        if self.status.get_untracked() != phase {
            self.status.set(phase);
        }
        self.took(next);
        next
    }

    fn restart(&self) {
        self.fold.update_value(Fold::restart);
    }

    fn is_done(&self) -> bool {
        self.fold.with_value(Fold::is_over)
    }

    fn phase(&self, phase: LinkPhase) {
        if phase == LinkPhase::Open {
            self.arrived();
        }
        if self.link.get_untracked() != phase {
            self.link.set(phase);
        }
    }
}

fn body_of(request: &StartRequest) -> String {
    serde_json::to_string(request).expect("ids and strings always serialise")
}
