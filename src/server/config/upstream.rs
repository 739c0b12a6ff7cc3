//! Where answers come from: an upstream, and what may be said of one.

use super::ProviderEntry;

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

impl Upstream {
    /// What the file says of one, checked.
    pub(super) fn of(entry: ProviderEntry) -> Result<Self, String> {
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
        Ok(Self { name, base_url, key, models })
    }
}

/// An address that can be asked.
pub(super) fn base_url(url: &str) -> Result<reqwest::Url, String> {
    let parsed = reqwest::Url::parse(url).map_err(|error| format!("`{url}` is not a URL: {error}"))?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
        return Err(format!("`{url}` is not an http or https URL, like http://localhost:11434/v1"));
    }
    Ok(parsed)
}
