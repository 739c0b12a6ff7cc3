//! The server's settings: default < `Leptos.toml` < environment < command line.
//!
//! - `file`: what may stand in the file, checked key by key
//! - `public`: the address under which people reach the server
//!
//! A secret is named by the environment variable that holds it and never written into the file.

mod file;
mod public;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use leptos::config::LeptosOptions;

pub use file::{ProviderEntry, SettingsFile};
pub use public::PublicUrl;

/// The file that is read from the working directory if it is there and no other is named.
pub const DEFAULT_FILE: &str = "Leptos.toml";

/// The variable whose value is the key for the provider of `--openai`.
pub const OPENAI_KEY: &str = "SLUICE_OPENAI_KEY";

/// Instead of a folder: nothing is kept.
pub const MEMORY: &str = ":memory:";

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

/// Where everything is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// Nowhere: it is gone with the process.
    Memory,
    /// In this folder.
    Folder(PathBuf),
}

impl std::fmt::Display for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Memory => f.write_str("memory only: they go when this server stops"),
            Self::Folder(folder) => folder.display().fmt(f),
        }
    }
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

/// An OpenAI-compatible upstream.
#[derive(Clone)]
pub struct Upstream {
    /// What stands before the slash of its models.
    pub name: String,
    /// Ends in `/v1`, usually.
    pub base_url: reqwest::Url,
    /// Its key.
    pub key: Option<String>,
    /// Its models; empty to ask it.
    pub models: Vec<String>,
}

impl std::fmt::Debug for Upstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upstream")
            .field("name", &self.name)
            .field("base_url", &self.base_url.as_str())
            .field("key", &self.key.as_ref().map(|_| "…"))
            .field("models", &self.models)
            .finish()
    }
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
            let upstream = upstream(entry).map_err(&wrong)?;
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

impl Data {
    /// Where everything is kept, of all the settings: for commands that need no more than that.
    ///
    /// # Errors
    ///
    /// As [`Config::load`] has them, but for those about other settings' values.
    pub fn find(file: Option<&Path>, asked: Option<PathBuf>) -> Result<Self, ConfigError> {
        let (file, _) = read(file)?;
        data(asked.or(file.store.data))
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

/// What was asked for, else the place that the system has for such things.
fn data(asked: Option<PathBuf>) -> Result<Data, ConfigError> {
    if let Some(path) = asked {
        return Ok(if path.as_os_str() == MEMORY { Data::Memory } else { Data::Folder(path) });
    }
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let share = absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")));
    share.map(|share| Data::Folder(share.join("sluice"))).ok_or_else(|| {
        ConfigError::Flag(
            "there is no home directory to keep answers in; name a place with --data".to_owned(),
        )
    })
}

fn upstream(entry: ProviderEntry) -> Result<Upstream, String> {
    let ProviderEntry { name, base_url: url, key_env, models } = entry;
    if name.is_empty() || name.contains('/') {
        return Err(format!("[[providers]] name `{name}`: a name is not empty and has no slash"));
    }
    let base_url = base_url(&url).map_err(|why| format!("[[providers]] base_url of `{name}`: {why}"))?;
    let key = match key_env {
        None => None,
        Some(variable) => Some(std::env::var(&variable).map_err(|_| {
            format!("[[providers]] key_env of `{name}`: the environment variable {variable} is not set")
        })?),
    };
    Ok(Upstream { name, base_url, key, models })
}

fn base_url(url: &str) -> Result<reqwest::Url, String> {
    let parsed = reqwest::Url::parse(url).map_err(|error| format!("`{url}` is not a URL: {error}"))?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
        return Err(format!("`{url}` is not an http or https URL, like http://localhost:11434/v1"));
    }
    Ok(parsed)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("Leptos.toml");
        std::fs::write(&path, text).unwrap();
        Config::load(Overrides { file: Some(path), ..Overrides::default() })
    }

    fn error(text: &str) -> String {
        let error = config(text).unwrap_err().to_string();
        assert!(error.contains("Leptos.toml"), "names the file: {error}");
        assert_eq!(error.lines().count(), 1, "one sentence: {error}");
        error
    }

    #[test]
    fn without_a_file_everything_has_a_default() {
        let config = Config::build(SettingsFile::default(), Overrides::default(), Path::new("x")).unwrap();
        assert_eq!(config.addr.to_string(), "127.0.0.1:3000");
        assert_eq!(config.limits, Limits::default());
        assert_eq!(config.heartbeat, Duration::from_secs(15), "as the protocol says");
        assert!(config.demo);
    }

    #[test]
    fn a_file_that_is_named_must_be_there() {
        let overrides = Overrides { file: Some("/nowhere/x.toml".into()), ..Overrides::default() };
        let error = Config::load(overrides).unwrap_err().to_string();
        assert!(error.contains("/nowhere/x.toml"), "{error}");
    }

    #[test]
    fn every_setting_is_read() {
        let config = config(
            r#"
            [server]
            addr = "0.0.0.0:8080"
            public_url = "https://chat.example.org/"
            demo = false
            default_model = "ollama/llama3.2"
            heartbeat_seconds = 0.5
            [store]
            data = "answers"
            [limits]
            body_bytes = 1
            prompt_bytes = 2
            answer_bytes = 3
            running = 4
            running_per_owner = 5
            [timeouts]
            connect_seconds = 5
            first_seconds = 6
            between_seconds = 7
            grace_seconds = 8
            [[providers]]
            name = "ollama"
            base_url = "http://localhost:11434/v1"
            models = ["llama3.2"]
            "#,
        )
        .unwrap();
        assert_eq!(config.addr.to_string(), "0.0.0.0:8080");
        assert_eq!(config.public_url.unwrap().origin(), "https://chat.example.org");
        assert!(!config.demo);
        assert_eq!(config.default_model.as_deref(), Some("ollama/llama3.2"));
        assert_eq!(config.heartbeat, Duration::from_millis(500));
        let limits =
            Limits { body_bytes: 1, prompt_bytes: 2, answer_bytes: 3, running: 4, running_per_owner: 5 };
        assert_eq!(config.limits, limits);
        assert_eq!(config.data, Data::Folder("answers".into()));
        let seconds =
            [config.timeouts.connect, config.timeouts.first, config.timeouts.between, config.timeouts.grace];
        assert_eq!(seconds.map(|duration| duration.as_secs()), [5, 6, 7, 8]);
        assert_eq!(config.providers[0].models, ["llama3.2"]);
    }

    #[test]
    fn a_mistake_is_one_sentence_that_names_the_key() {
        let cases = [
            ("[server]\nadrr = \"x\"", "adrr"),
            ("[sever]", "sever"),
            ("[server]\naddr = \"localhost\"", "addr"),
            ("[server]\nheartbeat_seconds = 0", "heartbeat_seconds"),
            ("[server]\nheartbeat_seconds = 31", "at most 30"),
            ("[server]\npublic_url = \"https://a.test/chat\"", "public_url"),
            ("[limits]\nrunning = \"many\"", "running"),
            ("[[providers]]\nname = \"a\"\nbase_url = \"ftp://x\"", "base_url"),
            (
                "[[providers]]\nname = \"a\"\nbase_url = \"http://x\"\nkey_env = \"SLUICE_NOT_SET\"",
                "SLUICE_NOT_SET",
            ),
            ("[[providers]]\nname = \"a/b\"\nbase_url = \"http://x\"", "name"),
            ("[[providers]]\nname = \"demo\"\nbase_url = \"http://x\"", "demo"),
            ("[package.metadata.leptos]\noutput-nme = \"sluice\"", "output-nme"),
            ("[package.metadata.leptos]\noutput-name = \"sluice\"\n[server]", "last"),
            ("[server", "line 1"),
        ];
        for (text, names) in cases {
            let error = error(text);
            assert!(error.contains(names), "{text:?} gives {error}");
        }
    }

    #[test]
    fn the_shipped_file_agrees_with_what_cargo_leptos_reads() {
        let read = |name: &str| {
            let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
            let table: toml::Table = text.parse().unwrap();
            table["package"]["metadata"]["leptos"].as_table().unwrap().clone()
        };
        let (ours, build) = (read("Leptos.toml"), read("Cargo.toml"));
        for (key, value) in &ours {
            assert_eq!(Some(value), build.get(key), "`{key}` differs between Leptos.toml and Cargo.toml");
        }
        assert!(ours.contains_key("output-name"));
    }

    #[test]
    fn a_key_is_never_shown() {
        let upstream = Upstream {
            name: "a".to_owned(),
            base_url: "http://x".parse().unwrap(),
            key: Some("sk-secret".to_owned()),
            models: Vec::new(),
        };
        assert!(!format!("{upstream:?}").contains("secret"));
    }
}
