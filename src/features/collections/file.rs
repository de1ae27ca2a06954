//! All definitions at once, as files hold them: what is not in the file goes, what is new is made,
//! and what has another definition is changed.
//!
//! `renamedFrom` stands beside the name of a collection or field. It may stay there: once the new
//! name is in force, it says nothing.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use serde_json::{
    Value as Json,
    value::{RawValue, to_raw_value},
};

use super::{
    patch::{Parts, RENAMED, parsed, text},
    plan::{Plan, Wanted},
    service::{Collections, READ, SYSTEM, WRITE},
    shown::CAN,
};
use crate::{
    access::{Caller, require},
    base::{
        Error, Issue, IssueCode, Result,
        json::{self, Object},
    },
    rules::partial,
    schema::{Collection, Schema, plan::Change},
};

/// A definition of a file, and what is renamed by it.
struct Stated {
    collection: Collection,
    renamed_from: Option<String>,
    /// By the new names of columns, those that they are to have had.
    columns: BTreeMap<String, String>,
}

impl Collections {
    /// All definitions but those that Stead itself stands on.
    ///
    /// # Errors
    /// Those of [`require`].
    pub fn export(&self, caller: &Caller) -> Result<Vec<Json>> {
        require(caller, READ)?;
        let schema = self.schema();
        let own = schema.iter().filter(|one| !is_system(&one.name));
        Ok(own.map(|one| one.definition()).collect())
    }

    /// What it would do to have these definitions and no others.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with every fault, by its place in the file; those of [`require`] and of
    /// a read.
    pub async fn plan_all(&self, caller: &Caller, all: &[Box<RawValue>]) -> Result<Plan> {
        require(caller, WRITE)?;
        let wanted = wanted(all, &self.schema())?;
        Ok(self.ask(caller, &wanted).await?.plan)
    }

    /// Has these definitions and no others, in one transaction. Returns what was done.
    ///
    /// # Errors
    /// As [`Self::plan_all`], `UNPROCESSABLE` for what the plan refuses, those of a write.
    pub async fn apply_all(
        &self,
        caller: &Caller,
        all: &[Box<RawValue>],
        allows_losses: bool,
    ) -> Result<Plan> {
        require(caller, WRITE)?;
        let plan = |schema: &Schema| wanted(all, schema);
        let (_, plan) = self.carry_out(caller, allows_losses, plan).await?;
        Ok(plan)
    }
}

fn is_system(name: &str) -> bool {
    SYSTEM.contains(&name)
}

fn wanted(all: &[Box<RawValue>], schema: &Schema) -> Result<Wanted> {
    let mut issues = Vec::new();
    let mut stated = Vec::new();
    for (i, raw) in all.iter().enumerate() {
        match state(raw) {
            Ok(one) => stated.push(one),
            Err(faults) => issues.extend(placed(i, faults)),
        }
    }
    if issues.is_empty() {
        issues = clashes(&stated, schema);
    }
    if !issues.is_empty() {
        return Err(Error::validation(issues));
    }
    let tables: BTreeMap<String, String> = stated
        .iter()
        .filter_map(|one| {
            let old = had(one, schema)?;
            let new = &one.collection.name;
            (old.name != *new).then(|| (old.name.clone(), new.clone()))
        })
        .collect();
    let mut kept = Vec::new();
    let (mut made, mut changed) = (Vec::new(), Vec::new());
    for mut one in stated {
        let Some(old) = had(&one, schema).cloned() else {
            made.push(Change::create(Arc::new(one.collection)));
            continue;
        };
        // One that is in force already is stated still.
        one.columns.retain(|new, _| old.column(new).is_none());
        one.columns.retain(|_, had| old.column(had).is_some());
        kept.push(old.name.clone());
        let new = Arc::new(one.collection);
        changed.push(Change::alter(old, new, one.columns, tables.clone()));
    }
    let gone = schema
        .iter()
        .filter(|old| !is_system(&old.name) && !kept.contains(&old.name));
    let gone = gone.map(|old| Change::drop(Arc::clone(old)));
    // Tables are there under their new names before any takes rows over that points at them.
    changed.sort_by_key(|change| !change.renames());
    // What goes leaves the names of its indexes to others.
    let all = gone.chain(made).chain(changed);
    Ok(Wanted::of(schema, all.collect(), None))
}

/// The collection that a definition is of, by its name, else by the one that it had.
fn had<'a>(stated: &Stated, schema: &'a Schema) -> Option<&'a Arc<Collection>> {
    let by_name = schema.by_name(&stated.collection.name);
    by_name.or_else(|| schema.by_name(stated.renamed_from.as_deref()?))
}

fn state(raw: &RawValue) -> Result<Stated, Vec<Issue>> {
    let fault = |error: Error| {
        let message = error.message().to_owned();
        vec![Issue::new("_", IssueCode::InvalidType, message)]
    };
    Object::within(raw).map_err(fault)?;
    let mut parts: Parts = parsed(raw.get().as_bytes()).map_err(fault)?;
    // A definition may be put into a file as the API shows it.
    parts.remove(CAN);
    let mut issues = Vec::new();
    let renamed_from = parts
        .remove(RENAMED)
        .and_then(|raw| written(&raw, RENAMED.to_owned(), &mut issues));
    let mut columns = BTreeMap::new();
    // Of another form than a list of objects, the definition itself has the words.
    let fields = parts.get("fields").map(|fields| fields.get().as_bytes());
    let fields: Option<Vec<Parts>> = fields.and_then(|fields| parsed(fields).ok());
    if let Some(mut fields) = fields {
        let mut takes = false;
        for (i, field) in fields.iter_mut().enumerate() {
            let Some(raw) = field.remove(RENAMED) else {
                continue;
            };
            takes = true;
            let place = format!("fields[{i}].{RENAMED}");
            let Some(had) = written(&raw, place.clone(), &mut issues) else {
                continue;
            };
            if columns.values().any(|other| *other == had) {
                let message = "Is renamed to another name, too";
                issues.push(Issue::new(place, IssueCode::Duplicate, message));
            }
            columns.insert(text(field, "name"), had);
        }
        if takes {
            let fields = to_raw_value(&fields).map_err(|error| fault(Error::internal(error)))?;
            parts.insert("fields".to_owned(), fields);
        }
    }
    let definition = to_raw_value(&parts).map_err(|error| fault(Error::internal(error)))?;
    let mut collection = match Collection::read(&definition) {
        Ok(collection) => collection,
        Err(faults) => {
            issues.extend(faults);
            return Err(issues);
        }
    };
    issues.extend(partial::compile(&mut collection));
    if !issues.is_empty() {
        return Err(issues);
    }
    Ok(Stated {
        collection,
        renamed_from,
        columns,
    })
}

/// The name that something had; none where null stands for it.
fn written(raw: &RawValue, place: String, issues: &mut Vec<Issue>) -> Option<String> {
    if json::is_null(raw) {
        return None;
    }
    let name = json::text(raw).map(Cow::into_owned);
    if name.is_none() {
        issues.push(Issue::new(place, IssueCode::InvalidType, "Must be a text"));
    }
    name
}

/// Faults between the definitions of a file.
fn clashes(stated: &[Stated], schema: &Schema) -> Vec<Issue> {
    let mut full = Schema::default();
    let system = schema.iter().filter(|one| is_system(&one.name));
    for collection in system.map(|one| Collection::clone(one)) {
        full = full.with(collection);
    }
    for one in stated {
        full = full.with(one.collection.clone());
    }
    let mut issues = Vec::new();
    for (i, one) in stated.iter().enumerate() {
        let name = &one.collection.name;
        let mut fault = |key: &str, code, message: &str| {
            issues.push(Issue::new(format!("collections[{i}].{key}"), code, message));
        };
        if is_system(name) {
            fault(
                "name",
                IssueCode::Unsupported,
                "Cannot be changed in this version",
            );
        }
        if stated
            .iter()
            .filter(|other| other.collection.name == *name)
            .count()
            > 1
        {
            fault("name", IssueCode::Duplicate, "Stands twice");
        }
        let old = had(one, schema).map(|old| &old.name);
        let shares = |other: &Stated| had(other, schema).map(|old| &old.name) == old;
        if old.is_some_and(|old| old != name)
            && stated.iter().filter(|other| shares(other)).count() > 1
        {
            let message = "Another definition of the file is of this collection, too";
            fault(RENAMED, IssueCode::Duplicate, message);
            continue;
        }
        let singular = had(one, schema).map(|old| &old.singular);
        if singular.is_some_and(|singular| *singular != one.collection.singular) {
            let message = "Cannot be changed: events are named by it";
            fault("singular", IssueCode::ReadOnly, message);
        }
        let others = full.without(name);
        issues.extend(placed(i, one.collection.clashes(&others)));
    }
    issues
}

fn placed(i: usize, issues: Vec<Issue>) -> impl Iterator<Item = Issue> {
    issues.into_iter().map(move |issue| Issue {
        field: format!("collections[{i}].{}", issue.field),
        ..issue
    })
}
