//! Who asks: what an owner is known by.
//!
//! - `token`: what a browser or a program holds
//! - `password`: what a person knows
//! - `login`: from a name and a password to a person, not too often
//!
//! # Architecture Invariant
//!
//! Knows nothing of requests and cookies; the routes do.

mod login;
mod password;
mod token;

pub use login::{LoginError, Logins};
pub use password::{BadCredential, PasswordHash, check_name, check_password};
pub use token::Token;
