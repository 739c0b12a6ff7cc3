//! The model picker, and what providers have to complain about.

use leptos::prelude::*;

use crate::app::state::chat::ChatState;
use crate::app::state::models::{Group, groups};
use crate::app::state::words::words;
use crate::wire::{ModelInfo, ModelProblem};

/// The models by provider.
#[component]
pub fn ModelPicker() -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let option = move |model: ModelInfo| {
        let id = model.id.clone();
        // The attribute is for the server's page; afterwards only the property counts.
        let first = chat.model.with_untracked(|chosen| chosen.as_ref() == Some(&id));
        view! {
            <option
                value=model.id
                selected=first
                prop:selected=move || chat.model.with(|chosen| chosen.as_ref() == Some(&id))
            >
                {model.label}
            </option>
        }
    };
    let group = move |group: Group| {
        view! {
            <optgroup label=group.provider>
                {group.models.into_iter().map(option).collect_view()}
            </optgroup>
        }
    };
    view! {
        <select
            class="picker"
            name="model"
            data-testid="model"
            aria-label=words().model
            autocomplete="off"
            on:change=move |ev| chat.pick(event_target_value(&ev))
        >
            {move || chat.models.with(groups).into_iter().map(group).collect_view()}
        </select>
    }
}

/// Providers that could not say which models they have, and the case that there is no model at all.
#[component]
pub fn ModelProblems() -> impl IntoView {
    let chat = expect_context::<ChatState>();
    let problem = |problem: ModelProblem| {
        view! {
            <p class="problem">
                <strong>{problem.provider}</strong>
                " "
                {words().no_list}
                " "
                {problem.message}
            </p>
        }
    };
    let none = move || {
        chat.models
            .with(|models| models.models.is_empty())
            .then(|| view! { <p class="problem">{words().no_models}</p> })
    };
    view! {
        <div class="problems">
            {none}
            {move || chat.models.with(|m| m.problems.clone()).into_iter().map(problem).collect_view()}
        </div>
    }
}
