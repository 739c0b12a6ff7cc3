//! What is told about the list, for some seconds, and the way to take it back.

use leptos::html::Button;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::client::clock::sleep;
use crate::app::client::page::is_in_use;
use crate::app::state::list::{ListState, Toast};
use crate::app::state::words::words;

/// So long it stays, and then for as long as somebody is at it.
const SHOWN_MS: u32 = 10_000;
const IN_USE_MS: u32 = 1_000;

/// A polite live region, empty most of the time.
#[component]
pub fn ToastLine(list: ListState) -> impl IntoView {
    let undo = NodeRef::<Button>::new();
    Effect::new(move |_| {
        let Some(toast) = list.toast.get() else {
            return;
        };
        // The button that was pressed is gone with its row; here one can go on.
        if let Some(button) = undo.get_untracked() {
            let _ = button.focus();
        }
        spawn_local(async move {
            sleep(SHOWN_MS).await;
            while undo.get_untracked().is_some_and(|button| is_in_use(&button)) {
                sleep(IN_USE_MS).await;
            }
            if list.toast.get_untracked() == Some(toast) {
                list.toast.set(None);
            }
        });
    });
    let line = move || {
        list.toast.get().map(|toast| {
            let button = matches!(toast, Toast::Deleted { .. }).then(|| {
                view! {
                    <button type="button" class="button" node_ref=undo on:click=move |_| list.undo()>
                        {words().undo}
                    </button>
                }
            });
            view! {
                <div class="toast" data-testid="toast">
                    <span class="toast-says">{ListState::says(&toast)}</span>
                    {button}
                </div>
            }
        })
    };
    view! { <div role="status">{line}</div> }
}
