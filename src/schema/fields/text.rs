//! `text`: as it was sent, with a length, perhaps a pattern.

use rusqlite::types::ValueRef;
use serde_json::value::RawValue;

use super::{Check, Comparable, Field, FieldType, around, form_check, output, sent_text};
use crate::{
    base::{Issue, IssueCode},
    db::Value,
    schema::json_schema::{Side, add, text},
};

/// What a text may have at most where a definition says nothing, in characters.
pub const DEFAULT_MAX: i64 = 5_000;

/// What a definition may allow at most, in characters.
pub const LARGEST_MAX: i64 = 1_000_000;

/// A text, kept as it was sent. `min` and `max` count characters; `pattern` must match the whole
/// and is checked by Stead alone, since plain SQLite knows no regular expressions.
#[derive(Debug)]
pub struct Text;

impl FieldType for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn options(&self) -> &'static [&'static str] {
        &[
            "unique",
            "default",
            "min",
            "max",
            "pattern",
            "collation",
            "searchable",
            "containsIndex",
        ]
    }

    fn column_type(&self) -> &'static str {
        "TEXT"
    }

    fn checks(&self, field: &Field) -> Vec<Check> {
        // SQLite counts characters up to a U+0000 and no further.
        let no_nul = around(field, &["instr(", ", char(0)) = 0"]);
        let mut checks = vec![form_check(field, no_nul, "Contains the character U+0000")];
        if field.required {
            checks.push(Check {
                what: "required",
                condition: around(field, &["", " <> ''"]),
                issue: Issue::required(&*field.name),
            });
        }
        checks
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        let mut text = sent_text(field, sent)?;
        if field.options.trim {
            text = text.trim().to_owned().into();
        }
        if field.required && text.is_empty() {
            return Err(Issue::required(&*field.name));
        }
        field.check_length(&text)?;
        match &field.options.pattern {
            Some(pattern) if !pattern.matches(&text) => {
                let message = format!("Must match the pattern {}", pattern.as_str());
                let issue = field.issue(IssueCode::PatternMismatch, message);
                Err(issue.with("pattern", pattern.as_str()))
            }
            _ => Ok(text.into_owned().into()),
        }
    }

    fn parse_query(&self, _: &Field, text: &str) -> Result<Value, Issue> {
        Ok(text.into())
    }

    fn json_schema(&self, field: &Field, side: Side) -> serde_json::Value {
        let mut schema = text([]);
        let length = |bound: &Option<Value>| bound.as_ref().and_then(Value::as_integer);
        let least = length(&field.options.min).max(field.required.then_some(1));
        let most = length(&field.options.max);
        if side == Side::Asked {
            return schema;
        }
        // What is cut off at its ends may be longer as it is sent.
        let most = most.filter(|_| side == Side::Shown || !field.options.trim);
        for (key, bound) in [("minLength", least), ("maxLength", most)] {
            if let Some(bound) = bound {
                add(&mut schema, key, bound);
            }
        }
        match &field.options.pattern {
            Some(pattern) if side == Side::Sent => match pattern.as_ecma() {
                Some(ecma) => add(&mut schema, "pattern", ecma),
                None => {
                    let words = format!("Must match {}", pattern.as_str());
                    add(&mut schema, "description", words);
                }
            },
            _ => {}
        }
        schema
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        output::plain(value, out);
    }

    fn bounds_are_lengths(&self) -> bool {
        true
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Text
    }
}
