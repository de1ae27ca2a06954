//! `relations`: ids of records of another collection, or of the same, in an order.

use std::collections::HashSet;

use rusqlite::types::ValueRef;
use serde_json::{json, value::RawValue};

use super::{Check, Comparable, Field, FieldType, around, form_check, identifier, output};
use crate::{
    base::{Issue, IssueCode, json as sent_json},
    db::Value,
    schema::json_schema::Side,
};

/// The most ids of one list.
pub const MOST: usize = 1_000;

/// Ids of records of `collection`, each once, in the order in which they were sent; never null.
///
/// Stored as a JSON array without blanks in the record's own row, so that an image of the row holds
/// it. Triggers keep the same pairs in a join table, whose foreign keys see to it that there are
/// such records, and whose index finds the lists that a record is on. That the records are live is
/// for the statement to see.
#[derive(Debug)]
pub struct Relations;

impl FieldType for Relations {
    fn name(&self) -> &'static str {
        "relations"
    }

    fn options(&self) -> &'static [&'static str] {
        &["collection"]
    }

    fn column_type(&self) -> &'static str {
        "TEXT"
    }

    /// The foreign keys of the join table let nothing in that is no id.
    fn checks(&self, field: &Field) -> Vec<Check> {
        let pieces = [
            "CASE WHEN json_valid(",
            ") THEN json_type(",
            ") = 'array' AND json(",
            ") = ",
            " ELSE FALSE END",
        ];
        vec![form_check(
            field,
            around(field, &pieces),
            "Must be a list of ids",
        )]
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        let not_a_list = || field.issue(IssueCode::InvalidType, "Must be a list of ids");
        let items: Vec<&RawValue> = serde_json::from_str(sent.get()).map_err(|_| not_a_list())?;
        if items.len() > MOST {
            let message = format!("Must have at most {MOST} ids");
            return Err(field.issue(IssueCode::TooLong, message).with("max", MOST));
        }
        let (mut ids, mut seen) = (Vec::new(), HashSet::new());
        for item in items {
            let text = sent_json::text(item).ok_or_else(not_a_list)?;
            identifier::parse(field, &text)?;
            if !seen.insert(text.clone()) {
                let message = format!("{text} stands twice");
                return Err(field.issue(IssueCode::Duplicate, message));
            }
            ids.push(text.into_owned());
        }
        Ok(Value::list(&ids))
    }

    fn parse_query(&self, field: &Field, _: &str) -> Result<Value, Issue> {
        let message = "A list is asked by contains";
        Err(field.issue(IssueCode::Invalid, message))
    }

    fn parse_item(&self, field: &Field, text: &str) -> Result<Value, Issue> {
        identifier::parse(field, text)
    }

    /// A query asks for one of them.
    fn json_schema(&self, _: &Field, side: Side) -> serde_json::Value {
        let item = identifier::schema();
        match side {
            Side::Asked => item,
            _ => json!({ "type": "array", "maxItems": MOST, "uniqueItems": true, "items": item }),
        }
    }

    fn empty(&self) -> Value {
        Value::list(&[])
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        output::json(value, out);
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Choices
    }
}
