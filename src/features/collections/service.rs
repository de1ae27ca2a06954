//! What a caller may do with definitions.

use serde_json::{Value as Json, value::to_raw_value};
use tracing::info;

use super::{
    patch::{Parts, parsed},
    shown::CAN,
    store,
};
use crate::{
    access::{Caller, audit, require},
    base::{
        Code, Error, Issue, IssueCode, Result,
        json::{self, Object},
    },
    db::{Batch, Touch, WriteError},
    engine::{Engine, Expected, Idempotency, Kept, Made, Once, SentKey},
    rules::{book, partial},
    schema::{Collection, Schema},
};

/// Collections that Stead itself stands on.
pub(super) const SYSTEM: &[&str] = &["users"];

pub(super) const READ: &str = "system:collections:read";
pub(super) const WRITE: &str = "system:collections:write";

/// How often a change is tried again that another change of definitions has overtaken.
pub(super) const TRIES: usize = 5;

/// The feature. Cheap to clone.
#[derive(Clone)]
pub struct Collections {
    pub(super) engine: Engine,
    idempotency: Idempotency,
}

impl Collections {
    /// Over the engine.
    pub fn new(engine: Engine, idempotency: Idempotency) -> Self {
        Self {
            engine,
            idempotency,
        }
    }

    /// Makes a collection and its table; once, where `key` says so. Returns its definition, with
    /// all that was left to Stead.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with every fault, `ALREADY_EXISTS` if the name is taken, those of
    /// [`require`], of a write and of a key.
    pub async fn create(
        &self,
        caller: &Caller,
        body: &[u8],
        key: Option<SentKey>,
    ) -> Result<Made<Json>> {
        let make = async |once: Option<&Once>| self.make(caller, body, once).await;
        let again = async |kept: &Kept| kept.value();
        let made = self.idempotency.once(caller, key, body, make, again);
        made.await
    }

    pub(super) async fn make(
        &self,
        caller: &Caller,
        body: &[u8],
        once: Option<&Once>,
    ) -> Result<Json> {
        require(caller, WRITE)?;
        // Read for its faults as a whole: what is no object, or has a key twice.
        let object = Object::parse(body)?;
        let name = object.get("name").and_then(json::text);
        // What was read can be made again elsewhere, with what is told beside it.
        let mut parts: Parts = parsed(body)?;
        parts.remove(CAN);
        let definition = to_raw_value(&parts).map_err(Error::internal)?;
        for _ in 0..TRIES {
            let schema = self.schema();
            let mut collection = Collection::parse(&definition, &schema)
                .map_err(|issues| refused(name.as_deref(), issues, &schema))?;
            understood(&mut collection)?;
            checked(&schema.with(collection.clone()))?;
            let stored = collection.definition();
            let sight = require(caller, READ).map_or(WRITE, |()| READ);
            let keep = |once: &Once| once.keep_value(201, sight, &stored);
            let batch = Batch::new()
                .with_all(once.map(Once::first).unwrap_or_default())
                .with(store::schema_is(&schema))
                .with_all(store::insert(&collection, &stored))
                .with_all(collection.ddl().into_iter().map(Into::into))
                .with(audit::entry(
                    caller,
                    "collection.created",
                    &collection.name,
                    audit::Outcome::Success,
                ))
                .with_all(once.map(keep))
                .touching(Touch::Schema);
            if self.write(batch).await? {
                info!(collection = %collection.name, "A collection was created");
                return Ok(stored);
            }
        }
        Err(overtaken())
    }

    /// Deletes a collection with all its records.
    ///
    /// # Errors
    /// `NOT_FOUND`, `PRECONDITION_FAILED` for another revision than expected, `CONFLICT` while
    /// another collection points at it, `UNPROCESSABLE` for one of the system, those of [`require`]
    /// and of a write.
    pub async fn delete(&self, caller: &Caller, name: &str, expected: Expected) -> Result<()> {
        require(caller, WRITE)?;
        for _ in 0..TRIES {
            let schema = self.schema();
            let collection = schema.by_name(name).ok_or_else(Error::not_found)?;
            expected.check(collection.revision)?;
            check_deletable(collection, &schema)?;
            check_unruled(&schema, name)?;
            let batch = Batch::new()
                .with(store::schema_is(&schema))
                .with_all(store::delete(collection))
                .with(audit::entry(
                    caller,
                    "collection.deleted",
                    name,
                    audit::Outcome::Success,
                ))
                .touching(Touch::Schema);
            if self.write(batch).await? {
                info!(collection = name, "A collection was deleted");
                return Ok(());
            }
        }
        Err(overtaken())
    }

    /// False if another change of definitions came first.
    pub(super) async fn write(&self, batch: Batch) -> Result<bool> {
        match self.engine.db().write(batch).await {
            Ok(_) => Ok(true),
            Err(WriteError::Guard(tag)) if tag.0 == store::SCHEMA => Ok(false),
            Err(error) => Err(Once::refusal(error)),
        }
    }

    pub(super) fn schema(&self) -> std::sync::Arc<Schema> {
        self.engine.catalog().schema()
    }
}

fn check_deletable(collection: &Collection, schema: &Schema) -> Result<()> {
    if SYSTEM.contains(&collection.name.as_str()) {
        let message = "Stead itself needs this collection";
        return Err(Error::new(Code::Unprocessable, message));
    }
    let others = schema.references_to(&collection.name);
    let issues: Vec<Issue> = others
        .filter(|(other, _)| other.name != collection.name)
        .map(|(other, field)| {
            let message = format!("{}.{} points at it", other.name, field.column);
            Issue::new("_", IssueCode::Restricted, message)
                .with("collection", other.name.as_str())
                .with("field", field.column.as_str())
        })
        .collect();
    if issues.is_empty() {
        return Ok(());
    }
    let message = "Other collections point at this one";
    Err(Error::new(Code::Conflict, message).with_issues(issues))
}

/// Refuses definitions of which a rule cannot be understood, with every fault.
pub(super) fn checked(schema: &Schema) -> Result<()> {
    let faults: Vec<Issue> = schema
        .iter()
        .flat_map(|known| book::faults(schema, known))
        .collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(Error::validation(faults))
}

/// Refuses to delete a collection that the rules of others ask.
fn check_unruled(schema: &Schema, name: &str) -> Result<()> {
    let rest = schema.without(name);
    let issue = |other: &std::sync::Arc<Collection>, fault: Issue| {
        let message = format!("{} of {} asks it", fault.field, other.name);
        Issue::new("_", IssueCode::Restricted, message).with("collection", other.name.as_str())
    };
    let faults = rest.iter().flat_map(|other| {
        let faults = book::faults(&rest, other);
        faults.into_iter().map(move |fault| issue(other, fault))
    });
    let faults: Vec<Issue> = faults.collect();
    if faults.is_empty() {
        return Ok(());
    }
    let message = "Rules of other collections ask this one";
    Err(Error::new(Code::Conflict, message).with_issues(faults))
}

/// A name that another collection has is a conflict; whatever else is wrong is a fault of the
/// definition.
pub(super) fn refused(name: Option<&str>, issues: Vec<Issue>, schema: &Schema) -> Error {
    let exists = name.is_some_and(|name| schema.by_name(name).is_some());
    match &issues[..] {
        [issue] if exists && issue.field == "name" && issue.code == IssueCode::NameTaken => {
            Error::new(Code::AlreadyExists, "There is such a collection").with_issues(issues)
        }
        _ => Error::validation(issues),
    }
}

pub(super) fn overtaken() -> Error {
    let message = "Other changes of definitions came first, again and again";
    Error::new(Code::Conflict, message)
}

/// Reads the conditions of indexes, each with its faults.
pub(super) fn understood(collection: &mut Collection) -> Result<()> {
    let faults = partial::compile(collection);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::validation(faults))
    }
}
