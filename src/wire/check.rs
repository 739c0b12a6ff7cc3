//! The check that two sides have the same answer (section 3): CRC-32 (IEEE) over, for each part in
//! order, the type's name in ASCII, a NUL, and the part's bytes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::PartKind;

/// A finished check; on the wire 8 lower-case hex digits. An answer without content has `00000000`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "std::borrow::Cow<'_, str>", into = "String")]
pub struct Check(pub u32);

/// A check has 8 lower-case hex digits.
#[derive(Clone, Debug, thiserror::Error)]
#[error("not a check: expected 8 lower-case hex digits")]
pub struct ParseCheckError;

impl TryFrom<std::borrow::Cow<'_, str>> for Check {
    type Error = ParseCheckError;

    fn try_from(s: std::borrow::Cow<'_, str>) -> Result<Self, Self::Error> {
        if s.len() != 8 || !s.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(ParseCheckError);
        }
        u32::from_str_radix(&s, 16).map(Self).map_err(|_| ParseCheckError)
    }
}

impl From<Check> for String {
    fn from(check: Check) -> Self {
        check.to_string()
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// Computes a [`Check`] while an answer grows, at a cost in proportion to what is added.
#[derive(Clone, Debug, Default)]
pub struct Checker(crc32fast::Hasher);

impl Checker {
    /// A new part of this type begins.
    pub fn open(&mut self, kind: PartKind) {
        self.0.update(kind.name().as_bytes());
        self.0.update(&[0]);
    }

    /// The open part grew.
    pub fn extend(&mut self, bytes: &str) {
        self.0.update(bytes.as_bytes());
    }

    /// The check of all that was added so far.
    pub fn check(&self) -> Check {
        Check(self.0.clone().finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_content_is_zero() {
        assert_eq!(Checker::default().check().to_string(), "00000000");
    }

    /// The expected value was computed by another implementation: `zlib.crc32` of Python.
    #[test]
    fn agrees_with_zlib() {
        let mut checker = Checker::default();
        checker.open(PartKind::Think);
        checker.extend("hm");
        checker.open(PartKind::Text);
        checker.extend("Hello");
        assert_eq!(checker.check().to_string(), "b295deda");
    }

    #[test]
    fn only_eight_lower_case_digits_are_a_check() {
        for bad in ["", "0", "ABCDEF00", "+1234567", "123456789"] {
            assert!(serde_json::from_str::<Check>(&format!("\"{bad}\"")).is_err(), "{bad}");
        }
    }
}
