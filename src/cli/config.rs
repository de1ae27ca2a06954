//! `stead config check` and `stead config show`.

use std::fmt::Write as _;

use clap::Subcommand;
use serde_json::{Value as Json, json};

use super::{Common, Failure, print};
use crate::{
    config::{Place, Setting},
    server::Tls,
};

/// Look at the configuration.
#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Check the configuration, and say which file it was read from
    Check,
    /// Show every setting that is in force, and where it was given
    ///
    /// The output is a configuration file itself. A value that was read from a file of its own
    /// (STEAD_..._FILE, or a credential of systemd), as secrets are, is shown as "***".
    Show {
        /// One JSON list, for programs
        #[arg(long)]
        json: bool,
    },
}

impl Config {
    pub(super) fn run(&self, common: &Common) -> Result<(), Failure> {
        match self {
            Self::Check => check(common),
            Self::Show { json } => {
                let settings = crate::config::load(&common.flags(None))?.settings();
                print(&if *json {
                    listed(&settings)
                } else {
                    told(&settings)
                });
                Ok(())
            }
        }
    }
}

fn check(common: &Common) -> Result<(), Failure> {
    let config = crate::config::load(&common.flags(None))?;
    Tls::open(&config.server)?;
    let from = match &config.file {
        Some(path) => format!("from {}", path.display()),
        None => "from the environment and defaults, without a file".to_owned(),
    };
    print(&format!("The configuration is sound, {from}."));
    Ok(())
}

/// As a `config.toml`, with each place as a comment.
fn told(settings: &[Setting]) -> String {
    let lines: Vec<String> = settings
        .iter()
        .map(|setting| format!("{} = {}", setting.key, setting.value))
        .collect();
    let width = lines.iter().map(|line| line.chars().count()).max();
    let width = width.unwrap_or(0).min(48);
    let (mut text, mut section) = (String::new(), "");
    for (setting, line) in settings.iter().zip(lines) {
        if setting.section != section {
            section = setting.section;
            let _ = write!(text, "\n[{section}]\n");
        }
        // The file itself cannot say where it lies.
        let mark = if section.is_empty() { "# " } else { "" };
        let _ = writeln!(text, "{mark}{line:width$}  # {}", place(setting));
    }
    text.trim_end().to_owned()
}

fn listed(settings: &[Setting]) -> String {
    let entry = |setting: &Setting| {
        let key = match setting.section {
            "" => setting.key.to_owned(),
            section => format!("{section}.{}", setting.key),
        };
        json!({ "key": key, "value": value(&setting.value), "source": setting.source(),
            "place": setting.place.as_ref().map(Place::to_string) })
    };
    format!("{:#}", Json::from_iter(settings.iter().map(entry)))
}

/// The JSON of a value in TOML.
fn value(toml: &str) -> Json {
    let table: Result<toml::Table, _> = toml::from_str(&format!("v = {toml}"));
    let value = table.ok().and_then(|mut table| table.remove("v"));
    serde_json::to_value(value).unwrap_or_default()
}

fn place(setting: &Setting) -> String {
    let place = setting.place.as_ref().map(Place::to_string);
    place.unwrap_or_else(|| "default".to_owned())
}
