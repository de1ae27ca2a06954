//! Keeps passwords, tokens, cookies and keys out of the log, whoever tries to log them.

use std::borrow::Cow;

/// What is written in place of a secret.
pub(super) const HIDDEN: &str = "***";

/// Anywhere in a field's name, these make its value a secret.
const SECRETS: &[&str] = &["password", "token", "secret", "cookie", "authorization"];

/// How the tokens that we seal, and the keys that we seal them with, begin.
const SEALED: &[&str] = &["v4.local.", "k4.local."];

/// True if the field `name` must not be shown: `refresh_token`, `api.key`; not `key_id`, which
/// names a key without giving it away.
pub(super) fn hides(name: &str) -> bool {
    let contains = |secret: &&str| {
        let mut parts = name.as_bytes().windows(secret.len());
        parts.any(|part| part.eq_ignore_ascii_case(secret.as_bytes()))
    };
    SECRETS.iter().any(contains) || has_key(name)
}

fn has_key(name: &str) -> bool {
    let mut words = name.split(['_', '.', '-']).peekable();
    while let Some(word) = words.next() {
        let is_key = word.eq_ignore_ascii_case("key") || word.eq_ignore_ascii_case("keys");
        let is_id = words
            .peek()
            .is_some_and(|next| next.eq_ignore_ascii_case("id"));
        if is_key && !is_id {
            return true;
        }
    }
    false
}

/// `text` with every sealed token and key in it hidden.
pub(super) fn redact(text: &str) -> Cow<'_, str> {
    let Some(at) = sealed(text) else {
        return Cow::Borrowed(text);
    };
    let mut clean = String::with_capacity(text.len());
    let (mut rest, mut next) = (text, Some(at));
    while let Some((before, after)) = next.and_then(|at| rest.split_at_checked(at)) {
        clean.push_str(before);
        clean.push_str(HIDDEN);
        rest = after.trim_start_matches(is_part);
        next = sealed(rest);
    }
    clean.push_str(rest);
    Cow::Owned(clean)
}

/// Where the first sealed token or key begins.
fn sealed(text: &str) -> Option<usize> {
    SEALED.iter().filter_map(|start| text.find(start)).min()
}

/// The alphabet of PASETO: base64url, and dots between the parts.
fn is_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '=')
}

#[cfg(test)]
mod tests {
    use super::{hides, redact};

    #[test]
    fn names_of_secrets_are_known() {
        for name in [
            "password",
            "newPassword",
            "refresh_token",
            "client-secret",
            "Set-Cookie",
            "http.authorization",
            "key",
            "api_key",
            "KEY",
            "signing.keys",
            "key_material",
        ] {
            assert!(hides(name), "{name}");
        }
        for name in [
            "key_id",
            "api_key_id",
            "keyboard",
            "monkey",
            "user_id",
            "id",
            "",
        ] {
            assert!(!hides(name), "{name}");
        }
    }

    #[test]
    fn sealed_tokens_and_keys_are_cut_out_of_text() {
        assert_eq!(redact("all is well"), "all is well");
        assert_eq!(
            redact("got v4.local.AbC-_9.eyJr from ann"),
            "got *** from ann"
        );
        assert_eq!(redact("k4.local.AAAA, v4.local.BBBB"), "***, ***");
        assert_eq!(redact("é\"v4.local.\""), "é\"***\"");
    }
}
