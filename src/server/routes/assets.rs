//! The page's files, from inside the program.
//!
//! A release build holds the site folder that cargo-leptos made; a development build reads it from
//! disk at each request. The folder need not be there for a plain `cargo check`.
//!
//! An address that names the content may be kept for good. A style sheet has its version in the query;
//! scripts and modules name each other relative to themselves, so theirs is a folder of the path, and
//! one for all of them: what they load later is of the same build, or is not found.

use std::future::{Ready, ready};
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tower::ServiceExt;
use tower_http::services::fs::{Backend, File, Metadata, ServeDir};

use super::diagram;
use crate::server::error::RequestError;
use crate::server::state::AppState;

#[derive(Embed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

/// Serves a file, in the smallest of the precompressed variants that the reader takes.
///
/// An address with a version in it never changes and is kept for good; any other is asked about again
/// each time.
pub async fn file(State(app): State<AppState>, mut request: Request) -> Response {
    let is_for_frames = request.uri().path().strip_prefix('/') == Some(diagram::SCRIPT);
    let mut versioned = request.uri().query().is_some_and(|query| query.starts_with("v="));
    if let Some(uri) = without_version(request.uri(), &app.leptos.site_pkg_dir) {
        *request.uri_mut() = uri;
        versioned = true;
    }
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
    if is_for_frames {
        // A sandboxed frame's origin is never the same as ours.
        let anybody = HeaderValue::from_static("cross-origin");
        response.headers_mut().insert("cross-origin-resource-policy", anybody);
    }
    response
}

/// A file's address with a version made from its content, so that a new build is a new address.
pub(super) fn versioned(path: &str) -> String {
    let hash = Site::get(path).map(|file| file.metadata.sha256_hash());
    let version: String = hash.iter().flatten().take(6).map(|byte| format!("{byte:02x}")).collect();
    if version.is_empty() { format!("/{path}") } else { format!("/{path}?v={version}") }
}

/// The scripts and modules of the page.
#[derive(Debug)]
pub(super) struct Package {
    folder: String,
    version: u64,
    /// Their names.
    pub(super) files: Vec<String>,
}

impl Package {
    /// What is in this folder of the site now, with a version made from all of it.
    pub(super) fn find(folder: &str) -> Self {
        let mut files = Vec::new();
        let mut version = DefaultHasher::new();
        for path in Site::iter().filter(|path| path.ends_with(".js") || path.ends_with(".wasm")) {
            if let Some(name) = path.strip_prefix(folder).and_then(|path| path.strip_prefix('/'))
                && let Some(file) = Site::get(&path)
            {
                version.write(name.as_bytes());
                version.write(&file.metadata.sha256_hash());
                files.push(name.to_owned());
            }
        }
        Self { folder: folder.to_owned(), version: version.finish(), files }
    }

    /// The address of one of its files.
    pub(super) fn address(&self, file: &str) -> String {
        format!("/{}/{:016x}/{file}", self.folder, self.version)
    }
}

/// The address of a file in a [`Package`] without its version, if it is the present one.
fn without_version(uri: &Uri, folder: &str) -> Option<Uri> {
    let rest = uri.path().strip_prefix('/')?.strip_prefix(folder)?.strip_prefix('/')?;
    // Nothing else in this folder looks like a folder.
    let (_, file) = rest.split_once('/')?;
    (uri.path() == Package::find(folder).address(file)).then(|| format!("/{folder}/{file}").parse().ok())?
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
