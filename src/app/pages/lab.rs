//! The streams to try.

use leptos::prelude::*;

use crate::app::components::header::Header;
use crate::wire::Models;

/// `/lab`.
#[component]
pub fn LabPage(models: Models) -> impl IntoView {
    let _ = models;
    view! { <Header /> }
}
