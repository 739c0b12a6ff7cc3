//! An image large, over the page, with what can be done with it. A part of the program that is loaded
//! when the first one is opened; without it, or with the keys that mean a new tab, the link is followed.
//!
//! One listener for all images of the page, since those in Markdown come and go. The dialog itself is the
//! server's (`app::images`): its words weigh nothing here.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlDialogElement, KeyboardEvent, MouseEvent};

use super::page::{document, go_to};
use super::part::part;

/// A link around an image that can be opened.
const LINK: &str = "a.open-image";

/// The dialog's id.
pub const ID: &str = "lightbox";

part! {
    lightbox => fn showing() -> fn(Element) {
        show
    }
}

/// Answers clicks on images, for the life of the page.
pub fn listen() {
    let Some(document) = document() else { return };
    let on_click = Closure::<dyn FnMut(Event)>::new(|event: Event| clicked(&event));
    let _ = document.add_event_listener_with_callback("click", on_click.as_ref().unchecked_ref());
    on_click.forget();
}

fn clicked(event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest(LINK).ok().flatten());
    let mouse: &MouseEvent = event.unchecked_ref();
    let elsewhere = mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key();
    let Some(link) = link.filter(|_| !elsewhere) else { return };
    event.prevent_default();
    spawn_local(async move {
        if let Ok(show) = showing().await {
            show(link);
        } else if let Some(href) = link.get_attribute("href") {
            go_to(&href);
        }
    });
}

/// The dialog, and what is filled in.
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

fn show(link: Element) {
    LIGHTBOX.with_borrow_mut(|lightbox| {
        if lightbox.is_none() {
            *lightbox = Lightbox::find();
        }
        if let Some(lightbox) = lightbox {
            lightbox.fill(link);
            let _ = lightbox.dialog.show_modal();
        }
    });
}

impl Lightbox {
    fn find() -> Option<Self> {
        let document = document()?;
        let dialog: HtmlDialogElement = document.get_element_by_id(ID)?.dyn_into().ok()?;
        let within = |selector| dialog.query_selector(selector).ok().flatten();
        let (save, caption) = (within(".save")?, within("p")?);
        let image = document.create_element("img").ok()?;
        dialog.insert_before(&image, Some(&caption)).ok()?;
        let on_click = Closure::<dyn FnMut(Event)>::new(|event: Event| act(&event));
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
        Some(Self { dialog, image, caption, save, link: None })
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
        let _ = self.dialog.class_list().toggle_with_force("alone", links().len() < 2);
        self.link = Some(link);
    }
}

/// What a click in the dialog means; one beside the image closes it.
fn act(event: &Event) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    match &*target.class_name() {
        "previous" => step(-1),
        "next" => step(1),
        "close" => close(),
        _ if target.id() == ID => close(),
        _ => {}
    }
}

fn close() {
    LIGHTBOX.with_borrow(|lightbox| {
        if let Some(lightbox) = lightbox {
            lightbox.dialog.close();
        }
    });
}

/// All images of the page that can be opened.
fn links() -> Vec<Element> {
    let found = document().and_then(|document| document.query_selector_all(LINK).ok());
    let Some(found) = found else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// Shows the image so many further on in the page, round about.
fn step(by: isize) {
    let mut links = links();
    LIGHTBOX.with_borrow_mut(|lightbox| {
        let Some(lightbox) = lightbox.as_mut().filter(|_| !links.is_empty()) else { return };
        let shown = lightbox.link.as_ref().map(AsRef::as_ref);
        let at = links.iter().position(|link| link.is_same_node(shown)).unwrap_or(0);
        let next = at.checked_add_signed(by).unwrap_or(links.len() - 1) % links.len();
        lightbox.fill(links.swap_remove(next));
    });
}

#[cfg(test)]
mod tests {
    use super::LINK;
    use crate::markdown::OPEN_IMAGE;

    #[test]
    fn the_links_of_markdown_are_listened_to() {
        assert_eq!(LINK, format!("a.{OPEN_IMAGE}"));
    }
}
