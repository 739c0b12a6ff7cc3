//! One answer: its parts as they come, and how it ended.

use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::foot::AnswerFoot;
use super::image::ImageView;
use super::markdown::MarkdownBody;
use super::outcome::{Cancelled, FailureView, Notices};
use super::think::Think;
use crate::app::client::body::Body;
use crate::app::state::answer::{LiveAnswer, Piece, State};
use crate::app::state::chat::{ChatState, Siblings};
use crate::app::state::words::words;
use crate::wire::{AnswerState, Part, PartKind, Verdict};

/// An answer, running or ended.
#[component]
pub fn AnswerView(
    answer: LiveAnswer,
    /// Its versions, where there are others.
    #[prop(optional)]
    siblings: Option<Siblings>,
) -> impl IntoView {
    let is_rest = expect_context::<ChatState>().is_rest(answer);
    let name = if is_rest { words().continued } else { words().answered };
    let verdict = move || answer.ended.get().map(|ended| verdict_name(ended.verdict));
    let part = move |piece: Piece| part(answer, piece);
    view! {
        <article
            class="message answer"
            id=answer.id.to_string()
            data-testid="answer"
            data-answer-id=answer.id.to_string()
            data-state=move || state_name(answer.state.get())
            data-verdict=verdict
            aria-label=name
            aria-busy=move || answer.is_running().to_string()
        >
            <h2 class="visually-hidden">{name}</h2>
            <For each=move || answer.pieces.get() key=|piece| piece.key children=part />
            <Cancelled answer />
            <FailureView answer />
            <Notices answer />
            <AnswerFoot answer siblings=siblings.unwrap_or_default() />
        </article>
    }
}

fn part(answer: LiveAnswer, piece: Piece) -> impl IntoView {
    match piece.kind {
        PartKind::Think => EitherOf3::A(view! { <Think answer piece /> }),
        PartKind::Text => EitherOf3::B(view! { <TextPart answer index=piece.index /> }),
        PartKind::Image => EitherOf3::C(answer.with_answer(|all| match all.parts().get(piece.index) {
            Some(Part::Image(image)) => Some(view! { <ImageView image=image.clone() /> }),
            Some(Part::Think(_) | Part::Text(_)) | None => None,
        })),
    }
}

/// A part of Markdown text.
#[component]
fn TextPart(answer: LiveAnswer, index: usize) -> impl IntoView {
    let text = answer.with_shown(index, str::to_owned);
    let done = !untrack(|| answer.is_growing(index));
    let shown = StoredValue::new((text.len(), !done));
    on_cleanup(move || answer.set_behind(false));
    let ready = Callback::new(move |body: Body| {
        let body = StoredValue::new_local(body);
        // At once when the signal is set, so that a flush knows how long its drawing takes.
        ImmediateEffect::new_scoped(move || {
            let open = answer.is_growing(index);
            if open {
                answer.content.track();
            }
            answer.with_shown(index, |text| {
                // What the server's page shows is not to be looked at again.
                if shown.try_update_value(|shown| std::mem::replace(shown, (text.len(), open)))
                    != Some((text.len(), open))
                    || answer.is_behind()
                {
                    let is_shown = body.with_value(|body| body.show(text, !open));
                    answer.set_behind(!is_shown);
                    if !is_shown {
                        answer.content.track();
                    }
                }
            });
        });
    });
    view! { <MarkdownBody text done ready /> }
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Of(AnswerState::Running) => "running",
        State::Of(AnswerState::End) => "end",
        State::Of(AnswerState::Cancelled) => "cancelled",
        State::Of(AnswerState::Error) => "error",
        State::Unsent => "unsent",
    }
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Whole => "whole",
        Verdict::Unverified => "unverified",
        // A short answer is never an ended one; to be honest about it costs nothing.
        Verdict::Mismatch | Verdict::Short => "mismatch",
    }
}
