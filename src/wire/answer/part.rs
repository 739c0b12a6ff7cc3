//! What an answer consists of: its parts, and pieces of them.

use crate::wire::event::Flat;
use crate::wire::{Image, PartKind};

/// A run of content of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Reasoning.
    Think(String),
    /// Markdown.
    Text(String),
    /// One image.
    Image(Image),
}

impl Part {
    /// Its type.
    pub fn kind(&self) -> PartKind {
        match self {
            Self::Think(_) => PartKind::Think,
            Self::Text(_) => PartKind::Text,
            Self::Image(_) => PartKind::Image,
        }
    }

    /// The bytes that count for offsets and the check.
    pub fn content(&self) -> &str {
        match self {
            Self::Think(r) | Self::Text(r) => r,
            Self::Image(image) => &image.url,
        }
    }

    /// The same, borrowed.
    pub fn as_slice(&self) -> Slice<'_> {
        match self {
            Self::Think(r) => Slice::Think(r),
            Self::Text(r) => Slice::Text(r),
            Self::Image(image) => Slice::Image(image),
        }
    }

    pub(super) fn cut(&mut self, len: usize) {
        match self {
            Self::Think(r) | Self::Text(r) => r.truncate(len),
            // Cuts fall on borders, and an image has none inside.
            Self::Image(_) => {}
        }
    }
}

/// A borrowed piece of an answer, to be encoded for one reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slice<'a> {
    /// Reasoning.
    Think(&'a str),
    /// Markdown.
    Text(&'a str),
    /// An image.
    Image(&'a Image),
}

impl Slice<'_> {
    /// As a part of its own.
    pub fn to_part(self) -> Part {
        match self {
            Self::Think(r) => Part::Think(r.to_owned()),
            Self::Text(r) => Part::Text(r.to_owned()),
            Self::Image(image) => Part::Image(image.clone()),
        }
    }

    /// The event's JSON.
    pub fn to_json(self) -> String {
        match self {
            Self::Think(r) => Flat::content("think", r),
            Self::Text(r) => Flat::content("text", r),
            Self::Image(image) => Flat::image(image),
        }
        .to_json()
    }
}

pub(super) fn cut_slice(r: &str, from: usize, max: usize) -> Option<(usize, &str)> {
    let rest = r.get(from..)?;
    let first = rest.chars().next()?.len_utf8();
    let len = rest.floor_char_boundary(max).max(first);
    Some((from + len, &rest[..len]))
}
