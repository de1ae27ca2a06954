//! A version of a record, and how it is shown.

use std::{collections::BTreeSet, io::Write};

use serde_json::json;

use crate::{
    base::{
        Error, Issue, Result,
        json::{self, Object},
    },
    db,
    engine::{Patch, Record, idempotency::image, input::Assignment},
    schema::{Collection, Field},
};

/// A version that may be seen.
#[derive(Debug)]
pub struct Shown {
    version: i64,
    at: String,
    actor: Option<String>,
    request_id: Option<String>,
    /// When the record had been deleted, if it was deleted in this version.
    pub deleted_at: Option<String>,
    /// What each column of the collection as it is had then, in their order.
    pub values: Vec<Past>,
}

/// What a field had in a version.
#[derive(Debug)]
pub struct Past {
    /// Whether the caller may read it.
    pub is_shown: bool,
    /// The value as JSON, of the type that the field was of; none where there was no such field.
    json: Option<Vec<u8>>,
}

/// What a version had in the fields that it gives back.
#[derive(Debug)]
pub struct Restored(Vec<u8>);

impl Shown {
    /// Reads a version from a row of versions, of which `then` is the definition.
    ///
    /// # Errors
    /// `DATABASE_ERROR` if what was kept is no image of it.
    pub fn of(row: &rusqlite::Row<'_>, now: &Collection, then: &Collection) -> Result<Self> {
        let image: String = row.get(6)?;
        let kept = image::row(then, &image)?;
        let past = |field: &Field| Past {
            is_shown: false,
            json: past(field, then, &kept),
        };
        Ok(Self {
            version: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            request_id: row.get(3)?,
            deleted_at: row.get(5)?,
            values: now.columns().map(past).collect(),
        })
    }

    /// The ids on the list at a place.
    pub fn ids(&self, place: usize) -> Option<Vec<String>> {
        let json = self.values.get(place)?.json.as_deref()?;
        serde_json::from_slice(json).ok()
    }

    /// Takes ids off the list at a place.
    pub fn leave_out(&mut self, place: usize, left_out: &BTreeSet<String>) {
        let Some(mut ids) = self.ids(place) else {
            return;
        };
        ids.retain(|id| !left_out.contains(id));
        if let Some(past) = self.values.get_mut(place) {
            past.json = Some(serde_json::Value::from(ids).to_string().into_bytes());
        }
    }

    /// The record as it was; a field that it had not is null.
    pub fn record(&self, collection: &Collection, id: &str) -> Record {
        let mut json = vec![b'{'];
        for (field, past) in collection.columns().zip(&self.values) {
            if past.is_shown {
                push(&mut json, &field.name, past.json());
            }
        }
        json.push(b'}');
        Record {
            id: id.to_owned(),
            version: self.version,
            json,
        }
    }

    /// What it gives back: the fields that it had, and that its reader may read.
    pub fn restored(&self, collection: &Collection) -> Restored {
        let mut json = vec![b'{'];
        for (field, past) in collection.columns().zip(&self.values) {
            let given = past.json.as_deref().filter(|_| past.is_shown);
            if let Some(value) = given.filter(|_| field.is_writable()) {
                push(&mut json, &field.name, value);
            }
        }
        json.push(b'}');
        Restored(json)
    }
}

impl Past {
    fn json(&self) -> &[u8] {
        self.json.as_deref().unwrap_or(b"null")
    }
}

impl Restored {
    /// The change that brings it back. Each field is asked its rule only where it changes.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` or `MISSING_FIELD` where fields take other values by now.
    pub fn patch<'a>(&self, collection: &'a Collection) -> Result<Patch<'a>> {
        let object = Object::parse(&self.0)?;
        let (mut fields, mut issues) = (Vec::new(), Vec::new());
        for field in &collection.fields {
            match object.get(&field.name).map(|sent| field.read(sent)) {
                Some(Ok(value)) => fields.push((field, Assignment::Set(value))),
                Some(Err(issue)) => issues.push(issue),
                None => {}
            }
        }
        if !issues.is_empty() {
            return Err(Error::validation(issues));
        }
        Ok(Patch {
            unsent: fields.iter().map(|(field, _)| *field).collect(),
            fields,
            hidden: Vec::new(),
            version: None,
        })
    }
}

/// Reads the body of a reversion: the version that is wanted.
///
/// # Errors
/// `VALIDATION_ERROR` or `MISSING_FIELD` with every fault.
pub fn wanted(collection: &Collection, body: &[u8]) -> Result<i64> {
    let object = Object::parse(body)?;
    let others = object.iter().filter(|(key, _)| *key != "version");
    let mut issues: Vec<Issue> = others
        .map(|(key, _)| collection.unknown_field(key))
        .collect();
    let sent = object.get("version").filter(|sent| !json::is_null(sent));
    let version = sent.zip(collection.field("version"));
    match version.map(|(sent, field)| field.read(sent)) {
        Some(Ok(db::Value::Integer(version))) if issues.is_empty() => return Ok(version),
        Some(Ok(_)) => {}
        Some(Err(issue)) => issues.push(issue),
        None => issues.push(Issue::required("version")),
    }
    Err(Error::validation(issues))
}

/// The value of a field of today in a row of then, by its column.
fn past(field: &Field, then: &Collection, kept: &db::Row) -> Option<Vec<u8>> {
    let mut columns = then.columns().zip(kept);
    let (old, value) = columns.find(|(old, _)| old.column == field.column)?;
    let mut json = Vec::new();
    old.write_value(value, &mut json);
    Some(json)
}

/// Writes an entry of a history: a version, and what changed since the one `before` it.
pub fn write_entry(
    collection: &Collection,
    version: &Shown,
    before: Option<&Shown>,
    out: &mut Vec<u8>,
) {
    let actor = version.actor.as_deref().map(actor);
    let head = json!({
        "version": version.version, "at": version.at, "actor": actor,
        "requestId": version.request_id,
    });
    let head = head.to_string();
    out.extend_from_slice(head.strip_suffix('}').unwrap_or(&head).as_bytes());
    out.extend_from_slice(b",\"changes\":{");
    for (place, field) in collection.columns().enumerate() {
        if field.system {
            continue;
        }
        let past = |version: &Shown| {
            let past = version.values.get(place)?;
            past.is_shown.then(|| past.json().to_vec())
        };
        let (old, new) = (before.map_or(Some(b"null".to_vec()), past), past(version));
        if let (Some(old), Some(new)) = (old, new) {
            push_change(out, &field.name, &old, &new);
        }
    }
    let deleted = |version: &Shown| json!(version.deleted_at).to_string().into_bytes();
    let old = before.map_or_else(|| b"null".to_vec(), deleted);
    push_change(out, "deletedAt", &old, &deleted(version));
    out.extend_from_slice(b"}}");
}

/// `user:<id>` as events show it.
fn actor(text: &str) -> serde_json::Value {
    match text.split_once(':') {
        Some((kind, id)) => json!({ "kind": kind, "id": id }),
        None => json!({ "kind": text }),
    }
}

fn push_change(out: &mut Vec<u8>, name: &str, old: &[u8], new: &[u8]) {
    if old != new {
        push(out, name, &[b"[", old, b",", new, b"]"].concat());
    }
}

/// Adds a key to an object that is open. Names in the API are letters and digits, so they need no
/// escape.
fn push(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    if !out.ends_with(b"{") {
        out.push(b',');
    }
    // Writing to memory cannot fail.
    let _ = write!(out, "\"{name}\":");
    out.extend_from_slice(value);
}
