//! Parts of the program that the browser loads when they are first needed.
//!
//! With `cargo leptos build --split`, what only a part uses becomes a module of its own, beside the
//! first one; otherwise the parts are in that and "loading" one is done at once. `build.rs` tells
//! the two apart by `cfg(split)`.

use gloo_net::http::Request;

use super::clock::now;
use super::page::{first, show};

pub use leptos::wasm_split::SplitLoaderError as NotLoaded;

/// The id of what the page says when its program is older than the server.
pub const OUTDATED_ID: &str = "outdated";

/// Makes the body of a function a part: the function is async, loads the part and runs the body, or
/// fails with [`NotLoaded`] and can be called again.
macro_rules! part {
    ($(#[$about:meta])* $part:ident => fn $name:ident() -> $value:ty $body:block) => {
        $(#[$about])*
        async fn $name() -> Result<$value, $crate::app::client::part::NotLoaded> {
            #[cfg(split)]
            #[leptos::wasm_split::wasm_split($part, wasm_split_path = leptos::wasm_split, fallible)]
            fn $name() -> Result<$value, $crate::app::client::part::NotLoaded> {
                Ok($body)
            }

            #[cfg(not(split))]
            async fn $name() -> Result<$value, $crate::app::client::part::NotLoaded> {
                Ok($body)
            }

            let value = $name().await;
            if value.is_err() {
                $crate::app::client::part::stop_if_outdated().await;
            }
            value
        }
    };
}

pub(crate) use part;

/// Room that nothing uses. What cuts the module into parts puts their data one behind the other into the
/// place where all of it stood, each at an aligned address; where the gaps make that longer than the place,
/// even by a byte, it silently leaves all data in the first module, 110 KB too much. It drops what nothing
/// reaches, so these bytes make the place longer and are in no module.
#[cfg(split)]
#[used]
static ROOM: [u8; 4096] = [1; 4096];

/// After a part did not come. If the server has another version of the program by now, no part of this
/// one will come any more: the page says so, and this never returns.
pub async fn stop_if_outdated() {
    if is_outdated().await {
        show(OUTDATED_ID);
        std::future::pending::<()>().await;
    }
}

/// Whether the page's own script is not on the server any more. The browser may have kept it for good, so
/// it is asked for under an address that nobody has asked for yet.
async fn is_outdated() -> bool {
    let Some(script) = first("link[rel=modulepreload]").and_then(|link| link.get_attribute("href")) else {
        return false;
    };
    let response = Request::get(&format!("{script}?{}", moment())).send().await;
    response.is_ok_and(|response| response.status() == 404)
}

/// A number that is another one each time. Not the time itself: to write a fraction costs 10 KB.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "some milliseconds, and positive"
)]
fn moment() -> u32 {
    now() as u32
}
