//! `stead db ...`: the database itself, beside a running server or without one.

mod check;
mod shell;
mod table;

use clap::Subcommand;

use super::{Common, Failure};

/// Look into the database, and at it
#[derive(Debug, Subcommand)]
pub(super) enum Database {
    Shell(shell::Shell),
    Check(check::Check),
}

impl Database {
    pub(super) fn run(self, common: &Common) -> Result<(), Failure> {
        let dir = crate::config::load(&common.flags(None))?.data_dir;
        super::operator::must_exist(&dir, false)?;
        match self {
            Self::Shell(command) => command.run(&dir),
            Self::Check(command) => command.run(&dir),
        }
    }
}
