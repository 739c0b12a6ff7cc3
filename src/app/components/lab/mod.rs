//! The pieces of the stream lab.

pub mod controls;
pub mod curl;
pub mod form;
pub mod frames;
pub mod result;
