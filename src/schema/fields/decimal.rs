//! `decimal`: exact numbers with a fixed number of digits behind the point.

use std::io::Write;

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{Check, Comparable, Field, FieldType, output, scaled};
use crate::{
    base::Issue,
    db::Value,
    schema::json_schema::{NUMBER, Side, text},
};

/// Digits behind the point where a definition says nothing.
pub const DEFAULT_SCALE: u32 = 2;

/// The most digits behind the point that a definition can ask for.
pub const LARGEST_SCALE: u32 = 9;

/// A multiple of `10^-scale`, stored as that multiple.
///
/// Sent as a string or as a number, read exactly as it is written; one finer than the scale is
/// refused, never rounded. Shown as a string with exactly `scale` digits behind the point.
#[derive(Debug)]
pub struct Decimal;

impl FieldType for Decimal {
    fn name(&self) -> &'static str {
        "decimal"
    }

    fn options(&self) -> &'static [&'static str] {
        &["unique", "default", "min", "max", "scale"]
    }

    fn column_type(&self) -> &'static str {
        "INTEGER"
    }

    fn checks(&self, _: &Field) -> Vec<Check> {
        Vec::new()
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        let value = Value::Integer(scaled::read(field, sent, field.options.scale)?);
        field.check_range(&value)?;
        Ok(value)
    }

    fn parse_query(&self, field: &Field, text: &str) -> Result<Value, Issue> {
        scaled::read_text(field, text, field.options.scale).map(Value::Integer)
    }

    fn json_schema(&self, field: &Field, side: Side) -> serde_json::Value {
        let scale = field.options.scale;
        let example = scaled::show(10_i64.saturating_pow(scale), scale);
        match side {
            Side::Shown => {
                let behind = match scale {
                    0 => String::new(),
                    scale => format!(r"\.[0-9]{{{scale}}}"),
                };
                let mut schema = text([
                    ("format", "decimal".into()),
                    ("pattern", format!("^-?[0-9]+{behind}$").into()),
                    ("examples", json!([example.to_string()])),
                ]);
                field.tell_bounds(side, &mut schema);
                schema
            }
            Side::Sent | Side::Asked => {
                let mut schema = json!({ "type": ["string", "number"], "format": "decimal",
                    "pattern": NUMBER });
                field.bound_numbers(side, &mut schema);
                field.tell_bounds(side, &mut schema);
                schema
            }
        }
    }

    fn write(&self, field: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        match value {
            ValueRef::Integer(number) => {
                let _ = write!(out, "\"{}\"", scaled::show(number, field.options.scale));
            }
            value => output::plain(value, out),
        }
    }

    fn takes_increment(&self) -> bool {
        true
    }

    fn compared_as(&self, field: &Field) -> Comparable {
        Comparable::Scaled(field.options.scale)
    }
}
