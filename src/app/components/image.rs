//! An image of an answer.

use leptos::either::Either;
use leptos::prelude::*;

use crate::app::state::words::words;
use crate::wire::Image;

/// Whether an image is loaded: only a path of this very site. A browser takes `//host`, and also
/// `/\host` and either of them with a tab in between, for another host, so a path here has neither
/// backslashes nor control characters.
pub fn is_shown(url: &str) -> bool {
    let mut bytes = url.bytes();
    bytes.next() == Some(b'/')
        && bytes.next() != Some(b'/')
        && !url.bytes().any(|byte| byte == b'\\' || byte.is_ascii_control() || byte == b' ')
}

/// The image in its size, so that nothing moves when it has loaded.
#[component]
pub fn ImageView(image: Image) -> impl IntoView {
    let words = words();
    if !is_shown(&image.url) {
        return Either::Left(view! { <p class="notice" data-testid="notice">{words.image_refused}</p> });
    }
    let alt = if image.alt.is_empty() { words.image.to_owned() } else { image.alt };
    let size = |pixels: u32| (pixels > 0).then_some(pixels);
    Either::Right(view! {
        <img
            class="image"
            data-testid="image"
            src=image.url
            width=size(image.w)
            height=size(image.h)
            alt=alt
            decoding="async"
        />
    })
}

#[cfg(test)]
mod tests {
    use super::is_shown;

    #[test]
    fn only_a_path_of_this_site_is_loaded() {
        assert!(is_shown("/api/files/a.png?x=1"));
        for url in [
            "",
            "//evil",
            "/\\evil",
            "/\t/evil",
            "\\\\evil",
            "https://evil",
            "data:x",
            "api/x",
            "/a\\..",
            " /a",
        ] {
            assert!(!is_shown(url), "{url:?}");
        }
    }
}
