//! What a refused batch says to a client: the field by its name in the API, and why.

use super::{
    account, guard,
    idempotency::Once,
    mutate::{Expected, tag},
    parent,
};
use crate::{
    base::{Code, Error, Issue, IssueCode},
    db::{Constraint, Tag, WriteError},
    events::{Change, Changes},
    schema::Collection,
};

/// The error of a batch on a record of `collection`.
pub fn of(collection: &Collection, expected: Expected, error: WriteError) -> Error {
    match error {
        WriteError::Part(_, error) => of(collection, expected, *error),
        WriteError::Guard(Tag(Change::STALE, _)) => Error::not_found(),
        WriteError::Guard(Tag(tag::VERSION, _)) => stale(expected, None),
        WriteError::Guard(Tag(tag::RELATION, i)) => no_such_record(collection, i),
        WriteError::Guard(Tag(parent::ELSEWHERE, _)) => Error::not_found(),
        WriteError::Guard(Tag(guard::RULE, _)) => rule(),
        WriteError::Guard(Tag(guard::FIELD_RULE, i)) => field_rule(collection, i),
        WriteError::Guard(Tag(tag::USED_ID, _)) => taken(&["id".to_owned()]),
        WriteError::Guard(Tag(tag::OVERTAKEN | Changes::MOVED, _)) => {
            Error::unavailable("Too much around it has just been changed", 1)
        }
        WriteError::Guard(Tag(account::FIRST_ADMIN, _)) => Error::not_found(),
        WriteError::Guard(Tag(account::LAST_ADMIN, _)) => account::last_admin(),
        WriteError::Constraint(constraint) => violated(collection, &constraint),
        other => Once::refusal(other),
    }
}

/// The error where another version was expected than there is.
pub fn stale(expected: Expected, current: Option<i64>) -> Error {
    let message = "This has changed since it was read";
    match expected {
        Expected::Precondition(_) => Error::new(Code::PreconditionFailed, message),
        Expected::Version(_) | Expected::Any => {
            let mut issue = Issue::new("version", IssueCode::Stale, "Is not the stored version");
            if let Some(current) = current {
                issue = issue.with("current", current);
            }
            Error::new(Code::Conflict, message).with_issues(vec![issue])
        }
    }
}

fn violated(collection: &Collection, constraint: &Constraint) -> Error {
    let unnamed = || Error::database(format!("{constraint:?}"));
    let field = |path: &String| {
        let column = path
            .strip_prefix(collection.name.as_str())?
            .strip_prefix('.')?;
        collection.column(column)
    };
    match constraint {
        Constraint::Unique(paths) => {
            let names: Vec<String> = paths
                .iter()
                .filter_map(field)
                .map(|field| field.name.clone())
                .collect();
            if names.is_empty() {
                unnamed()
            } else {
                taken(&names)
            }
        }
        Constraint::NotNull(path) => field(path).map_or_else(unnamed, |field| {
            Error::validation(vec![Issue::required(field.name.clone())])
        }),
        Constraint::Check(name) => collection
            .constraint_issue(name)
            .map_or_else(unnamed, |issue| Error::validation(vec![issue])),
        Constraint::Type(path) => field(path).map_or_else(unnamed, |field| {
            let message = "Is beyond what the field can hold";
            Error::validation(vec![field.issue(IssueCode::TooLarge, message)])
        }),
        Constraint::ForeignKey => Error::new(
            Code::Conflict,
            "A relation points at a record that is not there",
        ),
    }
}

/// The error where these unique values are taken.
pub(super) fn taken(names: &[String]) -> Error {
    let issue = |name: &String| Issue::new(name, IssueCode::Taken, "Is taken");
    Error::new(Code::AlreadyExists, "A record with this value exists")
        .with_issues(names.iter().map(issue).collect())
}

/// The error where the rule of an operation says no, to somebody who may see the record.
pub fn rule() -> Error {
    Error::new(Code::Forbidden, "A rule does not allow this")
}

fn field_rule(collection: &Collection, i: usize) -> Error {
    let field = collection.fields.get(i);
    let name = field.map_or("_", |field| field.name.as_str());
    let issue = Issue::new(
        name,
        IssueCode::ReadOnly,
        "A rule does not allow this to be written",
    );
    Error::new(Code::Forbidden, format!("{name} may not be written")).with_issues(vec![issue])
}

fn no_such_record(collection: &Collection, i: usize) -> Error {
    let field = collection.fields.get(i);
    let name = field.map_or_else(|| "_".to_owned(), |field| field.name.clone());
    let issue = Issue::new(name, IssueCode::NoSuchRecord, "Points at no record");
    Error::validation(vec![issue])
}
