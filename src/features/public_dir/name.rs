//! Which file an address names: names alone, so that it can lead nowhere but down.

use std::path::{Path, PathBuf};

use super::INDEX;
use crate::config::is_ours;

/// A path below the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    path: PathBuf,
    is_folder: bool,
}

impl Name {
    /// The name in the path of a request, as it was sent.
    ///
    /// None for what is Stead's own, for dotfiles (except below `/.well-known`, RFC 8615), and for
    /// whatever a file system could take for more than names.
    pub fn read(path: &str) -> Option<Self> {
        let rest = path.strip_prefix('/')?;
        let is_folder = rest.is_empty() || rest.ends_with('/');
        let whole = rest;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let mut name = Self {
            path: PathBuf::new(),
            is_folder,
        };
        if whole.is_empty() {
            return Some(name);
        }
        for (number, part) in rest.split('/').enumerate() {
            let part = decode(part)?;
            let is_first = number == 0;
            let is_known = is_first && part == ".well-known";
            let is_plain = !part.is_empty() && !part.starts_with('.');
            let leads_away = part.contains(['/', '\\', '\0']) || (is_first && is_ours(&part));
            if leads_away || !(is_plain || is_known) {
                return None;
            }
            name.path.push(part);
        }
        Some(name)
    }

    /// The page of the folder itself.
    pub fn index() -> Self {
        Self {
            path: PathBuf::new(),
            is_folder: true,
        }
    }

    /// Its path below the folder; that of a folder is its page.
    pub fn path(&self) -> PathBuf {
        if self.is_folder {
            self.path.join(INDEX)
        } else {
            self.path.clone()
        }
    }

    /// True if a slash at its end says that it names a folder.
    pub fn is_folder(&self) -> bool {
        self.is_folder
    }

    /// True if it looks like no file, and so like an address within an application.
    pub fn is_plain(&self) -> bool {
        let last = self.path.file_name().map(Path::new);
        self.is_folder || last.is_none_or(|last| last.extension().is_none())
    }
}

/// Undoes percent encoding; none for what is no text.
fn decode(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::{any, proptest};

    use super::Name;

    #[test]
    fn a_name_leads_down_or_nowhere() {
        for (path, expected) in [
            ("/", Some("index.html")),
            ("/app.js", Some("app.js")),
            ("/a/b%20c/%C3%BC.txt", Some("a/b c/ü.txt")),
            ("/a/", Some("a/index.html")),
            ("/a+b", Some("a+b")),
            (
                "/.well-known/security.txt",
                Some(".well-known/security.txt"),
            ),
            ("", None),
            ("//", None),
            ("//example.org", None),
            ("/a//b", None),
            ("/..", None),
            ("/../etc/passwd", None),
            ("/a/../b", None),
            ("/%2e%2e/b", None),
            ("/a%2Fb", None),
            ("/a%5Cb", None),
            ("/a%00b", None),
            ("/.env", None),
            ("/a/.git/config", None),
            ("/a/.well-known/x", None),
            ("/.", None),
            ("/%", None),
            ("/%zz", None),
            ("/%ff", None),
            ("/api", None),
            ("/%61pi/v1", None),
            ("/admin/x.html", None),
            ("/health/x", None),
            ("/metrics", None),
            ("/apis", Some("apis")),
        ] {
            let name = Name::read(path).map(|name| name.path());
            assert_eq!(name.as_deref(), expected.map(Path::new), "{path}");
        }
    }

    proptest! {
        #[test]
        fn no_path_of_any_letters_leads_up(path in any::<String>()) {
            if let Some(name) = Name::read(&path) {
                let path = name.path();
                let mut parts = path.components();
                assert!(parts.all(|part| matches!(part, std::path::Component::Normal(_))));
            }
        }
    }

    #[test]
    fn what_has_an_extension_looks_like_a_file() {
        let is_plain = |path| Name::read(path).unwrap().is_plain();
        assert!(is_plain("/") && is_plain("/posts/7") && is_plain("/v1.2/"));
        assert!(!is_plain("/app.js") && !is_plain("/v1.2"));
    }
}
