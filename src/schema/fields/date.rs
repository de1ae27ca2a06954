//! `date`: days.

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{Check, Comparable, Field, FieldType, around, form_check, output, sent_text};
use crate::{
    base::{Instant, Issue, IssueCode},
    db::Value,
    schema::json_schema::{Side, text},
};

const MESSAGE: &str = "Must be a day that exists, such as 2026-01-15";

/// A day, `2026-01-15`, from the year 0000 to 9999.
#[derive(Debug)]
pub struct Date;

impl FieldType for Date {
    fn name(&self) -> &'static str {
        "date"
    }

    fn options(&self) -> &'static [&'static str] {
        &["unique", "default", "min", "max"]
    }

    fn column_type(&self) -> &'static str {
        "TEXT"
    }

    fn checks(&self, field: &Field) -> Vec<Check> {
        // date() makes 2026-03-02 of 2026-02-30, so that comparing tells days that do not exist.
        let pieces = [
            "",
            " GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND date(",
            ") IS ",
            "",
        ];
        vec![form_check(field, around(field, &pieces), MESSAGE)]
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        let text = sent_text(field, sent)?;
        let value = self.parse_query(field, &text)?;
        field.check_range(&value)?;
        Ok(value)
    }

    fn parse_query(&self, field: &Field, text: &str) -> Result<Value, Issue> {
        match midnight(text) {
            Some(_) => Ok(text.into()),
            None => Err(field.issue(IssueCode::InvalidFormat, MESSAGE)),
        }
    }

    fn json_schema(&self, field: &Field, side: Side) -> serde_json::Value {
        let mut schema = text([
            ("format", "date".into()),
            ("examples", json!(["2026-01-15"])),
        ]);
        field.tell_bounds(side, &mut schema);
        schema
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        output::plain(value, out);
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Day
    }
}

/// The beginning of a day in UTC; none if there is no such day.
pub(super) fn midnight(text: &str) -> Option<Instant> {
    Instant::parse(&format!("{text}T00:00:00Z"))
}
