//! The browser's side of things: network, clock, storage, page events, and the few DOM calls that
//! the views need. The only user of web-sys, js-sys and gloo-net.
//!
//! Everything here is called from effects, event handlers and tasks, never from a component's body:
//! on the server there is no browser behind it.

pub mod body;
pub mod clock;
pub mod stream;
