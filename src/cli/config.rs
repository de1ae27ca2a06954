//! `stead config check`.

use std::io::Write;

use clap::Subcommand;

use super::{Common, Failure};
use crate::server::Tls;

/// Look at the configuration.
#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Check the configuration, and say which file it was read from
    Check,
}

impl Config {
    pub(super) fn run(&self, common: &Common) -> Result<(), Failure> {
        let Self::Check = self;
        let config = crate::config::load(&common.flags(None))?;
        Tls::open(&config.server)?;
        let from = match &config.file {
            Some(path) => format!("from {}", path.display()),
            None => "from the environment and defaults, without a file".to_owned(),
        };
        let _ = writeln!(std::io::stdout(), "The configuration is sound, {from}.");
        Ok(())
    }
}
