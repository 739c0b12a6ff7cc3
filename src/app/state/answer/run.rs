//! Running an answer: its connection, folding what arrives, and Stop.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Failure, LiveAnswer, Start, State};
use crate::app::client::api;
use crate::app::client::link::{Followed, Link, LinkPhase, Next, Reader};
use crate::app::client::page::{Kept, is_hidden};
use crate::app::client::scroll::focus_on;
use crate::app::client::stream::{RawFrame, Refusal};
use crate::app::client::text::something_has_focus;
use crate::app::state::facts::Trouble;
use crate::app::state::fold::Fold;
use crate::app::state::words::words;
use crate::wire::{AnswerState, MessagePart, Offset, Terminal};

impl LiveAnswer {
    /// Starts it with the request that it was made with, or attaches to it where there is none.
    pub fn run(self) {
        let start = self.request.with_value(|request| request.as_ref().map(body_of));
        let had_focus = something_has_focus();
        spawn_local(async move {
            // The page shows by now that it runs: the button that asked for it is gone.
            if had_focus && !something_has_focus() {
                self.take_focus();
            }
            match Link::default().follow(self.id, start, &self).await {
                Followed::Done => {}
                Followed::Unsent(refusal) => self.fail(State::Unsent, refusal, words().unsent_more),
                Followed::Gone(refusal) => {
                    self.fail(State::Of(AnswerState::Error), refusal, words().gone);
                }
            }
        });
    }

    /// Where the focus goes when what had it is gone: the answer is what that led to.
    pub fn take_focus(self) {
        focus_on(&self.id.to_string());
    }

    /// Stops it at what has been seen of it. From here on no content is shown.
    pub fn stop(self) {
        if self.stopping.get_untracked() || !self.is_running_untracked() {
            return;
        }
        self.stopping.set(true);
        let seen = self.fold.try_update_value(Fold::freeze).unwrap_or(Offset::ZERO);
        spawn_local(async move {
            if let Some(stopped) = api::cancel(self.id, seen, || self.is_running_untracked()).await {
                self.closed_ms.set(stopped.closed_ms);
                self.take_terminal(stopped.terminal);
            }
        });
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

    fn fail(self, state: State, refusal: Option<Refusal>, otherwise: &'static str) {
        self.error.set(Some(Failure::refused(refusal, otherwise)));
        self.close(state);
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
        let taken = self.fold.try_update_value(|fold| {
            let before = fold.offset();
            let next = fold.take(frame.id, frame.data);
            let grew = fold.offset() > before;
            (next, grew.then_some(before), fold.answer().status().map(|status| status.phase))
        });
        let Some((next, grew_from, phase)) = taken else { return Next::Done };
        if let Some(before) = grew_from {
            self.trouble.update_value(|trouble| trouble.heard(frame.at_ms, before == Offset::ZERO));
        }
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

    fn broke(&self) {
        self.trouble.update_value(|trouble| trouble.breaks += 1);
    }

    fn phase(&self, phase: LinkPhase) {
        if phase == LinkPhase::Open {
            self.trouble.update_value(Trouble::opened);
            self.arrived();
        }
        if self.link.get_untracked() != phase {
            self.link.set(phase);
        }
    }
}

fn body_of(request: &Start) -> String {
    serde_json::to_string(request).expect("ids and strings always serialise")
}
