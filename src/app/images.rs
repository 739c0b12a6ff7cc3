//! What a page says about images that only the server writes: the dialog in which one is shown large, and
//! what is said of one that does not come.

use leptos::tachys::html::InertElement;

use super::client::lightbox::ID;
use super::state::words::{beside_words, words};

/// The dialog, closed and without an image: [`client::lightbox`](super::client::lightbox) fills it.
pub(super) fn lightbox() -> InertElement {
    let (words, beside) = (words(), beside_words());
    InertElement::new(format!(
        "<dialog id=\"{ID}\" class=\"lightbox\"><div class=\"lightbox-bar\">\
         <button type=\"button\" class=\"close\">{}</button>\
         <button type=\"button\" class=\"previous\">{}</button>\
         <button type=\"button\" class=\"next\">{}</button>\
         <a class=\"save\" download>{}</a></div><p class=\"lightbox-caption\"></p></dialog>",
        words.close, beside.previous_image, beside.next_image, beside.save_image,
    ))
}

/// Has an image that does not come say so: on the link around it, where the style shows it. Errors are told
/// to nobody above an image but in the capturing phase, and some happened before this runs.
pub(super) fn broken_images(said: &str) -> String {
    format!(
        "const broken=i=>{{const a=i.tagName=='IMG'&&i.closest('a');if(a)a.dataset.broken={said}}};\
         addEventListener('error',e=>broken(e.target),true);\
         for(const i of document.images)i.complete&&!i.naturalWidth&&broken(i);"
    )
}
