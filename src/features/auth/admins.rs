//! What whoever runs this instance may do with accounts, without a password of its own.

use serde::{Deserialize, Serialize};
use tracing::info;

use super::{service::Auth, store};
use crate::{
    access::{Caller, audit, lockout, operator_rows, session},
    base::{Code, Error, Result, json::Object, secret::SecretString},
    db::{Batch, Statement, Touch, Value},
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

    /// Sets the password of an account, and ends all its sessions. It need not be changed.
    ///
    /// # Errors
    /// `FORBIDDEN` for anybody but the operator, `NOT_FOUND` if no account has this address,
    /// `VALIDATION_ERROR` for a password that may not be chosen, those of a write.
    pub async fn set_password(
        &self,
        operator: &Caller,
        email: &str,
        password: SecretString,
    ) -> Result<()> {
        if let Some(issue) = self.passwords.check("password", &password) {
            return Err(Error::validation(vec![issue]));
        }
        let account = self.account_of(email).await?;
        let hash = self.passwords.hash(password).await?;
        let patch = Patch {
            fields: Vec::new(),
            hidden: vec![
                ("password_hash", hash.into()),
                ("must_change_password", Value::Integer(0)),
            ],
            version: None,
        };
        // Whoever has waited for a wrong password need not wait with the new one.
        let unlock = vec![lockout::unlock(&account.id)];
        self.change_account(operator, &account.id, &patch, "password.set", unlock)
            .await
    }

    /// Disables an account, and ends all its sessions. One that is disabled stays so.
    ///
    /// # Errors
    /// `FORBIDDEN` for anybody but the operator, `NOT_FOUND` if no account has this address,
    /// `UNPROCESSABLE` if no active admin would be left, those of a write.
    pub async fn disable(&self, operator: &Caller, email: &str) -> Result<()> {
        let account = self.account_of(email).await?;
        if !account.is_active {
            return operator_rows(operator).map(|_| ());
        }
        let users = self.engine.users()?;
        let patch = Patch::read(&users, &Object::parse(br#"{"status":"disabled"}"#)?)?;
        let guard = vec![engine::admin_is_left(&account.id)];
        self.change_account(operator, &account.id, &patch, "user.disabled", guard)
            .await
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

    async fn account_of(&self, email: &str) -> Result<store::Account> {
        let wanted = email.to_owned();
        let find = move |conn: &rusqlite::Connection| store::find_account(conn, &wanted);
        let found = self.engine.db().read_by_key(find).await?;
        let message = format!("There is no account with the address {email}");
        found.ok_or_else(|| Error::new(Code::NotFound, message))
    }

    /// Changes an account for the operator. Whoever is signed in to it has to sign in anew.
    async fn change_account(
        &self,
        operator: &Caller,
        id: &str,
        patch: &Patch<'_>,
        action: &'static str,
        mut further: Vec<Statement>,
    ) -> Result<()> {
        let rows = operator_rows(operator)?;
        further.extend(session::end_others(id, None));
        further.push(audit::entry(operator, action, id, audit::Outcome::Success));
        let origin = engine::origin(operator);
        let update = Update {
            patch,
            expected: Expected::Any,
            origin: &origin,
            further,
        };
        self.engine
            .update(&self.engine.users()?, rows, id, update)
            .await?;
        info!(user_id = id, action, "The operator changed an account");
        Ok(())
    }
}
