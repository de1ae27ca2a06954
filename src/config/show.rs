//! The configuration as it is in force: each value, and where it was given.

use std::collections::BTreeMap;

use super::{
    check::{ConfigError, Place},
    key::SECTIONS,
    load::{Flags, load_with_sources},
    shape::quoted,
    variables::FILE,
};

/// Section and name of a key.
pub(super) type KeyPath = (&'static str, &'static str);

/// The data directory, which stands in no section.
pub(super) const DATA_DIR: KeyPath = ("", "data_dir");

/// What is shown in place of a value that may be a secret.
const MASKED: &str = "\"***\"";

/// Where values were given, the last place that counts. What is in none is a default.
#[derive(Debug, Default)]
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
    /// Where it was given; none for a default.
    pub place: Option<Place>,
}

/// All settings in the order of the example file, behind the data directory.
///
/// # Errors
/// As `load`: every fault at once.
pub fn show(flags: &Flags) -> Result<Vec<Setting>, ConfigError> {
    let (mut config, sources) = load_with_sources(flags)?;
    let data_dir = quoted(&config.data_dir.to_string_lossy());
    let mut settings = vec![setting(DATA_DIR, data_dir, &sources)];
    for section in SECTIONS {
        for key in section.keys {
            let path = (section.name, key.name());
            let was_read = sources.0.get(&path).is_some_and(is_file_of_value);
            let value = match was_read && !key.names_file() {
                true => MASKED.to_owned(),
                false => key.show(&mut config),
            };
            settings.push(setting(path, value, &sources));
        }
    }
    Ok(settings)
}

fn setting((section, key): KeyPath, value: String, sources: &Sources) -> Setting {
    Setting {
        section,
        key,
        value,
        place: sources.0.get(&(section, key)).cloned(),
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
