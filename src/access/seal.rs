//! What clients carry for this instance without reading it: sealed texts, such as the cursors of
//! lists.
//!
//! ChaCha20-Poly1305, whose nonce is an HMAC of the text and of what it is sealed for, so that the
//! same text for the same context is the same sealed: to ask for a list again uses up no nonce.
//! Random ones of 96 bits would come twice after 2^48 answers, these after as many different
//! texts, which nobody has. A PASETO, as access tokens are, takes ten times as long.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hmac,
};
use sha2::{Digest, Sha256};

use super::InstanceKey;
use crate::base::{Error, Result};

/// Seals texts for one purpose. Cheap to clone.
#[derive(Clone)]
pub struct Seal(Arc<Keys>);

struct Keys {
    nonce: hmac::Key,
    text: LessSafeKey,
}

impl Seal {
    /// By keys that are made of the instance's; what is sealed for one `purpose` is nothing for
    /// another.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if 32 bytes are no key, which they are.
    pub fn new(key: &InstanceKey, purpose: &'static str) -> Result<Self> {
        let derived = |what: &[u8]| Sha256::digest(key.sign(purpose, what));
        let text = UnboundKey::new(&CHACHA20_POLY1305, &derived(b"text")).map_err(broken)?;
        Ok(Self(Arc::new(Keys {
            nonce: hmac::Key::new(hmac::HMAC_SHA256, &derived(b"nonce")),
            text: LessSafeKey::new(text),
        })))
    }

    /// Seals `text` for a `context`, the same of which opens it. The result is letters, digits,
    /// `-` and `_`.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` for a text of many gigabytes.
    pub fn seal(&self, text: &str, context: &[u8]) -> Result<String> {
        let nonce = self.nonce(text, context);
        let mut sealed = nonce.to_vec();
        sealed.extend_from_slice(text.as_bytes());
        let (_, hidden) = sealed.split_at_mut(NONCE_LEN);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self
            .0
            .text
            .seal_in_place_separate_tag(nonce, Aad::from(context), hidden);
        sealed.extend_from_slice(tag.map_err(broken)?.as_ref());
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The text that was sealed for this context; none if this was not.
    pub fn open(&self, sealed: &str, context: &[u8]) -> Option<String> {
        let mut sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, hidden) = sealed.split_first_chunk_mut::<NONCE_LEN>()?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.0.text.open_in_place(nonce, Aad::from(context), hidden);
        Some(std::str::from_utf8(opened.ok()?).ok()?.to_owned())
    }

    fn nonce(&self, text: &str, context: &[u8]) -> [u8; NONCE_LEN] {
        let mut mark = hmac::Context::with_key(&self.0.nonce);
        mark.update(&context.len().to_le_bytes());
        mark.update(context);
        mark.update(text.as_bytes());
        let mark = mark.sign();
        let first = mark.as_ref().first_chunk();
        first.copied().unwrap_or_default()
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
        assert_eq!(seal.open(&sealed, b"there"), None);
    }

    #[test]
    fn another_text_or_context_has_another_nonce() {
        let seal = seal("test");
        let nonce = |text, context| seal.seal(text, context).unwrap()[..16].to_owned();
        let first = nonce("ab", b"c");
        assert_eq!(nonce("ab", b"c"), first);
        for other in [
            nonce("ab", b"d"),
            nonce("b", b"ca"),
            nonce("a", b"cb"),
            nonce("", b""),
        ] {
            assert_ne!(other, first);
        }
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
