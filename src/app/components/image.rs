//! Images: small in the conversation, and links to themselves, which `client::lightbox` opens large.

use leptos::either::Either;
use leptos::prelude::*;

use crate::app::state::words::words;
use crate::markdown::{OPEN_IMAGE, size_in};
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

/// An image of an answer.
#[component]
pub fn ImageView(image: Image) -> impl IntoView {
    let words = words();
    let Image { url, w, h, alt } = image;
    if !is_shown(&url) {
        return Either::Left(view! { <p class="notice" data-testid="notice">{words.image_refused}</p> });
    }
    let alt = if alt.is_empty() { words.image.to_owned() } else { alt };
    Either::Right(shown(url, (w > 0 && h > 0).then_some((w, h)), alt, "image"))
}

/// An image of the user's.
pub fn said_image(url: &str) -> impl IntoView + use<> {
    is_shown(url).then(|| shown(url.to_owned(), size_in(url), words().image.to_owned(), "said-image"))
}

/// The image in its size, where that is known, so that nothing moves when it has loaded.
fn shown(url: String, size: Option<(u32, u32)>, alt: String, class: &'static str) -> impl IntoView + use<> {
    let large = url.clone();
    view! {
        <a class=OPEN_IMAGE href=large>
            <img
                class=class
                data-testid=class
                src=url
                width=size.map(|(width, _)| width)
                height=size.map(|(_, height)| height)
                alt=alt
                decoding="async"
            />
        </a>
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::RenderHtml;

    use super::{is_shown, said_image};

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

    #[test]
    fn an_image_of_the_users_has_the_size_that_its_address_says() {
        let html = said_image("/api/files/0f-960x540").to_html();
        assert!(html.contains("width=\"960\" height=\"540\""), "{html}");
        assert!(!said_image("/api/files/0f").to_html().contains("width="));
    }
}
