//! The keys of access tokens: a new one, by hand or by schedule.

use std::time::Duration;

use tracing::info;

use super::service::Auth;
use crate::{
    access::{Caller, audit, require},
    base::{Error, Result},
    db::{Batch, Touch},
    telemetry::blocking,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Auth {
    /// Makes access tokens by a new key from now on, and returns its id. Nobody is signed out.
    ///
    /// # Errors
    /// Those of [`require`] for `system:keys:write`; `INTERNAL_ERROR` if the key file cannot be
    /// written, and then the keys are those from before; those of a write.
    pub async fn rotate_keys(&self, caller: &Caller) -> Result<String> {
        require(caller, "system:keys:write")?;
        let tokens = self.tokens.clone();
        let id = blocking::run("keys", move || tokens.rotate().map_err(Error::internal)).await?;
        self.note_new_key(caller, &id).await?;
        Ok(id)
    }

    /// The same if the present key is as old as the setting allows. To be called now and then.
    ///
    /// # Errors
    /// As [`Auth::rotate_keys`].
    pub async fn rotate_old_keys(&self, caller: &Caller) -> Result<Option<String>> {
        require(caller, "system:keys:write")?;
        let tokens = self.tokens.clone();
        let days = u32::try_from(self.rotate_keys_days).unwrap_or(u32::MAX);
        let age = if days == 0 {
            Duration::MAX
        } else {
            DAY.saturating_mul(days)
        };
        let rotate = move || tokens.rotate_if_older(age).map_err(Error::internal);
        let id = blocking::run("keys", rotate).await?;
        if let Some(id) = &id {
            self.note_new_key(caller, id).await?;
        }
        Ok(id)
    }

    async fn note_new_key(&self, caller: &Caller, id: &str) -> Result<()> {
        info!(kid = id, "Access tokens are made by a new key");
        let entry = audit::entry(caller, "keys.rotated", id, audit::Outcome::Success);
        let batch = Batch::new().with(entry).touching(Touch::Nothing);
        self.engine.db().write(batch).await?;
        Ok(())
    }
}
