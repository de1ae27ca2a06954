//! `integer`: whole numbers of 64 bits.

use std::io::Write;

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{Check, Comparable, Field, FieldType, output, scaled};
use crate::{
    base::Issue,
    db::Value,
    schema::json_schema::{EXACT_IN_A_DOUBLE, NUMBER, Side, add},
};

/// A whole number. Sent as a JSON number or as a string of the same form; `1.0` and `1e3` are
/// whole numbers too. Shown as a string beyond 2^53.
#[derive(Debug)]
pub struct Integer;

impl FieldType for Integer {
    fn name(&self) -> &'static str {
        "integer"
    }

    fn options(&self) -> &'static [&'static str] {
        &["unique", "default", "min", "max"]
    }

    fn column_type(&self) -> &'static str {
        "INTEGER"
    }

    fn checks(&self, _: &Field) -> Vec<Check> {
        Vec::new()
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        let value = Value::Integer(scaled::read(field, sent, 0)?);
        field.check_range(&value)?;
        Ok(value)
    }

    fn parse_query(&self, field: &Field, text: &str) -> Result<Value, Issue> {
        scaled::read_text(field, text, 0).map(Value::Integer)
    }

    fn json_schema(&self, field: &Field, side: Side) -> serde_json::Value {
        let bounds = [&field.options.min, &field.options.max];
        let is_exact = |bound: &Option<Value>| {
            let number = bound.as_ref().and_then(Value::as_integer);
            number.is_some_and(|number| number.unsigned_abs() <= EXACT_IN_A_DOUBLE)
        };
        let is_shown_as_number = field.system || bounds.into_iter().all(is_exact);
        let mut schema = match side {
            Side::Shown if is_shown_as_number => json!({ "type": "integer" }),
            Side::Shown => json!({ "type": ["integer", "string"], "pattern": "^-?[0-9]+$" }),
            Side::Sent | Side::Asked => {
                json!({ "type": ["integer", "string"], "pattern": NUMBER })
            }
        };
        add(&mut schema, "format", "int64");
        field.bound_numbers(side, &mut schema);
        schema
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        match value {
            ValueRef::Integer(number) if number.unsigned_abs() > EXACT_IN_A_DOUBLE => {
                let _ = write!(out, "\"{number}\"");
            }
            value => output::plain(value, out),
        }
    }

    fn takes_increment(&self) -> bool {
        true
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Scaled(0)
    }
}
