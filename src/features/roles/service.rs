//! What a caller may do with roles.
//!
//! Nobody makes, changes or deletes a role that allows more than it may do itself. What the caller
//! may do, and what the role allows, must be the same still when the change is written.

use tracing::info;

use super::{
    store,
    types::{NewRole, Role, RolePatch},
};
use crate::{
    access::{Caller, Permissions, audit, require, rights},
    base::{Code, Error, Issue, IssueCode, Result, page::Page},
    db::{Batch, Constraint, Part, Receipt, Touch, WriteError},
    engine::{Engine, Expected, Idempotency, Kept, Made, Once, SentKey},
};

/// The role that can do everything, and by which administrators are known.
const ADMIN: &str = "admin";

const READ: &str = "system:roles:read";
const WRITE: &str = "system:roles:write";

/// How often a change is tried again that another change of the role has overtaken.
const TRIES: usize = 5;

/// The feature. Cheap to clone.
#[derive(Clone)]
pub struct Roles {
    engine: Engine,
    idempotency: Idempotency,
}

impl Roles {
    /// Over the engine.
    pub fn new(engine: Engine, idempotency: Idempotency) -> Self {
        Self {
            engine,
            idempotency,
        }
    }

    /// A page of roles by name, and how many there are.
    ///
    /// # Errors
    /// Those of [`require`] and of the database.
    pub async fn list(&self, caller: &Caller, page: Page) -> Result<(Vec<Role>, u64)> {
        require(caller, READ)?;
        let list = move |conn: &rusqlite::Connection| store::list(conn, page);
        self.engine.db().read(list).await
    }

    /// One role.
    ///
    /// # Errors
    /// `NOT_FOUND`, those of [`require`] and of the database.
    pub async fn load(&self, caller: &Caller, name: &str) -> Result<Role> {
        require(caller, READ)?;
        self.find(name).await
    }

    /// Makes a role; once, where `key` says so.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with every fault, `ALREADY_EXISTS` if the name is taken,
    /// `INSUFFICIENT_PERMISSIONS` with each permission that the caller does not hold itself, those
    /// of [`require`], of a write and of a key.
    pub async fn create(
        &self,
        caller: &Caller,
        body: &[u8],
        key: Option<SentKey>,
    ) -> Result<Made<Role>> {
        let make = async |once: Option<&Once>| self.make(caller, body, once).await;
        let again =
            async |kept: &Kept| serde_json::from_value(kept.value()?).map_err(Error::database);
        self.idempotency.once(caller, key, body, make, again).await
    }

    async fn make(&self, caller: &Caller, body: &[u8], once: Option<&Once>) -> Result<Role> {
        require(caller, WRITE)?;
        let role = NewRole::read(body, &self.engine.catalog().schema())?;
        check_given(caller, &role.permissions)?;
        let sight = require(caller, READ).map_or(WRITE, |()| READ);
        let keep = |once: &Once| once.keep_selected(201, sight, store::shown(&role.name));
        let batch = Batch::new()
            .with_all(once.map(Once::first).unwrap_or_default())
            .with_all(rights::caller_still_has(caller))
            .with(store::collections_are_there(&role.permissions))
            .with(store::insert(&role))
            .with(audited(caller, "role.created", &role.name))
            .with_all(once.map(keep))
            .with(store::select(&role.name));
        let receipt = self.write(batch).await?.ok_or_else(overtaken)?;
        let (name, permissions) = (&role.name, &role.permissions);
        info!(role = %name, ?permissions, by = %caller.actor(), "A role was created");
        store::from_kept(receipt.rows.last())
    }

    /// Changes what a role allows, from the next request of everybody who has it.
    ///
    /// # Errors
    /// `NOT_FOUND`, `VALIDATION_ERROR` with every fault, `UNPROCESSABLE` for `admin`,
    /// `PRECONDITION_FAILED` or `CONFLICT` for another version than expected,
    /// `INSUFFICIENT_PERMISSIONS` where it allowed or would allow what the caller does not hold
    /// itself, those of [`require`] and of a write.
    pub async fn update(
        &self,
        caller: &Caller,
        name: &str,
        body: &[u8],
        expected: impl FnOnce(Option<i64>) -> Result<Expected>,
    ) -> Result<Role> {
        require(caller, WRITE)?;
        check_changeable(name)?;
        let patch = RolePatch::read(body, &self.engine.catalog().schema())?;
        let expected = expected(patch.version)?;
        for _ in 0..TRIES {
            let seen = self.find_lesser(caller, name, expected).await?;
            let Some(permissions) = &patch.permissions else {
                return Ok(seen);
            };
            check_given(caller, permissions)?;
            let batch = Batch::new()
                .with_all(rights::caller_still_has(caller))
                .with(store::collections_are_there(permissions))
                .with(store::update(&seen, permissions))
                .with(audited(caller, "role.changed", name))
                .with(store::select(name));
            if let Some(receipt) = self.write(batch).await? {
                let before = &seen.permissions;
                info!(role = name, ?permissions, ?before, by = %caller.actor(), "A role was changed");
                return store::from_kept(receipt.rows.last());
            }
        }
        Err(overtaken())
    }

    /// Deletes a role that nobody has.
    ///
    /// # Errors
    /// `NOT_FOUND`, `CONFLICT` while users have it, `UNPROCESSABLE` for `admin`,
    /// `PRECONDITION_FAILED` for another version than expected, `INSUFFICIENT_PERMISSIONS` for one
    /// that allows more than the caller may do, those of [`require`] and of a write.
    pub async fn delete(&self, caller: &Caller, name: &str, expected: Expected) -> Result<()> {
        require(caller, WRITE)?;
        check_changeable(name)?;
        for _ in 0..TRIES {
            let seen = self.find_lesser(caller, name, expected).await?;
            let batch = Batch::new()
                .with_all(rights::caller_still_has(caller))
                .with_all(store::delete(&seen))
                .with(audited(caller, "role.deleted", name));
            if self.write(batch).await?.is_some() {
                info!(role = name, by = %caller.actor(), "A role was deleted");
                return Ok(());
            }
        }
        Err(overtaken())
    }

    async fn find(&self, name: &str) -> Result<Role> {
        let name = name.to_owned();
        let find = move |conn: &rusqlite::Connection| store::load(conn, &name);
        self.engine.db().read_by_key(find).await
    }

    /// A role of the expected version, which allows no more than the caller may do.
    async fn find_lesser(&self, caller: &Caller, name: &str, expected: Expected) -> Result<Role> {
        let seen = self.find(name).await?;
        if !may_give(caller, &seen.permissions) {
            return Err(Error::new(
                Code::InsufficientPermissions,
                "This role allows more than you may do yourself",
            ));
        }
        expected.check(seen.version)?;
        Ok(seen)
    }

    /// None if another change of the role came first.
    async fn write(&self, batch: Batch) -> Result<Option<Receipt>> {
        let batch = batch.touching(Touch::Part(Part::rights()));
        match self.engine.db().write(batch).await {
            Ok(receipt) => Ok(Some(receipt)),
            Err(WriteError::Guard(tag)) if tag.0 == store::UNCHANGED => Ok(None),
            Err(error) => Err(refusal(error)),
        }
    }
}

fn audited(caller: &Caller, action: &'static str, name: &str) -> crate::db::Statement {
    audit::entry(caller, action, name, audit::Outcome::Success)
}

/// By this role it is known who is an administrator, of whom one must remain.
fn check_changeable(name: &str) -> Result<()> {
    if name == ADMIN {
        let message = "The role admin can be neither changed nor deleted";
        return Err(Error::new(Code::Unprocessable, message));
    }
    Ok(())
}

/// Nobody gives what it does not have.
fn check_given(caller: &Caller, permissions: &[String]) -> Result<()> {
    let issue = |(i, permission): (usize, &String)| {
        let lacks = !may_give(caller, std::slice::from_ref(permission));
        let message = "You do not hold this permission yourself";
        lacks.then(|| Issue::new(format!("permissions[{i}]"), IssueCode::Invalid, message))
    };
    let issues: Vec<Issue> = permissions.iter().enumerate().filter_map(issue).collect();
    if issues.is_empty() {
        return Ok(());
    }
    let message = "This role would allow more than you may do yourself";
    Err(Error::new(Code::InsufficientPermissions, message).with_issues(issues))
}

/// Who is no user runs this instance.
fn may_give(caller: &Caller, permissions: &[String]) -> bool {
    let given = Permissions::from(permissions.to_vec());
    caller
        .user()
        .is_none_or(|user| user.permissions.include(&given))
}

fn refusal(error: WriteError) -> Error {
    match error {
        WriteError::Guard(tag) if tag.0 == store::COLLECTIONS => {
            Error::unavailable("The collections have just been changed", 1)
        }
        WriteError::Guard(tag) if tag.0 == store::UNUSED => {
            let message = "Users have it, those included who are deleted and can be restored";
            let issue = Issue::new("_", IssueCode::Restricted, message);
            Error::new(Code::Conflict, "Users have this role").with_issues(vec![issue])
        }
        WriteError::Constraint(Constraint::Unique(_)) => {
            let issue = Issue::new("name", IssueCode::Taken, "Is taken");
            Error::new(Code::AlreadyExists, "There is such a role").with_issues(vec![issue])
        }
        other => Once::refusal(other),
    }
}

fn overtaken() -> Error {
    Error::unavailable("Too many changes of one role at once", 1)
}
