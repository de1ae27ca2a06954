//! `boolean`: true or false.

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{Check, Comparable, Field, FieldType, around, form_check, output};
use crate::{
    base::{Issue, IssueCode},
    db::Value,
    schema::json_schema::Side,
};

/// True or false, stored as 1 and 0.
#[derive(Debug)]
pub struct Boolean;

impl FieldType for Boolean {
    fn name(&self) -> &'static str {
        "boolean"
    }

    fn options(&self) -> &'static [&'static str] {
        &["default"]
    }

    fn column_type(&self) -> &'static str {
        "INTEGER"
    }

    fn checks(&self, field: &Field) -> Vec<Check> {
        let condition = around(field, &["", " IN (0, 1)"]);
        vec![form_check(field, condition, "Must be true or false")]
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        parse(sent.get())
            .ok_or_else(|| field.issue(IssueCode::InvalidType, "Must be true or false"))
    }

    fn parse_query(&self, field: &Field, text: &str) -> Result<Value, Issue> {
        parse(text).ok_or_else(|| field.issue(IssueCode::InvalidFormat, "Must be true or false"))
    }

    fn json_schema(&self, _: &Field, _: Side) -> serde_json::Value {
        json!({ "type": "boolean" })
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        match value {
            ValueRef::Integer(0) => out.extend_from_slice(b"false"),
            ValueRef::Integer(_) => out.extend_from_slice(b"true"),
            value => output::plain(value, out),
        }
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Boolean
    }
}

fn parse(text: &str) -> Option<Value> {
    match text {
        "true" => Some(Value::Integer(1)),
        "false" => Some(Value::Integer(0)),
        _ => None,
    }
}
