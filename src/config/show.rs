//! The configuration as it is in force: each value, and where it was given.

use std::collections::BTreeMap;

use super::{
    check::{ConfigError, Place},
    key::SECTIONS,
    load::{Flags, load_with_sources},
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
    /// Its value as TOML; masked where it came from a file of its own, as secrets do.
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
    let data_dir = toml_text(&config.data_dir.to_string_lossy());
    let mut settings = vec![setting(DATA_DIR, data_dir, &sources)];
    for section in SECTIONS {
        for key in section.keys {
            let value = key.show(&mut config);
            settings.push(setting((section.name, key.name()), value, &sources));
        }
    }
    Ok(settings)
}

fn setting((section, key): KeyPath, value: String, sources: &Sources) -> Setting {
    let place = sources.0.get(&(section, key)).cloned();
    let is_hidden = matches!(&place, Some(Place::Variable(name)) if name.ends_with(FILE));
    let value = if is_hidden { MASKED.to_owned() } else { value };
    Setting {
        section,
        key,
        value,
        place,
    }
}

/// A basic string of TOML, whose escapes are those of JSON.
fn toml_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
