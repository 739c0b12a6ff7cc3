//! The browser's side of things: network, clock, storage, page events, and the few DOM calls that
//! the views need. The only user of web-sys, js-sys and gloo-net.
//!
//! - [`settings`]: the form of the settings, the cookie, and the page's root
//! - [`stream`]: one connection, frames as they arrive
//! - [`link`]: the connection's life: start, attach, attach again
//! - [`api`]: the small JSON calls
//! - [`backoff`]: how long to wait before trying again
//! - [`body`]: the element that shows Markdown
//! - [`clock`]: now, later, the next frame
//! - [`lightbox`]: an image large, over the page
//! - [`part`]: parts of the program that are loaded when they are needed
//! - [`page`]: the document around the views: its data, address, storage, events
//! - [`notification`]: what a browser shows outside of its pages
//! - [`plain_text`]: an answer without the marks of Markdown
//! - [`scroll`]: follows the end of what scrolls while the reader is there
//! - [`shortcuts`]: what single keys do
//! - [`tabs`]: what the tabs of this site tell each other
//! - [`text`]: text that only grows, the composer's field, the clipboard
//! - [`uses`]: the first use of an element whose handlers come later
//!
//! Everything here is called from effects, event handlers and tasks, never from a component's body:
//! on the server there is no browser behind it.

pub mod api;
pub mod backoff;
pub mod body;
pub mod clock;
pub mod lightbox;
pub mod link;
pub mod notification;
pub mod page;
pub mod part;
pub mod plain_text;
pub mod scroll;
pub mod settings;
pub mod shortcuts;
pub mod stream;
pub mod tabs;
pub mod text;
pub mod uses;
