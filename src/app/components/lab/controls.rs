//! The four buttons, and where the stream stands.

use leptos::prelude::*;

use crate::app::state::lab::words::words;
use crate::app::state::lab::{LabState, Phase};

/// Start, Stop, Cut connection, Resume. Start submits the form around them.
#[component]
pub fn Controls(lab: LabState) -> impl IntoView {
    let words = words();
    let phase = Memo::new(move |_| lab.phase());
    let running = move || phase.get() == Phase::Running;
    let can_resume = move || phase.get() == Phase::Cut && lab.is_typed();
    let problem =
        move || lab.problem.get().map(|text| view! { <p class="lab-problem" role="alert">{text}</p> });
    let no_resume = move || {
        let plain_cut = phase.get() == Phase::Cut && !lab.is_typed();
        plain_cut.then(|| view! { <p class="lab-hint">{words.no_resume}</p> })
    };
    view! {
        <div class="lab-controls">
            <button type="submit" class="button primary" disabled=running>
                {words.start}
            </button>
            <button
                type="button"
                class="button"
                disabled=move || !running() && !can_resume()
                on:click=move |_| lab.stop()
            >
                {words.stop}
            </button>
            <button type="button" class="button" disabled=move || !running() on:click=move |_| lab.cut()>
                {words.cut_connection}
            </button>
            <button type="button" class="button" disabled=move || !can_resume() on:click=move |_| lab.resume()>
                {words.resume}
            </button>
            <span
                class="lab-state"
                role="status"
                data-testid="lab-state"
                data-state=move || name(phase.get())
            >
                {move || words.phases[phase.get() as usize]}
            </span>
        </div>
        {problem}
        {no_resume}
    }
}

fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::Idle => "idle",
        Phase::Running => "running",
        Phase::Cut => "cut",
        Phase::End => "end",
        Phase::Cancelled => "cancelled",
        Phase::Error => "error",
    }
}
