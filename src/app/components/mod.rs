//! The pieces that pages are made of.
//!
//! - [`header`], [`icon`], [`signed_in`]: on every page
//! - [`welcome`], [`transcript`], [`connection`], [`announcer`], [`composer`], [`picker`]: the chat
//! - [`answer`] and what is in one: [`think`], [`image`], [`markdown`], [`outcome`]
//! - [`growing`]: text that only grows

pub mod announcer;
pub mod answer;
pub mod composer;
pub mod connection;
pub mod growing;
pub mod header;
pub mod icon;
pub mod image;
pub mod lab;
pub mod markdown;
pub mod outcome;
pub mod picker;
pub mod signed_in;
pub mod think;
pub mod transcript;
pub mod welcome;
