//! `relation`: the id of a record of another collection, or of the same.

use rusqlite::types::ValueRef;
use serde_json::value::RawValue;

use super::{Check, Comparable, Field, FieldType, identifier, output, sent_text};
use crate::{base::Issue, db::Value, schema::json_schema::Side};

/// The id of a record of `collection`. That there is such a record is for the statement to see.
#[derive(Debug)]
pub struct Relation;

impl FieldType for Relation {
    fn name(&self) -> &'static str {
        "relation"
    }

    fn options(&self) -> &'static [&'static str] {
        &["unique", "collection", "onDelete"]
    }

    fn column_type(&self) -> &'static str {
        "TEXT"
    }

    /// The foreign key lets nothing in that is no id.
    fn checks(&self, _: &Field) -> Vec<Check> {
        Vec::new()
    }

    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue> {
        identifier::parse(field, &sent_text(field, sent)?)
    }

    fn parse_query(&self, field: &Field, text: &str) -> Result<Value, Issue> {
        identifier::parse(field, text)
    }

    fn json_schema(&self, _: &Field, _: Side) -> serde_json::Value {
        identifier::schema()
    }

    fn write(&self, _: &Field, value: ValueRef<'_>, out: &mut Vec<u8>) {
        output::plain(value, out);
    }

    fn compared_as(&self, _: &Field) -> Comparable {
        Comparable::Text
    }
}
