//! What every handler can reach.

use std::sync::Arc;
use std::time::Duration;

use leptos::config::LeptosOptions;

use crate::server::answer::Registry;
use crate::server::config::{Limits, PublicUrl};
use crate::server::owner::Logins;
use crate::server::provider::Catalog;
use crate::server::store::Store;

/// The server's parts, cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The answers.
    pub registry: Arc<Registry>,
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// The providers and their models.
    pub catalog: Arc<Catalog>,
    /// How long a stream may be silent before a comment goes out.
    pub heartbeat: Duration,
    /// Lets people in.
    pub logins: Arc<Logins>,
    /// Under which address people reach us, where that was said.
    pub public_url: Option<PublicUrl>,
    /// What requests may weigh.
    pub limits: Limits,
    /// Leptos's own options, for rendering pages.
    pub leptos: LeptosOptions,
}
