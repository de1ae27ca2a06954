//! Accounts: records of `users` together with their password and roles.

use std::sync::Arc;

use super::{Engine, Record, input::Draft, mutate::Update};
use crate::{
    access::RowFilter,
    base::{Code, Error, Issue, IssueCode, Result},
    db::{Expect, Statement, Value},
    events::Origin,
    schema::Collection,
};

/// An account to be made, beside its fields.
#[derive(Debug, Default)]
pub struct Credentials {
    /// The hash of its password.
    pub password_hash: String,
    /// True if its owner has not chosen the password.
    pub must_change_password: bool,
    /// Names of its roles.
    pub roles: Vec<String>,
    /// True if it may only be made while there is no admin.
    pub only_if_first: bool,
}

impl Engine {
    /// The collection `users`.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if it is missing, which no migrated file is.
    pub fn users(&self) -> Result<Arc<Collection>> {
        let schema = self.catalog.schema();
        schema
            .by_name("users")
            .cloned()
            .ok_or_else(|| Error::internal("no collection `users`"))
    }

    /// Makes an account, with `further` statements of the same batch.
    ///
    /// # Errors
    /// `ALREADY_EXISTS` if the address is taken, `NOT_FOUND` if it had to be the first admin and is
    /// not, `VALIDATION_ERROR`, those of a write.
    pub async fn create_account(
        &self,
        rows: RowFilter,
        mut draft: Draft<'_>,
        credentials: Credentials,
        origin: &Origin,
        further: Vec<Statement>,
    ) -> Result<Record> {
        let users = self.users()?;
        draft
            .hidden
            .push(("password_hash", credentials.password_hash.into()));
        let must_change = i64::from(credentials.must_change_password);
        draft
            .hidden
            .push(("must_change_password", must_change.into()));
        let mut roles = give_roles(&draft.id, &credentials.roles);
        if credentials.only_if_first {
            // This one is there already, so a second means that somebody else came first.
            let others = "SELECT 1 FROM _user_roles m JOIN users u ON u.id = m.user_id \
                          WHERE m.role = 'admin' AND u.deleted_at IS NULL AND u.id <> ?";
            let guard = Statement::new(others, vec![draft.id.as_str().into()]);
            roles.push(guard.expecting(Expect::Absent, FIRST_ADMIN));
        }
        let further = roles.into_iter().chain(further).collect();
        self.create(&users, rows, &draft, origin, further).await
    }

    /// Changes an account; `roles`, where given, replace those that it has.
    ///
    /// # Errors
    /// `UNPROCESSABLE` if no active admin would be left; those of [`Engine::update`].
    pub async fn update_account(
        &self,
        rows: RowFilter,
        id: &str,
        mut update: Update<'_>,
        roles: Option<&[String]>,
    ) -> Result<Record> {
        update
            .further
            .extend(roles.into_iter().flat_map(|roles| replace_roles(id, roles)));
        self.update(&self.users()?, rows, id, update).await
    }

    /// Checks that roles exist, and returns what they allow.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` on `roles`, with each that does not exist.
    pub async fn load_roles(&self, names: Vec<String>) -> Result<crate::access::Permissions> {
        let find = move |conn: &rusqlite::Connection| {
            let mut permissions = crate::access::Permissions::default();
            let mut issues = Vec::new();
            let mut query = conn.prepare_cached("SELECT permissions FROM _roles WHERE name = ?")?;
            for name in &names {
                match rusqlite::OptionalExtension::optional(
                    query.query_row([name], |row| row.get::<_, String>(0)),
                )? {
                    Some(stored) => permissions.add(&stored)?,
                    None => issues.push(no_such_role(name)),
                }
            }
            if issues.is_empty() {
                Ok(permissions)
            } else {
                Err(Error::validation(issues))
            }
        };
        self.db.read(find).await
    }
}

/// Tag of the expectation that an active admin is left.
pub(super) const LAST_ADMIN: &str = "last admin";

/// Tag of the expectation that there is no other admin.
pub(super) const FIRST_ADMIN: &str = "first admin";

/// What a refused change of roles says when it would leave no admin.
pub(super) fn last_admin() -> Error {
    Error::new(Code::Unprocessable, "At least one active admin must remain")
}

fn give_roles(user: &str, roles: &[String]) -> Vec<Statement> {
    let give = |role: &String| {
        Statement::new(
            "INSERT INTO _user_roles (user_id, role, created_at) VALUES (?, ?, ?)",
            vec![user.into(), role.as_str().into(), Value::CommitTime],
        )
    };
    roles.iter().map(give).collect()
}

fn replace_roles(user: &str, roles: &[String]) -> Vec<Statement> {
    let delete = "DELETE FROM _user_roles WHERE user_id = ?";
    let mut statements = vec![Statement::new(delete, vec![user.into()])];
    statements.extend(give_roles(user, roles));
    let admin_is_left = "SELECT 1 FROM _user_roles m JOIN users u ON u.id = m.user_id \
                         WHERE m.role = 'admin' AND u.status = 'active' AND u.deleted_at IS NULL";
    let guard = Statement::new(admin_is_left, Vec::new());
    statements.push(guard.expecting(Expect::Exists, LAST_ADMIN));
    statements
}

fn no_such_role(name: &str) -> Issue {
    let message = format!("There is no role {name}");
    Issue::new("roles", IssueCode::NotAnOption, message).with("role", name)
}
