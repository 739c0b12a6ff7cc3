//! Conversations, their messages, and the answers that have ended.
//!
//! For now in memory: what a server restart loses, and what idle conversations lose after
//! [`KEEP`]. Everything that asks it goes through [`Store`]'s methods, so that a durable one can take
//! its place.
//!
//! # Architecture Invariant
//!
//! Knows nothing of providers, readers, axum or Leptos. Holds no running answer: the registry does,
//! and hands it over when it has ended.

mod memory;

pub use memory::{KEEP, Placed, Store, StoreError, Stored, StoredAnswer, StoredMessage};
