//! What to ask for.

use leptos::prelude::*;

use crate::app::state::lab::LabState;
use crate::app::state::lab::form::{Mode, Number};
use crate::app::state::lab::words::words;

/// Which stream, and its options.
#[component]
pub fn LabForm(lab: LabState) -> impl IntoView {
    let words = words();
    let typed = Memo::new(move |_| lab.form.with(|form| form.mode == Mode::Typed));
    let more = move || if typed.get() { words.typed_more } else { words.plain_more };
    view! {
        <div class="lab-mode" data-testid="lab-mode" role="radiogroup" aria-label=words.mode>
            <ModeChoice lab mode=Mode::Plain label=words.plain />
            <ModeChoice lab mode=Mode::Typed label=words.typed />
        </div>
        <p class="lab-more">{more}</p>
        <div class="lab-fields">
            <TextField lab typed />
            <div class="lab-typed" hidden=move || !typed.get()>
                <ModelField lab />
                {Number::ALL
                    .into_iter()
                    .zip(words.numbers)
                    .map(|(number, (label, empty))| view! { <NumberField lab number label empty /> })
                    .collect_view()}
            </div>
        </div>
    }
}

#[component]
fn ModeChoice(lab: LabState, mode: Mode, label: &'static str) -> impl IntoView {
    view! {
        <label>
            <input
                type="radio"
                name="mode"
                value=label
                autocomplete="off"
                checked=lab.form.with_untracked(|form| form.mode == mode)
                on:change=move |_| lab.form.update(|form| form.mode = mode)
            />
            <span>{label}</span>
        </label>
    }
}

#[component]
fn TextField(lab: LabState, typed: Memo<bool>) -> impl IntoView {
    let words = words();
    view! {
        <label class="lab-field lab-text">
            <span>{move || if typed.get() { words.text_typed } else { words.text_plain }}</span>
            <textarea
                name="text"
                rows="2"
                autocomplete="off"
                placeholder=move || if typed.get() { words.first } else { words.text_plain_empty }
                on:input=move |ev| lab.form.update(|form| form.text = event_target_value(&ev))
            ></textarea>
        </label>
    }
}

#[component]
fn ModelField(lab: LabState) -> impl IntoView {
    let option = |model: &'static str| view! { <option value=model>{model}</option> };
    view! {
        <label class="lab-field">
            <span>{words().model}</span>
            <select
                name="model"
                autocomplete="off"
                on:change=move |ev| lab.form.update(|form| form.model = event_target_value(&ev))
            >
                {["demo/article", "demo/echo"].map(option).collect_view()}
            </select>
        </label>
    }
}

#[component]
fn NumberField(lab: LabState, number: Number, label: &'static str, empty: &'static str) -> impl IntoView {
    view! {
        <label class="lab-field">
            <span>{label}</span>
            <input
                type="text"
                inputmode="numeric"
                autocomplete="off"
                name=number.name()
                placeholder=empty
                on:input=move |ev| lab.form.update(|form| form.set(number, event_target_value(&ev)))
            />
        </label>
    }
}
