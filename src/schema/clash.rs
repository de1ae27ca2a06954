//! Names that meet: within a collection, and with the others of a schema.

use std::collections::{HashMap, HashSet};

use super::{collection::Collection, field::Field, index, names, schema::Schema};
use crate::base::{Issue, IssueCode};

/// What is wrong with a name of the form `snake_case` that stands at `place`.
pub(super) fn check_name(place: &str, name: &str, issues: &mut Vec<Issue>) -> bool {
    let fault = match names::check_form(name) {
        Err(message) => Issue::new(place, IssueCode::InvalidFormat, message),
        Ok(()) if names::is_reserved(name) => Issue::new(
            place,
            IssueCode::NameTaken,
            format!("`{name}` is a reserved word"),
        ),
        Ok(()) => return true,
    };
    issues.push(fault);
    false
}

/// Faults between the fields of one collection, and between its indexes.
pub(super) fn within(collection: &Collection, issues: &mut Vec<Issue>) {
    let mut columns = HashSet::new();
    for (i, field) in collection.fields.iter().enumerate() {
        let place = format!("fields[{i}].name");
        if !field.column.is_empty() && !columns.insert(field.column.as_str()) {
            let message = format!("`{}` stands twice", field.column);
            issues.push(Issue::new(&*place, IssueCode::Duplicate, message));
        }
        issues.extend(short_name_fault(collection, field, &place));
    }
    let mut seen = HashSet::new();
    for planned in index::plan(collection) {
        if !seen.insert(planned.name.clone()) {
            // Fields that stand twice are reported as such.
            if planned.origin.starts_with("indexes") {
                let message = format!("The index `{}` is there already", planned.name);
                issues.push(Issue::new(planned.origin, IssueCode::Duplicate, message));
            }
        }
    }
}

/// The record behind `user_id` is `user` in the API, which must mean nothing else.
fn short_name_fault(collection: &Collection, field: &Field, place: &str) -> Option<Issue> {
    field.collection()?;
    let short = names::behind(&field.column)?;
    let taken = collection.fields.iter().any(|other| {
        let is_other = other.column != field.column;
        let also = other
            .collection()
            .and_then(|_| names::behind(&other.column));
        other.column == short || is_other && also.as_ref() == Some(&short)
    });
    (taken || names::is_reserved(&short)).then(|| {
        let message = format!("What is behind it is called `{short}`, which is taken");
        Issue::new(place, IssueCode::NameTaken, message)
    })
}

/// Faults between a new collection and those that exist.
pub(super) fn with_others(collection: &Collection, schema: &Schema, issues: &mut Vec<Issue>) {
    if schema.by_name(&collection.name).is_some() {
        let message = format!("There is a collection `{}` already", collection.name);
        let issue = Issue::new("name", IssueCode::NameTaken, message);
        issues.push(issue.with("name", &*collection.name));
        return;
    }
    if let Some(other) = schema
        .iter()
        .find(|other| other.singular == collection.singular)
    {
        let message = format!("`{}` is the singular of `{}`", other.singular, other.name);
        issues.push(Issue::new("singular", IssueCode::NameTaken, message));
    }
    for (i, field) in collection.fields.iter().enumerate() {
        let Some(target) = field.collection().filter(|target| !target.is_empty()) else {
            continue;
        };
        if target != collection.name && schema.by_name(target).is_none() {
            let place = format!("fields[{i}].collection");
            let message = format!("There is no collection `{target}`");
            issues.push(Issue::new(place, IssueCode::NoSuchRecord, message));
        }
    }
    index_faults(collection, schema, issues);
}

/// The join tables of a collection and their indexes, each with the place that asks for it.
fn joins(collection: &Collection) -> impl Iterator<Item = (String, String)> {
    let fields = collection.fields.iter().enumerate();
    let tables = fields.filter_map(|(i, field)| Some((i, field.join_table(&collection.name)?)));
    tables.flat_map(|(i, name)| {
        let index = format!("{name}_target_id_idx");
        [name, index].map(|name| (format!("fields[{i}].name"), name))
    })
}

/// Tables and indexes share their names in SQLite: `a` with `b_c` and `a_b` with `c` both ask for
/// `a_b_c_idx`.
fn index_faults(collection: &Collection, schema: &Schema, issues: &mut Vec<Issue>) {
    let owners: HashMap<String, &str> = schema
        .iter()
        .flat_map(|other| {
            let indexes = index::plan(other).into_iter().map(|planned| planned.name);
            let joins = joins(other).map(|(_, name)| name);
            indexes
                .chain(joins)
                .chain([other.name.clone()])
                .map(|name| (name, other.name.as_str()))
        })
        .collect();
    let own = index::plan(collection).into_iter();
    let names = own
        .map(|planned| (planned.origin, planned.name))
        .chain(joins(collection))
        .chain([("name".to_owned(), collection.name.clone())]);
    for (origin, name) in names {
        if let Some(owner) = owners.get(&name) {
            let message = format!("Would make `{name}`, which `{owner}` has already");
            issues.push(Issue::new(origin, IssueCode::NameTaken, message));
        }
    }
}
