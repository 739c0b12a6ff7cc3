//! Strings in JSON, behind their opening quote.

use std::borrow::Cow;

use super::JsonError;

/// What becomes of a surrogate that has no partner: no character is behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Surrogates {
    /// It is an error.
    Refused,
    /// It becomes U+FFFD.
    Replaced,
}

/// Reads up to and with the closing quote. Borrowed where nothing is escaped.
pub(super) fn read<'de>(
    json: &'de str,
    at: &mut usize,
    surrogates: Surrogates,
) -> Result<Cow<'de, str>, JsonError> {
    let first = plain(json, at)?;
    if take(json, at)? == b'"' {
        return Ok(Cow::Borrowed(first));
    }
    let mut out = first.to_owned();
    loop {
        out.push(escaped(json, at, surrogates)?);
        out.push_str(plain(json, at)?);
        if take(json, at)? == b'"' {
            return Ok(Cow::Owned(out));
        }
    }
}

/// What comes before the next quote or backslash.
fn plain<'de>(json: &'de str, at: &mut usize) -> Result<&'de str, JsonError> {
    let rest = &json[*at..];
    let end = memchr::memchr2(b'"', b'\\', rest.as_bytes()).ok_or(JsonError)?;
    let plain = &rest[..end];
    if plain.bytes().any(|byte| byte < b' ') {
        return Err(JsonError);
    }
    *at += end;
    Ok(plain)
}

fn take(json: &str, at: &mut usize) -> Result<u8, JsonError> {
    let byte = json.as_bytes().get(*at).copied().ok_or(JsonError)?;
    *at += 1;
    Ok(byte)
}

/// The character behind a backslash.
fn escaped(json: &str, at: &mut usize, surrogates: Surrogates) -> Result<char, JsonError> {
    Ok(match take(json, at)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(json, at, surrogates),
        _ => return Err(JsonError),
    })
}

fn unicode(json: &str, at: &mut usize, surrogates: Surrogates) -> Result<char, JsonError> {
    let high = hex(json, at)?;
    if let 0xD800..0xDC00 = high {
        // Only a low one makes it a character; anything else is read for itself.
        let behind = *at;
        if json[*at..].starts_with("\\u") {
            *at += 2;
            if let low @ 0xDC00..0xE000 = hex(json, at)? {
                let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return char::from_u32(code).ok_or(JsonError);
            }
        }
        *at = behind;
    }
    match (char::from_u32(high), surrogates) {
        (Some(char), _) => Ok(char),
        (None, Surrogates::Replaced) => Ok(char::REPLACEMENT_CHARACTER),
        (None, Surrogates::Refused) => Err(JsonError),
    }
}

fn hex(json: &str, at: &mut usize) -> Result<u32, JsonError> {
    let digits = json.get(*at..*at + 4).ok_or(JsonError)?;
    // `from_str_radix` would take a sign.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(JsonError);
    }
    *at += 4;
    u32::from_str_radix(digits, 16).map_err(|_| JsonError)
}
