//! What whoever runs this instance may do with accounts, without a password of its own.

use serde::{Deserialize, Serialize};
use tracing::info;

use super::{service::Auth, store};
use crate::{
    access::{Caller, audit, lockout, operator_rows, session},
    base::{Code, Error, Result, json::Object},
    db::{Batch, Touch},
    engine::{self, Expected, Patch, Update},
};

/// An administrator, as the operator sees it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Admin {
    /// The user's id.
    pub id: String,
    /// The address to sign in with.
    pub email: String,
    /// The name to show.
    pub display_name: String,
    /// `active` or `disabled`.
    pub status: String,
    /// When the account was made, as the API writes times.
    pub created_at: String,
}

impl Auth {
    /// All administrators, by address; disabled ones too.
    ///
    /// # Errors
    /// `FORBIDDEN` for anybody but the operator, those of the database.
    pub async fn admins(&self, operator: &Caller) -> Result<Vec<Admin>> {
        operator_rows(operator)?;
        self.engine.db().read(store::list_admins).await
    }

    /// Disables an account, and ends all its sessions. One that is disabled stays so.
    ///
    /// # Errors
    /// `FORBIDDEN` for anybody but the operator, `NOT_FOUND` if no account has this address,
    /// `UNPROCESSABLE` if no active admin would be left, those of a write.
    pub async fn disable(&self, operator: &Caller, email: &str) -> Result<()> {
        let rows = operator_rows(operator)?;
        let account = self.account_of(email).await?;
        if !account.is_active {
            return Ok(());
        }
        let (users, id) = (self.engine.users()?, account.id.as_str());
        let patch = Patch::read(&users, &Object::parse(br#"{"status":"disabled"}"#)?)?;
        let done = audit::Outcome::Success;
        let mut further = vec![engine::admin_is_left(id)];
        further.extend(session::end_others(id, None));
        further.push(audit::entry(operator, "user.disabled", id, done));
        let origin = engine::origin(operator);
        let update = Update {
            patch: &patch,
            expected: Expected::Any,
            origin: &origin,
            further,
        };
        self.engine.update(&users, rows, id, update).await?;
        info!(user_id = id, "The operator disabled an account");
        Ok(())
    }

    /// Forgets the failures to sign in to an account, so that nobody has to wait for it.
    ///
    /// # Errors
    /// `FORBIDDEN` for anybody but the operator, `NOT_FOUND` if no account has this address, those
    /// of a write.
    pub async fn unlock(&self, operator: &Caller, email: &str) -> Result<()> {
        operator_rows(operator)?;
        let id = self.account_of(email).await?.id;
        let entry = audit::entry(operator, "user.unlocked", &id, audit::Outcome::Success);
        let batch = Batch::new()
            .with(lockout::unlock(&id))
            .with(entry)
            .touching(Touch::Nothing);
        self.engine.db().write(batch).await?;
        info!(user_id = id, "The operator unlocked an account");
        Ok(())
    }

    /// The account that signs in with `email`.
    ///
    /// # Errors
    /// `NOT_FOUND`, those of the database.
    pub(super) async fn account_of(&self, email: &str) -> Result<store::Account> {
        let wanted = email.to_owned();
        let find = move |conn: &rusqlite::Connection| store::find_account(conn, &wanted);
        let found = self.engine.db().read_by_key(find).await?;
        let message = format!("There is no account with the address {email}");
        found.ok_or_else(|| Error::new(Code::NotFound, message))
    }
}
