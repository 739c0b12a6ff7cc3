//! Below an ended answer: what can be done with it, and the small print.

use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::button::quiet;
use super::composer::Draft;
use super::facts;
use super::icon::{COPY, DONE, PROCEED, RETRY, icon};
use super::versions::versions;
use crate::app::client::clock::sleep;
use crate::app::client::text::copy;
use crate::app::state::answer::{Ended, LiveAnswer, State};
use crate::app::state::chat::{ChatState, Siblings};
use crate::app::state::words::{duration, fill, number, words};
use crate::wire::{Answer, AnswerState, Part, Verdict};

/// For so long a button says what became of a click.
const SAID_MS: u32 = 2_000;

/// Copy, Continue, Regenerate, the way to other versions; that it is complete, and what it took.
#[component]
pub fn AnswerFoot(answer: LiveAnswer, siblings: Siblings) -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let words = words();
    let has_text =
        move || answer.with_answer(|all| all.parts().iter().any(|part| matches!(part, Part::Text(_))));
    // In the lab there is no conversation to go on with.
    let idle = move || chat.conversation.get().is_some() && chat.running().is_none();
    let proceed = move || {
        (idle() && chat.can_proceed(answer))
            .then(|| quiet(PROCEED, words.proceed, Callback::new(move |()| chat.proceed(answer))))
    };
    // A failed answer has its own.
    let again = move || {
        (idle() && answer.error.with(Option::is_none))
            .then(|| quiet(RETRY, words.regenerate, Callback::new(move |()| chat.regenerate(answer))))
    };
    // What does not change stays as it is, and keeps the focus.
    move || {
        let ended = answer.ended.get()?;
        let copy = has_text().then(|| view! { <CopyButton answer /> });
        let whole =
            ended.verdict == Verdict::Whole && answer.state.get_untracked() == State::Of(AnswerState::End);
        let mark = whole.then(|| {
            view! { <span class="whole">{icon(DONE)} {words.whole}</span> }
        });
        Some(view! {
            <footer class="answer-foot">
                {versions(chat, answer.id.into(), &siblings)}
                {copy}
                {proceed}
                {again}
                {mark}
                <SmallPrint answer ended />
            </footer>
        })
    }
}

/// What it took. Opened, it says all that is known, which a part of the program knows how to show.
#[component]
fn SmallPrint(answer: LiveAnswer, ended: Ended) -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let draft = expect_context::<Draft>();
    let place = NodeRef::<Div>::new();
    let asked = StoredValue::new(false);
    let on_toggle = move |_| {
        if asked.try_update_value(|asked| std::mem::replace(asked, true)) != Some(false) {
            return;
        }
        spawn_local(async move {
            match (facts::load().await, place.get_untracked()) {
                (Ok(show), Some(place)) => show(place.as_ref(), answer, chat, draft),
                // Opened once more, it is tried once more.
                _ => asked.set_value(false),
            }
        });
    };
    view! {
        <details class="facts" data-testid="facts" on:toggle=on_toggle>
            <summary title=words().facts>{small_print(&ended)}</summary>
            <div class="fact-list" node_ref=place></div>
        </details>
    }
}

fn small_print(ended: &Ended) -> String {
    let took = duration(ended.timing.total_ms);
    match ended.usage {
        Some(usage) if usage.output > 0 => {
            format!("{took} · {}", fill(words().tokens, &number(usage.output)))
        }
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
        <button type="button" class="quiet copy-answer" title=words.copy_markdown on:click=on_click>
            {move || icon(if said.get() == Some(true) { DONE } else { COPY })}
            <span>{label}</span>
        </button>
    }
}
