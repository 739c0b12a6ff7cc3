//! The document around the views: what the server wrote into it, its address, what the browser keeps
//! for it, and what happens to it as a whole.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, PageTransitionEvent, Storage, Window};

use super::clock::set_timeout;

/// The id of the script element that carries the page's data.
pub const DATA_ID: &str = "page-data";

fn window() -> Option<Window> {
    web_sys::window()
}

pub(super) fn document() -> Option<Document> {
    window()?.document()
}

/// The id of the one that carries the beginning of the list of conversations.
pub const LIST_DATA_ID: &str = "list-data";

/// The id of the element that holds the list: it is taken over apart from the page.
pub const LIST_ID: &str = "list";

/// Says that the list's handlers are live, for tests.
pub fn mark_list_live() {
    if let Some(list) = list_element() {
        let _ = list.set_attribute("data-live", "true");
    }
}

/// The first element like this.
pub(super) fn first(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok().flatten()
}

/// Shows an element that the server has hidden.
pub(super) fn show(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        let _ = element.remove_attribute("hidden");
    }
}

/// The JSON in one of these.
pub fn data(id: &str) -> Option<String> {
    document()?.get_element_by_id(id)?.text_content()
}

/// The element that holds the list, where the page has one.
pub fn list_element() -> Option<HtmlElement> {
    document()?.get_element_by_id(LIST_ID)?.dyn_into().ok()
}

/// What a screen reader is to be told of answers, where that is not the usual.
pub fn announcing() -> Option<String> {
    document()?.document_element()?.get_attribute("data-announce")
}

/// Says that the page's handlers are live, for tests and for styles.
pub fn mark_hydrated() {
    if let Some(html) = document().and_then(|document| document.document_element()) {
        let _ = html.set_attribute("data-hydrated", "true");
    }
}

/// Where the page is from, like `http://localhost:3000`.
pub fn origin() -> Option<String> {
    window()?.location().origin().ok()
}

/// Gives the page another address and title, without loading anything.
pub fn push_address(path: &str, title: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(path));
    }
    SHOWN.set(address());
    set_title(title);
}

/// Gives the page another address in the place of the one that it has.
pub fn replace_address(path: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(path));
    }
    SHOWN.set(address());
}

/// Gives the page another title, behind the mark that it has.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        let old = document.title();
        document.set_title(&[mark_of(&old), title].concat());
    }
}

/// What can stand before a title: that something runs, has ended, or failed.
pub const MARKS: [&str; 3] = ["● ", "✓ ", "! "];

/// Puts a mark before the title, or none, in the place of the one that it has.
pub fn mark_title(mark: &str) {
    if let Some(document) = document() {
        let old = document.title();
        document.set_title(&[mark, &old[mark_of(&old).len()..]].concat());
    }
}

/// The page's title without a mark.
pub fn plain_title() -> String {
    let title = document().map(|document| document.title()).unwrap_or_default();
    title[mark_of(&title).len()..].to_owned()
}

fn mark_of(title: &str) -> &'static str {
    MARKS.into_iter().find(|mark| title.starts_with(mark)).unwrap_or_default()
}

/// Loads another page.
pub fn go_to(path: &str) {
    if let Some(window) = window() {
        let _ = window.location().assign(path);
    }
}

/// Whether something lies over the page that Esc closes.
pub fn is_overlaid() -> bool {
    document().is_some_and(|document| matches!(document.query_selector(":popover-open, :modal"), Ok(Some(_))))
}

/// Whether what was opened or closed is open now.
pub fn is_opened(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| element.matches(":popover-open").unwrap_or(false))
}

/// Whether an element is scrolled to within `pixels` of its end.
pub fn is_near_end(event: &Event, pixels: i32) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|list| list.scroll_height() - list.client_height() - list.scroll_top() < pixels)
}

/// Whether there is something like this in an element.
pub fn has(element: &Element, selector: &str) -> bool {
    matches!(element.query_selector(selector), Ok(Some(_)))
}

/// Whether somebody points at it, or is on it with the keyboard.
pub fn is_in_use(element: &Element) -> bool {
    element.matches(":hover, :focus-visible").unwrap_or(false)
}

thread_local! {
    /// The address of what the page shows.
    static SHOWN: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The page's address, without what only leads to a place in it.
fn address() -> Option<String> {
    let location = window()?.location();
    Some([location.pathname().ok()?, location.search().ok()?].concat())
}

/// Going back and forth in the history loads the page of that address anew: the server knows best
/// what stands there. Not so where the address leads to another place in the same page. Holds for the
/// life of the page.
pub fn reload_on_history() {
    let Some(window) = window() else {
        return;
    };
    SHOWN.set(address());
    let reload = Closure::<dyn FnMut()>::new(|| {
        let is_other = SHOWN.with_borrow(|shown| *shown != address());
        if let Some(window) = web_sys::window().filter(|_| is_other) {
            let _ = window.location().reload();
        }
    });
    let _ = window.add_event_listener_with_callback("popstate", reload.as_ref().unchecked_ref());
    reload.forget();
}

/// Whether the browser says that there is no network.
pub fn is_offline() -> bool {
    window().is_some_and(|window| !window.navigator().on_line())
}

/// Whether nobody can see the page.
pub fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Whether the main pointer is a mouse or the like: on a phone, a focused field brings up the
/// keyboard.
pub fn has_fine_pointer() -> bool {
    window()
        .and_then(|window| window.match_media("(pointer: fine)").ok().flatten())
        .is_some_and(|query| query.matches())
}

/// 16 bytes for an id. `getRandomValues` also works on plain HTTP, unlike `randomUUID`.
///
/// # Panics
///
/// Outside of a browser.
pub fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok())
        .expect("every browser with WebAssembly has a source of randomness");
    bytes
}

/// What the browser keeps for this site, in all tabs and for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The model that was chosen last.
    Model,
    /// What stands in the composer; only in this tab.
    Draft,
    /// Whether single keys do nothing.
    Keys,
}

impl Kept {
    fn key(self) -> &'static str {
        match self {
            Self::Model => "sluice.model",
            Self::Draft => "sluice.draft",
            Self::Keys => "sluice.keys",
        }
    }

    fn storage(self) -> Option<Storage> {
        let window = window()?;
        // Both throw where the user forbids storage.
        match self {
            Self::Model | Self::Keys => window.local_storage().ok().flatten(),
            Self::Draft => window.session_storage().ok().flatten(),
        }
    }

    /// What was kept.
    pub fn get(self) -> Option<String> {
        self.storage()?.get_item(self.key()).ok().flatten().filter(|value| !value.is_empty())
    }

    /// Keeps it; a full or forbidden storage is no reason to fail.
    pub fn set(self, value: &str) {
        if let Some(storage) = self.storage() {
            let _ = storage.set_item(self.key(), value);
        }
    }
}

/// What happens to the page as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageEvent {
    /// It has been hidden for some time.
    Hidden,
    /// It is shown again, comes out of the browser's page cache, or the network is back.
    Woken,
    /// Another page takes its place. It can still come back, out of the browser's page cache.
    Left,
}

/// What the browser calls [`PageEvent::Left`].
const LEFT: &str = "pagehide";

/// Listeners for [`PageEvent`]s, removed when dropped.
#[derive(Debug)]
pub struct PageEvents {
    targets: Vec<(EventTarget, &'static str)>,
    callback: Closure<dyn FnMut(web_sys::Event)>,
}

impl PageEvents {
    /// Calls `on` when the page has been hidden for `hidden_ms`, and whenever it wakes or is left.
    pub fn listen(hidden_ms: u32, on: impl Fn(PageEvent) + Clone + 'static) -> Self {
        let callback = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            if event.type_() == LEFT {
                return on(PageEvent::Left);
            }
            // The first showing of a page that was just loaded is nothing to wake from.
            let fresh = event.dyn_ref::<PageTransitionEvent>().is_some_and(|event| !event.persisted());
            if fresh {
                return;
            }
            if !is_hidden() {
                return on(PageEvent::Woken);
            }
            let on = on.clone();
            let later = Closure::once_into_js(move || {
                if is_hidden() {
                    on(PageEvent::Hidden);
                }
            });
            set_timeout(later.unchecked_ref(), hidden_ms);
        });
        let mut targets: Vec<(EventTarget, &'static str)> = Vec::new();
        if let (Some(window), Some(document)) = (window(), document()) {
            targets.push((document.into(), "visibilitychange"));
            targets.push((window.clone().into(), "pageshow"));
            targets.push((window.clone().into(), LEFT));
            targets.push((window.into(), "online"));
        }
        for (target, name) in &targets {
            let _ = target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref());
        }
        Self { targets, callback }
    }
}

impl Drop for PageEvents {
    fn drop(&mut self) {
        for (target, name) in &self.targets {
            let _ = target.remove_event_listener_with_callback(name, self.callback.as_ref().unchecked_ref());
        }
    }
}
