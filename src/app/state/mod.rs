//! What the page knows: signals, and the transitions between them. No DOM.
//!
//! - [`words`]: every sentence that a person reads
//! - [`fold`]: one answer as its bytes arrive, and how much of it is drawn; pure
//! - [`answer`]: one answer as signals
//! - [`attention`]: what a hidden tab says of its answer: its title, and a notification
//! - [`choices`]: a choice in the settings, at once
//! - [`chat`]: the conversation: sending, stopping, trying again
//! - [`list`]: the list of conversations, and what runs in them
//! - [`settings`]: how somebody wants the page to be; pure
//! - [`title`]: what conversations and pages are called; pure
//! - [`lab`]: the stream lab
//! - [`models`]: the model list, grouped, and which one is chosen; pure
//! - [`person`]: who looks at the page

pub mod answer;
pub mod attention;
pub mod chat;
pub mod choices;
pub mod facts;
pub mod fold;
pub mod lab;
pub mod list;
pub mod models;
pub mod person;
pub mod settings;
pub mod speech;
pub mod title;
pub mod words;
