//! The server as a whole: binding, serving, and stopping without losing anybody's last words.

use std::future::{Future, IntoFuture};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::server::answer::{Limits, Registry};
use crate::server::config::{Config, Data};
use crate::server::provider::{Catalog, Demo, Named, OpenAi, Patience, Settings};
use crate::server::router::router;
use crate::server::state::AppState;
use crate::server::store::{OpenError, Sqlite, Store, StoreError};

/// How long readers may take to fetch their terminal when the server stops.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// How long connections may take to close after that.
const CLOSING: Duration = Duration::from_secs(1);
/// The largest single event that is taken from a provider, in bytes.
const MAX_UPSTREAM_EVENT: usize = 24 * 1024 * 1024;
/// How long a deleted conversation can be had back: a day.
const KEEP_DELETED_MS: i64 = 24 * 60 * 60 * 1000;
/// How long somebody who has nothing is remembered: a month.
const KEEP_IDLE_OWNERS_MS: i64 = 30 * KEEP_DELETED_MS;

/// A server that has its port.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    app: AppState,
    store: Arc<Sqlite>,
}

/// Why a server can't start: one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// The port is in use.
    #[error("{0} is taken by another program; stop that one, or choose another address with --addr")]
    Taken(SocketAddr),
    /// The address can't be used for another reason.
    #[error("can't listen on {addr}: {error}")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// Why.
        error: std::io::Error,
    },
    /// What is kept can't be reached.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// What is kept can't be brought in order.
    #[error("{0}; look at the disk and the rights of the data directory")]
    Store(#[from] StoreError),
    /// A provider's client can't be made.
    #[error("can't set up the provider `{name}`: {message}")]
    Provider {
        /// Its name.
        name: String,
        /// Why.
        message: String,
    },
}

impl Server {
    /// Takes the port and the data, ends what a process that died has left running, and puts the parts
    /// together. Asks nobody yet.
    ///
    /// # Errors
    ///
    /// See [`StartupError`].
    pub async fn bind(config: Config) -> Result<Self, StartupError> {
        let store = Arc::new(match &config.data {
            Data::Memory => Sqlite::in_memory().await?,
            Data::Folder(folder) => Sqlite::serve(folder).await?,
        });
        tidy(&*store).await?;
        let app = assemble(&config, store.clone())?;
        let addr = config.addr;
        let listener = TcpListener::bind(addr).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => StartupError::Taken(addr),
            _ => StartupError::Listen { addr, error },
        })?;
        Ok(Self { listener, app, store })
    }

    /// Where it listens; with port 0, the one that it was given.
    pub fn addr(&self) -> Option<SocketAddr> {
        self.listener.local_addr().ok()
    }

    /// Serves until `stop`, then refuses new answers, ends the running ones, lets readers have that,
    /// and returns within 4 s.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { listener, app, store } = self;
        let tasks = TaskTracker::new();
        let closing = CancellationToken::new();
        let catalog = app.catalog.clone();
        // So that the first page has the models already.
        let models = tasks.spawn(async move { catalog.models().await });
        let registry = app.registry.clone();
        let listener = listener.tap_io(|tcp| {
            // A token is a small packet, and must not wait for the next one.
            if let Err(error) = tcp.set_nodelay(true) {
                tracing::debug!(%error, "no TCP_NODELAY");
            }
        });
        // With the address of whoever asks, by which failed log-ins are counted.
        let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
        let serving =
            axum::serve(listener, service).with_graceful_shutdown(closing.clone().cancelled_owned());
        tasks.spawn(serving.into_future());
        tasks.close();

        stop.await;
        tracing::info!("stopping");
        models.abort();
        // The port stays open meanwhile, so that a start is told 503 and not refused a connection.
        if timeout(LAST_WORDS, registry.drain()).await.is_err() {
            tracing::warn!("some readers did not take their last words and are cut");
        }
        closing.cancel();
        let _ = timeout(CLOSING, tasks.wait()).await;
        let _ = timeout(CLOSING, store.close()).await;
    }
}

/// Ends what was left running, and lets go of what nobody will ask for again.
async fn tidy(store: &dyn Store) -> Result<(), StoreError> {
    let interrupted = store.recover().await?;
    if interrupted > 0 {
        tracing::warn!(answers = interrupted, "answers that were cut off when the server died are ended");
    }
    store.purge(KEEP_DELETED_MS).await?;
    store.forget_idle(KEEP_IDLE_OWNERS_MS).await?;
    store.sweep().await?;
    Ok(())
}

fn assemble(config: &Config, store: Arc<dyn Store>) -> Result<AppState, StartupError> {
    let mut providers = Vec::new();
    for upstream in &config.providers {
        let settings = Settings {
            name: upstream.name.clone(),
            base_url: upstream.base_url.clone(),
            key: upstream.key.clone(),
            models: upstream.models.clone(),
            connect_timeout: config.timeouts.connect,
            event_limit: MAX_UPSTREAM_EVENT,
        };
        let provider = OpenAi::new(settings).map_err(|error| StartupError::Provider {
            name: upstream.name.clone(),
            message: error.to_string(),
        })?;
        providers.push(Named { name: upstream.name.clone(), provider: Arc::new(provider) });
    }
    if config.demo {
        providers.push(Named { name: "demo".to_owned(), provider: Arc::new(Demo::new()) });
    }
    let limits = Limits {
        running: config.limits.running,
        running_per_owner: config.limits.running_per_owner,
        answer_bytes: config.limits.answer_bytes,
    };
    let timeouts = config.timeouts;
    let patience = Patience { first: timeouts.first, between: timeouts.between, grace: timeouts.grace };
    Ok(AppState {
        registry: Registry::new(store.clone(), limits, patience),
        store,
        catalog: Arc::new(Catalog::new(providers, config.default_model.clone())),
        heartbeat: config.heartbeat,
        logins: Arc::default(),
        public_url: config.public_url.clone(),
        limits: config.limits,
        leptos: config.leptos.clone(),
    })
}
