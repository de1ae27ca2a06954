//! Keys of `[server]` about the operator's own front end, which is served beside the API.

use std::path::PathBuf;

use super::{
    given::Given,
    shape::{Shape, quoted},
};

/// A folder that is there, or none.
pub(super) struct OptionalFolder;

impl Shape<Option<PathBuf>> for OptionalFolder {
    fn read(&self, given: &Given<'_>) -> Result<Option<PathBuf>, String> {
        let limits = Shape::<Option<PathBuf>>::limits(self);
        match given.text() {
            None => Err(given.refused(&limits)),
            Some("") => Ok(None),
            Some(text) => {
                let folder = PathBuf::from(text);
                let is_there = folder.is_dir();
                is_there
                    .then_some(Some(folder))
                    .ok_or_else(|| given.refused(&limits))
            }
        }
    }

    fn write(&self, value: &Option<PathBuf>) -> String {
        let path = value.as_ref().map(|path| path.display().to_string());
        quoted(&path.unwrap_or_default())
    }

    fn limits(&self) -> String {
        "the path of a folder that is there, or \"\" for none".to_owned()
    }
}

/// Folders below the public one, each with a slash before and behind.
pub(super) struct Subfolders;

impl Shape<Vec<String>> for Subfolders {
    fn read(&self, given: &Given<'_>) -> Result<Vec<String>, String> {
        let is_one = |path: &str| path.starts_with('/') && path.ends_with('/') && path.len() > 2;
        let items = given
            .list()
            .filter(|items| items.iter().all(|item| is_one(item)));
        let items = items.ok_or_else(|| given.refused(&self.limits()))?;
        Ok(items.into_iter().map(str::to_owned).collect())
    }

    fn write(&self, value: &Vec<String>) -> String {
        let items: Vec<String> = value.iter().map(|item| quoted(item)).collect();
        format!("[{}]", items.join(", "))
    }

    fn limits(&self) -> String {
        "a list of paths with a slash before and behind, such as [\"/assets/\"]".to_owned()
    }
}

/// The value of a header, in visible ASCII on one line.
pub(super) struct HeaderText;

impl Shape<String> for HeaderText {
    fn read(&self, given: &Given<'_>) -> Result<String, String> {
        let is_visible = |text: &&str| {
            !text.trim().is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        };
        let text = given.text().filter(is_visible);
        text.map(str::to_owned)
            .ok_or_else(|| given.refused(&self.limits()))
    }

    fn write(&self, value: &String) -> String {
        quoted(value)
    }

    fn limits(&self) -> String {
        "one line of visible ASCII".to_owned()
    }
}
