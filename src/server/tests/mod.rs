//! The whole server over real TCP, asked as any program would ask it.

mod client;
mod conversations;
mod forms;
mod life;
mod network;
mod pages;
mod providers;
mod refusals;
mod stopping;

pub(crate) use client::{Stream, TestServer, echo, says};
