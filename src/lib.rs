//! Sluice: a self-hosted AI chat whose answers cannot be lost.
//!
//! This file is the map. In reading order:
//!
//! - [`wire`]: what crosses the network: events, offsets, and the answer they fold into
//! - [`sse`]: `text/event-stream`, decoder and encoder
//! - [`markdown`]: Markdown text to blocks
//! - [`app`]: the user interface, rendered by the server and hydrated in the browser
//! - `server`: the program (only with the feature `ssr`)
//! - `browser`: the browser's entry (only with the feature `hydrate`)
//!
//! Who may import whom: `wire`, `sse` and `markdown` import nothing of ours; `app` imports those
//! three; `server` imports `wire` and `sse`, and only its router and its pages import `app`. The test
//! in `layers` reads the sources and holds this.

pub mod wire;

pub mod sse;

pub mod markdown;

pub mod app;

#[cfg(feature = "ssr")]
pub mod server;

// Tests that read the sources: there is no file system in a browser.
#[cfg(all(test, not(target_family = "wasm")))]
mod layers;
#[cfg(all(test, not(target_family = "wasm")))]
mod styles;

#[cfg(feature = "hydrate")]
pub mod browser;

// The tests that are compiled to WASM run where the code does.
#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
