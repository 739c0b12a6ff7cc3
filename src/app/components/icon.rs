//! Icons, as paths in a square of 24. Decoration only: the names stand on what they are in.

use leptos::prelude::*;

/// An arrow upwards.
pub const SEND: &str = "M12 19V5M5.5 11.5 12 5l6.5 6.5";
/// A square.
pub const STOP: &str = "M7 7h10v10H7z";
/// An arrow downwards.
pub const DOWN: &str = "M12 5v14M5.5 12.5 12 19l6.5-6.5";
/// Two sheets.
pub const COPY: &str = "M9 9h10v11H9zM15 9V4H5v11h4";
/// A tick.
pub const DONE: &str = "M5 12.5 10 17.5 19 7";
/// A circle of two arrows.
pub const RETRY: &str = "M4 12a8 8 0 0 1 14-5.3L20 9M20 4v5h-5M20 12a8 8 0 0 1-14 5.3L4 15M4 20v-5h5";
/// A pen.
pub const EDIT: &str = "M4 20h4L19 9l-4-4L4 16zM13 7l4 4";
/// A bin.
pub const DELETE: &str = "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13";
/// Three lines.
pub const LIST: &str = "M4 7h16M4 12h16M4 17h10";
/// A cross.
pub const CLOSE: &str = "M6 6l12 12M18 6 6 18";
/// To the left.
pub const PREVIOUS: &str = "M14.500 6 8.500 12l6 6";
/// To the right.
pub const NEXT: &str = "M9.500 6l6 6-6 6";
/// On from a bar.
pub const PROCEED: &str = "M5 6v12M9 12h11M14.500 6.500 20 12l-5.500 5.500";
/// A plus.
pub const NEW: &str = "M12 5v14M5 12h14";
/// Sliders.
pub const SETTINGS: &str = "M4 7h9M18 7h2M4 17h2M11 17h9M15.500 4.500v5M8.500 14.500v5";
/// Waves.
pub const LAB: &str = "M3 8c3 0 3 2 6 2s3-2 6-2 3 2 6 2M3 15c3 0 3 2 6 2s3-2 6-2 3 2 6 2";
/// A gate over water: the mark.
pub const MARK: &str = "M5 3v10M19 3v10M5 6h14M8.500 6v7M12 6v7M15.500 6v7M2.500 17.500c2.400 0 2.400 2 4.800 2s2.400-2 4.700-2 2.400 2 4.800 2 2.400-2 4.700-2";

/// An icon.
pub fn icon(path: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path />
        </svg>
    }
}
