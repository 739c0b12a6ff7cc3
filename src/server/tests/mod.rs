//! The whole server over real TCP, asked as any program would ask it.

mod chaos;
mod client;
mod interleavings;
mod life;
mod network;
mod pages;
mod providers;
mod proxies;
mod races;
mod refusals;
mod stopping;

pub(crate) use client::{Stream, TestServer, echo, says};
