//! What may stand in `Leptos.toml`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::{ConfigError, Limits, Timeouts};

/// Leptos reads from the line that is exactly this to the end of the file.
const LEPTOS_HEADER: &str = "[package.metadata.leptos]";

/// Readers take a stream on which nothing comes for 40 s for dead.
const LONGEST_HEARTBEAT: f64 = 30.0;
/// Well below the minute after which proxies usually give a silent connection up.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The keys that Leptos reads at run time.
const LEPTOS_KEYS: &[&str] = &[
    "output-name",
    "site-root",
    "site-pkg-dir",
    "site-addr",
    "env",
    "reload-port",
    "reload-external-port",
    "reload-ws-protocol",
];

/// The file, as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsFile {
    /// The server itself.
    #[serde(default)]
    pub server: ServerTable,
    /// What is kept.
    #[serde(default)]
    pub store: StoreTable,
    /// What requests and answers may weigh.
    #[serde(default)]
    pub limits: LimitsTable,
    /// How long to wait for providers.
    #[serde(default)]
    pub timeouts: TimeoutsTable,
    /// The upstreams.
    #[serde(default)]
    pub providers: Vec<ProviderEntry>,
    /// Only so that it is not an unknown key: Leptos reads it.
    #[serde(default)]
    package: Option<toml::Table>,
    /// Whether Leptos's own section is there.
    #[serde(skip)]
    pub leptos: bool,
}

/// `[server]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerTable {
    /// Where to listen.
    pub addr: Option<SocketAddr>,
    /// Under which address people reach it.
    pub public_url: Option<String>,
    /// Whether the demo is offered.
    pub demo: Option<bool>,
    /// The model of a start that names none.
    pub default_model: Option<String>,
    /// Seconds of silence after which a comment goes out.
    heartbeat_seconds: Option<f64>,
}

impl ServerTable {
    /// How long a stream may be silent.
    pub fn heartbeat(&self) -> Duration {
        seconds(self.heartbeat_seconds, HEARTBEAT)
    }

    fn check(&self) -> Result<(), String> {
        match self.heartbeat_seconds {
            Some(value) if !(value > 0.0 && value <= LONGEST_HEARTBEAT) => Err(format!(
                "[server] heartbeat_seconds is a number of seconds, more than 0 and at most {LONGEST_HEARTBEAT}"
            )),
            _ => Ok(()),
        }
    }
}

/// `[store]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreTable {
    /// Where everything is kept: a folder, or `:memory:`.
    pub data: Option<PathBuf>,
}

/// `[limits]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsTable {
    body_bytes: Option<usize>,
    prompt_bytes: Option<usize>,
    answer_bytes: Option<u64>,
    running: Option<usize>,
    running_per_owner: Option<usize>,
}

/// `[timeouts]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeoutsTable {
    connect_seconds: Option<f64>,
    first_seconds: Option<f64>,
    between_seconds: Option<f64>,
    grace_seconds: Option<f64>,
}

/// One of `[[providers]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderEntry {
    /// What stands before the slash of its models.
    pub name: String,
    /// Ends in `/v1`, usually.
    pub base_url: String,
    /// The environment variable that holds its key.
    pub key_env: Option<String>,
    /// Its models; left out, it is asked.
    #[serde(default)]
    pub models: Vec<String>,
}

impl From<LimitsTable> for Limits {
    fn from(table: LimitsTable) -> Self {
        let default = Self::default();
        Self {
            body_bytes: table.body_bytes.unwrap_or(default.body_bytes),
            prompt_bytes: table.prompt_bytes.unwrap_or(default.prompt_bytes),
            answer_bytes: table.answer_bytes.unwrap_or(default.answer_bytes),
            running: table.running.unwrap_or(default.running),
            running_per_owner: table.running_per_owner.unwrap_or(default.running_per_owner),
        }
    }
}

impl From<TimeoutsTable> for Timeouts {
    fn from(table: TimeoutsTable) -> Self {
        let default = Self::default();
        Self {
            connect: seconds(table.connect_seconds, default.connect),
            first: seconds(table.first_seconds, default.first),
            between: seconds(table.between_seconds, default.between),
            grace: seconds(table.grace_seconds, default.grace),
        }
    }
}

fn seconds(value: Option<f64>, default: Duration) -> Duration {
    value.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).unwrap_or(default)
}

impl SettingsFile {
    /// Reads the text of the file at `path`, which is only for the error.
    ///
    /// # Errors
    ///
    /// When it is not TOML, has an unknown key or a value of the wrong type, or when something stands
    /// behind Leptos's section, where Leptos would take it for its own.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let wrong = |line: Option<usize>, message: String| ConfigError::Wrong {
            file: path.display().to_string(),
            line: line.map(|line| format!(", line {line}")).unwrap_or_default(),
            message,
        };
        let mut file: Self = toml::from_str(text).map_err(|error: toml::de::Error| {
            let at = error.span().map(|span| span.start);
            wrong(at.map(|at| line_of(text, at)), one_sentence(&error, text))
        })?;
        file.check().map_err(|message| wrong(None, message))?;
        file.leptos = text.lines().any(|line| line.starts_with(LEPTOS_HEADER));
        if file.package.is_some() && !file.leptos {
            return Err(wrong(
                None,
                format!("write the section as {LEPTOS_HEADER}, at the beginning of its line"),
            ));
        }
        check_leptos(text).map_err(|(line, message)| wrong(Some(line), message))?;
        Ok(file)
    }

    /// Every time is one that can be waited for.
    fn check(&self) -> Result<(), String> {
        let timeouts = &self.timeouts;
        let all = [
            ("[timeouts] connect_seconds", timeouts.connect_seconds),
            ("[timeouts] first_seconds", timeouts.first_seconds),
            ("[timeouts] between_seconds", timeouts.between_seconds),
            ("[timeouts] grace_seconds", timeouts.grace_seconds),
        ];
        match all.iter().find(|(_, value)| value.is_some_and(|value| !(value > 0.0 && value < 1e6))) {
            Some((key, _)) => Err(format!("{key} is a number of seconds, more than 0")),
            None => self.server.check(),
        }
    }
}

/// TOML's own message in one line, with the key where the message does not name it.
fn one_sentence(error: &toml::de::Error, text: &str) -> String {
    let message = error.message().replace('\n', ", ");
    let line = error.span().and_then(|span| text[..span.start.min(text.len())].rsplit('\n').next());
    match line.and_then(|line| line.split_once('=')) {
        Some((key, _)) if !message.contains(key.trim()) => format!("`{}`: {message}", key.trim()),
        _ => message,
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at.min(text.len())].matches('\n').count() + 1
}

/// Leptos ignores a key that it does not know, and swallows tables that stand behind its own.
fn check_leptos(text: &str) -> Result<(), (usize, String)> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    for (number, line) in lines.skip_while(|(_, line)| !line.starts_with(LEPTOS_HEADER)).skip(1) {
        if line.starts_with('[') {
            return Err((number, format!("{LEPTOS_HEADER} must be the last table; move it behind `{line}`")));
        }
        let key = line.split('=').next().unwrap_or_default().trim();
        if !key.is_empty() && !key.starts_with('#') && !LEPTOS_KEYS.contains(&key) {
            return Err((number, format!("unknown key `{key}`, expected one of {}", LEPTOS_KEYS.join(", "))));
        }
    }
    Ok(())
}
