//! `sluice serve`

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;

use super::place::Place;
use crate::server::config::{Config, Data, Overrides};
use crate::server::serve::Server;
use crate::server::telemetry;

/// What `sluice serve` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address to listen on [default: 127.0.0.1:3000]
    #[arg(long, env = "SLUICE_ADDR", value_name = "HOST:PORT")]
    addr: Option<SocketAddr>,

    /// Address under which people reach this server, such as https://chat.example.org behind a
    /// proxy; with https, cookies are sent over HTTPS only
    #[arg(long, env = "SLUICE_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,

    /// Base URL of an OpenAI-compatible server, such as http://localhost:11434/v1; its key, if it
    /// needs one, is read from the environment variable SLUICE_OPENAI_KEY
    #[arg(long, env = "SLUICE_OPENAI", value_name = "URL")]
    openai: Option<String>,

    #[command(flatten)]
    place: Place,
}

/// Serves until it is told to stop.
pub(super) fn main(args: Args) -> ExitCode {
    telemetry::start();
    match start(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sluice: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn start(args: Args) -> anyhow::Result<()> {
    let Args { addr, public_url, openai, place: Place { config, data } } = args;
    let config = Config::load(Overrides { addr, file: config, public_url, openai, data })?;
    let runtime = tokio::runtime::Runtime::new().context("can't start the runtime")?;
    let result = runtime.block_on(async {
        let signals = Signals::listen().context("can't listen for signals")?;
        let data = config.data.clone();
        let server = Server::bind(config).await?;
        announce(&server, &data);
        server.run(signals.stop()).await;
        anyhow::Ok(())
    });
    // Connections whose reader does not read are cut here.
    runtime.shutdown_timeout(Duration::from_millis(100));
    result
}

/// Says where the page is. A closed standard output is nobody who could read it.
fn announce(server: &Server, data: &Data) {
    if let Some(addr) = server.addr() {
        let version = env!("CARGO_PKG_VERSION");
        let mut out = std::io::stdout();
        let _ = writeln!(out, "Sluice {version} is ready: open http://{addr}");
        let _ = writeln!(out, "Conversations are kept in {data}");
    }
}

/// What asks the process to stop.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Listens from now on, so that a signal during the start is not lost.
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            terminate: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?,
        })
    }

    /// Returns at the first signal. A second one ends the process at once.
    async fn stop(mut self) {
        self.next().await;
        let second = tokio_util::task::TaskTracker::new();
        second.spawn(async move {
            self.next().await;
            std::process::exit(130);
        });
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
