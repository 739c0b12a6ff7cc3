//! Lets those formulas scroll that are too wide. They are measured when what they stand in comes near the screen:
//! far from it the browser has not laid them out, and being asked for a size it would have to. A part of the
//! program, with [`super::latex`].

use js_sys::{Array, WeakMap};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use crate::app::client::clock::laid_out;

/// What is observed, and can be skipped: few, where there can be thousands of formulas.
const GROUP: &str = "[data-piece], .group";

/// How far below and above the screen: so much can be scrolled before the next look.
const NEAR: &str = "50%";

thread_local! {
    static OBSERVER: Option<IntersectionObserver> = observer();
    /// Those that are not measured yet, by their group: one that is a single long block gets more of them for long,
    /// and the others in it are not to be asked again.
    static WAITING: WeakMap = WeakMap::new();
}

/// To be called with formulas that are typeset.
pub(super) fn watch(formulas: &[Element]) {
    OBSERVER.with(|observer| {
        let Some(observer) = observer else { return };
        let mut last = None;
        for formula in formulas {
            let group = formula.closest(GROUP).ok().flatten();
            group.iter().for_each(|group| wait(formula, group));
            if let Some(group) = group.as_ref().filter(|group| Some(*group) != last.as_ref()) {
                // What is observed already is not looked at again for being observed once more.
                observer.unobserve(group);
                observer.observe(group);
            }
            last = group;
        }
    });
}

fn observer() -> Option<IntersectionObserver> {
    let look = Closure::<dyn FnMut(Array, IntersectionObserver)>::new(
        |entries: Array, observer: IntersectionObserver| {
            for entry in entries.iter() {
                let entry: IntersectionObserverEntry = entry.unchecked_into();
                if entry.is_intersecting() {
                    let group = entry.target();
                    observer.unobserve(&group);
                    laid_out(&group.clone(), move || measure(&group));
                }
            }
        },
    );
    let options = IntersectionObserverInit::new();
    options.set_root_margin(NEAR);
    let observer = IntersectionObserver::new_with_options(look.as_ref().unchecked_ref(), &options).ok();
    // It looks for as long as the page is there.
    look.forget();
    observer
}

fn wait(formula: &Element, group: &Element) {
    WAITING.with(|waiting| {
        let formulas = waiting.get(group).dyn_into::<Array>().unwrap_or_else(|_| {
            let none = Array::new();
            waiting.set(group, &none);
            none
        });
        formulas.push(formula);
    });
}

/// All are measured before one is changed, so that the page is laid out once more at most.
fn measure(group: &Element) {
    let waiting = WAITING.with(|waiting| {
        let formulas = waiting.get(group);
        waiting.delete(group);
        formulas
    });
    let Ok(formulas) = waiting.dyn_into::<Array>() else { return };
    let formulas = formulas.iter().map(JsCast::unchecked_into::<Element>);
    let wide: Vec<_> = formulas.filter(is_wide).collect();
    for formula in wide {
        let _ = formula.class_list().add_1("wide");
        // What scrolls is to be reached with the keyboard.
        let _ = formula.set_attribute("tabindex", "0");
    }
}

fn is_wide(formula: &Element) -> bool {
    if formula.class_list().contains("display") {
        return formula.scroll_width() > formula.client_width();
    }
    let around = formula.parent_element().map_or(0.0, |around| around.get_bounding_client_rect().width());
    around > 0.0 && formula.get_bounding_client_rect().width() > around
}
