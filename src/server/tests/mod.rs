//! The whole server over real TCP, asked as any program would ask it.

mod chaos;
mod client;
mod conversations;
mod csrf;
mod files;
mod forms;
mod house;
mod interleavings;
mod life;
mod login;
mod network;
mod owners;
mod pages;
mod providers;
mod proxies;
mod races;
mod refusals;
mod refused_pages;
mod stopping;

pub(crate) use client::{Stream, TestServer, echo, says};
pub(crate) use house::{Asked, House};
