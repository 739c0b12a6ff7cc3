//! What single keys do where nobody types. A part of the program that is loaded with the first of them.

use crate::app::client::part::{NotLoaded, part};
use crate::app::client::shortcuts::Shortcut;

part! {
    /// What answers them.
    keys => fn keys() -> fn(&str) {
        |key| {
            if let Some(shortcut) = Shortcut::of(key) {
                shortcut.act();
            }
        }
    }
}

/// Loads what answers them.
pub(super) async fn load() -> Result<fn(&str), NotLoaded> {
    keys().await
}
