//! `multiselect`: some of a list of texts.

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{
    Check, Comparable, Field, FieldType, around, output,
    select::{Select, not_an_option},
};
use crate::{
    base::{Issue, IssueCode, json as sent_json},
    db::{Sql, Value},
    schema::json_schema::{Side, add},
};

/// Distinct ones of `options`, in the order of the definition whatever the order they were sent
/// in. Stored as a JSON array without blanks.
///
/// An option has neither commas nor characters that JSON escapes, so that an array has one form,
/// and a CHECK, which can take no array apart, finds `"red"` in it by its quotes.
#[derive(Debug)]
pub struct Multiselect;

impl FieldType for Multiselect {
    fn name(&self) -> &'static str {
        "multiselect"
    }

    fn options(&self) -> &'static [&'static str] {
        &["default", "options"]
    }

    fn column_type(&self) -> &'static str {
        "TEXT"
    }

    fn checks(&self, field: &Field) -> Vec<Check> {
        let mut checks = vec![Check {
            what: "options",
            condition: is_canonical(field),
            issue: not_an_option(field),
        }];
        if field.required {
            checks.push(Check {
                what: "required",
                condition: around(field, &["", " <> '[]'"]),
                issue: Issue::required(&*field.name),
            });
        }
        checks
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        let items: Vec<&RawValue> = serde_json::from_str(sent.get())
            .map_err(|_| field.issue(IssueCode::InvalidType, "Must be a list of texts"))?;
        let options = &field.options.options;
        let mut chosen = vec![false; options.len()];
        for item in items {
            let text = sent_json::text(item)
                .ok_or_else(|| field.issue(IssueCode::InvalidType, "Must be a list of texts"))?;
            let place = options.iter().position(|option| *option == text);
            let found = place.and_then(|place| chosen.get_mut(place));
            let is_chosen = found.ok_or_else(|| not_an_option(field))?;
            if std::mem::replace(is_chosen, true) {
                let message = format!("`{text}` stands twice");
                return Err(field.issue(IssueCode::Duplicate, message));
            }
        }
        let chosen = options.iter().zip(chosen).filter(|(_, chosen)| *chosen);
        let quoted: Vec<String> = chosen.map(|(option, _)| format!("\"{option}\"")).collect();
        if field.required && quoted.is_empty() {
            return Err(Issue::required(&*field.name));
        }
        Ok(format!("[{}]", quoted.join(",")).into())
    }

    fn parse_query(&self, field: &Field, _: &str) -> Result<Value, Issue> {
        let message = "A list is asked by contains or isNull";
        Err(field.issue(IssueCode::Invalid, message))
    }

    fn parse_item(&self, field: &Field, text: &str) -> Result<Value, Issue> {
        Select.parse_query(field, text)
    }

    /// A query asks for one of them.
    fn json_schema(&self, field: &Field, side: Side) -> serde_json::Value {
        let item = Select.json_schema(field, side);
        if side == Side::Asked {
            return item;
        }
        let mut schema = json!({ "type": "array", "uniqueItems": true, "items": item });
        if field.required {
            add(&mut schema, "minItems", 1);
        }
        schema
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        output::json(value, out);
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Choices
    }
}

/// True if a text can be an option.
pub fn can_be_chosen(option: &str) -> bool {
    !option.contains(|letter: char| matches!(letter, ',' | '"' | '\\') || letter.is_control())
}

/// Whether the column is the array of those options that are in it, in their order.
fn is_canonical(field: &Field) -> Sql {
    let mut sql = around(field, &["", " = '[' || substr("]);
    sql.join(&field.options.options, " || ", |sql, option| {
        let quoted = format!("\"{option}\"");
        sql.push("iif(instr(")
            .append(field.sql())
            .push(", ")
            .literal(&quoted.as_str().into());
        sql.push("), ")
            .literal(&format!(",{quoted}").into())
            .push(", '')");
    });
    sql.push(", 2) || ']'");
    sql
}
