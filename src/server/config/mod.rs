//! The server's settings: default < `Leptos.toml` < environment < command line.
//!
//! - `data`: where everything is kept
//! - `file`: what may stand in the file, checked key by key
//! - `public`: the address under which people reach the server
//! - `upstream`: where answers come from
//!
//! A secret is named by the environment variable that holds it and never written into the file.

mod data;
mod file;
mod public;
#[cfg(test)]
mod tests;
mod upstream;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use leptos::config::LeptosOptions;

pub use data::{Data, MEMORY};
pub use file::{ProviderEntry, SettingsFile};
pub use public::PublicUrl;
pub use upstream::Upstream;

use data::data;
use upstream::base_url;

/// The file that is read from the working directory if it is there and no other is named.
pub const DEFAULT_FILE: &str = "Leptos.toml";

/// The variable whose value is the key for the provider of `--openai`.
pub const OPENAI_KEY: &str = "SLUICE_OPENAI_KEY";

/// What the command line says.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Where to listen.
    pub addr: Option<SocketAddr>,
    /// Which file to read; it must be there then.
    pub file: Option<PathBuf>,
    /// Under which address people reach the server.
    pub public_url: Option<String>,
    /// A provider's base URL.
    pub openai: Option<String>,
    /// Where to keep everything: a folder, or `:memory:`.
    pub data: Option<PathBuf>,
}

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub addr: SocketAddr,
    /// How long a stream may be silent before a comment goes out.
    pub heartbeat: Duration,
    /// Under which address people reach it, where that was said.
    pub public_url: Option<PublicUrl>,
    /// Where everything is kept.
    pub data: Data,
    /// What requests and answers may weigh.
    pub limits: Limits,
    /// How long to wait for providers.
    pub timeouts: Timeouts,
    /// The upstreams, in the order in which they are offered.
    pub providers: Vec<Upstream>,
    /// Whether the demo is offered.
    pub demo: bool,
    /// The model of a start that names none.
    pub default_model: Option<String>,
    /// Leptos's own options.
    pub leptos: LeptosOptions,
}

/// What requests and answers may weigh (section 6 of the protocol).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A request's body, in bytes.
    pub body_bytes: usize,
    /// A message's text, in bytes.
    pub prompt_bytes: usize,
    /// An answer's content, in bytes.
    pub answer_bytes: u64,
    /// Answers that run at once.
    pub running: usize,
    /// Answers of one owner that run at once.
    pub running_per_owner: usize,
}

/// How long to wait for providers (section 6 of the protocol).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection.
    pub connect: Duration,
    /// For any sign of life before the first content.
    pub first: Duration,
    /// For any sign of life after it.
    pub between: Duration,
    /// For usage and the end, after a finish reason.
    pub grace: Duration,
}

/// Why the settings can't be used: one sentence that names the key and the file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named can't be read.
    #[error("the settings file {file} can't be read: {error}")]
    Unreadable {
        /// Its path.
        file: String,
        /// Why.
        error: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("{file}{line}: {message}")]
    Wrong {
        /// Its path.
        file: String,
        /// `, line N`, or nothing where it is not known.
        line: String,
        /// What is wrong, with the key's name.
        message: String,
    },
    /// Something on the command line is wrong.
    #[error("{0}")]
    Flag(String),
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 24 * 1024 * 1024,
            prompt_bytes: 4 * 1024 * 1024,
            answer_bytes: 16 * 1024 * 1024,
            running: 256,
            running_per_owner: 16,
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first: Duration::from_secs(600),
            between: Duration::from_secs(120),
            grace: Duration::from_secs(5),
        }
    }
}

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    ///
    /// When the file can't be read or holds a key that is unknown, or a value that can't be used.
    pub fn load(overrides: Overrides) -> Result<Self, ConfigError> {
        let (file, path) = read(overrides.file.as_deref())?;
        Self::build(file, overrides, &path)
    }

    fn build(file: SettingsFile, overrides: Overrides, path: &Path) -> Result<Self, ConfigError> {
        let wrong =
            |message| ConfigError::Wrong { file: path.display().to_string(), line: String::new(), message };
        let leptos = leptos_options(file.leptos, path)?;
        let mut providers = Vec::new();
        if let Some(url) = overrides.openai {
            let base_url =
                base_url(&url).map_err(|why| ConfigError::Flag(format!("--openai {url}: {why}")))?;
            let key = std::env::var(OPENAI_KEY).ok().filter(|key| !key.is_empty());
            providers.push(Upstream { name: "openai".to_owned(), base_url, key, models: Vec::new() });
        }
        for entry in file.providers {
            let upstream = Upstream::of(entry).map_err(&wrong)?;
            if upstream.name == "demo" || providers.iter().any(|other| other.name == upstream.name) {
                return Err(wrong(format!("two providers are named `{}`; rename one", upstream.name)));
            }
            providers.push(upstream);
        }
        let heartbeat = file.server.heartbeat();
        let public_url = match (overrides.public_url, file.server.public_url) {
            (Some(url), _) => Some(
                PublicUrl::parse(&url).map_err(|why| ConfigError::Flag(format!("--public-url: {why}")))?,
            ),
            (None, Some(url)) => {
                Some(PublicUrl::parse(&url).map_err(|why| wrong(format!("[server] public_url: {why}")))?)
            }
            (None, None) => None,
        };
        Ok(Self {
            public_url,
            addr: overrides.addr.or(file.server.addr).unwrap_or(leptos.site_addr),
            data: data(overrides.data.or(file.store.data))?,
            heartbeat,
            limits: file.limits.into(),
            timeouts: file.timeouts.into(),
            demo: file.server.demo.unwrap_or(true),
            default_model: file.server.default_model,
            providers,
            leptos,
        })
    }
}

/// The file that was named, else the one that lies around, else nothing; and its path.
fn read(named: Option<&Path>) -> Result<(SettingsFile, PathBuf), ConfigError> {
    let path = named.map_or_else(|| PathBuf::from(DEFAULT_FILE), Path::to_owned);
    let file = match std::fs::read_to_string(&path) {
        Ok(text) => SettingsFile::parse(&text, &path)?,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            SettingsFile::default()
        }
        Err(error) => return Err(ConfigError::Unreadable { file: path.display().to_string(), error }),
    };
    Ok((file, path))
}

/// Leptos's options: from the file's own section where it has one, else built in. Under `cargo leptos`
/// its environment variables win.
fn leptos_options(section: bool, path: &Path) -> Result<LeptosOptions, ConfigError> {
    if !section {
        return Ok(LeptosOptions::builder().output_name("sluice").build());
    }
    let path_text = path.display().to_string();
    let file = leptos::config::get_configuration(Some(&path_text)).map_err(|error| ConfigError::Wrong {
        file: path_text.clone(),
        line: String::new(),
        message: format!("[package.metadata.leptos]: {error}"),
    })?;
    Ok(file.leptos_options)
}
