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
    /// Where the file is found.
    pub fn url(self) -> String {
        format!("{PATH}{self}")
    }

    /// The file that is found there; `None` for any other address.
    pub fn from_url(url: &str) -> Option<Self> {
        url.strip_prefix(PATH)?.parse().ok()
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
        assert_eq!(FileHash::from_url(&hash.url()), Some(hash));
        for bad in [
            "/api/files/",
            "/api/files/ab",
            &hash.url().to_uppercase(),
            &hash.to_string(),
            "https://x/api/files/ab",
        ] {
            assert_eq!(FileHash::from_url(bad), None, "{bad}");
        }
    }
}
