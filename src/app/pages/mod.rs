//! The pages: one file each.

pub mod chat;
pub mod lab;
pub mod login;
pub mod missing;
