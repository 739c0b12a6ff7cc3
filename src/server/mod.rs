//! The server: everything behind the feature `ssr`. In the order of a request:
//!
//! - [`commands`]: the command line
//! - [`config`]: the settings
//! - [`serve`]: binding, serving, stopping
//! - [`router`]: every route on one screen
//! - [`routes`]: thin handlers
//! - [`answer`]: the life of an answer: buffer and cursors, run, registry
//! - [`provider`]: where answers come from
//! - [`store`]: owners, conversations and answers, on disk
//! - [`owner`]: who asks: tokens and passwords
//! - [`error`]: what a request is refused with
//! - [`state`]: what every handler can reach
//! - [`telemetry`]: what is logged

pub mod answer;
pub mod commands;
pub mod config;
pub mod error;
pub mod owner;
pub mod provider;
pub mod router;
pub mod routes;
pub mod serve;
pub mod state;
pub mod store;
pub mod telemetry;

#[cfg(test)]
mod tests;
