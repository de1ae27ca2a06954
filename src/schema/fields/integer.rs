//! `integer`: whole numbers of 64 bits.

use std::io::Write;

use rusqlite::types::ValueRef;
use serde_json::value::RawValue;

use super::{Check, Comparable, Field, FieldType, output, scaled};
use crate::{base::Issue, db::Value};

/// Beyond this a double, which is what JavaScript reads, skips whole numbers.
const EXACT_IN_A_DOUBLE: u64 = 1 << 53;

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
