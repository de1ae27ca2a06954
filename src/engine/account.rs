//! Accounts: records of `users` together with their password and roles.

use std::sync::Arc;

use super::{
    Engine,
    input::{Assignment, Draft, Patch},
    mutate::{Further, Update},
    record::{self, Record},
};
use crate::{
    access::{Permissions, RowFilter, rights, session},
    base::{Code, Error, Issue, IssueCode, Result},
    db::{Expect, Statement, Tag, Value, WriteError},
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

/// The roles that a user has.
#[derive(Debug, Default)]
pub struct Roles {
    /// Their names, sorted.
    pub names: Vec<String>,
    /// What they allow.
    pub permissions: Permissions,
}

/// Whether an account may sign in, by its `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Active,
    /// It may not, and its sessions have ended.
    Disabled,
}

impl Standing {
    /// As `status` has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
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
        rows: &RowFilter,
        mut draft: Draft<'_>,
        credentials: Credentials,
        origin: &Origin,
        further: impl Into<Further>,
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
        let Further { first, last } = further.into();
        let last = roles.into_iter().chain(last).collect();
        let further = Further { first, last };
        self.create(&users, rows, draft, origin, further).await
    }

    /// Changes an account that has the roles `seen`; `roles`, where given, replace them. None,
    /// with nothing changed, if it has others by now.
    ///
    /// # Errors
    /// `UNPROCESSABLE` if no active admin would be left; those of [`Engine::update`].
    pub async fn update_account(
        &self,
        rows: &RowFilter,
        id: &str,
        mut update: Update<'_>,
        seen: &Roles,
        roles: Option<&[String]>,
    ) -> Result<Option<Record>> {
        let users = self.users()?;
        if update.patch.is_empty() && update.further.is_empty() && roles.is_none() {
            return self.update(&users, rows, id, update).await.map(Some);
        }
        update.further.push(still_has(id, seen));
        update
            .further
            .extend(roles.into_iter().flat_map(|roles| replace_roles(id, roles)));
        let expected = update.expected;
        let (batch, mask) = self.update_batch(&users, rows, id, update);
        match self.db.write(batch).await {
            Ok(receipt) => record::from_kept(&users, &mask, receipt.rows.last()).map(Some),
            Err(WriteError::Guard(Tag(SEEN_ROLES, _))) => Ok(None),
            Err(error) => Err(self.refusal(&users, expected, error)),
        }
    }

    /// Activates or disables an account that has the roles `seen`, beside what `update` does;
    /// disabling ends its sessions. None, with nothing changed, if it has others by now.
    ///
    /// # Errors
    /// As [`Engine::update`]; `UNPROCESSABLE` if no active admin would be left.
    pub async fn set_standing(
        &self,
        rows: &RowFilter,
        id: &str,
        standing: Standing,
        mut update: Update<'_>,
        seen: &Roles,
    ) -> Result<Option<Record>> {
        let users = self.users()?;
        let status = users
            .column("status")
            .ok_or_else(|| Error::internal("no column `status`"))?;
        let patch = Patch {
            fields: vec![(status, Assignment::Set(standing.name().into()))],
            unsent: Vec::new(),
            hidden: Vec::new(),
            version: None,
        };
        if standing == Standing::Disabled {
            let user = [id.to_owned()];
            update.further.push(admin_is_left_without(&user));
            update.further.extend(session::end_all(&user));
        }
        let update = Update {
            patch: &patch,
            ..update
        };
        self.update_account(rows, id, update, seen, None).await
    }

    /// The roles of a user, none if there is no such user.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn roles_of(&self, user: &str) -> Result<Roles> {
        let user = user.to_owned();
        let find = move |conn: &rusqlite::Connection| {
            let mut query = conn.prepare_cached(
                "SELECT r.name, r.permissions FROM _user_roles m JOIN _roles r ON r.name = m.role
                 WHERE m.user_id = ? ORDER BY r.name",
            )?;
            let mut rows = query.query([user])?;
            let mut found = Roles::default();
            while let Some(row) = rows.next()? {
                found.names.push(row.get(0)?);
                found.permissions.add(&row.get::<_, String>(1)?)?;
            }
            Ok(found)
        };
        self.db.read_by_key(find).await
    }

    /// Checks that roles exist, and returns them with what they allow.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` on `roles`, with each that does not exist.
    pub async fn load_roles(&self, names: Vec<String>) -> Result<Roles> {
        let find = move |conn: &rusqlite::Connection| {
            let mut permissions = Permissions::default();
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
                Ok(Roles { names, permissions })
            } else {
                Err(Error::validation(issues))
            }
        };
        self.db.read(find).await
    }
}

/// Expects that an active admin is left when these users are gone or disabled, if one of them is
/// an admin. Stands before or behind the change.
pub fn admin_is_left_without(users: &[String]) -> Statement {
    let sql = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM _user_roles WHERE role = 'admin'
                 AND user_id IN (SELECT value FROM json_each(?)))
               OR EXISTS (SELECT 1 FROM _user_roles m JOIN users u ON u.id = m.user_id
                 WHERE m.role = 'admin' AND u.status = 'active' AND u.deleted_at IS NULL
                 AND u.id NOT IN (SELECT value FROM json_each(?)))";
    let users = Value::list(users);
    Statement::new(sql, vec![users.clone(), users]).expecting(Expect::Exists, LAST_ADMIN)
}

/// Tag of the expectation that an active admin is left.
pub(super) const LAST_ADMIN: &str = "last admin";

/// Tag of the expectation that there is no other admin.
pub(super) const FIRST_ADMIN: &str = "first admin";

/// Tag of the expectation that a user has the roles by which the change was allowed.
pub const SEEN_ROLES: &str = "seen roles";

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

/// Expects that a user has these roles and no others, and that they allow what they did.
pub fn still_has(user: &str, seen: &Roles) -> Statement {
    rights::user_has(user, &seen.names, &seen.permissions).expecting(Expect::Exists, SEEN_ROLES)
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
