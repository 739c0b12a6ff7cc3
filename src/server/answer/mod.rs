//! The life of an answer: its buffer, its run, its readers, and the registry that owns them.
//!
//! - `live`: one running answer: the buffer, and who wins when several want to end it
//! - `reader`: a cursor into an answer, as a stream of encoded frames
//! - `run`: what asks the provider and writes into the buffer
//! - `registry`: which answers there are; starting, finding, saving, cancelling, draining
//!
//! # Architecture Invariant
//!
//! A run belongs to the registry and never to a response: a reader that goes away changes nothing.
//! There is no queue between a run and a reader, so none can overflow and a slow reader costs nobody
//! anything. Knows nothing of axum.

mod live;
mod reader;
mod registry;
mod run;

pub use live::{Full, Live, Unsaved};
pub use reader::{Origin, StoredAnswer, frames};
pub use registry::{Attached, Limits, Registry, StartError, Started, Target};
