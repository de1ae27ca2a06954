//! Applies the text of `config.toml`.

use std::{ops::Range, path::Path};

use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::{
    Config,
    check::{Fault, Place, suggestion},
    given::Given,
    key::{SECTIONS, Section},
    show::Sources,
};

/// Sets in `config` what `text` says; the faults are in the order of their lines.
pub(super) fn apply(
    path: &Path,
    text: &str,
    config: &mut Config,
    sources: &mut Sources,
) -> Vec<Fault> {
    let (table, errors) = DeTable::parse_recoverable(text);
    // What is left of a broken text would only give faults that follow from the first.
    let faults = if errors.is_empty() {
        let faults = Vec::new();
        Reader {
            path,
            text,
            config,
            sources,
            faults,
        }
        .read(table.get_ref())
    } else {
        syntax(text, &errors)
    };
    let place = |line| Place::Line(path.to_owned(), line);
    let faults = faults.into_iter();
    faults
        .map(|(line, message)| Fault::new(place(line), message))
        .collect()
}

/// What TOML itself refuses, the first in each line.
fn syntax(text: &str, errors: &[toml::de::Error]) -> Vec<(usize, String)> {
    let lines = errors.iter().map(|error| {
        let start = error.span().map_or(text.len(), |span| span.start);
        (line(text, start), error.message().to_owned())
    });
    let mut faults: Vec<_> = lines.collect();
    faults.sort_by_key(|(line, _)| *line);
    faults.dedup_by_key(|(line, _)| *line);
    faults
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    config: &'a mut Config,
    sources: &'a mut Sources,
    faults: Vec<(usize, String)>,
}

impl Reader<'_> {
    fn read(mut self, table: &DeTable<'_>) -> Vec<(usize, String)> {
        for (name, value) in table {
            match (Section::named(name.get_ref()), value.get_ref()) {
                (Some(section), DeValue::Table(keys)) => self.read_section(section, keys),
                (Some(_), _) => {
                    let name = name.get_ref();
                    self.fault(value.span(), format!("{name}: must be a section, [{name}]"));
                }
                (None, _) => self.unknown(name, value.get_ref().is_table()),
            }
        }
        self.faults.sort_by_key(|(line, _)| *line);
        self.faults
    }

    fn read_section(&mut self, section: &Section, keys: &DeTable<'_>) {
        for (name, value) in keys {
            let path = format!("{}.{}", section.name, name.get_ref());
            let outcome = match section.key(name.get_ref()) {
                Some(key) => {
                    let line = line(self.text, name.span().start);
                    let place = Place::Line(self.path.to_owned(), line);
                    self.sources.set((section.name, key.name()), place);
                    key.set(self.config, &Given::Toml(value.get_ref()))
                }
                None => Err(format!("unknown key{}", hint(section, name.get_ref()))),
            };
            if let Err(message) = outcome {
                self.fault(name.span(), format!("{path}: {message}"));
            }
        }
    }

    /// A name at the top that is no section.
    fn unknown(&mut self, name: &Spanned<DeString<'_>>, is_table: bool) {
        let text = name.get_ref();
        let message = if text == "data_dir" {
            "set by --data-dir or STEAD_DATA_DIR: the file may lie in it".to_owned()
        } else if let (false, Some(owner)) = (is_table, owner(text)) {
            format!("unknown at the top of the file; it belongs in [{owner}]")
        } else {
            let names = SECTIONS.iter().map(|section| section.name);
            let what = if is_table {
                "unknown section"
            } else {
                "unknown key"
            };
            format!("{what}{}", suggestion(text, names))
        };
        self.fault(name.span(), format!("{text}: {message}"));
    }

    fn fault(&mut self, span: Range<usize>, message: String) {
        self.faults.push((line(self.text, span.start), message));
    }
}

/// What may have been meant by an unknown key of `section`.
fn hint(section: &Section, name: &str) -> String {
    match owner(name) {
        Some(owner) => format!("; it belongs in [{owner}]"),
        None => suggestion(name, section.keys.iter().map(|key| key.name())),
    }
}

/// The section that has a key called `name`.
fn owner(name: &str) -> Option<&'static str> {
    let section = SECTIONS
        .iter()
        .find(|section| section.key(name).is_some())?;
    Some(section.name)
}

/// The line of a byte of `text`, from 1.
fn line(text: &str, at: usize) -> usize {
    let before = text.bytes().take(at);
    before.filter(|byte| *byte == b'\n').count() + 1
}
