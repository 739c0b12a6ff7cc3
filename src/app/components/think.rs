//! A part of thinking: live while it comes, folded when the answer goes on.

use leptos::html::{Details, Div};
use leptos::prelude::*;

use super::growing::GrowingText;
use crate::app::client::scroll::EndFollower;
use crate::app::state::answer::{LiveAnswer, Piece};
use crate::app::state::words::{duration, fill, words};
use crate::wire::PartKind;

/// Open while the model thinks, and folded with the next part, unless the reader took it in hand: opened
/// it, went back in it, is on it with the keyboard, or selected something. It scrolls in itself, at its end while it is live.
#[component]
pub fn Think(answer: LiveAnswer, piece: Piece) -> impl IntoView {
    let words = words();
    let node = NodeRef::<Details>::new();
    let touched = StoredValue::new(false);
    let is_last = move || answer.pieces.with(|pieces| pieces.last().is_some_and(|p| p.key == piece.key));
    let live = Memo::new(move |_| answer.is_open(piece.index));
    // What the server decides for its page, and the browser when the part begins.
    let open = untrack(is_last);

    let scroller = NodeRef::<Div>::new();
    Effect::new(move |before: Option<(bool, Option<EndFollower>)>| {
        let (was_last, follower) = before.unwrap_or((false, None));
        let last = is_last();
        if last && live.get_untracked() {
            // Only while the part is live: whoever opens it later begins at its beginning.
            return (last, follower.or_else(|| EndFollower::of_box(scroller.get()?.as_ref())));
        }
        let left_alone = || follower.is_none_or(|follower| follower.is_left_alone());
        if was_last && !last && !touched.get_value() && left_alone() {
            fold(node, scroller);
        }
        (last, None)
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
            <div
                class="think-box"
                data-testid="think-box"
                role="group"
                tabindex="0"
                aria-label=words.thought
                node_ref=scroller
            >
                <GrowingText answer index=piece.index />
            </div>
        </details>
    }
}

fn fold(node: NodeRef<Details>, scroller: NodeRef<Div>) {
    if let Some(scroller) = scroller.get_untracked() {
        scroller.set_scroll_top(0);
    }
    if let Some(details) = node.get_untracked() {
        details.set_open(false);
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
