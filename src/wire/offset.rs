//! Offsets: how much of an answer somebody has (section 2).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A number of bytes of an answer's content, counted from its beginning over all parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Offset(pub u64);

impl Offset {
    /// Nothing yet.
    pub const ZERO: Self = Self(0);

    /// The offset `bytes` further on.
    #[must_use]
    pub fn plus(self, bytes: usize) -> Self {
        Self(self.0 + bytes as u64)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What stands in a frame's `id`: the offset after a content event, or the word `end` for the
/// terminal.
///
/// The terminal's is a word because a reader that is *beyond* a cut must still take it: as a number
/// it would look like a duplicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// The reader has this much after the event.
    At(Offset),
    /// The terminal.
    End,
}

/// A position is a decimal number of bytes or the word `end`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a position: expected a number of bytes or the word `end`")]
pub struct ParsePositionError;

impl FromStr for Position {
    type Err = ParsePositionError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        if s == "end" {
            return Ok(Self::End);
        }
        // `u64::from_str` takes a leading `+`, which no server of ours writes.
        if s.is_empty() || !s.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ParsePositionError);
        }
        s.parse().map(|n| Self::At(Offset(n))).map_err(|_| ParsePositionError)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(offset) => offset.fmt(f),
            Self::End => f.write_str("end"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_digits_or_the_word_end() {
        assert_eq!("1507".parse(), Ok(Position::At(Offset(1507))));
        assert_eq!("end".parse(), Ok(Position::End));
        for bad in ["", "+1", "-1", "1.0", "END", " 1", "1 ", "99999999999999999999", "٣"] {
            assert_eq!(bad.parse::<Position>(), Err(ParsePositionError), "{bad:?}");
        }
    }
}
