//! Random secrets, their hashes, and comparison in constant time.

use hmac::{Hmac, KeyInit, Mac};
pub use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::error::{Error, Result};

/// 256 random bits as text (hexadecimal, 64 characters).
///
/// # Errors
/// `INTERNAL_ERROR` if the system has no randomness to give.
pub fn random_token() -> Result<SecretString> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(SecretString::from(hex(&bytes)))
}

/// SHA-256 of a token, in hexadecimal: what is stored in its place.
pub fn hash_token(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// HMAC-SHA-256 of `message` under `key`, in hexadecimal.
pub fn sign(key: &str, message: &str) -> String {
    sign_all(key, &[message.as_bytes()])
}

/// The same of several pieces, as if they were one.
pub fn sign_all(key: &str, pieces: &[&[u8]]) -> String {
    // HMAC takes keys of any length, so the error cannot occur; an empty answer matches nothing.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    for piece in pieces {
        mac.update(piece);
    }
    hex(&mac.finalize().into_bytes())
}

/// Compares without telling by its time where the difference is.
pub fn equal(a: &str, b: &str) -> bool {
    !a.is_empty() && bool::from(a.as_bytes().ct_eq(b.as_bytes()))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(*DIGITS.get(usize::from(nibble)).unwrap_or(&b'0'));
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{ExposeSecret, equal, hash_token, random_token, sign};

    #[test]
    fn tokens_have_256_bits_and_never_print() {
        let token = random_token().unwrap();
        assert_eq!(token.expose_secret().len(), 64);
        assert!(!format!("{token:?}").contains(token.expose_secret()));
        assert_ne!(
            token.expose_secret(),
            random_token().unwrap().expose_secret()
        );
    }

    #[test]
    fn the_hash_is_sha_256() {
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash_token("abc"), known);
    }

    #[test]
    fn nothing_equals_an_empty_secret() {
        assert!(!equal("", ""));
        assert!(equal(&sign("key", "a"), &sign("key", "a")));
        assert!(!equal(&sign("key", "a"), &sign("other", "a")));
    }
}
