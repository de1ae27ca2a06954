//! `number`: doubles that are finite.

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{Check, Comparable, Field, FieldType, around, output};
use crate::{
    base::{Issue, IssueCode},
    db::Value,
    schema::json_schema::Side,
};

/// A double. What JSON writes beyond it (`1e400`) is a fault; what is nearer to zero than it can
/// hold becomes zero, as anywhere. For money there is `decimal`.
#[derive(Debug)]
pub struct Number;

impl FieldType for Number {
    fn name(&self) -> &'static str {
        "number"
    }

    fn options(&self) -> &'static [&'static str] {
        &["unique", "default", "min", "max"]
    }

    fn column_type(&self) -> &'static str {
        "REAL"
    }

    fn checks(&self, field: &Field) -> Vec<Check> {
        vec![Check {
            what: "finite",
            condition: around(field, &["abs(", ") <= 1.7976931348623157e308"]),
            issue: out_of_range(field),
        }]
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        if !sent
            .get()
            .starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
        {
            return Err(field.issue(IssueCode::InvalidType, "Must be a number"));
        }
        let value = parse(field, sent.get())?;
        field.check_range(&value)?;
        Ok(value)
    }

    fn parse_query(&self, field: &Field, text: &str) -> Result<Value, Issue> {
        // Rust also reads `inf` and `nan`, which JSON does not know.
        if text.contains(|letter: char| !matches!(letter, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
        {
            return Err(not_a_number(field));
        }
        parse(field, text)
    }

    fn json_schema(&self, field: &Field, side: Side) -> serde_json::Value {
        let mut schema = json!({ "type": "number", "format": "double" });
        field.bound_numbers(side, &mut schema);
        schema
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        output::plain(value, out);
    }

    fn takes_increment(&self) -> bool {
        true
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Real
    }
}

fn parse(field: &Field, text: &str) -> Result<Value, Issue> {
    let number: f64 = text.parse().map_err(|_| not_a_number(field))?;
    if number.is_infinite() {
        return Err(out_of_range(field));
    }
    // SQLite keeps no negative zero.
    Ok(Value::Real(number + 0.0))
}

fn not_a_number(field: &Field) -> Issue {
    field.issue(IssueCode::InvalidFormat, "Must be written like a number")
}

fn out_of_range(field: &Field) -> Issue {
    let message = "Must be within the range of a double, ±1.7976931348623157e308";
    field
        .issue(IssueCode::TooLarge, message)
        .with("max", f64::MAX)
}
