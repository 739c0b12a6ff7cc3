//! The page's files, from inside the program.
//!
//! A release build holds the site folder that cargo-leptos made; a development build reads it from
//! disk at each request. The folder need not be there for a plain `cargo check`.

use std::future::{Ready, ready};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tower::ServiceExt;
use tower_http::services::fs::{Backend, File, Metadata, ServeDir};

use crate::server::error::RequestError;

#[derive(Embed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

/// Serves a file, in the smallest of the precompressed variants that the reader takes.
///
/// An address with a version in it never changes and is kept for good; any other is asked about again
/// each time.
pub async fn file(request: Request) -> Response {
    let versioned = request.uri().query().is_some_and(|query| query.starts_with("v="));
    let service = ServeDir::with_backend("", Embedded)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let mut response = match service.oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    };
    if response.status() == StatusCode::NOT_FOUND {
        return RequestError::NotFound("page").into_response();
    }
    let keep = if versioned { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}

/// A file's address with a version made from its content, so that a new build is a new address.
pub(super) fn versioned(path: &str) -> String {
    let hash = Site::get(path).map(|file| file.metadata.sha256_hash());
    let version: String = hash.iter().flatten().take(6).map(|byte| format!("{byte:02x}")).collect();
    if version.is_empty() { format!("/{path}") } else { format!("/{path}?v={version}") }
}

/// tower-http's file service over what is embedded.
#[derive(Clone, Copy, Debug)]
struct Embedded;

impl Backend for Embedded {
    type File = Open;
    type Metadata = About;
    type OpenFuture = Ready<io::Result<Open>>;
    type MetadataFuture = Ready<io::Result<About>>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        ready(find(&path).map(|file| {
            let about = About::of(&file);
            Open { about, content: io::Cursor::new(file.data) }
        }))
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        ready(find(&path).map(|file| About::of(&file)))
    }
}

fn find(path: &Path) -> io::Result<EmbeddedFile> {
    let names = path.components().filter_map(|component| match component {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    let name = names.collect::<Vec<_>>().join("/");
    Site::get(&name).ok_or_else(|| io::ErrorKind::NotFound.into())
}

#[derive(Clone, Copy, Debug)]
struct About {
    len: u64,
    modified: Option<SystemTime>,
}

impl About {
    fn of(file: &EmbeddedFile) -> Self {
        let seconds = file.metadata.last_modified();
        let modified = seconds.map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        Self { len: file.data.len() as u64, modified }
    }
}

impl Metadata for About {
    fn is_dir(&self) -> bool {
        false
    }

    fn modified(&self) -> io::Result<SystemTime> {
        self.modified.ok_or_else(|| io::ErrorKind::Unsupported.into())
    }

    fn len(&self) -> u64 {
        self.len
    }
}

#[derive(Debug)]
struct Open {
    about: About,
    content: io::Cursor<std::borrow::Cow<'static, [u8]>>,
}

impl AsyncRead for Open {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.content).poll_read(cx, buf)
    }
}

impl AsyncSeek for Open {
    fn start_seek(mut self: Pin<&mut Self>, position: io::SeekFrom) -> io::Result<()> {
        Pin::new(&mut self.content).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.content).poll_complete(cx)
    }
}

impl File for Open {
    type Metadata = About;
    type MetadataFuture<'a> = Ready<io::Result<About>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        ready(Ok(self.about))
    }
}
