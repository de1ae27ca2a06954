//! `stead keys rotate`.

use std::io::Write;

use clap::Subcommand;

use super::{Common, Failure};
use crate::{app::App, config::Config};

/// Manage the keys of access tokens.
#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// Make tokens by a new key from now on; nobody is signed out
    Rotate,
}

impl Keys {
    pub(super) fn run(&self, common: &Common) -> Result<(), Failure> {
        let Self::Rotate = self;
        let config = crate::config::load(&common.flags(None))?;
        let id = actix_web::rt::System::new().block_on(rotate(config))?;
        let _ = writeln!(std::io::stdout(), "Tokens are made by the key {id}.");
        Ok(())
    }
}

async fn rotate(config: Config) -> Result<String, Failure> {
    let app = App::open(config).await?;
    let made = app.auth.rotate_keys(&App::operator("keys rotate")).await;
    app.db.close();
    made.map_err(Failure::from)
}
