//! How an answer ended, and what can be done about it.

use leptos::prelude::*;

use super::composer::Draft;
use super::icon::{EDIT, RETRY, icon};
use crate::app::state::answer::{Ended, Failure, LiveAnswer, State};
use crate::app::state::chat::ChatState;
use crate::app::state::words::{fill, number, wait, words};
use crate::wire::{EndReason, Part, Verdict};

/// The mark of an answer that somebody stopped, and the receipt for it.
#[component]
pub fn Cancelled(answer: LiveAnswer) -> impl IntoView {
    move || {
        answer.cancelled.get().then(|| {
            view! {
                <p class="cancelled" data-testid="cancelled">
                    {words().stopped}
                </p>
                <p class="receipt" data-testid="receipt">
                    {receipt(answer)}
                </p>
            }
        })
    }
}

/// What was kept, how soon the model was left alone, and what was thrown away.
fn receipt(answer: LiveAnswer) -> String {
    let words = words();
    let kept = answer.with_answer(|answer| answer.parts().iter().map(characters).sum::<usize>());
    let mut receipt = fill(words.kept, &number(kept as u64));
    match answer.closed_ms.get() {
        None => {}
        Some(0) => receipt += &format!(" · {}", words.closed_at_once),
        Some(ms) => receipt += &format!(" · {}", fill(words.closed, &number(ms))),
    }
    match answer.discarded() {
        None | Some(0) => {}
        Some(bytes) => receipt += &format!(" · {}", fill(words.cut, &number(bytes))),
    }
    receipt
}

fn characters(part: &Part) -> usize {
    match part {
        Part::Think(text) | Part::Text(text) => text.chars().count(),
        Part::Image(_) => 0,
    }
}

/// Why it failed or was not sent, and Retry on the newest answer.
#[component]
pub fn FailureView(answer: LiveAnswer) -> impl IntoView {
    move || answer.error.get().map(|failure| view! { <FailureBox answer failure /> })
}

#[component]
fn FailureBox(answer: LiveAnswer, failure: Failure) -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let Draft(draft) = expect_context();
    let words = words();
    let unsent = answer.state.get_untracked() == State::Unsent;
    let newest = move || chat.newest().is_some_and(|newest| newest.id == answer.id);
    let retry = move || {
        newest().then(|| {
            view! {
                <button type="button" class="button" on:click=move |_| chat.retry(answer)>
                    {icon(RETRY)}
                    {words.retry}
                </button>
            }
        })
    };
    let edit = (unsent && answer.has_message()).then(|| {
        view! {
            <button type="button" class="button" on:click=move |_| draft.set(chat.take_back(answer))>
                {icon(EDIT)}
                {words.edit}
            </button>
        }
    });
    let lines = said(unsent.then_some(words.unsent), failure.title, failure.message);
    let again = failure.retry_after.map(|seconds| {
        view! { <p class="failure-wait">{fill(words.retry_after, &wait(seconds))}</p> }
    });
    // No alert: the announcer says it, to whom wants to hear it.
    view! {
        <div class="failure" data-testid="error">
            {lines}
            {again}
            <div class="failure-actions">{retry} {edit}</div>
        </div>
    }
}

/// What happened, in up to three lines. What the server or the provider says in its own words is only a
/// detail where the page has said it in its reader's.
fn said(unsent: Option<&'static str>, why: Option<&'static str>, theirs: String) -> impl IntoView {
    let last = if why.is_some() { "failure-detail" } else { "failure-message" };
    let middle = if unsent.is_some() { "failure-message" } else { "failure-title" };
    let line =
        |class: &'static str, text: String| (!text.is_empty()).then(|| view! { <p class=class>{text}</p> });
    let ours = |class, text: Option<&'static str>| line(class, text.unwrap_or_default().to_owned());
    (ours("failure-title", unsent), ours(middle, why), line(last, theirs))
}

/// What deserves a sentence: why the model ended, and doubts about what is shown.
#[component]
pub fn Notices(answer: LiveAnswer) -> impl IntoView {
    let words = words();
    let held_back = move || {
        answer.held_back.get().then(|| {
            view! {
                <p class="notice" data-testid="notice">
                    {words.finished_before}
                    " "
                    <button type="button" class="link" on:click=move |_| answer.show_rest()>
                        {words.show_rest}
                    </button>
                </p>
            }
        })
    };
    let notice = move || {
        answer
            .ended
            .get()
            .and_then(notice_of)
            .map(|text| view! { <p class="notice" data-testid="notice">{text}</p> })
    };
    view! {
        {notice}
        {held_back}
    }
}

fn notice_of(ended: Ended) -> Option<&'static str> {
    let words = words();
    match (ended.verdict, ended.reason) {
        (Verdict::Mismatch | Verdict::Short, _) => Some(words.mismatch),
        (Verdict::Unverified, _) => Some(words.unverified),
        (Verdict::Whole, Some(EndReason::Length)) => Some(words.length),
        (Verdict::Whole, Some(EndReason::Filter)) => Some(words.filter),
        (Verdict::Whole, Some(EndReason::Stop | EndReason::Unknown) | None) => None,
    }
}
