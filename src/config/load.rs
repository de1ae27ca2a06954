//! Puts the configuration together: defaults < `config.toml` < credentials < environment < flags.

use std::{
    ffi::OsString,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::{
    Config,
    check::{ConfigError, Fault, Place},
    credentials, file,
    given::Given,
    key::Section,
    public_dir,
    show::{DATA_DIR, DEFAULT_DATA_DIR, Sources},
    variables::Variables,
};

/// What the command line may say. A flag that is not given is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--config PATH`: the file to read.
    pub config: Option<PathBuf>,
    /// `--data-dir PATH`.
    pub data_dir: Option<PathBuf>,
    /// `--listen ADDRESS:PORT`: `server.listen`.
    pub listen: Option<String>,
}

/// Reads the configuration of this process.
///
/// The data directory is `--data-dir`, else `STEAD_DATA_DIR`, else `STATE_DIRECTORY` (which systemd
/// sets for a service), else `stead-data` in the working directory. The file is `--config`, else
/// `STEAD_CONFIG`, both of which must exist; else `config.toml` in the data directory, else in the
/// working directory, else none.
///
/// # Errors
/// Every fault at once: unknown sections, keys and `STEAD_` variables, wrong types, values out of
/// range, TOML that cannot be read, named files that are missing.
pub fn load(flags: &Flags) -> Result<Config, ConfigError> {
    load_from(flags, std::env::vars_os(), Path::new(""))
}

/// The same with another environment and working directory.
pub(super) fn load_from(
    flags: &Flags,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    here: &Path,
) -> Result<Config, ConfigError> {
    let mut faults = Vec::new();
    let mut sources = Sources::default();
    let variables = Variables::new(environment, &mut faults);
    let by_flag = flags.data_dir.clone();
    let by_flag = by_flag.map(|dir| (Place::Flag("--data-dir"), dir));
    let data_dir = match by_flag.or_else(|| variables.data_dir.clone()) {
        Some((place, dir)) => {
            sources.set(DATA_DIR, place);
            dir
        }
        None => here.join(DEFAULT_DATA_DIR),
    };
    let mut config = Config::default_in(data_dir);
    match find_file(flags, &variables, &config.data_dir, here) {
        Ok(Some((path, text))) => {
            faults.extend(file::apply(&path, &text, &mut config, &mut sources));
            config.file = Some(path);
        }
        Ok(None) => {}
        Err(fault) => faults.push(fault),
    }
    if let Some(dir) = &variables.credentials {
        faults.extend(credentials::apply(dir, &mut config, &mut sources));
    }
    faults.extend(variables.apply(&mut config, &mut sources));
    faults.extend(apply_listen(flags, &mut config, &mut sources));
    if faults.is_empty() {
        faults.extend(config.server.contradiction());
        faults.extend(config.cookies.contradiction());
        faults.extend(public_dir::exposure(&config));
    }
    if faults.is_empty() {
        config.sources = sources;
        Ok(config)
    } else {
        Err(ConfigError(faults))
    }
}

/// The file to read, with its text, if there is one.
fn find_file(
    flags: &Flags,
    variables: &Variables,
    data_dir: &Path,
    here: &Path,
) -> Result<Option<(PathBuf, String)>, Fault> {
    let by_flag = flags
        .config
        .as_ref()
        .map(|path| (Place::Flag("--config"), path));
    let by_variable = || {
        let place = Place::Variable("STEAD_CONFIG".to_owned());
        variables.config.as_ref().map(|path| (place, path))
    };
    if let Some((place, path)) = by_flag.or_else(by_variable) {
        let text = fs::read_to_string(path).map_err(|error| {
            Fault::new(place, format!("cannot read {}: {error}", path.display()))
        })?;
        return Ok(Some((path.clone(), text)));
    }
    for path in [data_dir.join("config.toml"), here.join("config.toml")] {
        match fs::read_to_string(&path) {
            Ok(text) => return Ok(Some((path, text))),
            // What is wrong with a data directory that is none, its opening tells better.
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(error) => {
                let message = format!("cannot be read: {error}");
                return Err(Fault::new(Place::File(path), message));
            }
        }
    }
    Ok(None)
}

fn apply_listen(flags: &Flags, config: &mut Config, sources: &mut Sources) -> Option<Fault> {
    let given = Given::Text(flags.listen.as_deref()?);
    let key = Section::named("server")?.key("listen")?;
    sources.set(("server", "listen"), Place::Flag("--listen"));
    let message = key.set(config, &given).err()?;
    Some(Fault::new(Place::Flag("--listen"), message))
}
