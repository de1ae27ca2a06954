//! What JSON schema says of values: all that is taken is of the schema of what is sent, and what is
//! shown of it of that of what is shown.

use jsonschema::draft202012;
use serde_json::{Value as Json, json};

use super::{only, raw, thing};
use crate::schema::{Field, fields, json_schema::Side};

/// Definitions of every type, with options that matter.
fn definitions() -> Vec<Json> {
    vec![
        json!({ "type": "text" }),
        json!({ "type": "text", "required": true, "min": 2, "max": 4 }),
        json!({ "type": "text", "pattern": "[a-z]+" }),
        json!({ "type": "text", "pattern": "(?i)[a-z]+" }),
        json!({ "type": "integer" }),
        json!({ "type": "integer", "min": -5, "max": 9, "required": true }),
        json!({ "type": "integer", "min": "-9223372036854775807" }),
        json!({ "type": "number" }),
        json!({ "type": "number", "min": 0.5, "max": 1e3 }),
        json!({ "type": "decimal" }),
        json!({ "type": "decimal", "scale": 0 }),
        json!({ "type": "decimal", "scale": 9, "min": "-1.5", "max": "99" }),
        json!({ "type": "boolean", "default": true }),
        json!({ "type": "datetime" }),
        json!({ "type": "date", "min": "2026-01-01" }),
        json!({ "type": "json" }),
        json!({ "type": "json", "required": true }),
        json!({ "type": "select", "options": ["a", "b"] }),
        json!({ "type": "multiselect", "options": ["a", "ab"] }),
        json!({ "type": "multiselect", "options": ["a", "ab"], "required": true }),
        json!({ "type": "relation", "collection": "users" }),
        json!({ "type": "relations", "collection": "users" }),
        json!({ "type": "email" }),
        json!({ "type": "url" }),
    ]
}

/// Values of every kind, near the bounds of those definitions.
const SENT: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "1.0",
    "1.50",
    "0.5",
    "-5",
    "9",
    "10",
    "1e3",
    "1e2",
    "1e400",
    "-1.5",
    "99",
    "99.000000001",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "\"9223372036854775807\"",
    "\"1\"",
    "\"1.00\"",
    "\"1.5e1\"",
    "\"-1\"",
    "\"01\"",
    "\"\"",
    "\"a\"",
    "\"ab\"",
    "\"AB\"",
    "\"abcd\"",
    "\"abcde\"",
    "\"é😀\"",
    "\"a b\"",
    "\"2026-01-15\"",
    "\"2025-12-31\"",
    "\"2026-02-30\"",
    "\"2026-01-15T10:30:00Z\"",
    "\"2026-01-15T10:30:00.123456+02:00\"",
    "\"01KEZX4A2NP6S8V0W1X3Y5Z7AB\"",
    "\"01kezx4a2np6s8v0w1x3y5z7ab\"",
    "\"a@b.c\"",
    "\"http://a/\"",
    "\"ftp://a/\"",
    "{}",
    "[]",
    "{\"a\": 1}",
    "[1, null]",
    "[\"a\"]",
    "[\"ab\", \"a\"]",
    "[\"a\", \"a\"]",
    "[\"01KEZX4A2NP6S8V0W1X3Y5Z7AB\"]",
];

fn is_of(schema: &Json, value: &Json) -> bool {
    draft202012::is_valid(schema, value)
}

#[test]
fn every_type_has_a_row() {
    for kind in fields::TYPES {
        let is_here = |definition: &Json| definition["type"] == kind.name();
        assert!(definitions().iter().any(is_here), "{}", kind.name());
    }
}

#[test]
fn what_a_schema_refuses_is_refused() {
    let (mut taken, mut refused) = (0, 0);
    for definition in definitions() {
        let collection = thing(definition.clone());
        let schema = only(&collection).json_schema(Side::Sent);
        draft202012::meta::validate(&schema).unwrap();
        for sent in SENT {
            let is_taken = only(&collection).read(&raw(sent)).is_ok();
            // What is no number of JSON here is none anywhere.
            let Ok(value) = serde_json::from_str(sent) else {
                continue;
            };
            let is_of = is_of(&schema, &value);
            assert!(
                !is_taken || is_of,
                "{definition}: {sent} is taken, against {schema}"
            );
            taken += usize::from(is_taken);
            refused += usize::from(!is_of);
        }
    }
    assert!(taken > 150 && refused > 300, "{taken} {refused}");
}

#[test]
fn what_is_shown_is_of_the_schema() {
    for definition in definitions() {
        let collection = thing(definition.clone());
        let field = only(&collection);
        let schema = field.json_schema(Side::Shown);
        for sent in SENT {
            if let Some(shown) = shown(field, sent) {
                assert!(
                    is_of(&schema, &shown),
                    "{definition}: {shown} against {schema}"
                );
            }
        }
    }
}

/// How a value is shown that was sent so; none if it is refused.
fn shown(field: &Field, sent: &str) -> Option<Json> {
    let value = field.read(&raw(sent)).ok()?;
    let mut out = Vec::new();
    field.write_value(&value, &mut out);
    Some(serde_json::from_slice(&out).unwrap())
}

#[test]
fn an_increment_is_described_where_there_is_one() {
    for definition in definitions() {
        let collection = thing(definition.clone());
        let field = only(&collection);
        assert_eq!(field.increment_schema().is_some(), field.takes_increment());
    }
}
