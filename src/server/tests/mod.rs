//! The whole server over real TCP, asked as any program would ask it.

mod client;
mod csrf;
mod files;
mod life;
mod login;
mod network;
mod owners;
mod pages;
mod providers;
mod refusals;
mod stopping;

pub(crate) use client::{Stream, TestServer, echo, says};
pub(crate) use owners::{Asked, House};
