//! The list before its part of the program has come: links that the server has written. Here is noticed
//! what it is needed for, and kept what it must catch up with.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;

use super::ListState;
use crate::app::client::clock::Pause;
use crate::app::client::page::{PageEvent, PageEvents, has, list_element};
use crate::app::client::tabs::Tabs;
use crate::app::client::uses::Uses;
use crate::app::state::chat::ChatState;
use crate::wire::{AnswerId, Conversations};

/// A row in which something runs.
const RUNNING: &str = ".row-mark";

/// The list that waits.
#[derive(Debug)]
pub struct Waiting {
    chat: ChatState,
    uses: Uses,
    tabs: Tabs,
    needed: Needed,
    begun: Rc<Cell<bool>>,
}

impl Waiting {
    /// From now on, beside this conversation; none where the page has no list.
    pub fn start(chat: ChatState) -> Option<Self> {
        let element = list_element()?;
        let needed = Needed::default();
        // Somebody has to ask how it goes on.
        if has(&element, RUNNING) {
            needed.set();
        }
        let set = || {
            let needed = needed.clone();
            move || needed.set()
        };
        let uses = Uses::listen(element, set());
        let tabs = Tabs::open(set());
        // Nobody has told a page that was hidden or asleep anything.
        let woken = set();
        std::mem::forget(PageEvents::listen(0, move |event| {
            if event == PageEvent::Woken {
                woken();
            }
        }));
        let begun = Rc::new(Cell::new(false));
        follow_own(chat, needed.clone(), Rc::clone(&begun));
        Some(Self { chat, uses, tabs, needed, begun })
    }

    /// Waits until somebody uses the list, or something happens that it shows.
    pub async fn needed(&self) {
        self.needed.wait().await;
    }

    /// The list that the server wrote, with what it has to catch up with; and the uses, to be repeated
    /// when it is live.
    pub fn end(self, first: Conversations) -> (ListState, Uses) {
        let list = ListState::new(first, self.chat);
        list.catch_up(self.begun.get(), self.tabs);
        (list, self.uses)
    }
}

/// Sees when something is asked here.
fn follow_own(chat: ChatState, needed: Needed, begun: Rc<Cell<bool>>) {
    Effect::new(move |before: Option<Option<AnswerId>>| {
        let running = chat.running().map(|answer| answer.id);
        if running.is_some() && before.is_some_and(|before| before != running) {
            begun.set(true);
            needed.set();
        }
        running
    });
}

/// A need that comes once, and can be waited for. Clones are the same one.
#[derive(Clone, Debug, Default)]
struct Needed {
    is: Rc<Cell<bool>>,
    pause: Pause,
}

impl Needed {
    fn set(&self) {
        self.is.set(true);
        self.pause.end();
    }

    async fn wait(&self) {
        if !self.is.get() {
            self.pause.wait(None).await;
        }
    }
}
