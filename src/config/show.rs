//! The configuration as it is in force: each value, and where it was given.

use std::collections::BTreeMap;

use super::{
    Config,
    check::Place,
    key::{Key, SECTIONS},
    shape::quoted,
    variables::{self, FILE, variable},
};

/// Section and name of a key.
pub(super) type KeyPath = (&'static str, &'static str);

/// The data directory, which stands in no section.
pub(super) const DATA_DIR: KeyPath = ("", "data_dir");

/// The data directory where none is named: in the working directory.
pub(super) const DEFAULT_DATA_DIR: &str = "stead-data";

/// What is shown in place of a value that may be a secret.
const MASKED: &str = "\"***\"";

/// Where values were given, the last place that counts. What is in none is a default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sources(BTreeMap<KeyPath, Place>);

impl Sources {
    /// Notes where the value in force was given, unless a later place overrules it.
    pub fn set(&mut self, key: KeyPath, place: Place) {
        self.0.insert(key, place);
    }
}

/// One setting, as it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its section; empty for the data directory.
    pub section: &'static str,
    /// Its name in the section.
    pub key: &'static str,
    /// Its value as TOML; masked where it was read from a file of its own, as secrets are.
    pub value: String,
    /// True if `value` is masked.
    pub is_masked: bool,
    /// What it is where nobody says anything, as TOML.
    pub default: String,
    /// Where it was given; none for a default.
    pub place: Option<Place>,
    /// The environment variable that sets it.
    pub variable: String,
    /// What it is for, in sentences.
    pub reason: &'static str,
    /// What it may be, in words that follow "must be".
    pub limits: String,
}

impl Setting {
    /// The kind of place where it was given, in one word.
    pub fn source(&self) -> &'static str {
        match &self.place {
            None | Some(Place::Setting(_)) => "default",
            Some(Place::Line(..) | Place::File(_)) => "file",
            Some(Place::Credential(_)) => "credential",
            Some(Place::Variable(_)) => "variable",
            Some(Place::Flag(_)) => "flag",
        }
    }

    /// True if no edit of the configuration file would change it: something stronger holds it, or
    /// the file cannot name it.
    pub fn is_fixed(&self) -> bool {
        let stronger = ["credential", "variable", "flag"];
        self.section.is_empty() || stronger.contains(&self.source())
    }
}

impl Config {
    /// All settings in the order of the example file, behind the data directory.
    pub fn settings(&self) -> Vec<Setting> {
        // To show a value takes its place, which a key lends to who may set it.
        let mut own = self.clone();
        let mut defaults = Self::default_in(DEFAULT_DATA_DIR.into());
        let mut settings = vec![self.data_dir()];
        for section in SECTIONS {
            for key in section.keys {
                settings.push(setting(section.name, *key, &mut own, &mut defaults));
            }
        }
        settings
    }

    fn data_dir(&self) -> Setting {
        let (section, key) = DATA_DIR;
        Setting {
            section,
            key,
            value: quoted(&self.data_dir.to_string_lossy()),
            is_masked: false,
            default: quoted(DEFAULT_DATA_DIR),
            place: self.sources.0.get(&DATA_DIR).cloned(),
            variable: variables::DATA_DIR.to_owned(),
            reason: "Where the database and the keys of this instance are kept. The configuration \
                     file may lie in it, and so cannot name it.",
            limits: "the path of a directory".to_owned(),
        }
    }
}

fn setting(
    section: &'static str,
    key: &dyn Key,
    own: &mut Config,
    defaults: &mut Config,
) -> Setting {
    let place = own.sources.0.get(&(section, key.name())).cloned();
    let is_masked = !key.names_file() && place.as_ref().is_some_and(is_file_of_value);
    Setting {
        section,
        key: key.name(),
        value: match is_masked {
            true => MASKED.to_owned(),
            false => key.show(own),
        },
        is_masked,
        default: key.show(defaults),
        place,
        variable: variable(section, key.name()),
        reason: key.reason(),
        limits: key.limits(),
    }
}

/// True if a value was read from a file that holds nothing else.
fn is_file_of_value(place: &Place) -> bool {
    match place {
        Place::Credential(_) => true,
        Place::Variable(name) => name.ends_with(FILE),
        Place::Line(..) | Place::File(_) | Place::Flag(_) | Place::Setting(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::{ffi::OsString, fs};

    use super::Setting;
    use crate::config::{Flags, load::load_from};

    /// A setting of a machine with this file, these variables and `--listen 127.0.0.4:0`.
    fn found(file: &str, variables: &[(&str, OsString)], name: &str) -> Setting {
        let here = tempfile::tempdir().unwrap();
        fs::write(here.path().join("config.toml"), file).unwrap();
        let variables = variables.iter().cloned();
        let environment = variables.map(|(name, value)| (name.into(), value));
        let flags = Flags {
            listen: Some("127.0.0.4:0".to_owned()),
            ..Flags::default()
        };
        let settings = load_from(&flags, environment, here.path())
            .unwrap()
            .settings();
        let mut settings = settings.into_iter();
        settings.find(|setting| setting.key == name).unwrap()
    }

    #[test]
    fn what_stands_in_the_file_alone_is_changed_there() {
        let workers = found("\n[server]\nworkers = 2", &[], "workers");
        assert_eq!((workers.value.as_str(), workers.source()), ("2", "file"));
        let place = workers.place.as_ref().unwrap().to_string();
        assert!(place.ends_with("config.toml:3"), "{place}");
        assert!(!workers.is_fixed());
        assert!(!found("", &[], "workers").is_fixed(), "a default");
    }

    #[test]
    fn what_something_stronger_holds_is_fixed() {
        let file = "[server]\nworkers = 2\nlisten = '127.0.0.2:0'";
        let by_variable = [("STEAD_SERVER__WORKERS", "3".into())];
        let workers = found(file, &by_variable, "workers");
        assert_eq!((workers.value.as_str(), workers.is_fixed()), ("3", true));
        assert_eq!(workers.variable, "STEAD_SERVER__WORKERS");
        let listen = found(file, &[], "listen");
        assert_eq!((listen.source(), listen.is_fixed()), ("flag", true));
        assert!(found(file, &[], "data_dir").is_fixed());
    }

    #[test]
    fn what_was_read_from_a_file_of_its_own_is_masked() {
        let dir = tempfile::tempdir().unwrap();
        let secret = dir.path().join("secret");
        fs::write(&secret, "7").unwrap();
        let variables = [("STEAD_SERVER__WORKERS_FILE", secret.into())];
        let workers = found("", &variables, "workers");
        assert!(workers.is_masked && workers.is_fixed());
        assert_eq!(workers.value, "\"***\"");
    }
}
