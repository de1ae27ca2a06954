//! `datetime`: instants, to the millisecond, in UTC.

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{Check, Comparable, Field, FieldType, around, form_check, output, sent_text};
use crate::{
    base::{Instant, Issue, IssueCode},
    db::Value,
    schema::json_schema::{Side, text},
};

const MESSAGE: &str = "Must be an instant such as 2026-01-15T10:30:00Z";

/// An instant. Any RFC 3339 instant is read, with any offset; stored and shown as
/// `2026-01-15T10:30:00.000Z`, which sorts by time.
#[derive(Debug)]
pub struct DateTime;

impl FieldType for DateTime {
    fn name(&self) -> &'static str {
        "datetime"
    }

    fn options(&self) -> &'static [&'static str] {
        &["unique", "default", "min", "max"]
    }

    fn column_type(&self) -> &'static str {
        "TEXT"
    }

    fn checks(&self, field: &Field) -> Vec<Check> {
        if field.system {
            return Vec::new();
        }
        // strftime alone would raise an error of its own on texts such as 'now'.
        let pieces = [
            "",
            " GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].\
             [0-9][0-9][0-9]Z' AND strftime('%Y-%m-%dT%H:%M:%fZ', ",
            ") IS ",
            "",
        ];
        vec![form_check(field, around(field, &pieces), MESSAGE)]
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        let text = sent_text(field, sent)?;
        let value = parse(field, &text)?;
        field.check_range(&value)?;
        Ok(value)
    }

    /// A bare date means 00:00 UTC.
    fn parse_query(&self, field: &Field, text: &str) -> Result<Value, Issue> {
        match super::date::midnight(text) {
            Some(at) => Ok(at.into()),
            None => parse(field, text),
        }
    }

    fn json_schema(&self, field: &Field, side: Side) -> serde_json::Value {
        let example = ("examples", json!(["2026-01-15T10:30:00.000Z"]));
        if side == Side::Asked {
            let forms = json!([{ "format": "date-time" }, { "format": "date" }]);
            return text([("anyOf", forms), example]);
        }
        let mut schema = text([("format", "date-time".into()), example]);
        field.tell_bounds(side, &mut schema);
        schema
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        output::plain(value, out);
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Instant
    }
}

fn parse(field: &Field, text: &str) -> Result<Value, Issue> {
    match Instant::parse(text) {
        Some(at) => Ok(at.into()),
        None => Err(field.issue(IssueCode::InvalidFormat, MESSAGE)),
    }
}
