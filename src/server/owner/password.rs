//! People's names and passwords: what they may be, and how a password is kept.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc};
use ring::rand::{SecureRandom, SystemRandom};

const MAX_NAME: usize = 64;
const MIN_PASSWORD: usize = 8;
/// Longer than anybody types; it bounds what a stranger can have hashed.
const MAX_PASSWORD: usize = 1024;
const SALT_BYTES: usize = 16;

/// What a password is kept as: argon2id with a salt of its own, as a PHC string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordHash(pub String);

/// Why a name or a password can't be used: one sentence.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCredential {
    /// The name is empty.
    #[error("the name is empty; give one, such as `anna`")]
    EmptyName,
    /// The name is too long.
    #[error("the name is longer than {MAX_NAME} characters; choose a shorter one")]
    LongName,
    /// The name can't be typed or shown.
    #[error("the name holds control characters, or spaces around it; choose one that can be typed")]
    UnusableName,
    /// The password is too short.
    #[error("the password is shorter than {MIN_PASSWORD} characters; choose a longer one")]
    ShortPassword,
    /// The password is too long.
    #[error("the password is longer than {MAX_PASSWORD} bytes; choose a shorter one")]
    LongPassword,
}

/// Whether somebody can have this name.
///
/// # Errors
///
/// See [`BadCredential`].
pub fn check_name(name: &str) -> Result<(), BadCredential> {
    if name.is_empty() {
        return Err(BadCredential::EmptyName);
    }
    if name.chars().count() > MAX_NAME {
        return Err(BadCredential::LongName);
    }
    if name.chars().any(char::is_control) || name.trim() != name {
        return Err(BadCredential::UnusableName);
    }
    Ok(())
}

/// Whether this can be somebody's password.
///
/// # Errors
///
/// See [`BadCredential`].
pub fn check_password(password: &str) -> Result<(), BadCredential> {
    if password.chars().count() < MIN_PASSWORD {
        return Err(BadCredential::ShortPassword);
    }
    if password.len() > MAX_PASSWORD {
        return Err(BadCredential::LongPassword);
    }
    Ok(())
}

impl PasswordHash {
    /// Hashes a password, on purpose slowly: tens of milliseconds and 19 MiB.
    ///
    /// # Panics
    ///
    /// When the system has no randomness to give.
    pub fn of(password: &str) -> Self {
        let mut salt = [0; SALT_BYTES];
        SystemRandom::new().fill(&mut salt).expect("the system gives random bytes");
        let hash: phc::PasswordHash = Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .expect("the parameters and the salt are as argon2 wants them");
        Self(hash.to_string())
    }

    /// Whether this is the hash of the password. Takes as long as making one.
    pub fn is_of(&self, password: &str) -> bool {
        // A hash that can't be read is of no password.
        let Ok(hash) = phc::PasswordHash::new(&self.0) else {
            return false;
        };
        PasswordVerifier::<phc::PasswordHash>::verify_password(&Argon2::default(), password.as_bytes(), &hash)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_argon2id_and_knows_its_password_alone() {
        let hash = PasswordHash::of("correct horse");
        assert!(hash.0.starts_with("$argon2id$v=19$m="), "{hash:?}");
        assert!(hash.is_of("correct horse"));
        assert!(!hash.is_of("correct horsf"));
        assert_ne!(hash, PasswordHash::of("correct horse"), "each has its own salt");
        assert!(!PasswordHash("garbage".to_owned()).is_of("garbage"));
    }

    #[test]
    fn names_and_passwords_are_checked() {
        assert_eq!(check_name("Ännä 水"), Ok(()));
        assert_eq!(check_name(&"水".repeat(64)), Ok(()));
        assert_eq!(check_name(""), Err(BadCredential::EmptyName));
        assert_eq!(check_name(&"a".repeat(65)), Err(BadCredential::LongName));
        for name in ["a\nb", "a\u{7f}", " a", "a "] {
            assert_eq!(check_name(name), Err(BadCredential::UnusableName), "{name:?}");
        }
        assert_eq!(check_password("12345678"), Ok(()));
        assert_eq!(check_password("1234567"), Err(BadCredential::ShortPassword));
        assert_eq!(check_password(&"x".repeat(1025)), Err(BadCredential::LongPassword));
    }
}
