//! From the JSON of a body to the values of columns, with all faults at once.

use serde_json::value::RawValue;

use crate::{
    base::{Error, Id, Issue, IssueCode, Result, json, json::Object},
    db::{Sql, Value},
    schema::{Collection, Field, FieldType, fields},
};

/// A record to be made.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// Its id.
    pub id: String,
    /// True if the client chose the id, so that it may have been used before.
    pub id_was_sent: bool,
    /// A value for every field.
    pub values: Vec<(&'a Field, Value)>,
    /// The fields that were sent.
    pub sent: Vec<&'a Field>,
    /// Columns that are no fields, such as a password's hash.
    pub hidden: Vec<(&'static str, Value)>,
}

/// What a change does to one field.
#[derive(Debug, PartialEq)]
pub enum Assignment {
    /// Sets it.
    Set(Value),
    /// Adds to it; null counts as 0.
    Increment(Value),
    /// Merges an object into its JSON (RFC 7396).
    Merge(Value),
}

/// A change of a record: the fields that were sent.
#[derive(Debug)]
pub struct Patch<'a> {
    /// What happens to each field.
    pub fields: Vec<(&'a Field, Assignment)>,
    /// Those of them that were not sent: what is replaced takes their defaults.
    pub unsent: Vec<&'a Field>,
    /// Columns that are no fields.
    pub hidden: Vec<(&'static str, Value)>,
    /// The version that the body says the record has.
    pub version: Option<i64>,
}

impl<'a> Draft<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` or `MISSING_FIELD` with every fault.
    pub fn read(collection: &'a Collection, object: &Object<'_>) -> Result<Self> {
        let mut issues = unknown(collection, object, &["id"]);
        let sent_id = object.get("id").filter(|id| !json::is_null(id));
        let id = match sent_id.map(|sent| collection.field("id").map(|field| field.read(sent))) {
            Some(Some(Ok(Value::Text(id)))) => id,
            Some(Some(Err(issue))) => {
                issues.push(issue);
                String::new()
            }
            _ => Id::generate().to_string(),
        };
        let values = whole(collection, object, &mut issues);
        if !issues.is_empty() {
            return Err(Error::validation(issues));
        }
        Ok(Self {
            id,
            id_was_sent: sent_id.is_some(),
            sent: sent(collection, object),
            values,
            hidden: Vec::new(),
        })
    }
}

impl Draft<'_> {
    /// Has those that are made together, without ids that were sent, be made under ids in their
    /// order. They share the time of their commit, so only their ids tell a list which came first.
    pub fn order<'d, 'f: 'd>(drafts: impl Iterator<Item = &'d mut Draft<'f>>) {
        let mut drafts: Vec<_> = drafts.filter(|draft| !draft.id_was_sent).collect();
        let mut ids: Vec<String> = drafts.iter().map(|draft| draft.id.clone()).collect();
        ids.sort_unstable();
        for (draft, id) in drafts.iter_mut().zip(ids) {
            draft.id = id;
        }
    }
}

impl<'a> Patch<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` or `MISSING_FIELD` with every fault.
    pub fn read(collection: &'a Collection, object: &Object<'_>) -> Result<Self> {
        let mut issues = unknown(collection, object, &["version"]);
        let version = read_version(collection, object, &mut issues);
        let mut fields = Vec::new();
        for field in &collection.fields {
            let Some(sent) = object.get(&field.name) else {
                continue;
            };
            match assignment(field, sent) {
                Ok(assignment) => fields.push((field, assignment)),
                Err(issue) => issues.push(issue),
            }
        }
        if !issues.is_empty() {
            return Err(Error::validation(issues));
        }
        Ok(Self {
            fields,
            unsent: Vec::new(),
            hidden: Vec::new(),
            version,
        })
    }

    /// True if it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.hidden.is_empty()
    }

    /// The ids that it points relations at.
    pub fn relations(&self) -> impl Iterator<Item = (&'a Field, &Value)> {
        self.fields
            .iter()
            .filter_map(|(field, assignment)| match assignment {
                Assignment::Set(value) => Some((*field, value)),
                _ => None,
            })
    }
}

impl Assignment {
    /// Adds `"column" = ...`.
    pub fn push(&self, field: &Field, sql: &mut Sql) {
        sql.ident(&field.column).push(" = ");
        self.push_value(field, sql);
    }

    /// Adds what the field becomes, of the row as it is.
    pub fn push_value(&self, field: &Field, sql: &mut Sql) {
        match self {
            Self::Set(value) => {
                sql.bind(value.clone());
            }
            Self::Increment(value) => {
                sql.push("coalesce(")
                    .ident(&field.column)
                    .push(", 0) + ")
                    .bind(value.clone());
            }
            Self::Merge(value) => {
                sql.push("json_patch(coalesce(")
                    .ident(&field.column)
                    .push(", 'null'), ");
                sql.bind(value.clone()).push(")");
            }
        }
    }
}

/// Tells faults that were found beside those of the fields together with them.
///
/// # Errors
/// `VALIDATION_ERROR` or `MISSING_FIELD` with every fault.
pub fn with_faults<T>(read: Result<T>, mut issues: Vec<Issue>) -> Result<T> {
    match read {
        Ok(value) if issues.is_empty() => Ok(value),
        Ok(_) => Err(Error::validation(issues)),
        Err(error) => {
            issues.extend(error.issues().iter().cloned());
            Err(Error::validation(issues))
        }
    }
}

fn assignment(field: &Field, sent: &RawValue) -> Result<Assignment, Issue> {
    let is_object = sent.get().starts_with('{');
    if is_object && field.takes_increment() {
        return increment(field, sent).map(Assignment::Increment);
    }
    let value = field.read(sent)?;
    let merges = is_object && field.kind.name() == fields::Json.name();
    Ok(if merges {
        Assignment::Merge(value)
    } else {
        Assignment::Set(value)
    })
}

/// `{"$inc": n}` in place of a number.
fn increment(field: &Field, sent: &RawValue) -> Result<Value, Issue> {
    let object = Object::within(sent).ok();
    let by = object
        .as_ref()
        .and_then(|object| match object.iter().collect::<Vec<_>>()[..] {
            [("$inc", by)] => Some(by),
            _ => None,
        });
    match by {
        Some(by) => field.read_increment(by),
        None => Err(field.issue(
            IssueCode::InvalidType,
            "Must be a value or {\"$inc\": number}",
        )),
    }
}

/// The fields that a body sets.
fn sent<'a>(collection: &'a Collection, object: &Object<'_>) -> Vec<&'a Field> {
    let fields = collection.fields.iter();
    fields
        .filter(|field| object.get(&field.name).is_some())
        .collect()
}

/// A value for every field: as it was sent, else its default, else NULL.
pub(super) fn whole<'a>(
    collection: &'a Collection,
    object: &Object<'_>,
    issues: &mut Vec<Issue>,
) -> Vec<(&'a Field, Value)> {
    let mut values = Vec::with_capacity(collection.fields.len());
    for field in &collection.fields {
        let value = match object.get(&field.name) {
            Some(sent) => field.read(sent),
            None => field.absent(),
        };
        match value {
            Ok(value) => values.push((field, value)),
            Err(issue) => issues.push(issue),
        }
    }
    values
}

/// The version that a body says the record has.
pub(super) fn read_version(
    collection: &Collection,
    object: &Object<'_>,
    issues: &mut Vec<Issue>,
) -> Option<i64> {
    let (sent, field) = object.get("version").zip(collection.field("version"))?;
    match field.read(sent) {
        Ok(value) => value.as_integer(),
        Err(issue) => {
            issues.push(issue);
            None
        }
    }
}

/// Keys that are no fields, or fields that cannot be written. `allowed` are read apart.
pub(super) fn unknown(
    collection: &Collection,
    object: &Object<'_>,
    allowed: &[&str],
) -> Vec<Issue> {
    let fault = |key: &str| match collection.field(key) {
        _ if allowed.contains(&key) => None,
        Some(field) if field.is_writable() => None,
        Some(field) => Some(field.read_only()),
        None => Some(collection.unknown_field(key)),
    };
    object.iter().filter_map(|(key, _)| fault(key)).collect()
}
