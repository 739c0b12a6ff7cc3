//! Where a server's settings and data are: what every command about a server takes.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::server::config::Data;
use crate::server::store::Sqlite;

/// The settings file and the data directory.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Place {
    /// Settings file [default: Leptos.toml, if it is there]
    #[arg(long, env = "SLUICE_CONFIG", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    /// Folder that keeps conversations and people, made if it is not there; `:memory:` to keep
    /// nothing [default: $XDG_DATA_HOME/sluice, else ~/.local/share/sluice]
    #[arg(long, env = "SLUICE_DATA", value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
}

impl Place {
    /// Does something with what a server keeps here, also while it runs: it sees the change at its
    /// next request. What can't be done is one sentence on standard error and exit code 2.
    pub(super) fn change(&self, work: impl AsyncFnOnce(&Sqlite) -> anyhow::Result<()>) -> ExitCode {
        match self.open_for(work) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("sluice: {error:#}");
                ExitCode::from(2)
            }
        }
    }

    fn open_for(&self, work: impl AsyncFnOnce(&Sqlite) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let Data::Folder(folder) = Data::find(self.config.as_deref(), self.data.clone())? else {
            bail!("`:memory:` keeps nobody; name the server's folder with --data");
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.context("can't start the runtime")?.block_on(async {
            let store = Sqlite::open(&folder).await?;
            let done = work(&store).await;
            store.close().await;
            done
        })
    }
}
