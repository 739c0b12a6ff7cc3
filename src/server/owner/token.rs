//! The tokens that stand for an owner.
//!
//! A token is 256 random bits, as 64 hex digits. A browser holds one in a cookie, a program in its
//! `Authorization` header, and the store has only the hash.

use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

use crate::server::store::TokenHash;

const BYTES: usize = 32;

/// A secret that stands for an owner. Whoever has it is that owner, so it is shown to nobody else.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; BYTES]);

impl Token {
    /// A new one.
    ///
    /// # Panics
    ///
    /// When the system has no randomness to give, without which nothing here is safe.
    pub fn new() -> Self {
        let mut bytes = [0; BYTES];
        SystemRandom::new().fill(&mut bytes).expect("the system gives random bytes");
        Self(bytes)
    }

    /// Reads the digits; `None` for anything that is not a token.
    pub fn parse(digits: &str) -> Option<Self> {
        let digits = digits.as_bytes();
        if digits.len() != 2 * BYTES {
            return None;
        }
        let mut bytes = [0; BYTES];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// What the store knows it by.
    pub fn hash(&self) -> TokenHash {
        TokenHash(digest(&SHA256, &self.0).as_ref().try_into().expect("SHA-256 has 32 bytes"))
    }

    /// The digits, for the one who is to hold it.
    pub fn reveal(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Default for Token {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

fn digit(ascii: u8) -> Option<u8> {
    match ascii {
        b'0'..=b'9' => Some(ascii - b'0'),
        b'a'..=b'f' => Some(ascii - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_one_spelling_and_shows_itself_to_nobody() {
        let token = Token::new();
        assert_ne!(token, Token::new());
        assert_eq!(Token::parse(&token.reveal()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "Token(…)");
        for bad in [
            "",
            "00",
            &token.reveal().to_uppercase().replace(|c: char| c.is_ascii_digit(), "A"),
            &"g".repeat(64),
        ] {
            assert_eq!(Token::parse(bad), None, "{bad}");
        }
    }
}
