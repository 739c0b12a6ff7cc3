//! The list of the keys that do something where nobody types: a popover that only the server writes.

use leptos::tachys::html::InertElement;

use super::client::shortcuts::{LIST, SWITCH};
use super::state::words::{beside_words, words};

/// The list, closed.
pub(super) fn shortcuts_list() -> InertElement {
    let (words, beside) = (words(), beside_words());
    let [help, write, new, next, previous, newest, copy, stop] = beside.shortcuts;
    let keys = [
        ("?", help),
        ("/", write),
        ("n", new),
        ("j", next),
        ("k", previous),
        ("g", newest),
        ("c", copy),
        ("Esc", stop),
    ];
    let row = |(key, what)| format!("<div><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>");
    let rows: String = keys.map(row).concat();
    InertElement::new(format!(
        "<div id=\"{LIST}\" class=\"shortcuts\" popover role=\"dialog\" aria-labelledby=\"{LIST}-title\">\
         <h2 id=\"{LIST}-title\">{}</h2><p>{}</p><dl>{rows}</dl>\
         <label><input type=\"checkbox\" id=\"{SWITCH}\" checked> {}</label>\
         <button type=\"button\" class=\"button\" popovertarget=\"{LIST}\" popovertargetaction=\"hide\" \
         autofocus>{}</button></div>",
        words.shortcuts, beside.shortcuts_more, beside.shortcuts_on, words.close,
    ))
}
