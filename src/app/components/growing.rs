//! Text that only grows: appended to what stands there, so that a selection in it stays. The server
//! writes what there is so far, and the browser goes on from the end of it.

use leptos::html::Div;
use leptos::prelude::*;

use crate::app::client::text::{append, replace};
use crate::app::state::answer::LiveAnswer;

/// The drawn text of one part of thinking.
#[component]
pub fn GrowingText(answer: LiveAnswer, index: usize) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let first = answer.with_shown(index, str::to_owned);
    let shown = StoredValue::new(first.len());
    let show = move || {
        let Some(element) = node.get_untracked() else {
            return;
        };
        answer.with_shown(index, |text| {
            let before = shown.get_value();
            match text.get(before..) {
                Some("") => {}
                Some(more) => append(&element, more),
                None => replace(&element, text),
            }
            shown.set_value(text.len());
        });
    };
    Effect::new(move |_| {
        if node.get().is_some() {
            // At once when the signal is set, so that a flush knows how long its drawing takes.
            ImmediateEffect::new_scoped(move || {
                if answer.is_growing(index) {
                    answer.think.track();
                }
                show();
            });
        }
    });
    // An empty string would be written as a space.
    let first = Some(first).filter(|text| !text.is_empty());
    view! {
        <div class="think-text" data-testid="think-text" node_ref=node>
            {first}
        </div>
    }
}
