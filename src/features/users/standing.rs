//! Whether an account is there and may sign in: disabling, deleting, and the ways back.
//!
//! Nobody does any of that to a user who may do more, and an active admin remains.

use tracing::info;

use super::service::{TRIES, Users, overtaken};
use crate::{
    access::{Action, Caller, audit, permit, rights, sight},
    base::{Error, Result, id},
    db::Statement,
    engine::{
        self, Expected, Further, Kept, Kind, Made, Once, Patch, Record, Removal, Restoration,
        SentKey, Standing, Update,
    },
};

const NOTHING: Patch<'static> = Patch {
    fields: Vec::new(),
    unsent: Vec::new(),
    hidden: Vec::new(),
    version: None,
};

impl Users {
    /// Deletes a user, whose sessions end at once.
    ///
    /// # Errors
    /// Those of [`permit`], for purging too where that is asked for, `INSUFFICIENT_PERMISSIONS`
    /// for a user who may do more, `UNPROCESSABLE` if no active admin would be left, and those of
    /// a deletion.
    pub async fn delete(
        &self,
        caller: &Caller,
        id: &str,
        kind: Kind,
        expected: Expected,
    ) -> Result<()> {
        let mut rows = permit(caller, "users", Action::Delete)?;
        let mut action = "user.deleted";
        if kind == Kind::Purge {
            rows = permit(caller, "users", Action::Purge)?;
            action = "user.purged";
        }
        let (id, origin) = (id::in_path(id)?, engine::origin(caller));
        for _ in 0..TRIES {
            let seen = match kind {
                Kind::AsDefined => self.lesser_roles_of_live(caller, &rows, id).await?,
                Kind::Purge => self.lesser_roles(caller, id).await?,
            };
            let removal = Removal {
                id,
                kind,
                expected,
                origin: &origin,
                first: audited(caller, action, id),
            };
            let deleted = self.engine.delete_account(&rows, removal, &seen).await?;
            if deleted.is_some() {
                info!(user = id, action, by = %caller.actor(), "A user was deleted");
                return Ok(());
            }
        }
        Err(overtaken())
    }

    /// Brings a deleted user back, who then signs in anew; once, where `key` says so.
    ///
    /// # Errors
    /// Those of [`permit`], for deleting and for restoring, `INSUFFICIENT_PERMISSIONS` for a user
    /// who may do more, `ALREADY_EXISTS` if somebody else has the address by now, those of a key.
    pub async fn restore(
        &self,
        caller: &Caller,
        id: &str,
        expected: Expected,
        key: Option<SentKey>,
    ) -> Result<Made<Record>> {
        let make = async |once: Option<&Once>| self.undelete(caller, id, expected, once).await;
        self.act_once(caller, key, make).await
    }

    async fn undelete(
        &self,
        caller: &Caller,
        id: &str,
        expected: Expected,
        once: Option<&Once>,
    ) -> Result<Record> {
        permit(caller, "users", Action::Delete)?;
        let rows = permit(caller, "users", Action::Restore)?;
        let (id, origin) = (id::in_path(id)?, engine::origin(caller));
        for _ in 0..TRIES {
            let seen = self.lesser_roles(caller, id).await?;
            let restoration = Restoration {
                id,
                expected,
                origin: &origin,
                first: audited(caller, "user.restored", id),
                once: self.around(caller, id, Action::Restore, once)?,
            };
            let restored = self.engine.restore_account(&rows, restoration, &seen);
            if let Some(record) = restored.await? {
                info!(user = id, by = %caller.actor(), "A user was restored");
                return Ok(record);
            }
        }
        Err(overtaken())
    }

    /// Activates or disables a user; once, where `key` says so. One who is so already stays as it
    /// is.
    ///
    /// # Errors
    /// Those of [`permit`] for all that `users:write` means, `INSUFFICIENT_PERMISSIONS` for a user
    /// who may do more, `UNPROCESSABLE` if no active admin would be left, `NOT_FOUND`,
    /// `PRECONDITION_FAILED`, those of a key.
    pub async fn set_standing(
        &self,
        caller: &Caller,
        id: &str,
        standing: Standing,
        expected: Expected,
        key: Option<SentKey>,
    ) -> Result<Made<Record>> {
        let make = async |once: Option<&Once>| {
            self.change_standing(caller, id, standing, expected, once)
                .await
        };
        self.act_once(caller, key, make).await
    }

    async fn change_standing(
        &self,
        caller: &Caller,
        id: &str,
        standing: Standing,
        expected: Expected,
        once: Option<&Once>,
    ) -> Result<Record> {
        permit(caller, "users", Action::Create)?;
        let rows = permit(caller, "users", Action::Update)?;
        let (id, origin) = (id::in_path(id)?, engine::origin(caller));
        let action = match standing {
            Standing::Active => "user.activated",
            Standing::Disabled => "user.deactivated",
        };
        for _ in 0..TRIES {
            let seen = self.lesser_roles_of_live(caller, &rows, id).await?;
            let users = self.engine.users()?;
            let once = self.around(caller, id, Action::Update, once)?;
            let record = self.engine.load(&users, &rows, id).await?;
            if status_of(&record)? == standing.name() {
                match self.engine.leave(&users, record, expected, once).await? {
                    Some(record) => return Ok(record),
                    None => continue,
                }
            }
            let update = Update {
                patch: &NOTHING,
                expected,
                origin: &origin,
                // All of it stands behind the change, where the key is expected to be free as well.
                further: audited(caller, action, id)
                    .into_iter()
                    .chain(once.first)
                    .chain(once.last)
                    .collect(),
            };
            let changed = self.engine.set_standing(&rows, id, standing, update, &seen);
            if let Some(record) = changed.await? {
                info!(user = id, action, by = %caller.actor(), "The status of a user was set");
                return Ok(record);
            }
        }
        Err(overtaken())
    }

    /// Does an action on a user once. It reads no body, so none makes it another request.
    pub(super) async fn act_once(
        &self,
        caller: &Caller,
        key: Option<SentKey>,
        make: impl AsyncFnOnce(Option<&Once>) -> Result<Record>,
    ) -> Result<Made<Record>> {
        let again = async |kept: &Kept| kept.record(&self.engine, caller).await;
        self.idempotency.once(caller, key, b"", make, again).await
    }

    /// What keeps the answer to an action on a user, where it is to be done once.
    pub(super) fn around(
        &self,
        caller: &Caller,
        id: &str,
        action: Action,
        once: Option<&Once>,
    ) -> Result<Further> {
        let users = self.engine.users()?;
        let around = |once: &Once| once.around(200, sight(caller, "users", action), &users, id);
        Ok(once.map(around).unwrap_or_default())
    }
}

/// What stands before the change: that the caller may make it still, and its line in the audit log.
fn audited(caller: &Caller, action: &'static str, id: &str) -> Vec<Statement> {
    let mut first = rights::caller_still_has(caller);
    first.push(audit::entry(caller, action, id, audit::Outcome::Success));
    first
}

fn status_of(record: &Record) -> Result<String> {
    let shown: serde_json::Value = serde_json::from_slice(&record.json).map_err(Error::internal)?;
    let status = shown.get("status").and_then(serde_json::Value::as_str);
    Ok(status.unwrap_or_default().to_owned())
}
