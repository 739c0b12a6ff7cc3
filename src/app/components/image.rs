//! Images: small in the conversation, and links to themselves, which open them large.

use leptos::either::Either;
use leptos::prelude::*;

use crate::app::client::lightbox::{LINK, Labels, open};
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
    let large = image.url.clone();
    Either::Right(view! {
        <a class=LINK href=large on:click=move |ev| open(&ev, labels())>
            <img
                class="image"
                data-testid="image"
                src=image.url
                width=size(image.w)
                height=size(image.h)
                alt=alt
                decoding="async"
            />
        </a>
    })
}

/// An image of the user's. Its size is not known here, so it is always as high, and nothing moves when
/// it has loaded.
pub fn said_image(url: &str) -> impl IntoView + use<> {
    let url = url.to_owned();
    is_shown(&url).then(|| {
        let large = url.clone();
        view! {
            <a class=LINK href=large on:click=move |ev| open(&ev, labels())>
                <img class="said-image" src=url alt=words().image decoding="async" />
            </a>
        }
    })
}

fn labels() -> Labels {
    let words = words();
    Labels {
        close: words.close,
        save: words.save_image,
        previous: words.previous_image,
        next: words.next_image,
    }
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
