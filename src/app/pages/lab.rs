//! The stream lab: the plain and the typed stream to try, with every frame of them.

use leptos::prelude::*;

use crate::app::components::composer::Draft;
use crate::app::components::header::Header;
use crate::app::components::lab::controls::Controls;
use crate::app::components::lab::curl::CurlCommand;
use crate::app::components::lab::form::LabForm;
use crate::app::components::lab::frames::FrameList;
use crate::app::components::lab::result::ResultView;
use crate::app::state::chat::ChatState;
use crate::app::state::lab::LabState;
use crate::app::state::lab::words::words;
use crate::wire::Models;

/// `/lab`.
#[component]
pub fn LabPage(models: Models) -> impl IntoView {
    // An answer is shown as in the chat, which offers Retry on its newest; here there is no chat
    // around it, so nothing is offered.
    provide_context(ChatState::new(None, models));
    provide_context(Draft(RwSignal::new(None)));
    let lab = LabState::new();
    let words = words();
    view! {
        <Header />
        <main class="lab">
            <div class="lab-intro">
                <h1>{words.title}</h1>
                <p>{words.intro}</p>
                <a href="/">{words.back}</a>
            </div>
            <form
                class="lab-form"
                on:submit=move |ev| {
                    ev.prevent_default();
                    lab.start();
                }
            >
                <LabForm lab />
                <Controls lab />
            </form>
            <div class="lab-panels">
                <ResultView lab />
                <FrameList lab />
            </div>
            <CurlCommand lab />
        </main>
    }
}
