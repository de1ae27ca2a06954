//! What users need besides when they are deleted.

use super::{Refused, Removal, Restoration};
use crate::{
    access::{RowFilter, session},
    base::Result,
    db::{Sql, Statement},
    engine::{
        Engine, Record, Roles,
        account::{admin_is_left_without, still_has},
    },
};

/// Tables of the system that hold rows of a user, each with its column. Children stand before
/// their parents.
const OWNED: &[(&str, &str)] = &[
    ("_user_roles", "user_id"),
    ("_sign_in_prefixes", "user_id"),
    ("_sign_in_failures", "user_id"),
];

impl Engine {
    /// Deletes an account that has the roles `seen`. None, with nothing changed, if it has others
    /// by now.
    ///
    /// # Errors
    /// As [`Engine::delete`]; `UNPROCESSABLE` if no active admin would be left.
    pub async fn delete_account(
        &self,
        rows: &RowFilter,
        mut removal: Removal<'_>,
        seen: &Roles,
    ) -> Result<Option<()>> {
        removal.first.push(still_has(removal.id, seen));
        unless_other_roles(self.try_delete(&self.users()?, rows, &removal).await)
    }

    /// Brings an account back that has the roles `seen`. None, with nothing changed, if it has
    /// others by now.
    ///
    /// # Errors
    /// As [`Engine::restore`].
    pub async fn restore_account(
        &self,
        rows: &RowFilter,
        mut restoration: Restoration<'_>,
        seen: &Roles,
    ) -> Result<Option<Record>> {
        restoration.first.push(still_has(restoration.id, seen));
        unless_other_roles(self.try_restore(&self.users()?, rows, &restoration).await)
    }
}

fn unless_other_roles<T>(outcome: Result<T, Refused>) -> Result<Option<T>> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(Refused::OtherRoles) => Ok(None),
        Err(Refused::Error(error)) => Err(error),
    }
}

/// For users that are deleted softly: their sessions end at once, and an active admin is left.
pub fn deleted(users: &[String]) -> Vec<Statement> {
    let mut statements = vec![admin_is_left_without(users)];
    statements.extend(session::end_all(users));
    statements
}

/// For users whose rows go: their sessions end, and what else the system holds of them goes, too.
pub fn purged(users: &[String]) -> Vec<Statement> {
    let owned = OWNED.iter().map(|(table, column)| {
        let mut sql = Sql::new("DELETE FROM ");
        sql.ident(table).push(" WHERE ").ident(column).within(users);
        Statement::from(sql)
    });
    session::end_all(users).into_iter().chain(owned).collect()
}
