//! What the frames add up to.

use leptos::either::EitherOf3;
use leptos::html::Pre;
use leptos::prelude::*;

use crate::app::client::text::{append, replace};
use crate::app::components::answer::AnswerView;
use crate::app::state::lab::words::words;
use crate::app::state::lab::{LabState, Phase};

/// The typed stream as the chat shows it, the plain one as text that grows.
#[component]
pub fn ResultView(lab: LabState) -> impl IntoView {
    let words = words();
    let idle = Memo::new(move |_| lab.phase() == Phase::Idle);
    let shown = move || match lab.answer.get() {
        Some(answer) => EitherOf3::A(view! { <AnswerView answer /> }),
        None if idle.get() => EitherOf3::B(view! { <p class="lab-nothing">{words.nothing}</p> }),
        None => EitherOf3::C(view! { <PlainText lab /> }),
    };
    view! {
        <section class="lab-panel" aria-label=words.result>
            <h2>{words.result}</h2>
            <div class="lab-result" data-testid="lab-result">
                {shown}
            </div>
        </section>
    }
}

/// Appended to what stands there, so that a selection in it stays.
#[component]
fn PlainText(lab: LabState) -> impl IntoView {
    let node = NodeRef::<Pre>::new();
    Effect::new(move |shown: Option<Option<usize>>| {
        let element = node.get()?;
        Some(lab.plain.with(|text| {
            match shown.flatten().and_then(|shown| text.get(shown..)) {
                Some("") => {}
                Some(more) => append(&element, more),
                // Another stream was started; the element may be that of the one before.
                None => replace(&element, text),
            }
            text.len()
        }))
    });
    view! { <pre class="lab-plain" node_ref=node></pre> }
}
