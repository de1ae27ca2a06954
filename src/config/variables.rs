//! Applies the environment: `STEAD_SERVER__LISTEN`, or `STEAD_SERVER__LISTEN_FILE` naming a file
//! that holds the value, as container and service managers hand over secrets.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::{
    Config,
    check::{Fault, Place, suggestion},
    given::Given,
    key::{Key, SECTIONS, Section, set_from_file},
    show::{KeyPath, Sources},
};

const PREFIX: &str = "STEAD_";
/// Names the data directory.
pub(super) const DATA_DIR: &str = "STEAD_DATA_DIR";
const CONFIG: &str = "STEAD_CONFIG";
/// Set by systemd: where a service keeps its state, and where its credentials are.
const STATE_DIRECTORY: &str = "STATE_DIRECTORY";
const CREDENTIALS_DIRECTORY: &str = "CREDENTIALS_DIRECTORY";
/// No key may end in this, or its variable would mean two things; a test watches over it.
pub(super) const FILE: &str = "_FILE";

/// The variables that are ours, and those by which systemd tells a service its directories.
pub(super) struct Variables {
    /// The data directory, and which of them names it.
    pub data_dir: Option<(Place, PathBuf)>,
    pub config: Option<PathBuf>,
    /// The directory with a file for each credential.
    pub credentials: Option<PathBuf>,
    /// Name and value, in the order of the names.
    rest: Vec<(String, OsString)>,
}

impl Variables {
    /// Picks ours out of all; an empty path is a fault.
    pub fn new(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        faults: &mut Vec<Fault>,
    ) -> Self {
        let named = environment.into_iter();
        let (mut rest, others): (Vec<_>, Vec<_>) = named
            .map(|(name, value)| (name.to_string_lossy().into_owned(), value))
            .partition(|(name, _)| name.starts_with(PREFIX));
        rest.sort();
        let named = |name: &str| {
            let place = Place::Variable(name.to_owned());
            move |path| (place, path)
        };
        let own = take_path(&mut rest, DATA_DIR, faults).map(named(DATA_DIR));
        let of_service = || find_path(&others, STATE_DIRECTORY).map(named(STATE_DIRECTORY));
        Self {
            data_dir: own.or_else(of_service),
            config: take_path(&mut rest, CONFIG, faults),
            credentials: find_path(&others, CREDENTIALS_DIRECTORY),
            rest,
        }
    }

    /// Sets in `config` what they say.
    pub fn apply(&self, config: &mut Config, sources: &mut Sources) -> Vec<Fault> {
        let outcomes = self.rest.iter().map(|(name, value)| {
            if let Some(path) = path_of(name).or_else(|| path_of(plain(name))) {
                sources.set(path, Place::Variable(name.clone()));
            }
            let outcome = self.apply_one(name, value, config);
            outcome.map_err(|message| Fault::new(Place::Variable(name.clone()), message))
        });
        outcomes.filter_map(Result::err).collect()
    }

    fn apply_one(&self, name: &str, value: &OsString, config: &mut Config) -> Result<(), String> {
        if let Some(key) = key_of(name) {
            let text = value.to_str().ok_or("is not UTF-8")?;
            return key.set(config, &Given::Text(text));
        }
        let plain = plain(name);
        let Some(key) = key_of(plain) else {
            return Err(format!("unknown variable{}", suggestion(name, known())));
        };
        if self.rest.iter().any(|(other, _)| other == plain) {
            return Err(format!("{plain} is set too: give one of them"));
        }
        set_from_file(key, Path::new(value), config)
    }
}

/// The variable of a key: `STEAD_SERVER__LISTEN`.
pub(super) fn variable(section: &str, key: &str) -> String {
    format!("{PREFIX}{section}__{key}").to_ascii_uppercase()
}

fn key_of(variable_name: &str) -> Option<&'static dyn Key> {
    let keys = SECTIONS.iter().flat_map(each);
    keys.into_iter()
        .find(|(name, _)| name == variable_name)
        .map(|(_, key)| key)
}

/// The variable that holds the value itself.
fn plain(name: &str) -> &str {
    name.strip_suffix(FILE).unwrap_or(name)
}

/// Section and name of the key that a variable sets.
fn path_of(variable_name: &str) -> Option<KeyPath> {
    let paths = SECTIONS.iter().flat_map(|section| {
        let keys = section.keys.iter();
        keys.map(|key| (section.name, key.name()))
    });
    paths
        .into_iter()
        .find(|(section, key)| variable(section, key) == variable_name)
}

fn each(section: &'static Section) -> impl Iterator<Item = (String, &'static dyn Key)> {
    let keys = section.keys.iter();
    keys.map(|key| (variable(section.name, key.name()), *key))
}

fn known() -> impl Iterator<Item = String> {
    let names = SECTIONS.iter().flat_map(each).map(|(name, _)| name);
    names.chain([DATA_DIR.to_owned(), CONFIG.to_owned()])
}

fn take_path(
    variables: &mut Vec<(String, OsString)>,
    name: &str,
    faults: &mut Vec<Fault>,
) -> Option<PathBuf> {
    let at = variables.iter().position(|(known, _)| known == name)?;
    let (name, value) = variables.remove(at);
    if value.is_empty() {
        faults.push(Fault::new(
            Place::Variable(name),
            "is empty: name a path, or unset it",
        ));
        return None;
    }
    Some(PathBuf::from(value))
}

/// The path in a variable of systemd's, the first if there are several.
fn find_path(others: &[(String, OsString)], wanted: &str) -> Option<PathBuf> {
    let (_, value) = others.iter().find(|(name, _)| name == wanted)?;
    let first = value.to_str().map_or(value.as_os_str(), |paths| {
        paths.split(':').next().unwrap_or_default().as_ref()
    });
    (!first.is_empty()).then(|| PathBuf::from(first))
}
