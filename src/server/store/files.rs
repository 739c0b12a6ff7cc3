//! Images as they are kept: by the hash of their content, for those whose they are.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use bytes::Bytes;

use super::{OwnerId, StoreError};

/// Where a file is found: this, and its hash.
const PATH: &str = "/api/files/";

/// Images of answers and of messages.
#[async_trait]
pub trait Files: fmt::Debug + Send + Sync {
    /// Keeps an image for an owner. The same content is kept once, whoever brings it.
    async fn add_file(&self, owner: OwnerId, picture: Picture) -> Result<FileHash, StoreError>;

    /// An image of the owner's; `None` where there is none.
    async fn file(&self, owner: OwnerId, hash: FileHash) -> Result<Option<Picture>, StoreError>;

    /// Removes content that is nobody's any more; returns how many files that were.
    async fn sweep(&self) -> Result<usize, StoreError>;
}

/// SHA-256 of a file's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileHash(pub [u8; 32]);

/// An image that was looked at: what it is stands in its bytes, not in what somebody says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its content.
    pub bytes: Bytes,
    /// How that is to be read.
    pub format: PictureFormat,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// What every browser shows, and nothing that could hold a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// image/png
    Png,
    /// image/jpeg
    Jpeg,
    /// image/gif
    Gif,
    /// image/webp
    Webp,
}

/// It is no image of a kind that we keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an image that can be shown: send PNG, JPEG, GIF or WebP")]
pub struct NotAPicture;

impl Picture {
    /// Looks at the beginning of the content for what it is and how large.
    ///
    /// # Errors
    ///
    /// When it is none of the formats, or too broken to have a size.
    pub fn read(bytes: Bytes) -> Result<Self, NotAPicture> {
        let format = match imagesize::image_type(&bytes) {
            Ok(imagesize::ImageType::Png) => PictureFormat::Png,
            Ok(imagesize::ImageType::Jpeg) => PictureFormat::Jpeg,
            Ok(imagesize::ImageType::Gif) => PictureFormat::Gif,
            Ok(imagesize::ImageType::Webp) => PictureFormat::Webp,
            _ => return Err(NotAPicture),
        };
        let size = imagesize::blob_size(&bytes).map_err(|_| NotAPicture)?;
        let pixels = |n: usize| u32::try_from(n).ok().filter(|n| *n > 0).ok_or(NotAPicture);
        Ok(Self { width: pixels(size.width)?, height: pixels(size.height)?, bytes, format })
    }

    /// The hash of the content.
    pub fn hash(&self) -> FileHash {
        let digest = ring::digest::digest(&ring::digest::SHA256, &self.bytes);
        FileHash(digest.as_ref().try_into().expect("SHA-256 has 32 bytes"))
    }
}

impl PictureFormat {
    /// As in `Content-Type`.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }
}

impl FileHash {
    /// Where the file of this size, in pixels, is found. The size stands in the address, so that whoever
    /// shows the image keeps its place before a byte of it has come, also where only the address is known:
    /// in a message, and in Markdown.
    pub fn url(self, width: u32, height: u32) -> String {
        format!("{PATH}{}", FileName { hash: self, size: Some((width, height)) })
    }
}

/// A file as an address names it: its hash and, in most, its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileName {
    /// Of its content.
    pub hash: FileHash,
    size: Option<(u32, u32)>,
}

impl FileName {
    /// The file that is found there; `None` for any other address.
    pub fn from_url(url: &str) -> Option<Self> {
        url.strip_prefix(PATH)?.parse().ok()
    }

    /// Whether it says of this image nothing but the truth.
    pub fn fits(&self, picture: &Picture) -> bool {
        self.size.is_none_or(|size| size == (picture.width, picture.height))
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hash, size } = self;
        match size {
            Some((width, height)) => write!(f, "{hash}-{width}x{height}"),
            None => write!(f, "{hash}"),
        }
    }
}

impl FromStr for FileName {
    type Err = ParseHashError;

    fn from_str(name: &str) -> Result<Self, ParseHashError> {
        let size = |size: &str| {
            let (width, height) = size.split_once('x')?;
            Some((width.parse().ok()?, height.parse().ok()?))
        };
        let (hash, size) = match name.split_once('-') {
            Some((hash, said)) => (hash, Some(size(said).ok_or(ParseHashError)?)),
            None => (name, None),
        };
        let read = Self { hash: hash.parse()?, size };
        // One spelling: no sign, and no zeros before a number.
        if read.to_string() == name { Ok(read) } else { Err(ParseHashError) }
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// 64 hex digits, in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the hash of a file: expected 64 hex digits")]
pub struct ParseHashError;

impl FromStr for FileHash {
    type Err = ParseHashError;

    fn from_str(digits: &str) -> Result<Self, ParseHashError> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if digits.len() != 64 || !digits.bytes().all(is_digit) {
            return Err(ParseHashError);
        }
        let mut hash = [0; 32];
        for (byte, at) in hash.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| ParseHashError)?;
        }
        Ok(Self(hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_what_its_bytes_say() {
        let png = Bytes::from_static(include_bytes!("contract/3x2.png"));
        let picture = Picture::read(png).unwrap();
        assert_eq!((picture.format, picture.width, picture.height), (PictureFormat::Png, 3, 2));
        for bad in
            ["", "GIF89a", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "\u{89}PNG\r\n"]
        {
            assert_eq!(Picture::read(Bytes::from_static(bad.as_bytes())), Err(NotAPicture), "{bad}");
        }
    }

    #[test]
    fn an_address_has_one_spelling() {
        let hash = FileHash([0xAB; 32]);
        let (url, bare) = (hash.url(960, 540), format!("/api/files/{hash}"));
        for good in [&url, &bare] {
            assert_eq!(FileName::from_url(good).map(|file| file.hash), Some(hash), "{good}");
        }
        for bad in [
            "/api/files/",
            "/api/files/ab",
            "/api/files/ab-1x1",
            &url.to_uppercase(),
            &hash.to_string(),
            "https://x/api/files/ab",
            &format!("{bare}-"),
            &format!("{bare}-1"),
            &format!("{bare}-1x"),
            &format!("{bare}-01x1"),
            &format!("{bare}-+1x1"),
            &format!("{bare}-1x-1"),
            &format!("{bare}-1x4294967296"),
            &format!("{url}-1x1"),
        ] {
            assert_eq!(FileName::from_url(bad), None, "{bad}");
        }
    }
}
