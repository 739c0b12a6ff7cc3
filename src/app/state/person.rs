//! Who looks at the page, as far as the page shows it.

use serde::{Deserialize, Serialize};

/// The name of the person who has logged in, in the context of every page; `None` where nobody has
/// to.
#[derive(Clone, Debug, Default)]
pub struct Person(pub Option<String>);

/// The form at `/login`, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginForm {
    /// What was typed before.
    pub name: String,
    /// Where to go afterwards: a path of ours.
    pub next: String,
    /// Why the last try did not do.
    pub problem: Option<LoginProblem>,
}

/// Why somebody was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoginProblem {
    /// The name or the password is wrong.
    Wrong,
    /// Too many tries.
    TooMany,
}
