//! An image large, over the page, with what can be done with it. A part of the program that is loaded
//! when the first one is opened; without it, or with the keys that mean a new tab, the link is followed.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Element, Event, HtmlDialogElement, KeyboardEvent, MouseEvent};

use super::page::document;
use super::part::part;

/// The class of a link around an image that can be opened.
pub const LINK: &str = "open-image";

/// What the buttons are called.
#[derive(Clone, Copy, Debug)]
pub struct Labels {
    /// Closes.
    pub close: &'static str,
    /// Saves the image as a file.
    pub save: &'static str,
    /// Shows the image before.
    pub previous: &'static str,
    /// Shows the one behind.
    pub next: &'static str,
}

part! {
    lightbox => fn showing() -> fn(Element, Labels) {
        show
    }
}

/// Opens the image of the link that was clicked.
pub fn open(event: &MouseEvent, labels: Labels) {
    let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    let clicked = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = clicked.and_then(|clicked| clicked.closest("a").ok().flatten());
    let Some(link) = link.filter(|_| !elsewhere) else { return };
    event.prevent_default();
    spawn_local(async move {
        if let Ok(show) = showing().await {
            show(link, labels);
        } else if let (Some(window), Some(href)) = (web_sys::window(), link.get_attribute("href")) {
            let _ = window.location().assign(&href);
        }
    });
}

/// The dialog, made once.
struct Lightbox {
    dialog: HtmlDialogElement,
    image: Element,
    caption: Element,
    save: Element,
    /// The link whose image is shown.
    link: Option<Element>,
}

thread_local! {
    static LIGHTBOX: RefCell<Option<Lightbox>> = const { RefCell::new(None) };
}

fn show(link: Element, labels: Labels) {
    let Some(document) = document() else { return };
    LIGHTBOX.with_borrow_mut(|lightbox| {
        if lightbox.is_none() {
            *lightbox = Lightbox::build(&document, labels);
        }
        if let Some(lightbox) = lightbox {
            lightbox.fill(link);
            let _ = lightbox.dialog.show_modal();
        }
    });
}

impl Lightbox {
    fn build(document: &Document, labels: Labels) -> Option<Self> {
        let make = |name: &str, class: &str, parent: &Element| {
            let element = document.create_element(name).ok()?;
            element.set_class_name(class);
            parent.append_child(&element).ok()?;
            Some(element)
        };
        let dialog = document.create_element("dialog").ok()?;
        dialog.set_class_name("lightbox");
        let bar = make("div", "lightbox-bar", &dialog)?;
        let button = |class, label| {
            let button = make("button", class, &bar)?;
            button.set_text_content(Some(label));
            button.set_attribute("type", "button").ok()
        };
        button("close", labels.close)?;
        button("previous", labels.previous)?;
        button("next", labels.next)?;
        let save = make("a", "save", &bar)?;
        save.set_text_content(Some(labels.save));
        save.set_attribute("download", "").ok()?;
        let image = make("img", "", &dialog)?;
        let caption = make("p", "lightbox-caption", &dialog)?;
        document.body()?.append_child(&dialog).ok()?;
        let on_click = Closure::<dyn FnMut(Event)>::new(|event: Event| clicked(&event));
        let on_key = Closure::<dyn FnMut(KeyboardEvent)>::new(|event: KeyboardEvent| match &*event.key() {
            "ArrowLeft" => step(-1),
            "ArrowRight" => step(1),
            _ => {}
        });
        for (name, listener) in [("click", on_click.as_ref()), ("keydown", on_key.as_ref())] {
            let _ = dialog.add_event_listener_with_callback(name, listener.unchecked_ref());
        }
        // They listen for as long as the page is there.
        on_click.forget();
        on_key.forget();
        Some(Self { dialog: dialog.unchecked_into(), image, caption, save, link: None })
    }

    fn fill(&mut self, link: Element) {
        let small = link.query_selector("img").ok().flatten();
        let attribute = |name| small.as_ref().and_then(|small| small.get_attribute(name));
        let href = link.get_attribute("href").unwrap_or_default();
        let alt = attribute("alt").unwrap_or_default();
        for name in ["width", "height"] {
            let _ = match attribute(name) {
                Some(value) => self.image.set_attribute(name, &value),
                None => self.image.remove_attribute(name),
            };
        }
        let _ = self.image.set_attribute("alt", &alt);
        let _ = self.image.set_attribute("src", &href);
        let _ = self.save.set_attribute("href", &href);
        let _ = self.dialog.set_attribute("aria-label", &alt);
        self.caption.set_text_content(Some(&alt));
        self.link = Some(link);
    }
}

/// What a click in the dialog means; one beside the image closes it.
fn clicked(event: &Event) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    match &*target.class_name() {
        "previous" => step(-1),
        "next" => step(1),
        "close" | "lightbox" => LIGHTBOX.with_borrow(|lightbox| {
            if let Some(lightbox) = lightbox {
                lightbox.dialog.close();
            }
        }),
        _ => {}
    }
}

/// Shows the image so many further on in the page, round about.
fn step(by: i32) {
    let links = document().and_then(|document| document.query_selector_all(&format!("a.{LINK}")).ok());
    let Some(links) = links.filter(|links| links.length() > 0) else { return };
    LIGHTBOX.with_borrow_mut(|lightbox| {
        let Some(lightbox) = lightbox else { return };
        let shown = lightbox.link.as_ref();
        let is_shown =
            |at: &u32| links.item(*at).is_some_and(|link| link.is_same_node(shown.map(AsRef::as_ref)));
        let at = (0..links.length()).find(is_shown).unwrap_or(0);
        let next = (i64::from(at) + i64::from(by)).rem_euclid(i64::from(links.length()));
        let next = u32::try_from(next).ok().and_then(|next| links.item(next));
        if let Some(link) = next.and_then(|link| link.dyn_into().ok()) {
            lightbox.fill(link);
        }
    });
}
