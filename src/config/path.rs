//! The shape of a setting that names a file.

use std::path::PathBuf;

use super::{
    given::Given,
    shape::{Shape, quoted},
};

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
        quoted(&path.unwrap_or_default())
    }

    fn limits(&self) -> String {
        "the path of a file with PEM in it, or \"\" for none".to_owned()
    }

    fn names_file(&self) -> bool {
        true
    }
}
