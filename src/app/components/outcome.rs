//! How an answer ended, and what can be done about it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::composer::Draft;
use super::icon::{COPY, DONE, EDIT, RETRY, icon};
use crate::app::client::clock::sleep;
use crate::app::client::text::copy;
use crate::app::state::answer::{Ended, Failure, LiveAnswer, State};
use crate::app::state::chat::ChatState;
use crate::app::state::words::{duration, words};
use crate::wire::{Answer, AnswerState, EndReason, Part, Verdict};

/// For so long a button says what became of a click.
const SAID_MS: u32 = 2_000;

/// The mark of an answer that somebody stopped.
#[component]
pub fn Cancelled(answer: LiveAnswer) -> impl IntoView {
    move || {
        answer.cancelled.get().then(|| {
            view! {
                <p class="cancelled" data-testid="cancelled">
                    {words().stopped}
                </p>
            }
        })
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
    let edit = unsent.then(|| {
        view! {
            <button type="button" class="button" on:click=move |_| draft.set(chat.take_back(answer))>
                {icon(EDIT)}
                {words.edit}
            </button>
        }
    });
    let message = if failure.message.is_empty() { words.error.to_owned() } else { failure.message };
    let wait = failure.retry_after.map(|seconds| {
        view! { <p class="failure-wait">{format!("{} {}", words.retry_after, duration(seconds * 1000))}</p> }
    });
    view! {
        <div class="failure" data-testid="error" role="alert">
            {unsent.then(|| view! { <p class="failure-title">{words.unsent}</p> })}
            <p class="failure-message">{message}</p>
            {wait}
            <div class="failure-actions">{retry} {edit}</div>
        </div>
    }
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

/// Copy, and the small print: that it is complete, what it took.
#[component]
pub fn AnswerFoot(answer: LiveAnswer) -> impl IntoView {
    let has_text =
        move || answer.with_answer(|all| all.parts().iter().any(|part| matches!(part, Part::Text(_))));
    move || {
        let ended = answer.ended.get()?;
        let copy = has_text().then(|| view! { <CopyButton answer /> });
        let whole =
            ended.verdict == Verdict::Whole && answer.state.get_untracked() == State::Of(AnswerState::End);
        let mark = whole.then(|| {
            view! { <span class="whole" title=words().whole>{icon(DONE)} {words().whole}</span> }
        });
        Some(view! {
            <footer class="answer-foot">
                {copy}
                {mark}
                <span class="took">{small_print(&ended)}</span>
            </footer>
        })
    }
}

fn small_print(ended: &Ended) -> String {
    let took = duration(ended.timing.total_ms);
    match ended.usage {
        Some(usage) if usage.output > 0 => format!("{took} · {} {}", usage.output, words().tokens),
        _ => took,
    }
}

/// Copies the text of all parts, as Markdown.
#[component]
fn CopyButton(answer: LiveAnswer) -> impl IntoView {
    let words = words();
    let said = RwSignal::new(None::<bool>);
    let on_click = move |_| {
        let text = answer.with_answer(Answer::text);
        spawn_local(async move {
            said.set(Some(copy(text).await));
            sleep(SAID_MS).await;
            said.try_set(None);
        });
    };
    let label = move || match said.get() {
        None => words.copy,
        Some(true) => words.copied,
        Some(false) => words.copy_failed,
    };
    view! {
        <button type="button" class="quiet" on:click=on_click>
            {move || icon(if said.get() == Some(true) { DONE } else { COPY })}
            <span>{label}</span>
        </button>
    }
}
