//! Keys of `[server]` about the operator's own front end, which is served beside the API.

use std::{
    fs,
    path::{Path, PathBuf, absolute},
};

use super::{
    Config,
    check::{Fault, Place},
    given::Given,
    shape::{Shape, quoted},
};

/// Refuses a folder in which the data directory or the private key lies: everything in it can be
/// fetched by anybody.
pub(super) fn exposure(config: &Config) -> Option<Fault> {
    let folder = real(config.server.public_dir.as_deref()?)?;
    let secrets = [
        ("the data directory", Some(&config.data_dir)),
        ("server.tls_key", config.server.tls_key.as_ref()),
    ];
    let is_inside = |path: &PathBuf| real(path).is_some_and(|path| path.starts_with(&folder));
    let exposed = secrets
        .into_iter()
        .find(|(_, path)| path.is_some_and(is_inside));
    exposed.map(|(what, _)| {
        let message = format!("holds {what}, which anybody could fetch from there");
        Fault::new(Place::Setting("server.public_dir"), message)
    })
}

/// Where a path leads; what is not there yet is made where its parent leads.
fn real(path: &Path) -> Option<PathBuf> {
    let path = absolute(path).ok()?;
    path.ancestors().find_map(|there| {
        let rest = path.strip_prefix(there).ok()?;
        Some(fs::canonicalize(there).ok()?.join(rest))
    })
}

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

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink, path::Path};

    use super::exposure;
    use crate::config::Config;

    fn fault(here: &Path, folder: &str, data: &str, key: Option<&str>) -> Option<String> {
        let mut config = Config::default_in(here.join(data));
        config.server.public_dir = Some(here.join(folder));
        config.server.tls_key = key.map(|key| here.join(key));
        exposure(&config).map(|fault| fault.to_string())
    }

    #[test]
    fn a_front_end_never_holds_what_is_secret() {
        let dir = tempfile::tempdir().unwrap();
        let here = dir.path();
        fs::create_dir(here.join("www")).unwrap();
        fs::write(here.join("key.pem"), "").unwrap();
        symlink(".", here.join("link")).unwrap();
        symlink("../key.pem", here.join("www/key.pem")).unwrap();
        let message = |what: &str| {
            let rest = "which anybody could fetch from there";
            Some(format!("server.public_dir: holds {what}, {rest}"))
        };
        // Also where the directory is only going to be made.
        for data in ["", "data", "www/data", "link/www/data"] {
            for folder in ["", "link", "www/.."] {
                let told = fault(here, folder, data, None);
                assert_eq!(told, message("the data directory"), "{data} in {folder}");
            }
        }
        let told = fault(here, "", "/nowhere/data", Some("key.pem"));
        assert_eq!(told, message("server.tls_key"));
        // What lies beside or above cannot be fetched, nor where a link leads outside.
        for data in ["", "data", "www-data"] {
            assert_eq!(
                fault(here, "www", data, Some("www/key.pem")),
                None,
                "{data}"
            );
        }
    }
}
