//! The type of the system field `id`; no definition can name it.

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{Check, Comparable, Field, FieldType, around, form_check, output, sent_text};
use crate::{
    base::{Id, Issue, IssueCode},
    db::Value,
    schema::json_schema::Side,
};

const MESSAGE: &str = "Must be an id: a ULID of 26 characters, upper case";

/// A ULID.
#[derive(Debug)]
pub struct Identifier;

impl FieldType for Identifier {
    fn name(&self) -> &'static str {
        "id"
    }

    fn options(&self) -> &'static [&'static str] {
        &[]
    }

    fn column_type(&self) -> &'static str {
        "TEXT"
    }

    fn checks(&self, field: &Field) -> Vec<Check> {
        let pieces = [
            "length(",
            ") = 26 AND ",
            " NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*' AND ",
            " < '8'",
        ];
        vec![form_check(field, around(field, &pieces), MESSAGE)]
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        parse(field, &sent_text(field, sent)?)
    }

    fn parse_query(&self, field: &Field, text: &str) -> Result<Value, Issue> {
        parse(field, text)
    }

    fn json_schema(&self, _: &Field, _: Side) -> serde_json::Value {
        schema()
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        output::plain(value, out);
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Text
    }
}

/// The schema of an id.
pub(super) fn schema() -> serde_json::Value {
    json!({ "type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$",
        "examples": ["01KEZX4A2NP6S8V0W1X3Y5Z7AB"] })
}

pub(super) fn parse(field: &Field, text: &str) -> Result<Value, Issue> {
    match Id::parse(text) {
        Some(id) => Ok(id.into()),
        None => Err(field.issue(IssueCode::InvalidFormat, MESSAGE)),
    }
}
