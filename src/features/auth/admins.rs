//! What whoever runs this instance may do with accounts, without a password of its own.

use serde::{Deserialize, Serialize};

use super::{service::Auth, store};
use crate::{
    access::{Caller, operator_rows},
    base::{Code, Error, Result},
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

    /// The id of the account that signs in with `email`.
    ///
    /// # Errors
    /// `FORBIDDEN` for anybody but the operator, `NOT_FOUND` if no account has this address, those
    /// of the database.
    pub async fn id_of(&self, operator: &Caller, email: &str) -> Result<String> {
        operator_rows(operator)?;
        Ok(self.account_of(email).await?.id)
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
