//! The chat.

use leptos::html::Div;
use leptos::prelude::*;

use crate::app::client::page::reload_on_history;
use crate::app::client::scroll::EndFollower;
use crate::app::components::announcer::Announcer;
use crate::app::components::composer::{Composer, Draft};
use crate::app::components::connection::ConnectionLine;
use crate::app::components::header::Header;
use crate::app::components::icon::{DOWN, icon};
use crate::app::components::picker::ModelProblems;
use crate::app::components::transcript::Transcript;
use crate::app::components::welcome::Welcome;
use crate::app::state::chat::ChatState;
use crate::app::state::words::words;

/// `/` without a conversation, `/c/{id}` with one. The list of conversations stands beside it in the
/// document, and is not its business.
#[component]
pub fn ChatPage(chat: ChatState) -> impl IntoView {
    provide_context(chat);
    provide_context(Draft(RwSignal::new(None)));
    let words = words();
    let transcript = NodeRef::<Div>::new();
    // How often somebody asked to go to the end, and whether it is out of sight.
    let to_end = RwSignal::new(0_u32);
    let away = RwSignal::new(false);

    Effect::new(move |_| {
        chat.wake();
        reload_on_history();
    });
    follow_end(transcript, to_end, away);

    let welcome = move || chat.entries.with(Vec::is_empty).then(|| view! { <Welcome /> });
    let jump = move || {
        away.get().then(|| {
            view! {
                <button type="button" class="jump" on:click=move |_| to_end.update(|n| *n += 1)>
                    {icon(DOWN)}
                    {words.jump}
                </button>
            }
        })
    };
    view! {
        <a class="skip" href="#message">
            {words.skip}
        </a>
        <Header />
        <main class="page">
            <div
                class="transcript"
                data-testid="transcript"
                role="region"
                aria-label=words.conversation
                node_ref=transcript
            >
                {welcome}
                <Transcript />
                <ConnectionLine dock=false />
            </div>
            <Announcer />
            <div class="dock">
                {jump}
                <ConnectionLine dock=true />
                <ModelProblems />
                <Composer sent=move |()| to_end.update(|n| *n += 1) />
                <p class="hint">{words.hint}</p>
            </div>
        </main>
    }
}

/// Keeps the end in sight while the reader is there.
fn follow_end(transcript: NodeRef<Div>, to_end: RwSignal<u32>, away: RwSignal<bool>) {
    Effect::new(move |_| {
        let Some(element) = transcript.get() else {
            return;
        };
        let follower = EndFollower::new(&element, move |is_away| away.set(is_away));
        Effect::new(move |_| {
            if to_end.get() > 0 {
                follower.hold();
            }
        });
    });
}
