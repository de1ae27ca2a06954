//! Applies what systemd hands over as credentials: a file for each, named after its setting, such
//! as `server.public_url`. They are readable by this service alone and in no environment, so that
//! secrets belong there.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    Config,
    check::{Fault, Place, suggestion},
    key::{Section, set_from_file},
    show::Sources,
};

/// Sets in `config` what the files of `dir` say. A file of another name is none of ours: units may
/// pass credentials for their other programs.
pub(super) fn apply(dir: &Path, config: &mut Config, sources: &mut Sources) -> Vec<Fault> {
    let files = match files(dir) {
        Ok(files) => files,
        Err(error) => {
            let message = format!("cannot be read: {error}");
            return vec![Fault::new(Place::File(dir.to_owned()), message)];
        }
    };
    let outcomes = files.into_iter().map(|path| {
        let outcome = apply_one(&path, config, sources);
        outcome.map_err(|message| Fault::new(Place::Credential(path), message))
    });
    outcomes.filter_map(Result::err).collect()
}

fn files(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir)?;
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    Ok(files)
}

fn apply_one(path: &Path, config: &mut Config, sources: &mut Sources) -> Result<(), String> {
    let name = path.file_name().and_then(|name| name.to_str());
    let parts = name.and_then(|name| name.split_once('.'));
    let Some((section, name)) =
        parts.and_then(|(section, name)| Section::named(section).map(|section| (section, name)))
    else {
        return Ok(());
    };
    let Some(key) = section.key(name) else {
        let known = section.keys.iter().map(|key| key.name());
        return Err(format!(
            "there is no setting of this name{}",
            suggestion(name, known)
        ));
    };
    let place = Place::Credential(path.to_owned());
    sources.set((section.name, key.name()), place);
    set_from_file(key, path, config)
}
