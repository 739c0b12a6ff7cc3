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
///
/// One table of 256 entries and a byte at a time: some hundred MB/s, where an answer has some KB/s. The
/// 16 tables of a fast implementation would cost the page 15 KB after compression.
#[derive(Clone, Debug, Default)]
pub struct Checker(u32);

/// The remainders of all bytes, for the reversed polynomial 0x04C11DB7.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
};

impl Checker {
    /// A new part of this type begins.
    pub fn open(&mut self, kind: PartKind) {
        self.update(kind.name().as_bytes());
        self.update(&[0]);
    }

    /// The open part grew.
    pub fn extend(&mut self, bytes: &str) {
        self.update(bytes.as_bytes());
    }

    fn update(&mut self, bytes: &[u8]) {
        let step = |crc: u32, byte: &u8| (crc >> 8) ^ TABLE[usize::from(crc.to_le_bytes()[0] ^ byte)];
        self.0 = !bytes.iter().fold(!self.0, step);
    }

    /// The check of all that was added so far.
    pub fn check(&self) -> Check {
        Check(self.0)
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
    fn agrees_with_the_usual_library_however_it_is_cut() {
        let text: String = ('\0'..'\u{3000}').collect();
        let mut checker = Checker::default();
        for piece in text.as_bytes().chunks(977) {
            checker.update(piece);
        }
        assert_eq!(checker.check().0, crc32fast::hash(text.as_bytes()));
    }

    #[test]
    fn only_eight_lower_case_digits_are_a_check() {
        for bad in ["", "0", "ABCDEF00", "+1234567", "123456789"] {
            assert!(serde_json::from_str::<Check>(&format!("\"{bad}\"")).is_err(), "{bad}");
        }
    }
}
