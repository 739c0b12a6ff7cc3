//! Generalised UTF-8 to text. A model server that cuts its text between UTF-16 units sends half an
//! emoji as a lone surrogate escape, and the other half in its next delta.

/// Joins the strings of neighbouring deltas of one type.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    /// A high surrogate that ended the last string.
    half: Option<u32>,
}

impl Joiner {
    /// Appends `bytes` to `out`. A half at the end waits for the next call.
    pub(super) fn push(&mut self, mut bytes: &[u8], out: &mut String) {
        if bytes.is_empty() {
            return;
        }
        if let Some(high) = self.half.take() {
            let low = surrogate(bytes).filter(|unit| *unit >= 0xDC00);
            out.push(low.map_or(char::REPLACEMENT_CHARACTER, |low| pair(high, low)));
            bytes = if low.is_some() { &bytes[3..] } else { bytes };
        }
        while let Err(error) = std::str::from_utf8(bytes) {
            let (good, bad) = bytes.split_at(error.valid_up_to());
            out.push_str(&String::from_utf8_lossy(good));
            let unit = surrogate(bad);
            bytes = &bad[if unit.is_some() { 3 } else { 1 }..];
            match unit {
                Some(high) if high < 0xDC00 && bytes.is_empty() => self.half = Some(high),
                _ => out.push(char::REPLACEMENT_CHARACTER),
            }
        }
        // What is left has just been found to be text.
        out.push_str(&String::from_utf8_lossy(bytes));
    }

    /// Nothing of this type follows for now: a half stays alone.
    pub(super) fn release(&mut self, out: &mut String) {
        if self.half.take().is_some() {
            out.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

/// The surrogate that `bytes` begin with: ED A0..BF 80..BF.
fn surrogate(bytes: &[u8]) -> Option<u32> {
    match *bytes {
        [0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF, ..] => {
            Some(0xD000 | (u32::from(second) & 0x3F) << 6 | u32::from(third) & 0x3F)
        }
        _ => None,
    }
}

fn pair(high: u32, low: u32) -> char {
    let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIGH: &[u8] = b"\xED\xA0\xBD"; // D83D
    const LOW: &[u8] = b"\xED\xB8\x80"; // DE00

    fn joined(strings: &[&[u8]]) -> String {
        let (mut joiner, mut out) = (Joiner::default(), String::new());
        for bytes in strings {
            joiner.push(bytes, &mut out);
        }
        joiner.release(&mut out);
        out
    }

    #[test]
    fn two_halves_in_neighbouring_strings_are_one_character() {
        assert_eq!(joined(&[b"a", HIGH, LOW, b"b"]), "a😀b");
        assert_eq!(joined(&[&[b"a", HIGH].concat(), b"", &[LOW, b"b"].concat()]), "a😀b");
    }

    #[test]
    fn a_half_alone_is_one_replacement_character() {
        assert_eq!(joined(&[HIGH]), "\u{fffd}");
        assert_eq!(joined(&[LOW]), "\u{fffd}");
        assert_eq!(joined(&[HIGH, HIGH, b"x"]), "\u{fffd}\u{fffd}x");
        assert_eq!(joined(&[LOW, HIGH]), "\u{fffd}\u{fffd}");
        assert_eq!(joined(&[HIGH, "é".as_bytes()]), "\u{fffd}é");
        assert_eq!(joined(&[&[HIGH, b"b", LOW, "字".as_bytes()].concat()]), "\u{fffd}b\u{fffd}字");
    }

    #[test]
    fn every_pair_is_the_character_that_utf16_says() {
        for c in ['\u{10000}', '😀', '\u{10ffff}', '\u{24b62}'] {
            let mut units = [0; 2];
            c.encode_utf16(&mut units);
            let wtf8 = units.map(|unit| {
                let unit = u32::from(unit);
                [0xED, 0x80 | (unit >> 6 & 0x3F) as u8, 0x80 | (unit & 0x3F) as u8]
            });
            assert_eq!(joined(&[&wtf8[0], &wtf8[1]]), c.to_string());
        }
    }
}
