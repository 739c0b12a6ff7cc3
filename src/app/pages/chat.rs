//! The chat.

use leptos::either::Either;
use leptos::html::Div;
use leptos::prelude::*;

use crate::app::client::page::reload_on_history;
use crate::app::client::scroll::{Away, EndFollower};
use crate::app::components::announcer::Announcer;
use crate::app::components::composer::{Composer, Draft, press};
use crate::app::components::connection::{ConnectionLine, is_in_transcript};
use crate::app::components::header::Header;
use crate::app::components::icon::{DOWN, icon};
use crate::app::components::picker::ModelProblems;
use crate::app::components::transcript::Transcript;
use crate::app::components::welcome::Welcome;
use crate::app::state::chat::ChatState;
use crate::app::state::words::words;
use crate::wire::{Answer, AnswerId, Offset};

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
    let away = RwSignal::new(Away::No);

    Effect::new(move |_| {
        chat.wake();
        reload_on_history();
    });
    follow_end(chat, transcript, to_end, away);

    // Told to the stylesheet, for which finding it out would be a search through all that is shown.
    let waits = Memo::new(move |_| is_in_transcript(chat));
    let welcome = move || match chat.entries.with(Vec::is_empty) {
        true => Either::Left(view! { <Welcome /> }),
        false => Either::Right(view! { <h1 class="visually-hidden">{words.conversation}</h1> }),
    };
    let jump = move || {
        let away = away.get();
        (away != Away::No).then(|| {
            // Who was left behind has missed something already.
            let left = (away == Away::Gone).then(|| untrack(|| progress(chat)));
            let is_new = Memo::new(move |_| left != Some(progress(chat)));
            view! {
                <button type="button" class="jump" on:click=move |_| go_to_end(chat, to_end)>
                    {icon(DOWN)}
                    {move || if is_new.get() { words.new_content } else { words.jump }}
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
                class:waits=waits
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
                <p class="hint">
                    {words.hint} " "
                    <button type="button" class="link" on:click=move |_| press("?".to_owned())>
                        {words.shortcuts}
                    </button>
                </p>
            </div>
        </main>
    }
}

/// How much there is to be seen, for whoever looks elsewhere. Tracked.
fn progress(chat: ChatState) -> Option<(AnswerId, Offset)> {
    let answer = chat.newest()?;
    answer.pieces.track();
    answer.think.track();
    answer.content.track();
    Some((answer.id, answer.with_answer(Answer::offset)))
}

/// The button that leads there is gone then, so the focus goes along.
fn go_to_end(chat: ChatState, to_end: RwSignal<u32>) {
    if let Some(answer) = untrack(|| chat.newest()) {
        answer.take_focus();
    }
    to_end.update(|n| *n += 1);
}

/// Keeps the end in sight while the reader is there.
fn follow_end(chat: ChatState, transcript: NodeRef<Div>, to_end: RwSignal<u32>, away: RwSignal<Away>) {
    // A greeting is read from its beginning.
    let begun = Memo::new(move |_| !chat.entries.with(Vec::is_empty));
    Effect::new(move |_| {
        let follower = transcript
            .get()
            .filter(|_| begun.get())
            .and_then(|element| EndFollower::of_page(&element, move |is_away| away.set(is_away)));
        let Some(follower) = follower else {
            return;
        };
        Effect::new(move |_| {
            if to_end.get() > 0 {
                follower.hold();
            }
        });
    });
}
