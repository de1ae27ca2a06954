//! What a caller may do with the accounts of others.

use std::sync::Arc;

use serde_json::value::RawValue;
use tracing::info;

use crate::{
    access::{
        Action, Caller, RowFilter, audit, password::Passwords, permit, rights, session::Lifetimes,
        sight,
    },
    base::{
        Clock, Code, Error, Issue, IssueCode, Result, id,
        json::{self, Object},
        secret::SecretString,
    },
    config,
    db::Statement,
    engine::{
        self, AggregateQuery, Credentials, Draft, Engine, Expected, Further, Idempotency, Kept,
        List, ListQuery, Made, Once, Patch, Record, Roles, Selection, SentKey, Trashed, Update,
    },
    schema::Collection,
    web::Query,
};

/// The fields of a user that others may change by `PATCH`.
const CHANGEABLE: &[&str] = &["displayName", "avatarUrl", "version"];

/// How often a change is tried again that a change of the user's roles has overtaken.
pub(super) const TRIES: usize = 5;

/// What a `PATCH` asks for.
struct AccountPatch<'a> {
    patch: Patch<'a>,
    roles: Option<Vec<String>>,
    expected: Expected,
    /// Expectations that stand before the change of roles.
    first: Vec<Statement>,
}

/// The feature. Cheap to clone.
#[derive(Clone)]
pub struct Users {
    pub(super) engine: Engine,
    passwords: Passwords,
    pub(super) idempotency: Idempotency,
    pub(super) clock: Arc<Clock>,
    pub(super) lifetimes: Lifetimes,
}

impl Users {
    /// Over the engine, as configured.
    pub fn new(
        engine: Engine,
        passwords: Passwords,
        idempotency: Idempotency,
        clock: Arc<Clock>,
        config: &config::Auth,
    ) -> Self {
        Self {
            engine,
            passwords,
            idempotency,
            clock,
            lifetimes: Lifetimes::new(config),
        }
    }

    /// A page of users.
    ///
    /// # Errors
    /// Those of [`permit`], `INVALID_INPUT`.
    pub async fn list(&self, caller: &Caller, query: &Query) -> Result<List> {
        let rows = permit(caller, "users", Action::View)?;
        let users = self.engine.users()?;
        let definitions = self.engine.catalog().now();
        let query = ListQuery::parse(&definitions, &users, &rows, query.iter())?;
        if query.trashed != Trashed::Without {
            permit(caller, "users", Action::Restore)?;
        }
        self.engine.list(&users, &rows, &query).await
    }

    /// Users, taken together in groups: a JSON array.
    ///
    /// # Errors
    /// As [`Self::list`], and those of [`Engine::aggregate`].
    pub async fn aggregate(&self, caller: &Caller, query: &Query) -> Result<Arc<Vec<u8>>> {
        let rows = permit(caller, "users", Action::View)?;
        let users = self.engine.users()?;
        let definitions = self.engine.catalog().now();
        let query = AggregateQuery::parse(&definitions, &users, &rows, query.iter())?;
        if query.list.trashed != Trashed::Without {
            permit(caller, "users", Action::Restore)?;
        }
        self.engine.aggregate(&users, &rows, query).await
    }

    /// One user, of whom `fields` names what is told.
    ///
    /// # Errors
    /// `NOT_FOUND`, those of [`permit`], `INVALID_INPUT` for a field that is not there.
    pub async fn load(
        &self,
        caller: &Caller,
        id: &str,
        fields: Option<&str>,
    ) -> Result<Arc<Record>> {
        let rows = permit(caller, "users", Action::View)?;
        let users = self.engine.users()?;
        let fields = Selection::of_one(&users, fields)?;
        let user = self.engine.load(&users, &rows, id::in_path(id)?).await?;
        fields.of(&users, user)
    }

    /// Makes a user, who has to change the password before anything else; once, where `key` says
    /// so.
    ///
    /// # Errors
    /// Those of [`permit`], `VALIDATION_ERROR`, `ALREADY_EXISTS`, those of a key, and
    /// `INSUFFICIENT_PERMISSIONS` for roles that allow what the caller may not do.
    pub async fn create(
        &self,
        caller: &Caller,
        body: &[u8],
        key: Option<SentKey>,
    ) -> Result<Made<Record>> {
        let make = async |once: Option<&Once>| self.make(caller, body, once).await;
        let again = async |kept: &Kept| kept.record(&self.engine, caller).await;
        self.idempotency.once(caller, key, body, make, again).await
    }

    async fn make(&self, caller: &Caller, body: &[u8], once: Option<&Once>) -> Result<Record> {
        let rows = permit(caller, "users", Action::Create)?;
        let users = self.engine.users()?;
        let mut object = Object::parse(body)?;
        let mut issues = Vec::new();
        let password = read_password(object.take("password"), &mut issues);
        let roles = read_roles(object.take("roles"), &mut issues).unwrap_or_default();
        if let Some(password) = &password {
            issues.extend(self.passwords.check("password", password));
        }
        if object.get("status").is_some() {
            issues.push(Issue::new(
                "status",
                IssueCode::ReadOnly,
                "Is active to begin with",
            ));
        }
        let draft = engine::with_faults(Draft::read(&users, &object), issues)?;
        let mut first = rights::caller_still_has(caller);
        first.push(self.check_roles(caller, &roles).await?);
        let Some(password) = password else {
            return Err(Error::internal("no password"));
        };
        let password_hash = self.passwords.hash(password).await?;
        let credentials = Credentials {
            password_hash,
            must_change_password: true,
            roles,
            only_if_first: false,
        };
        let entry = audit::entry(caller, "user.created", &draft.id, audit::Outcome::Success);
        let keep = |once: &Once| {
            let permission = sight(caller, "users", Action::Create);
            once.keep_record(201, permission, &users, &draft.id)
        };
        let further = Further {
            first: once
                .map(Once::first)
                .into_iter()
                .flatten()
                .chain(first)
                .collect(),
            last: [entry].into_iter().chain(once.map(keep)).collect(),
        };
        let origin = engine::origin(caller);
        let made = self
            .engine
            .create_account(&rows, draft, credentials, &origin, further);
        let record = made.await?;
        info!(user = %record.id, by = %caller.actor(), "A user was created");
        Ok(record)
    }

    /// Changes a user's name, picture or roles.
    ///
    /// # Errors
    /// Those of [`permit`] and of a body, `INSUFFICIENT_PERMISSIONS` for a user or for roles that
    /// allow what the caller may not do, `UNPROCESSABLE` if no active admin would be left.
    pub async fn update(
        &self,
        caller: &Caller,
        id: &str,
        body: &[u8],
        expected: impl FnOnce(Option<i64>) -> Result<Expected>,
    ) -> Result<Record> {
        let rows = permit(caller, "users", Action::Update)?;
        let users = self.engine.users()?;
        let object = Object::parse(body)?;
        let (patch, roles) = read_patch(&users, object)?;
        let mut first = rights::caller_still_has(caller);
        if let Some(roles) = &roles {
            first.push(self.check_roles(caller, roles).await?);
        }
        let change = AccountPatch {
            expected: expected(patch.version)?,
            patch,
            roles,
            first,
        };
        let id = id::in_path(id)?;
        for _ in 0..TRIES {
            if let Some(record) = self.try_update(caller, &rows, id, &change).await? {
                if let Some(roles) = &change.roles {
                    info!(user = id, ?roles, by = %caller.actor(), "The roles of a user were set");
                }
                return Ok(record);
            }
        }
        Err(overtaken())
    }

    /// None if the user's roles have changed since they were compared with the caller's.
    async fn try_update(
        &self,
        caller: &Caller,
        rows: &RowFilter,
        id: &str,
        change: &AccountPatch<'_>,
    ) -> Result<Option<Record>> {
        let seen = self.lesser_roles_of_live(caller, rows, id).await?;
        let roles = change.roles.as_deref();
        let is_changed = roles.is_some_and(|roles| roles != seen.names);
        let entry = || audit::entry(caller, "user.roles_changed", id, audit::Outcome::Success);
        let mut further: Vec<Statement> = is_changed.then(entry).into_iter().collect();
        // A change of nothing is none, and writes nothing.
        if roles.is_some() || !change.patch.is_empty() {
            further.splice(..0, change.first.iter().cloned());
        }
        let origin = engine::origin(caller);
        let update = Update {
            patch: &change.patch,
            expected: change.expected,
            origin: &origin,
            further,
        };
        self.engine
            .update_account(rows, id, update, &seen, roles)
            .await
    }

    /// The roles of a user, who may do no more than the caller: nobody changes anybody else.
    pub(super) async fn lesser_roles(&self, caller: &Caller, id: &str) -> Result<Roles> {
        let seen = self.engine.roles_of(id).await?;
        if self.holds(caller, &seen) {
            return Ok(seen);
        }
        Err(Error::new(
            Code::InsufficientPermissions,
            "This user may do more than you may do yourself",
        ))
    }

    /// The same for a user that is to be live: one that is deleted is not found, whatever it could
    /// do.
    pub(super) async fn lesser_roles_of_live(
        &self,
        caller: &Caller,
        rows: &RowFilter,
        id: &str,
    ) -> Result<Roles> {
        let seen = self.lesser_roles(caller, id).await;
        if seen.is_err() {
            self.engine.load(&self.engine.users()?, rows, id).await?;
        }
        seen
    }

    /// Nobody gives what it does not have. Returns the expectation that the roles allow no more by
    /// the time they are given.
    async fn check_roles(&self, caller: &Caller, roles: &[String]) -> Result<Statement> {
        let given = self.engine.load_roles(roles.to_vec()).await?;
        if self.holds(caller, &given) {
            return Ok(rights::roles_still_allow(&given.names, &given.permissions));
        }
        Err(Error::new(
            Code::InsufficientPermissions,
            "These roles allow more than you may do yourself",
        ))
    }

    /// True if `caller` holds all that comes with `roles`. Who is no user runs this instance.
    ///
    /// Where a rule asks for roles by their names, a role is more than its permissions: who does
    /// not hold everything must have it itself.
    fn holds(&self, caller: &Caller, roles: &Roles) -> bool {
        let Some(user) = caller.user() else {
            return true;
        };
        let has_itself = || roles.names.iter().all(|name| user.roles.contains(name));
        let by_name = || self.engine.catalog().schema().rules_name_roles();
        user.permissions.include(&roles.permissions)
            && (user.permissions.are_all() || has_itself() || !by_name())
    }
}

/// What a change of a user says whose roles are changed all the time.
pub(super) fn overtaken() -> Error {
    Error::unavailable("Too many changes of one user's roles at once", 1)
}

fn read_patch<'a>(
    users: &'a Collection,
    mut object: Object<'a>,
) -> Result<(Patch<'a>, Option<Vec<String>>)> {
    let mut issues = Vec::new();
    let roles = read_roles(object.take("roles"), &mut issues);
    let fixed = object.iter().filter(|(key, _)| {
        users.field(key).is_some_and(|field| field.is_writable()) && !CHANGEABLE.contains(key)
    });
    issues.extend(
        fixed.map(|(key, _)| Issue::new(key, IssueCode::ReadOnly, "Cannot be changed here")),
    );
    let patch = engine::with_faults(Patch::read(users, &object), issues)?;
    Ok((patch, roles))
}

fn read_password(sent: Option<&RawValue>, issues: &mut Vec<Issue>) -> Option<SecretString> {
    let Some(sent) = sent.filter(|sent| !json::is_null(sent)) else {
        issues.push(Issue::required("password"));
        return None;
    };
    let text = json::text(sent);
    if text.is_none() {
        issues.push(Issue::new(
            "password",
            IssueCode::InvalidType,
            "Must be a text",
        ));
    }
    text.map(|text| SecretString::from(text.into_owned()))
}

fn read_roles(sent: Option<&RawValue>, issues: &mut Vec<Issue>) -> Option<Vec<String>> {
    let roles: Option<Vec<String>> = serde_json::from_str(sent?.get()).ok();
    let Some(mut roles) = roles.filter(|roles| roles.len() <= 100) else {
        let message = "Must be a list of at most 100 names";
        issues.push(Issue::new("roles", IssueCode::InvalidType, message));
        return None;
    };
    roles.sort();
    roles.dedup();
    Some(roles)
}
