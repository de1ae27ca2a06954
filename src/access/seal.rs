//! What clients carry for this instance without reading it: sealed texts, such as the cursors of
//! lists.
//!
//! PASETO v4.local, which access tokens are made of too: it hides, it cannot be forged, and what a
//! text is sealed for is part of the seal without standing in it.

use std::sync::Arc;

use pasetors::{
    Local,
    keys::SymmetricKey,
    token::UntrustedToken,
    version4::{LocalToken, V4},
};
use sha2::{Digest, Sha256};

use super::InstanceKey;
use crate::base::{Error, Result};

/// How every token of this kind begins, which is left out of what clients get.
const HEADER: &str = "v4.local.";

/// Seals texts for one purpose. Cheap to clone.
#[derive(Clone)]
pub struct Seal(Arc<SymmetricKey<V4>>);

impl Seal {
    /// By a key that is made of the instance's; what is sealed for one `purpose` is nothing for
    /// another.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if 32 bytes are no key, which they are.
    pub fn new(key: &InstanceKey, purpose: &'static str) -> Result<Self> {
        let derived = Sha256::digest(key.sign(purpose, b"seal"));
        let key = SymmetricKey::from(&derived).map_err(broken)?;
        Ok(Self(Arc::new(key)))
    }

    /// Seals `text` for a `context`, the same of which opens it. The result is letters, digits,
    /// `-` and `_`, and another one each time.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` for an empty text, or if the system has no randomness to give.
    pub fn seal(&self, text: &str, context: &[u8]) -> Result<String> {
        let mut token =
            LocalToken::encrypt(&self.0, text.as_bytes(), None, Some(context)).map_err(broken)?;
        Ok(token.split_off(HEADER.len()))
    }

    /// The text that was sealed for this context; none if this was not.
    pub fn open(&self, sealed: &str, context: &[u8]) -> Option<String> {
        let token = format!("{HEADER}{sealed}");
        let token = UntrustedToken::<Local, V4>::try_from(&token).ok()?;
        // A footer is no part of what is made here, and would let one text be written in two ways.
        let is_bare = token.untrusted_footer().is_empty() && !sealed.contains('.');
        let open = || LocalToken::decrypt(&self.0, &token, None, Some(context)).ok();
        let opened = is_bare.then(open).flatten()?;
        Some(opened.payload().to_owned())
    }
}

fn broken(error: impl std::fmt::Debug) -> Error {
    Error::internal(format!("a text cannot be sealed: {error:?}"))
}

#[cfg(test)]
mod tests {
    use super::{InstanceKey, Seal};

    fn seal(purpose: &'static str) -> Seal {
        let dir = tempfile::tempdir().unwrap();
        Seal::new(&InstanceKey::open(dir.path()).unwrap(), purpose).unwrap()
    }

    #[test]
    fn a_sealed_text_shows_nothing_and_is_opened_by_its_context() {
        let seal = seal("test");
        let sealed = seal.seal("secret", b"here").unwrap();
        assert_eq!(seal.open(&sealed, b"here").as_deref(), Some("secret"));
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        assert!(sealed.bytes().all(is_plain), "{sealed}");
        assert_ne!(seal.seal("secret", b"here").unwrap(), sealed);
        assert_eq!(seal.open(&sealed, b"there"), None);
    }

    #[test]
    fn another_instance_or_purpose_opens_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let key = InstanceKey::open(dir.path()).unwrap();
        let made = Seal::new(&key, "one").unwrap();
        let sealed = made.seal("x", b"").unwrap();
        assert_eq!(made.open(&sealed, b"").as_deref(), Some("x"));
        assert_eq!(Seal::new(&key, "two").unwrap().open(&sealed, b""), None);
        assert_eq!(seal("one").open(&sealed, b""), None);
    }

    #[test]
    fn no_character_of_it_can_be_changed() {
        let seal = seal("test");
        let sealed = seal.seal("secret", b"").unwrap();
        for at in 0..sealed.len() {
            let other = if &sealed[at..=at] == "A" { "B" } else { "A" };
            let mut forged = sealed.clone();
            forged.replace_range(at..=at, other);
            assert_eq!(seal.open(&forged, b""), None, "{at}");
        }
        for forged in [
            "",
            ".",
            "AA",
            "AA.AA",
            &sealed[1..],
            &format!("{sealed}.AA"),
        ] {
            assert_eq!(seal.open(forged, b""), None, "{forged}");
        }
    }
}
