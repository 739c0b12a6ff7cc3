//! Below an ended answer: what can be done with it, and the small print.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::button::quiet;
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
    move || {
        let ended = answer.ended.get()?;
        // In the lab there is no conversation to go on with.
        let idle = chat.conversation.get().is_some() && chat.running().is_none();
        let copy = has_text().then(|| view! { <CopyButton answer /> });
        let proceed = (idle && chat.can_proceed(answer))
            .then(|| quiet(PROCEED, words.proceed, Callback::new(move |()| chat.proceed(answer))));
        // A failed answer has its own.
        let again = (idle && answer.error.with(Option::is_none))
            .then(|| quiet(RETRY, words.regenerate, Callback::new(move |()| chat.regenerate(answer))));
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
                <span class="took">{small_print(&ended)}</span>
            </footer>
        })
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
        <button type="button" class="quiet" on:click=on_click>
            {move || icon(if said.get() == Some(true) { DONE } else { COPY })}
            <span>{label}</span>
        </button>
    }
}
