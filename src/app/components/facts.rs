//! All that is known about an answer, and what else can be done with it. A part of the program that is
//! loaded when somebody opens it.

use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use leptos::tachys::renderer::types::Element;
use leptos::tachys::view::Mountable;
use leptos::task::spawn_local;

use super::button::{Act, quiet};
use super::composer::Draft;
use super::icon::{COPY, EDIT};
use crate::app::client::clock::sleep;
use crate::app::client::part::{NotLoaded, part};
use crate::app::client::plain_text::plain_text_of;
use crate::app::client::text::copy;
use crate::app::state::answer::{Ended, LiveAnswer};
use crate::app::state::chat::{ChatState, Entry, text_of};
use crate::app::state::facts::per_second;
use crate::app::state::words::{duration, number, words};
use crate::wire::{MessageId, Part, Verdict};

/// For so long it says what became of a click.
const SAID_MS: u32 = 2_000;

/// What shows the facts of an answer in an element.
pub type ShowFacts = fn(&Element, LiveAnswer, ChatState, Draft);

part! {
    /// What shows them.
    facts => fn facts() -> ShowFacts {
        |element, answer, chat, Draft(draft)| {
            let owner = Owner::new();
            let mut shown = owner.with(|| view! { {list(answer)} {acts(answer, chat, draft)} }.build());
            shown.mount(element, None);
            // They live as long as the answer's foot, which stays.
            std::mem::forget((owner, shown));
        }
    }
}

/// Loads what shows them.
pub(super) async fn load() -> Result<ShowFacts, NotLoaded> {
    facts().await
}

fn list(answer: LiveAnswer) -> impl IntoView {
    let fact = |(name, value): (&'static str, String)| {
        view! {
            <div class="fact">
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! { <dl>{known(answer).into_iter().map(fact).collect_view()}</dl> }
}

/// The facts, as name and value.
fn known(answer: LiveAnswer) -> Vec<(&'static str, String)> {
    let words = words();
    let mut known = vec![(words.model, answer.model())];
    if let Some(ended) = answer.ended.get_untracked() {
        let timing = ended.timing;
        known.extend(timing.first_ms.map(|ms| (words.fact_first, duration(ms))));
        known.extend(timing.think_ms.map(|ms| (words.fact_thinking, duration(ms))));
        known.push((words.fact_total, duration(timing.total_ms)));
        known.extend(speed(answer, &ended).map(|speed| (words.fact_speed, speed)));
        known.extend(
            ended.usage.map(|usage| {
                (words.fact_tokens, format!("{} → {}", number(usage.input), number(usage.output)))
            }),
        );
    }
    known.extend(trouble(answer).map(|trouble| (words.fact_connection, trouble)));
    known.extend(checked(answer).map(|check| (words.fact_check, check)));
    known
}

/// In tokens where the provider counted them, else in characters.
fn speed(answer: LiveAnswer, ended: &Ended) -> Option<String> {
    let words = words();
    let characters = |part: &Part| match part {
        Part::Think(text) | Part::Text(text) => text.chars().count() as u64,
        Part::Image(_) => 0,
    };
    let (count, of) = match ended.usage {
        Some(usage) if usage.output > 0 => (usage.output, words.tokens_per_second),
        _ => {
            (answer.with_answer(|all| all.parts().iter().map(characters).sum()), words.characters_per_second)
        }
    };
    let speed = per_second(count, ended.timing.first_ms, ended.timing.total_ms)?;
    Some(format!("{speed} {of}"))
}

/// What went wrong on the way to this page, if anything did.
fn trouble(answer: LiveAnswer) -> Option<String> {
    let (words, trouble) = (words(), answer.trouble());
    let said = [(trouble.breaks, words.fact_breaks), (trouble.stalls, words.fact_stalls)]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{what}: {count}"))
        .collect::<Vec<_>>();
    (!said.is_empty()).then(|| said.join(" · "))
}

fn checked(answer: LiveAnswer) -> Option<String> {
    let words = words();
    answer.with_answer(|all| {
        let terminal = all.terminal()?;
        let verdict = match all.verdict()? {
            Verdict::Whole => words.fact_whole,
            Verdict::Unverified | Verdict::Mismatch | Verdict::Short => words.fact_doubtful,
        };
        Some(format!("{verdict} ({} B, CRC-32 {})", number(terminal.length.0), terminal.check))
    })
}

fn acts(answer: LiveAnswer, chat: ChatState, draft: RwSignal<Option<String>>) -> impl IntoView {
    let words = words();
    let said = RwSignal::new(None::<bool>);
    let copy_text = Callback::new(move |()| {
        let text = plain_text_of(&answer.id.to_string());
        spawn_local(async move {
            said.set(Some(copy(text).await));
            sleep(SAID_MS).await;
            said.set(None);
        });
    });
    let edit = question(answer, chat).map(|(id, text)| {
        let act: Act = Callback::new(move |()| {
            chat.editing.set(Some(id));
            draft.set(Some(text.clone()));
        });
        quiet(EDIT, words.edit_question, act)
    });
    let result = move || match said.get() {
        None => "",
        Some(true) => words.copied,
        Some(false) => words.copy_failed,
    };
    view! {
        <div class="fact-acts">
            {quiet(COPY, words.copy_text, copy_text)} {edit} <span role="status">{result}</span>
        </div>
    }
}

/// The message that the answer is to, where a person wrote it.
fn question(answer: LiveAnswer, chat: ChatState) -> Option<(MessageId, String)> {
    chat.entries.with_untracked(|entries| {
        entries.iter().find_map(|entry| match entry {
            Entry::User { id, parts, .. } if *id == answer.parent => {
                Some((*id, parts.iter().filter_map(text_of).collect::<Vec<_>>().join("\n\n")))
            }
            Entry::User { .. } | Entry::Answer { .. } => None,
        })
    })
}
