//! Parts of the program that the browser loads when they are first needed.
//!
//! With `cargo leptos build --split`, what only a part uses becomes a module of its own, beside the
//! first one; otherwise the parts are in that and "loading" one is done at once. `build.rs` tells
//! the two apart by `cfg(split)`.

pub use leptos::wasm_split::SplitLoaderError as NotLoaded;

/// Makes the body of a function a part: the function is async, loads the part and runs the body, or
/// fails with [`NotLoaded`] and can be called again.
macro_rules! part {
    ($(#[$about:meta])* $part:ident => fn $name:ident() -> $value:ty $body:block) => {
        $(#[$about])*
        #[cfg(split)]
        #[leptos::wasm_split::wasm_split($part, wasm_split_path = leptos::wasm_split, fallible)]
        fn $name() -> Result<$value, $crate::app::client::part::NotLoaded> {
            Ok($body)
        }

        $(#[$about])*
        #[cfg(not(split))]
        async fn $name() -> Result<$value, $crate::app::client::part::NotLoaded> {
            Ok($body)
        }
    };
}

pub(crate) use part;
