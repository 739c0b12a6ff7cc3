//! One answer as signals. Bytes are folded as they arrive; once per frame a flush draws what is new by
//! setting the signals, and the terminal follows when all of it is drawn.

mod draw;
mod run;

#[cfg(test)]
mod tests;

use leptos::prelude::*;

use super::facts::Trouble;
use super::fold::Fold;
use crate::app::client::link::LinkPhase;
use crate::app::client::stream::Refusal;
use crate::app::state::words::{is_theirs, refused};
use crate::wire::{
    Answer, AnswerId, AnswerState, DemoOptions, EndReason, Event, MessageId, Outcome, PartKind, Phase,
    Position, Snapshot, StartRequest, Timing, Usage, Verdict,
};

/// What starts an answer.
pub type Start = StartRequest<DemoOptions>;

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
    /// What happened, for a person, as the server or the provider says it; empty where they say nothing.
    pub message: String,
    /// Seconds after which another try may help, where known.
    pub retry_after: Option<u64>,
    /// The same in the page's language, where the message is in another one (the server's and the
    /// providers' are in English) or there is none.
    pub title: Option<&'static str>,
    /// Whether what there is of it is good, and only its end is missing.
    pub is_cut: bool,
}

impl Failure {
    /// A request that was refused, or that reached nobody: `otherwise` says so then.
    fn refused(refusal: Option<Refusal>, otherwise: &'static str) -> Self {
        let why = refusal.as_ref().and_then(|refusal| refused(refusal.status));
        let message = refusal.as_ref().map(|refusal| refusal.message.clone()).unwrap_or_default();
        let retry_after = refusal.and_then(|refusal| refusal.retry_after).map(u64::from);
        let title = match message.is_empty() {
            true => Some(why.unwrap_or(otherwise)),
            false => why.filter(|_| !is_theirs()),
        };
        Self { message, retry_after, title, is_cut: false }
    }
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
    /// How long after Stop the provider's stream was closed, in milliseconds, where this page stopped it.
    pub closed_ms: RwSignal<Option<u64>>,
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
    model: StoredValue<String>,
    trouble: StoredValue<Trouble>,
    fold: StoredValue<Fold>,
    /// The view of the open text has not drawn all yet that it was given.
    behind: StoredValue<bool>,
    /// How many views of parts there have been: the next one's key.
    views: StoredValue<usize>,
    /// What started it, while that may have to be sent again by hand.
    request: StoredValue<Option<Start>>,
}

impl LiveAnswer {
    fn new(id: AnswerId, parent: MessageId, model: String, fold: Fold) -> Self {
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
            closed_ms: RwSignal::new(None),
            state: RwSignal::new(State::Of(AnswerState::Running)),
            ended: RwSignal::new(None),
            status: RwSignal::new(fold.answer().status().map(|status| status.phase)),
            link: RwSignal::new(LinkPhase::Open),
            stopping: RwSignal::new(false),
            held_back: RwSignal::new(false),
            model: StoredValue::new(model),
            trouble: StoredValue::new(Trouble::default()),
            views: StoredValue::new(fold.answer().parts().len()),
            fold: StoredValue::new(fold),
            behind: StoredValue::new(false),
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
        let live = Self::new(snapshot.id, snapshot.parent, snapshot.model, Fold::drawn(answer));
        live.settle();
        live
    }

    /// An answer that is to be started.
    pub fn to_start(id: AnswerId, parent: MessageId, request: Start) -> Self {
        let model = request.model.clone().unwrap_or_default();
        let live = Self::new(id, parent, model, Fold::default());
        live.request.set_value(Some(request));
        live
    }

    /// Makes an answer that was not sent as it was before it was sent.
    pub fn reopen(self, request: Start) {
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

    /// Whether a view has not drawn all yet that it was given.
    pub fn is_behind(self) -> bool {
        self.behind.get_value()
    }

    /// A view says whether it has drawn all that it was given: if not, nothing more is shown until then.
    pub fn set_behind(self, behind: bool) {
        let _ = self.behind.try_set_value(behind);
    }

    /// The answer with all that has arrived.
    pub fn with_answer<T>(self, f: impl FnOnce(&Answer) -> T) -> T {
        self.fold.with_value(|fold| f(fold.answer()))
    }

    /// The model that it is asked from, as `provider/model`.
    pub fn model(self) -> String {
        self.model.get_value()
    }

    /// What went wrong on the way to this page.
    pub fn trouble(self) -> Trouble {
        self.trouble.get_value()
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

    /// Takes the request of an answer that was not sent, to send it once more.
    pub fn take_request(self) -> Option<Start> {
        self.request.try_update_value(Option::take).flatten()
    }

    /// Whether it says something and ended before its time. Tracked.
    pub fn ended_early(self) -> bool {
        let cut = self.cancelled.get()
            || self.error.with(|error| error.as_ref().is_some_and(|error| error.is_cut))
            || self.ended.with(|ended| ended.is_some_and(|ended| ended.reason == Some(EndReason::Length)));
        cut && self.with_answer(|answer| !answer.text().is_empty())
    }

    /// What was cut off by a stop, in bytes; `None` where nothing was stopped.
    pub fn discarded(self) -> Option<u64> {
        self.with_answer(|answer| match answer.terminal()?.outcome {
            Outcome::Cancelled { discarded } => Some(discarded),
            Outcome::End { .. } | Outcome::Error { .. } => None,
        })
    }

    /// Whether it was made to answer a message that may not have been sent.
    pub fn has_message(self) -> bool {
        self.request.with_value(|request| request.as_ref().is_some_and(|request| request.message.is_some()))
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
}
