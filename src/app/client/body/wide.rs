//! Lets those formulas scroll that are too wide. They are measured when what they stand in comes near the screen:
//! far from it the browser has not laid them out, and being asked for a size it would have to. A part of the
//! program, with [`super::latex`].

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use super::latex::FORMULA;
use crate::app::client::clock::laid_out;

/// What is observed ([`super::group::CLASS`]): few, where there can be thousands of formulas.
const GROUP: &str = ".group";

/// How far below and above the screen: so much can be scrolled before the next look.
const NEAR: &str = "50%";

thread_local! {
    static OBSERVER: Option<IntersectionObserver> = observer();
}

/// To be called with formulas that are typeset.
pub(super) fn watch(formulas: &[Element]) {
    OBSERVER.with(|observer| {
        let Some(observer) = observer else { return };
        let mut last = None;
        for formula in formulas {
            let group = formula.closest(GROUP).ok().flatten();
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

/// All are measured before one is changed, so that the page is laid out once more at most.
fn measure(group: &Element) {
    let Ok(found) = group.query_selector_all(FORMULA) else { return };
    let formulas = (0..found.length()).filter_map(|at| found.item(at)).map(JsCast::unchecked_into::<Element>);
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
