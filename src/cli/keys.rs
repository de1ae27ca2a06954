//! `stead keys rotate`.

use clap::Subcommand;

use super::{Common, Failure, operator, print};
use crate::app::operator::RotateKeys;

/// Manage the keys of access tokens. Works beside a running server and without one
#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// Make tokens by a new key from now on; nobody is signed out
    Rotate,
}

impl Keys {
    pub(super) fn run(&self, common: &Common) -> Result<(), Failure> {
        let Self::Rotate = self;
        let id = operator::run(common, "keys rotate", RotateKeys {})?;
        print(&format!("Tokens are made by the key {id}."));
        Ok(())
    }
}
