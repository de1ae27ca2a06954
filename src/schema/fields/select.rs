//! `select`: one of a list of texts.

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{Check, Comparable, Field, FieldType, around, output, sent_text};
use crate::{
    base::{Issue, IssueCode},
    db::Value,
    schema::json_schema::Side,
};

/// How many options a message names before it only counts them.
const NAMED: usize = 12;

/// One of `options`.
#[derive(Debug)]
pub struct Select;

impl FieldType for Select {
    fn name(&self) -> &'static str {
        "select"
    }

    fn options(&self) -> &'static [&'static str] {
        &[
            "unique",
            "default",
            "options",
            "searchable",
            "containsIndex",
        ]
    }

    fn column_type(&self) -> &'static str {
        "TEXT"
    }

    fn checks(&self, field: &Field) -> Vec<Check> {
        let mut condition = around(field, &["", " IN ("]);
        condition
            .join(&field.options.options, ", ", |sql, option| {
                sql.literal(&option.as_str().into());
            })
            .push(")");
        vec![Check {
            what: "options",
            condition,
            issue: not_an_option(field),
        }]
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        self.parse_query(field, &sent_text(field, sent)?)
    }

    fn parse_query(&self, field: &Field, text: &str) -> Result<Value, Issue> {
        if field.options.options.iter().any(|option| option == text) {
            Ok(text.into())
        } else {
            Err(not_an_option(field))
        }
    }

    fn json_schema(&self, field: &Field, _: Side) -> serde_json::Value {
        json!({ "type": "string", "enum": field.options.options })
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        output::plain(value, out);
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Text
    }
}

pub(super) fn not_an_option(field: &Field) -> Issue {
    let options = &field.options.options;
    let message = if options.len() > NAMED {
        format!("Must be one of the {} options", options.len())
    } else {
        format!("Must be one of: {}", options.join(", "))
    };
    field
        .issue(IssueCode::NotAnOption, message)
        .with("options", options.clone())
}
