//! Where everything is kept.

use std::path::{Path, PathBuf};

use super::{ConfigError, read};

/// Instead of a folder: nothing is kept.
pub const MEMORY: &str = ":memory:";

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

impl Data {
    /// Where everything is kept, of all the settings: for commands that need no more than that.
    ///
    /// # Errors
    ///
    /// As [`Config::load`](super::Config::load) has them, but for those about other settings' values.
    pub fn find(file: Option<&Path>, asked: Option<PathBuf>) -> Result<Self, ConfigError> {
        let (file, _) = read(file)?;
        data(asked.or(file.store.data))
    }
}

/// What was asked for, else the place that the system has for such things.
pub(super) fn data(asked: Option<PathBuf>) -> Result<Data, ConfigError> {
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
