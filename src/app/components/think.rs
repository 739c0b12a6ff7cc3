//! A part of thinking: live while it comes, folded when the answer goes on.

use leptos::html::Details;
use leptos::prelude::*;

use super::growing::GrowingText;
use crate::app::state::answer::{LiveAnswer, Piece};
use crate::app::state::words::{duration, fill, words};
use crate::wire::PartKind;

/// Open while the model thinks, and folded with the next part, unless the reader took it in hand.
#[component]
pub fn Think(answer: LiveAnswer, piece: Piece) -> impl IntoView {
    let words = words();
    let node = NodeRef::<Details>::new();
    let touched = StoredValue::new(false);
    let is_last = move || answer.pieces.with(|pieces| pieces.last().is_some_and(|p| p.key == piece.key));
    let live = Memo::new(move |_| answer.is_open(piece.index));
    // What the server decides for its page, and the browser when the part begins.
    let open = untrack(is_last);

    Effect::new(move |was_last: Option<bool>| {
        let last = is_last();
        if was_last == Some(true)
            && !last
            && !touched.get_value()
            && let Some(details) = node.get_untracked()
        {
            details.set_open(false);
        }
        last
    });
    let summary = move || {
        if live.get() {
            return words.thinking.to_owned();
        }
        match took(answer, piece) {
            Some(ms) => fill(words.thought_for, &duration(ms)),
            None => words.thought.to_owned(),
        }
    };
    view! {
        <details class="think" class:live=live data-testid="think" open=open node_ref=node>
            <summary on:click=move |_| touched.set_value(true)>{summary}</summary>
            <div class="think-box">
                <GrowingText answer index=piece.index />
            </div>
        </details>
    }
}

/// How long it took: as the server measured it, once it has said so and there is just one part of
/// thinking; until then as this page saw it.
fn took(answer: LiveAnswer, piece: Piece) -> Option<u64> {
    let only =
        answer.pieces.with(|pieces| pieces.iter().filter(|other| other.kind == PartKind::Think).count() == 1);
    let measured = answer.ended.get().and_then(|ended| ended.timing.think_ms);
    measured.filter(|_| only).or(piece.took.get())
}
