//! Images: rows in the database, content in a folder beside it.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::fs;

use super::super::{FileHash, Files, OwnerId, Picture, PictureFormat, StoreError};
use super::{Sqlite, corrupt, now_ms};

/// Where content is.
#[derive(Debug)]
pub(super) enum Contents {
    /// One file each, named by its hash.
    Folder(PathBuf),
    /// For a database in memory.
    Memory(Mutex<HashMap<FileHash, Bytes>>),
}

impl Contents {
    async fn put(&self, hash: FileHash, bytes: &Bytes) -> io::Result<()> {
        let folder = match self {
            Self::Folder(folder) => folder,
            Self::Memory(files) => {
                files.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, bytes.clone());
                return Ok(());
            }
        };
        let file = folder.join(hash.to_string());
        if fs::try_exists(&file).await? {
            return Ok(());
        }
        fs::create_dir_all(folder).await?;
        // Under another name first, so that what bears the hash is whole.
        let part = folder.join(format!("{}.part", uuid::Uuid::new_v4()));
        let written = async {
            fs::write(&part, bytes).await?;
            fs::rename(&part, &file).await
        };
        let result = written.await;
        if result.is_err() {
            let _ = fs::remove_file(&part).await;
        }
        result
    }

    async fn get(&self, hash: FileHash) -> io::Result<Bytes> {
        match self {
            Self::Folder(folder) => fs::read(folder.join(hash.to_string())).await.map(Bytes::from),
            Self::Memory(files) => {
                let files = files.lock().unwrap_or_else(PoisonError::into_inner);
                files.get(&hash).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
            }
        }
    }
}

#[async_trait]
impl Files for Sqlite {
    async fn add_file(&self, owner: OwnerId, picture: Picture) -> Result<FileHash, StoreError> {
        let hash = picture.hash();
        // The content first: a row always has its file.
        self.contents.put(hash, &picture.bytes).await.map_err(|error| failed(&error))?;
        sqlx::query(
            "INSERT INTO files (owner, hash, format, width, height, bytes, created_ms) \
             VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(owner.0)
        .bind(hash.0.as_slice())
        .bind(name_of(picture.format))
        .bind(picture.width)
        .bind(picture.height)
        .bind(i64::try_from(picture.bytes.len()).unwrap_or(i64::MAX))
        .bind(now_ms())
        .execute(&self.writer)
        .await?;
        Ok(hash)
    }

    async fn file(&self, owner: OwnerId, hash: FileHash) -> Result<Option<Picture>, StoreError> {
        let row: Option<(String, u32, u32)> =
            sqlx::query_as("SELECT format, width, height FROM files WHERE owner = ? AND hash = ?")
                .bind(owner.0)
                .bind(hash.0.as_slice())
                .fetch_optional(&self.readers)
                .await?;
        let Some((format, width, height)) = row else {
            return Ok(None);
        };
        let format = format_of(&format)?;
        let bytes = self.contents.get(hash).await.map_err(|error| failed(&error))?;
        Ok(Some(Picture { bytes, format, width, height }))
    }

    async fn sweep(&self) -> Result<usize, StoreError> {
        let Contents::Folder(folder) = &self.contents else {
            return Ok(0);
        };
        let mut swept = 0;
        for file in listed(folder).await.map_err(|error| failed(&error))? {
            if !self.is_kept(&file).await? {
                fs::remove_file(&file).await.map_err(|error| failed(&error))?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

impl Sqlite {
    /// Whether a file of the folder is somebody's. What is not named by a hash was never finished.
    async fn is_kept(&self, file: &Path) -> Result<bool, StoreError> {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Ok(hash) = name.parse::<FileHash>() else {
            return Ok(false);
        };
        let kept = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM files WHERE hash = ?")
            .bind(hash.0.as_slice())
            .fetch_one(&self.readers)
            .await?;
        Ok(kept > 0)
    }
}

async fn listed(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = match fs::read_dir(folder).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        files.push(entry.path());
    }
    Ok(files)
}

fn failed(error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Broken(format!("an image: {error}")),
    }
}

fn name_of(format: PictureFormat) -> &'static str {
    match format {
        PictureFormat::Png => "png",
        PictureFormat::Jpeg => "jpeg",
        PictureFormat::Gif => "gif",
        PictureFormat::Webp => "webp",
    }
}

fn format_of(name: &str) -> Result<PictureFormat, StoreError> {
    match name {
        "png" => Ok(PictureFormat::Png),
        "jpeg" => Ok(PictureFormat::Jpeg),
        "gif" => Ok(PictureFormat::Gif),
        "webp" => Ok(PictureFormat::Webp),
        _ => Err(corrupt("an image's format")),
    }
}
