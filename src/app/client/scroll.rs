//! Follows the end of the page while the reader is there. Any movement away from it lets go; moving
//! down to the end takes hold again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, Element, Event, KeyboardEvent, ResizeObserver, WheelEvent};

use super::page::document;

/// So close to the end, in pixels, counts as at the end.
const NEAR: f64 = 24.0;

/// Follows the end of the page. Clones are the same follower. It lives as long as the page.
#[derive(Clone)]
pub struct EndFollower(Rc<Inner>);

struct Inner {
    following: Cell<bool>,
    last_top: Cell<f64>,
    /// Told whenever it changes whether the end is out of sight and not followed.
    on_away: Box<dyn Fn(bool)>,
    away: Cell<bool>,
    observer: RefCell<Option<ResizeObserver>>,
}

impl std::fmt::Debug for EndFollower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndFollower").field("following", &self.0.following.get()).finish_non_exhaustive()
    }
}

impl EndFollower {
    /// Follows the growth of `content`, which stands in the scrolling page; from the beginning, unless
    /// the browser has brought the reader back to another place in it.
    pub fn new(content: &Element, on_away: impl Fn(bool) + 'static) -> Self {
        let follower = Self(Rc::new(Inner {
            following: Cell::new(top() == 0.0 || distance() <= NEAR),
            last_top: Cell::new(top()),
            on_away: Box::new(on_away),
            away: Cell::new(false),
            observer: RefCell::new(None),
        }));
        follower.observe(content);
        follower.listen();
        follower
    }

    /// Goes to the end and stays there.
    pub fn hold(&self) {
        self.0.following.set(true);
        self.to_end();
    }

    /// The browser calls this after layout and before the frame is drawn, whatever made the content
    /// grow: text, an image, a fold.
    fn observe(&self, content: &Element) {
        let follower = self.clone();
        let resized = Closure::<dyn FnMut()>::new(move || follower.settle());
        if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(content);
            self.0.observer.replace(Some(observer));
        }
        resized.forget();
    }

    fn settle(&self) {
        if self.0.following.get() {
            self.to_end();
        }
        self.tell();
    }

    fn to_end(&self) {
        if let Some(page) = scroller() {
            page.set_scroll_top(page.scroll_height());
            self.0.last_top.set(top());
        }
        self.tell();
    }

    fn listen(&self) {
        let Some(window) = web_sys::window() else {
            return;
        };
        let follower = self.clone();
        let on = Closure::<dyn FnMut(Event)>::new(move |event: Event| match event.type_().as_str() {
            "scroll" => follower.scrolled(),
            "touchend" => follower.released(),
            _ if leads_up(&event) => follower.let_go(),
            _ => {}
        });
        let passive = AddEventListenerOptions::new();
        passive.set_passive(true);
        for name in ["scroll", "wheel", "touchmove", "touchend", "keydown"] {
            let _ = window.add_event_listener_with_callback_and_add_event_listener_options(
                name,
                on.as_ref().unchecked_ref(),
                &passive,
            );
        }
        on.forget();
    }

    /// A scroll upwards lets go, also by the scroll bar; one downwards that reaches the end takes
    /// hold. A page that became shorter moves up too, but stays at its end.
    fn scrolled(&self) {
        let (before, now) = (self.0.last_top.replace(top()), top());
        if now < before && distance() > NEAR {
            self.0.following.set(false);
        } else if now > before && distance() <= NEAR {
            self.0.following.set(true);
        }
        self.tell();
    }

    /// At once and not at the scroll event that follows: a flush may come between the two.
    fn let_go(&self) {
        if scroller().is_some_and(|page| page.scroll_height() > page.client_height()) {
            self.0.following.set(false);
        }
    }

    /// A finger that leaves the page at its end did not mean to go away.
    fn released(&self) {
        if distance() <= NEAR {
            self.0.following.set(true);
        }
    }

    fn tell(&self) {
        let away = !self.0.following.get() && distance() > NEAR;
        if self.0.away.replace(away) != away {
            (self.0.on_away)(away);
        }
    }
}

fn leads_up(event: &Event) -> bool {
    if let Some(wheel) = event.dyn_ref::<WheelEvent>() {
        return wheel.delta_y() < 0.0;
    }
    if let Some(key) = event.dyn_ref::<KeyboardEvent>() {
        return matches!(key.key().as_str(), "PageUp" | "Home" | "ArrowUp") && !is_in_field(event);
    }
    true
}

/// In a field these keys move the cursor and not the page.
fn is_in_field(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| matches!(element.tag_name().as_str(), "TEXTAREA" | "SELECT" | "INPUT"))
}

fn scroller() -> Option<Element> {
    document()?.scrolling_element()
}

fn top() -> f64 {
    scroller().map_or(0.0, |page| f64::from(page.scroll_top()))
}

/// From what is seen to the end, in pixels.
fn distance() -> f64 {
    scroller().map_or(0.0, |page| f64::from(page.scroll_height() - page.client_height()) - top())
}
