//! The list of conversations: a column on a wide screen, and a drawer on a narrow one.
//!
//! The drawer is a popover, which the browser itself opens, closes with Esc and gives the focus back
//! from, with or without our program. What else there is to it is a part that is loaded apart.

use leptos::html::Input;
use leptos::prelude::*;

use super::button::bare;
use super::header::SIDEBAR;
use super::icon::{CLOSE, DELETE, EDIT, icon};
use super::toast::ToastLine;
use crate::app::client::page::{is_near_end, is_opened, mark_list_live};
use crate::app::state::list::ListState;
use crate::app::state::words::{fill, words};
use crate::wire::ConversationId;

/// So many pixels before its end the list loads more.
const NEAR: i32 = 240;

/// The list, and what is told about it.
#[component]
pub fn Sidebar(list: ListState) -> impl IntoView {
    let words = words();
    Effect::new(move |_| {
        list.wake();
        mark_list_live();
    });
    // Only as a drawer is it something that one is in and leaves again.
    let role = RwSignal::new(None::<&'static str>);
    let on_scroll = move |ev: leptos::ev::Event| {
        if is_near_end(&ev, NEAR) {
            list.older();
        }
    };
    let older = move || {
        list.next.get().map(|next| {
            let on_click = move |ev: leptos::ev::MouseEvent| {
                ev.prevent_default();
                list.older();
            };
            view! {
                <a class="older" href=format!("/?before={next}") on:click=on_click>
                    {words.older}
                </a>
            }
        })
    };
    let empty = move || {
        list.rows.with(Vec::is_empty).then(|| view! { <p class="sidebar-empty">{words.no_conversations}</p> })
    };
    view! {
        <div
            id=SIDEBAR
            class="sidebar"
            popover="auto"
            role=role
            aria-label=move || role.get().map(|_| words.conversations)
            on:toggle=move |ev| role.set(is_opened(&ev).then_some("dialog"))
        >
            <button
                type="button"
                class="bare sidebar-close"
                popovertarget=SIDEBAR
                popovertargetaction="hide"
                autofocus
                aria-label=words.close
            >
                {icon(CLOSE)}
            </button>
            <nav class="sidebar-list" aria-label=words.conversations on:scroll=on_scroll>
                <ul>
                    <For
                        each=move || list.rows.with(|rows| rows.iter().map(|row| row.id).collect::<Vec<_>>())
                        key=|id| *id
                        children=move |id| view! { <Row list id /> }
                    />
                </ul>
                {empty}
                {older}
            </nav>
            <ToastLine list />
        </div>
    }
}

/// One conversation: a link to it, and what can be done to it.
#[component]
fn Row(list: ListState, id: ConversationId) -> impl IntoView {
    let words = words();
    let current = move || (list.chat.conversation.get() == Some(id)).then_some("page");
    let running = Memo::new(move |_| list.of(id, |row| row.running.is_some()));
    let renames = Memo::new(move |_| list.renaming.get() == Some(id));
    let title = move || list.of(id, |row| row.title.clone());
    let mark = move || {
        running.get().then(|| {
            view! {
                <span class="row-mark" data-testid="running">
                    <span class="visually-hidden">{words.is_running}</span>
                </span>
            }
        })
    };
    let name = untrack(title);
    // As it is written where the browser is, which the server does not know.
    let when = RwSignal::new(None);
    Effect::new(move |_| when.set(list.asked_at(id)));
    view! {
        <li class="row" class:renames=renames data-testid="conversation">
            <a href=format!("/c/{id}") aria-current=current title=when>
                <span class="row-title">{title}</span>
                {mark}
            </a>
            {move || renames.get().then(|| view! { <NewTitle list id /> })}
            {bare(
                EDIT,
                fill(words.rename, &name),
                Callback::new(move |()| list.renaming.set(Some(id))),
            )}
            {bare(
                DELETE,
                fill(words.delete, &name),
                Callback::new(move |()| list.delete(id)),
            )}
        </li>
    }
}

/// The field for another title, in the place of the row's link.
#[component]
fn NewTitle(list: ListState, id: ConversationId) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let old = untrack(|| list.of(id, |row| row.title.clone()));
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
            field.select();
        }
    });
    // When the field goes it loses the focus, with all that belongs to it gone already.
    let save = move |new: String| {
        if list.renaming.get_untracked() == Some(id) {
            list.rename(id, &new);
        }
    };
    let on_key = move |ev: leptos::ev::KeyboardEvent| match ev.key().as_str() {
        "Enter" if !ev.is_composing() => save(event_target_value(&ev)),
        "Escape" => {
            // It means neither the drawer nor the answer that runs.
            ev.prevent_default();
            list.renaming.set(None);
        }
        _ => {}
    };
    view! {
        <input
            class="row-field"
            type="text"
            maxlength="200"
            aria-label=words().new_title
            value=old
            node_ref=field
            on:keydown=on_key
            on:blur=move |ev| save(event_target_value(&ev))
        />
    }
}
