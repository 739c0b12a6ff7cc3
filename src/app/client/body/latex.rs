//! Copies a selection with its formulas as LaTeX. A part of the program: only [`super::math`] names it.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{ClipboardEvent, DocumentFragment, Element, HtmlElement, Node, Range, XmlSerializer};

use super::{document, wide};

/// A formula that has been typeset.
const FORMULA: &str = "code.typeset";

thread_local! {
    static LISTENS: Cell<bool> = const { Cell::new(false) };
}

/// To be called with formulas that are typeset.
pub(super) fn look_after(formulas: &[Element]) {
    if !LISTENS.replace(true) {
        let on_copy = Closure::<dyn FnMut(ClipboardEvent)>::new(|event: ClipboardEvent| {
            copy(&event);
        });
        let _ = document().add_event_listener_with_callback("copy", on_copy.as_ref().unchecked_ref());
        // It listens for as long as the page is there.
        on_copy.forget();
    }
    wide::watch(formulas);
}

/// Puts the selection into the clipboard, if there are formulas in it.
fn copy(event: &ClipboardEvent) -> Option<()> {
    if event.default_prevented() {
        return None;
    }
    let selection = document().get_selection().ok()??;
    if selection.is_collapsed() || selection.range_count() != 1 {
        return None;
    }
    let range = selection.get_range_at(0).ok()?.clone_range();
    take_whole_formulas(&range);
    let fragment = range.clone_contents().ok()?;
    fragment.query_selector(FORMULA).ok()??;
    let html = XmlSerializer::new().ok()?.serialize_to_string(&fragment).ok()?;
    let clipboard = event.clipboard_data()?;
    clipboard.set_data("text/plain", &text_of(&fragment)?).ok()?;
    clipboard.set_data("text/html", &html).ok()?;
    event.prevent_default();
    Some(())
}

/// A formula that is selected in part is copied whole.
fn take_whole_formulas(range: &Range) {
    let around = |node: Option<Node>| {
        let node = node?;
        let element = node.dyn_ref::<Element>().cloned().or_else(|| node.parent_element())?;
        element.closest(FORMULA).ok()?
    };
    if let Some(formula) = around(range.start_container().ok()) {
        let _ = range.set_start_before(&formula);
    }
    if let Some(formula) = around(range.end_container().ok()) {
        let _ = range.set_end_after(&formula);
    }
}

/// The text as the browser would copy it, with each formula as its source. That needs a place in the
/// page, where nobody sees it.
fn text_of(fragment: &DocumentFragment) -> Option<String> {
    let formulas = fragment.query_selector_all(FORMULA).ok()?;
    for formula in (0..formulas.length()).filter_map(|at| formulas.item(at)) {
        let formula: Element = formula.unchecked_into();
        let latex =
            formula.query_selector("annotation").ok().flatten().and_then(|latex| latex.text_content());
        let latex = latex.unwrap_or_default();
        let display = formula.class_list().contains("display");
        let source = if display { format!("$${latex}$$") } else { format!("${latex}$") };
        let shown = document().create_element(if display { "div" } else { "span" }).ok()?;
        shown.set_class_name("latex");
        shown.set_text_content(Some(&source));
        let _ = formula.replace_with_with_node_1(&shown);
    }
    let place: HtmlElement = document().create_element("div").ok()?.unchecked_into();
    place.set_class_name("visually-hidden copied");
    place.append_child(fragment).ok()?;
    document().body()?.append_child(&place).ok()?;
    let text = place.inner_text();
    place.remove();
    Some(text)
}

#[cfg(all(test, target_family = "wasm"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// What would be copied of a page with this in it, from one text to another.
    fn copied(html: &str, from: (&str, u32), to: (&str, u32)) -> String {
        let place = document().create_element("div").unwrap();
        place.set_inner_html(html);
        document().body().unwrap().append_child(&place).unwrap();
        let text = |selector| place.query_selector(selector).unwrap().unwrap().first_child().unwrap();
        let range = document().create_range().unwrap();
        range.set_start(&text(from.0), from.1).unwrap();
        range.set_end(&text(to.0), to.1).unwrap();
        take_whole_formulas(&range);
        let copied = text_of(&range.clone_contents().unwrap()).unwrap();
        place.remove();
        copied
    }

    fn formula(class: &str, latex: &str) -> String {
        format!(
            "<code class=\"{class} typeset\"><math><semantics><mi>x</mi>\
             <annotation encoding=\"application/x-tex\">{latex}</annotation></semantics></math></code>"
        )
    }

    #[wasm_bindgen_test]
    fn formulas_are_copied_as_latex() {
        let html = format!(
            "<p id=\"a\">one {} two</p><p>{}</p><p id=\"b\">three</p>",
            formula("math", "\\frac{a}{b} &lt; 1"),
            formula("math display", "c"),
        );
        let whole = "one $\\frac{a}{b} < 1$ two\n\n$$c$$\n\nthree";
        assert_eq!(copied(&html, ("#a", 0), ("#b", 5)), whole);
        let begun = "$\\frac{a}{b} < 1$ two\n\n$$c$$\n\nth";
        assert_eq!(copied(&html, ("#a mi", 1), ("#b", 2)), begun);
        assert_eq!(copied(&html, ("#a mi", 0), ("#a mi", 1)), "$\\frac{a}{b} < 1$");
    }
}
