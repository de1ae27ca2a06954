//! `json`: any JSON but null.

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{Check, Comparable, Field, FieldType, around, form_check, output};
use crate::{
    base::{Issue, IssueCode, json},
    db::{Sql, Value},
    schema::json_schema::{Side, add},
};

/// The longest value, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// Any JSON value; null means absent. Stored as text without blanks, numbers as they were written.
#[derive(Debug)]
pub struct Json;

impl FieldType for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn options(&self) -> &'static [&'static str] {
        &["default"]
    }

    fn column_type(&self) -> &'static str {
        "TEXT"
    }

    fn checks(&self, field: &Field) -> Vec<Check> {
        let form = around(field, &["json_valid(", ")"]);
        vec![
            form_check(field, form, "Must be valid JSON"),
            Check {
                what: "max",
                condition: around(field, &["octet_length(", ") <= 1048576"]),
                issue: too_long(field),
            },
        ]
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        if sent.get().len() > MAX_BYTES {
            return Err(too_long(field));
        }
        json::check(sent).map_err(|fault| {
            field.issue(IssueCode::InvalidFormat, format!("Cannot be kept: {fault}"))
        })?;
        Ok(json::compact(sent).into())
    }

    fn parse_query(&self, field: &Field, _: &str) -> Result<Value, Issue> {
        Err(field.issue(IssueCode::Invalid, "A JSON field cannot be compared"))
    }

    fn json_schema(&self, field: &Field, _: Side) -> serde_json::Value {
        let mut schema = json!({ "description": "Any JSON" });
        // Where nothing is said of its type, null is among its values.
        if field.required {
            let any = json!(["object", "array", "string", "number", "boolean"]);
            add(&mut schema, "type", any);
            add(&mut schema, "additionalProperties", true);
        }
        schema
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        output::json(value, out);
    }

    fn default_sql(&self, default: &Value) -> Sql {
        let mut sql = Sql::new("(json(");
        sql.literal(default).push("))");
        sql
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Json
    }
}

fn too_long(field: &Field) -> Issue {
    field
        .issue(IssueCode::TooLong, "Must have at most 1 MiB")
        .with("max", MAX_BYTES)
}
