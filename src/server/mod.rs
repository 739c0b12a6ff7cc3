//! The server: everything behind the feature `ssr`.
//!
//! - [`commands`]: the command line
//! - [`provider`]: where answers come from

pub mod commands;
pub mod provider;
