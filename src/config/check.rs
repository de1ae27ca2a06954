//! Faults of a configuration: gathered, so that one look shows them all, each with its place.

use std::{fmt, path::PathBuf};

/// Where a value was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line of the file, from 1.
    Line(PathBuf, usize),
    /// The file as a whole.
    File(PathBuf),
    /// The file of a credential, as systemd hands them over.
    Credential(PathBuf),
    /// An environment variable.
    Variable(String),
    /// A flag of the command line.
    Flag(&'static str),
    /// A setting, wherever it was given, or where it was not.
    Setting(&'static str),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(file, line) => write!(f, "{}:{line}", file.display()),
            Self::File(file) | Self::Credential(file) => write!(f, "{}", file.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) | Self::Setting(name) => f.write_str(name),
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it was given.
    pub place: Place,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Fault {
    pub(super) fn new(place: Place, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { place, message }
    }
}

impl fmt::Display for Fault {
    /// One line, whatever the names of keys and files contain.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = format!("{}: {}", self.place, self.message);
        for part in line.split_inclusive(char::is_control) {
            let plain = part.trim_end_matches(char::is_control);
            f.write_str(plain)?;
            write!(
                f,
                "{}",
                part.get(plain.len()..).unwrap_or("").escape_default()
            )?;
        }
        Ok(())
    }
}

/// All that is wrong with a configuration, in the order file, credentials, environment, flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub(super) Vec<Fault>);

impl ConfigError {
    /// The one fault of a setting that only shows when it is put to use.
    pub fn of(setting: &'static str, message: impl Into<String>) -> Self {
        Self(vec![Fault::new(Place::Setting(setting), message)])
    }

    /// The faults; there is at least one.
    pub fn faults(&self) -> &[Fault] {
        &self.0
    }
}

impl fmt::Display for ConfigError {
    /// One fault a line, without a line break at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// `; did you mean "listen"?` if one of `known` is close to `name`, else nothing.
pub(super) fn suggestion<S: AsRef<str>>(name: &str, known: impl Iterator<Item = S>) -> String {
    // A third of the letters may differ: "listne" is "listen", "port" is not "format".
    let bound = (name.chars().count() / 3).max(1);
    known
        .map(|known| (distance(name, known.as_ref()), known))
        .filter(|(distance, _)| *distance <= bound)
        .min_by_key(|(distance, _)| *distance)
        .map_or_else(String::new, |(_, known)| {
            format!("; did you mean \"{}\"?", known.as_ref())
        })
}

/// Letters to insert, delete or replace to get from `a` to `b` (Levenshtein), `b` not empty.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let (mut diagonal, mut left) = (i, i + 1);
        for (cell, y) in row.iter_mut().skip(1).zip(b.chars()) {
            let replaced = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Fault, Place, distance, suggestion};

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        let known = || ["listen", "workers"].into_iter();
        assert_eq!(suggestion("listne", known()), "; did you mean \"listen\"?");
        assert_eq!(suggestion("worker", known()), "; did you mean \"workers\"?");
        assert_eq!(suggestion("colour", known()), "");
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn a_fault_is_one_line() {
        let fault = Fault::new(Place::Variable("A\nB".to_owned()), "x\u{1b}[2Jy\r\n");
        assert_eq!(fault.to_string(), "A\\nB: x\\u{1b}[2Jy\\r\\n");
    }
}
