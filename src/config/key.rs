//! What is known of a key, said once, and the registry of them all.

use std::{fs, path::Path};

use super::{
    Config, auth, cookies, cors, given::Given, log, rate_limit, server, shape::Shape, storage,
};

/// Every section, in the order of the example file.
pub(super) const SECTIONS: &[Section] = &[
    server::SECTION,
    storage::SECTION,
    auth::SECTION,
    cookies::SECTION,
    cors::SECTION,
    rate_limit::SECTION,
    log::SECTION,
];

/// A section of `config.toml`, with its keys.
pub(super) struct Section {
    pub name: &'static str,
    /// One line for the example file.
    pub about: &'static str,
    pub keys: &'static [&'static dyn Key],
}

impl Section {
    /// The section called `name`.
    pub fn named(name: &str) -> Option<&'static Self> {
        SECTIONS.iter().find(|section| section.name == name)
    }

    /// The key called `name`, in this section.
    pub fn key(&self, name: &str) -> Option<&'static dyn Key> {
        self.keys.iter().copied().find(|key| key.name() == name)
    }
}

/// Puts into `config` what the file at `path` holds, as service and container managers hand over
/// secrets. For a key that names a file, it is that file itself.
pub(super) fn set_from_file(key: &dyn Key, path: &Path, config: &mut Config) -> Result<(), String> {
    if key.names_file() {
        let path = path.to_str().ok_or("its path is not UTF-8")?;
        return key.set(config, &Given::Text(path));
    }
    let text = fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    key.set(config, &Given::Hidden(text.trim()))
}

/// One key, whatever the type of its value.
pub(super) trait Key: Sync {
    /// Its name in its section.
    fn name(&self) -> &'static str;
    /// What it is for, and why the default is what it is, in sentences.
    fn reason(&self) -> &'static str;
    /// What it may be: "a whole number from 1 to 64".
    fn limits(&self) -> String;
    /// True if its value is the path of a file.
    fn names_file(&self) -> bool;
    /// Puts a value in its place, or says what it must be.
    fn set(&self, config: &mut Config, given: &Given<'_>) -> Result<(), String>;
    /// The value that `config` holds, as TOML.
    fn show(&self, config: &mut Config) -> String;
}

/// A key whose value is a `T`.
pub(super) struct Entry<T: 'static, S> {
    pub name: &'static str,
    pub reason: &'static str,
    pub shape: S,
    pub place: fn(&mut Config) -> &mut T,
}

impl<T, S: Shape<T> + Sync> Key for Entry<T, S> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn reason(&self) -> &'static str {
        self.reason
    }

    fn limits(&self) -> String {
        self.shape.limits()
    }

    fn names_file(&self) -> bool {
        self.shape.names_file()
    }

    fn set(&self, config: &mut Config, given: &Given<'_>) -> Result<(), String> {
        *(self.place)(config) = self.shape.read(given)?;
        Ok(())
    }

    fn show(&self, config: &mut Config) -> String {
        self.shape.write((self.place)(config))
    }
}
