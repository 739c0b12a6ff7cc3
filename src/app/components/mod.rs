//! The pieces that pages are made of.
//!
//! - [`header`], [`icon`], [`signed_in`]: on every page
//! - [`welcome`], [`transcript`], [`connection`], [`announcer`], [`composer`], [`picker`]: the chat
//! - [`sidebar`], [`toast`]: the list of conversations
//! - [`said`], [`answer`] and what is in one: [`think`], [`image`], [`markdown`], [`outcome`], [`foot`], [`facts`]
//! - [`keys`], [`reading_out`]: parts for readers who work without a mouse, or listen
//! - [`versions`]: the way between the versions of a message
//! - [`button`]: buttons that look alike
//! - [`growing`]: text that only grows

pub mod announcer;
pub mod answer;
pub mod button;
pub mod composer;
pub mod connection;
pub mod facts;
pub mod foot;
pub mod growing;
pub mod header;
pub mod icon;
pub mod image;
pub mod keys;
pub mod lab;
pub mod markdown;
pub mod outcome;
pub mod picker;
pub mod reading_out;
pub mod said;
pub mod sidebar;
pub mod signed_in;
pub mod think;
pub mod toast;
pub mod transcript;
pub mod versions;
pub mod welcome;
