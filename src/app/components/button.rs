//! Buttons that look alike. What they do is a [`Callback`] and not a type of its own each time, so that
//! many of them weigh little.

use leptos::prelude::*;

use super::icon::icon;

/// What a click does.
pub type Act = Callback<()>;

/// A small button in a row of its kind: an icon, and its name beside it.
pub fn quiet(path: &'static str, name: &'static str, act: Act) -> impl IntoView {
    view! {
        <button type="button" class="quiet" on:click=move |_| act.run(())>
            {icon(path)}
            <span>{name}</span>
        </button>
    }
}

/// A button of which only the icon is seen, and its name when one points at it.
pub fn bare(path: &'static str, name: String, act: Act) -> impl IntoView {
    view! {
        <button type="button" class="bare" title=name on:click=move |_| act.run(())>
            {icon(path)}
        </button>
    }
}
