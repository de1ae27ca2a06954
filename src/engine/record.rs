//! A record as JSON, written straight from a row.

use rusqlite::types::ValueRef;

use super::{
    input::Draft,
    selection::{self, Selection},
    sight::Mask,
};
use crate::{
    base::{Error, Instant, Result},
    db,
    schema::Collection,
};

/// A record as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// How often it was changed, from 1.
    pub version: i64,
    /// The JSON object.
    pub json: Vec<u8>,
}

/// Reads a record from a row of [`Collection::select_list`].
///
/// # Errors
/// `DATABASE_ERROR` if the row is not of that form.
pub fn read(collection: &Collection, form: &Form, row: &rusqlite::Row<'_>) -> Result<Record> {
    let mut json = Vec::with_capacity(256);
    write(collection, form, row, &mut json)?;
    let last = collection.columns().count().saturating_sub(1);
    Ok(Record {
        id: row.get(0)?,
        version: row.get(last)?,
        json,
    })
}

/// What of a row of a collection's columns is told.
#[derive(Debug, Default)]
pub struct Form {
    /// What its reader may not see.
    pub mask: Mask,
    /// What was asked for.
    pub fields: Selection,
    /// Whether `deletedAt` stands in the row behind the others.
    pub has_deleted: bool,
}

/// Writes the JSON of a row at the end of `out`.
///
/// # Errors
/// As [`read`].
pub fn write(
    collection: &Collection,
    form: &Form,
    row: &rusqlite::Row<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let bit = |place: usize| matches!(row.get_ref(place), Ok(ValueRef::Integer(1)));
    out.push(b'{');
    for (i, field) in selection::columns(collection, form.has_deleted).enumerate() {
        if !(form.fields.has(i) && form.mask.shows(i, bit)) {
            continue;
        }
        push_key(out, &field.name);
        match row.get_ref(i)? {
            ValueRef::Null => out.extend_from_slice(b"null"),
            value => field.write(value, out),
        }
    }
    out.push(b'}');
    Ok(())
}

/// A record that is about to be made, as far as it is known before its commit.
pub struct Begun(Vec<u8>);

impl Begun {
    /// The id and the fields. Computed fields are known to the database alone, so its collection
    /// has none.
    pub fn new(draft: &Draft<'_>) -> Self {
        let mut json = Vec::with_capacity(256);
        // Letters and digits, so it needs no escape.
        json.extend_from_slice(b"{\"id\":\"");
        json.extend_from_slice(draft.id.as_bytes());
        json.push(b'"');
        for (field, value) in &draft.values {
            push_key(&mut json, &field.name);
            field.write_value(value, &mut json);
        }
        Self(json)
    }

    /// The record as it was committed `at`.
    pub fn committed(self, collection: &Collection, id: String, at: Instant) -> Record {
        let mut json = self.0;
        let at = at.to_string();
        for field in collection.stamps() {
            push_key(&mut json, &field.name);
            match field.column.as_str() {
                "version" => field.write(ValueRef::Integer(1), &mut json),
                _ => field.write(ValueRef::Text(at.as_bytes()), &mut json),
            }
        }
        json.push(b'}');
        Record {
            id,
            version: 1,
            json,
        }
    }
}

/// Makes a record of a row that a batch has kept, with these columns. Of one that is not seen, its
/// id and version are told.
///
/// # Errors
/// `DATABASE_ERROR` if there is no such row.
pub fn from_kept(collection: &Collection, mask: &Mask, row: Option<&db::Row>) -> Result<Record> {
    let broken = || Error::database("a batch kept no row of a record");
    let row = row.ok_or_else(broken)?;
    let bit = |place: usize| row.get(place) == Some(&db::Value::Integer(1));
    let is_seen = mask.shows_record(bit);
    let mut json = Vec::with_capacity(256);
    json.push(b'{');
    for (i, (field, value)) in collection.columns().zip(row).enumerate() {
        let is_name = matches!(field.column.as_str(), "id" | "version");
        if !(is_name || is_seen && mask.shows(i, bit)) {
            continue;
        }
        push_key(&mut json, &field.name);
        if value.is_null() {
            json.extend_from_slice(b"null");
        } else {
            field.write_value(value, &mut json);
        }
    }
    json.push(b'}');
    let id = row
        .first()
        .and_then(db::Value::as_text)
        .ok_or_else(broken)?;
    let last = collection.columns().count().saturating_sub(1);
    let version = row
        .get(last)
        .and_then(db::Value::as_integer)
        .ok_or_else(broken)?;
    Ok(Record {
        id: id.to_owned(),
        version,
        json,
    })
}

/// Names in the API are letters and digits, so they need no escape. A key that follows another
/// has a comma before it; no value ends in an opening brace.
pub(super) fn push_key(out: &mut Vec<u8>, name: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}
