//! Follows the end of what scrolls (the page, and thinking in it) while the reader is there. Any
//! movement away from the end lets go, and so does a selection; moving down to the end takes hold again.
//!
//! Each scroll position has one owner. While the end is followed that is the follower, and the browser's
//! scroll anchoring is off (`FOLLOWS`, in the stylesheet). Otherwise nothing here writes a position,
//! and anchoring keeps what the reader looks at where it is, whatever grows or folds above it.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    AddEventListenerOptions, Element, Event, EventTarget, KeyboardEvent, ResizeObserver, WheelEvent,
};

use super::page::document;

/// So close to the end, in pixels, counts as at the end: a line more may have come meanwhile.
const NEAR: f64 = 32.0;

/// Positions are rounded, so that the end can seem to be this far away, in pixels.
const ROUNDING: f64 = 2.0;

/// The attribute of a scrolling element whose end is followed.
const FOLLOWS: &str = "data-follows";

/// What a reader may do about the position.
const EVENTS: [&str; 6] = ["scroll", "wheel", "touchmove", "touchend", "keydown", "resize"];

/// Follows the end of one scrolling element. Clones are the same follower; when the last one is gone,
/// nothing is followed any more.
#[derive(Clone)]
pub struct EndFollower(Rc<Inner>);

struct Inner {
    scroller: Element,
    content: Element,
    following: Cell<bool>,
    seen: Cell<Seen>,
    /// Told whenever it changes whether the end is out of sight and not followed.
    on_away: Box<dyn Fn(Away)>,
    away: Cell<Away>,
    observer: RefCell<Option<ResizeObserver>>,
}

/// Whether the end is out of sight and not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    /// It is in sight.
    No,
    /// The reader went away from it.
    Gone,
    /// The reader stayed, and more came than the screen holds.
    LeftBehind,
}

/// Where the reader was, and how high all of it is, when it was looked at last.
#[derive(Clone, Copy, Default)]
struct Seen {
    top: f64,
    height: f64,
}

impl std::fmt::Debug for EndFollower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndFollower").field("following", &self.0.following.get()).finish_non_exhaustive()
    }
}

impl EndFollower {
    /// Follows the end of the page, which grows with `content` and what stands beside it; from the
    /// beginning, unless the browser has brought the reader back to another place.
    pub fn of_page(content: &Element, on_away: impl Fn(Away) + 'static) -> Option<Self> {
        let page = document()?.scrolling_element()?;
        Some(Self::new(page, content, web_sys::window()?.as_ref(), Box::new(on_away)))
    }

    /// Follows the end of a box, which grows with the one element in it.
    pub fn of_box(scroller: &Element) -> Option<Self> {
        let content = scroller.first_element_child()?;
        Some(Self::new(scroller.clone(), &content, scroller, Box::new(|_| {})))
    }

    fn new(scroller: Element, content: &Element, source: &EventTarget, on_away: Box<dyn Fn(Away)>) -> Self {
        let inner = Rc::new(Inner {
            scroller,
            content: content.clone(),
            following: Cell::new(false),
            seen: Cell::default(),
            on_away,
            away: Cell::new(Away::No),
            observer: RefCell::new(None),
        });
        inner.seen.set(inner.look());
        inner.follow(inner.seen.get().top == 0.0 || inner.is_near());
        observe(&inner);
        listen(&inner, source);
        Self(inner)
    }

    /// Goes to the end and stays there.
    pub fn hold(&self) {
        self.0.follow(true);
        self.0.to_end();
        self.0.tell(false);
    }

    /// Whether the reader has left it at its end, is not on it with the keyboard, and has nothing in it selected.
    pub fn is_left_alone(&self) -> bool {
        let has_focus = self.0.scroller.matches(":focus").unwrap_or(false);
        self.0.following.get() && !has_focus && !self.0.is_selected()
    }
}

impl Inner {
    /// After anything has changed its height.
    fn settle(&self) {
        self.compare();
        if self.following.get() {
            if self.is_selected() {
                self.follow(self.is_near());
            } else if !self.is_pressed() {
                self.to_end();
            }
        }
        self.tell(true);
    }

    /// Finds out whether the reader moved. Upwards lets go, also by the scroll bar; down to the end
    /// takes hold. What becomes shorter moves up too, as far as that, and anchoring moves as far as things grow: neither
    /// is the reader's doing.
    fn compare(&self) {
        let now = self.look();
        let before = self.seen.replace(now);
        let (moved, grew) = (now.top - before.top, now.height - before.height);
        if moved < grew.min(0.0) && self.distance() > ROUNDING {
            self.follow(false);
        } else if moved > 0.0 && moved > grew {
            self.take_hold();
        }
    }

    fn follow(&self, following: bool) {
        self.following.set(following);
        let _ = self.scroller.toggle_attribute_with_force(FOLLOWS, following);
    }

    fn take_hold(&self) {
        if self.is_near() && !self.is_selected() {
            self.follow(true);
        }
    }

    fn to_end(&self) {
        self.scroller.set_scroll_top(self.scroller.scroll_height());
        self.seen.set(self.look());
    }

    /// What the reader does counts at once and not at the scroll event that follows from it: a flush
    /// may come between the two.
    fn on_event(&self, event: &Event) {
        match event.type_().as_str() {
            "scroll" => self.compare(),
            "resize" => return self.settle(),
            // A finger that leaves it at its end did not mean to go away.
            "touchend" => self.take_hold(),
            _ => match direction(event) {
                Direction::Up if self.can_scroll() || is_in_box(event) => self.follow(false),
                Direction::Down => self.take_hold(),
                Direction::Up | Direction::Neither => {}
            },
        }
        self.tell(false);
    }

    fn tell(&self, grew: bool) {
        let away = match self.away.get() {
            _ if self.following.get() || self.is_near() => Away::No,
            Away::No if grew => Away::LeftBehind,
            Away::No => Away::Gone,
            still => still,
        };
        if self.away.replace(away) != away {
            (self.on_away)(away);
        }
    }

    fn can_scroll(&self) -> bool {
        self.scroller.scroll_height() > self.scroller.client_height()
    }

    fn look(&self) -> Seen {
        Seen { top: f64::from(self.scroller.scroll_top()), height: f64::from(self.scroller.scroll_height()) }
    }

    /// From what is seen to the end, in pixels.
    fn distance(&self) -> f64 {
        let seen = self.look();
        seen.height - f64::from(self.scroller.client_height()) - seen.top
    }

    fn is_near(&self) -> bool {
        self.distance() <= NEAR
    }

    /// What is pressed must not move away under the pointer, be it a button or where a selection begins.
    fn is_pressed(&self) -> bool {
        self.content.matches(":active").unwrap_or(false)
    }

    fn is_selected(&self) -> bool {
        let selection = document().and_then(|document| document.get_selection().ok().flatten());
        selection.is_some_and(|selection| {
            !selection.is_collapsed()
                && (self.content.contains(selection.anchor_node().as_ref())
                    || self.content.contains(selection.focus_node().as_ref()))
        })
    }
}

/// The browser calls this after layout and before the frame is drawn, whatever changed the height: text,
/// an image, a fold, and also the composer below.
fn observe(inner: &Rc<Inner>) {
    let follower = Rc::downgrade(inner);
    let resized = Closure::<dyn FnMut()>::new(move || with(&follower, Inner::settle));
    if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
        observer.observe(&inner.content);
        if let Some(around) = inner.content.parent_element() {
            observer.observe(&around);
        }
        inner.observer.replace(Some(observer));
    }
    resized.forget();
}

fn listen(inner: &Rc<Inner>, source: &EventTarget) {
    let follower = Rc::downgrade(inner);
    let on = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        with(&follower, |inner| inner.on_event(&event));
    });
    let passive = AddEventListenerOptions::new();
    passive.set_passive(true);
    for name in EVENTS {
        let _ = source.add_event_listener_with_callback_and_add_event_listener_options(
            name,
            on.as_ref().unchecked_ref(),
            &passive,
        );
    }
    on.forget();
}

fn with(follower: &Weak<Inner>, f: impl FnOnce(&Inner)) {
    if let Some(inner) = follower.upgrade() {
        f(&inner);
    }
}

/// Where the reader wants to go.
enum Direction {
    Up,
    Down,
    Neither,
}

fn direction(event: &Event) -> Direction {
    if let Some(wheel) = event.dyn_ref::<WheelEvent>() {
        return match wheel.delta_y() {
            // It makes the page larger or smaller.
            _ if wheel.ctrl_key() => Direction::Neither,
            y if y < 0.0 => Direction::Up,
            y if y > 0.0 => Direction::Down,
            _ => Direction::Neither,
        };
    }
    let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
        // A finger moves either way; where it leads shows when it is lifted.
        return Direction::Up;
    };
    match key.key().as_str() {
        _ if is_in_field(event) => Direction::Neither,
        "PageUp" | "Home" | "ArrowUp" => Direction::Up,
        " " if key.shift_key() => Direction::Up,
        _ => Direction::Neither,
    }
}

/// Who reads in a box of its own does not want it to be carried away, even by a page that was short
/// until then.
fn is_in_box(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| matches!(element.closest(".think-box"), Ok(Some(_))))
}

/// In a field these keys move the cursor and not the page.
pub(super) fn is_in_field(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| matches!(element.tag_name().as_str(), "TEXTAREA" | "SELECT" | "INPUT"))
}

/// Puts the focus on an element that is not reached with Tab, without moving the page for good: whoever
/// owns its position moves it.
pub fn focus_on(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.set_attribute("tabindex", "-1");
        let _ = element.focus();
    }
}
