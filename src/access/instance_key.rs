//! The key of this instance: for marks of what must be known again and not be kept.

use std::{
    io::{self, Read, Write},
    path::Path,
    sync::Arc,
};

use crate::{
    base::secret::{self, ExposeSecret, SecretString},
    db::private_file,
};

/// Name of its file in the data directory. It is no part of the database, so that whoever gets
/// hold of that alone can guess at nothing.
pub const FILE: &str = "instance.key";

/// 256 random bits that are made once. Cheap to clone.
#[derive(Clone, Debug)]
pub struct InstanceKey(Arc<SecretString>);

impl InstanceKey {
    /// Takes the key from the data directory, and makes it (mode 0600) where there is none.
    ///
    /// # Errors
    /// If the file cannot be read or written, or holds no key.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let mut file = private_file().truncate(false).open(dir.join(FILE))?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        if text.is_empty() {
            let made = secret::random_token().map_err(io::Error::other)?;
            text = made.expose_secret().to_owned();
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::File::open(dir)?.sync_all()?;
        }
        let is_key = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_key {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is damaged"));
        }
        Ok(Self(Arc::new(text.into())))
    }

    /// The HMAC-SHA-256 of `message` in hexadecimal. Marks for one `purpose` say nothing for
    /// another.
    pub fn sign(&self, purpose: &'static str, message: &[u8]) -> String {
        secret::sign_all(
            self.0.expose_secret(),
            &[purpose.as_bytes(), b"\0", message],
        )
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{FILE, InstanceKey};

    #[test]
    fn the_key_is_made_once_and_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let first = InstanceKey::open(dir.path()).unwrap().sign("a", b"x");
        assert_eq!(
            InstanceKey::open(dir.path()).unwrap().sign("a", b"x"),
            first
        );
        let metadata = std::fs::metadata(dir.path().join(FILE)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_mark_hangs_on_key_purpose_and_message() {
        let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let [one, other] = dirs
            .each_ref()
            .map(|dir| InstanceKey::open(dir.path()).unwrap());
        let mark = one.sign("a", b"x");
        for another in [
            other.sign("a", b"x"),
            one.sign("b", b"x"),
            one.sign("a", b"y"),
        ] {
            assert_ne!(another, mark);
        }
    }

    #[test]
    fn a_damaged_key_is_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE), "half a k").unwrap();
        InstanceKey::open(dir.path()).unwrap_err();
        assert_eq!(std::fs::read(dir.path().join(FILE)).unwrap(), b"half a k");
    }
}
