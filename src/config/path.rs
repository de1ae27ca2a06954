//! The shape of a setting that names a file.

use std::path::PathBuf;

use super::{given::Given, shape::Shape};

/// The path of a file, or none.
pub(super) struct OptionalPath;

impl Shape<Option<PathBuf>> for OptionalPath {
    fn read(&self, given: &Given<'_>) -> Result<Option<PathBuf>, String> {
        let limits = || Shape::<Option<PathBuf>>::limits(self);
        match given.text() {
            Some("") => Ok(None),
            // What cannot be in a path is most likely a file's content.
            Some(text) if !text.contains(['\0', '\n']) => Ok(Some(text.into())),
            _ => Err(given.refused(&limits())),
        }
    }

    fn write(&self, value: &Option<PathBuf>) -> String {
        let path = value.as_ref().map(|path| path.display().to_string());
        let path = path.unwrap_or_default();
        let escaped = path.chars().map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
            c => c.to_string(),
        });
        format!("\"{}\"", escaped.collect::<String>())
    }

    fn limits(&self) -> String {
        "the path of a file with PEM in it, or \"\" for none".to_owned()
    }

    fn names_file(&self) -> bool {
        true
    }
}
