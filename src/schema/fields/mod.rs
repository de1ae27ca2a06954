//! Field types: one file each, and one list of them.

use std::fmt;

use rusqlite::types::ValueRef;
use serde_json::value::RawValue;

use super::{
    field::{Check, Field},
    json_schema::Side,
};
use crate::{
    base::{Issue, IssueCode},
    db::{Sql, Value},
};

mod boolean;
mod date;
mod datetime;
pub(super) mod decimal;
mod email;
mod identifier;
mod integer;
mod json;
pub(super) mod multiselect;
mod number;
pub(super) mod output;
mod relation;
mod relations;
pub(super) mod scaled;
mod select;
pub(super) mod text;
mod url;

pub use self::{
    boolean::Boolean, date::Date, datetime::DateTime, decimal::Decimal, email::Email,
    identifier::Identifier, integer::Integer, json::Json, multiselect::Multiselect, number::Number,
    relation::Relation, relations::MOST as MOST_RELATIONS, relations::Relations, scaled::Floor,
    scaled::show as show_scaled, select::Select, text::Text, url::Url,
};

/// Every type that a definition can name, in the order of the documentation.
pub static TYPES: &[&dyn FieldType] = &[
    &Text,
    &Integer,
    &Number,
    &Decimal,
    &Boolean,
    &DateTime,
    &Date,
    &Json,
    &Select,
    &Multiselect,
    &Relation,
    &Relations,
    &Email,
    &Url,
];

/// The type with this name in a definition.
pub fn find(name: &str) -> Option<&'static dyn FieldType> {
    TYPES.iter().copied().find(|kind| kind.name() == name)
}

/// What the values of a field are in filters and rules: which others they can be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparable {
    /// Texts, in the order of their code points.
    Text,
    /// Multiples of `10^-scale`, stored as integers.
    Scaled(u32),
    /// Doubles.
    Real,
    /// 1 and 0; not ordered.
    Boolean,
    /// Instants, as texts that sort by time.
    Instant,
    /// Days, as texts that sort by time.
    Day,
    /// JSON, whose parts are what they are.
    Json,
    /// A JSON array of texts in one form, options of a field or ids; not ordered.
    Choices,
}

/// What one type makes of values. Null never comes here: [`Field`] sees to it.
pub trait FieldType: fmt::Debug + Sync {
    /// The name in a definition.
    fn name(&self) -> &'static str;

    /// The options that it takes beside `name`, `type` and `required`.
    fn options(&self) -> &'static [&'static str];

    /// The type of its column in a STRICT table.
    fn column_type(&self) -> &'static str;

    /// The CHECKs of its column beside those for `min` and `max`.
    fn checks(&self, field: &Field) -> Vec<Check>;

    /// Reads a value as it was sent, by its form and every option.
    ///
    /// # Errors
    /// The fault of `field`.
    fn read(&self, field: &Field, sent: &RawValue) -> Result<Value, Issue>;

    /// Reads a value from a query string; no option but the form counts there.
    ///
    /// # Errors
    /// The fault of `field`.
    fn parse_query(&self, field: &Field, text: &str) -> Result<Value, Issue>;

    /// The schema of its values, of which null is none. What it refuses in a body must be refused
    /// by [`Self::read`] too, so it leaves out what JSON schema cannot say.
    fn json_schema(&self, field: &Field, side: Side) -> serde_json::Value;

    /// Reads one of the items of a value that is a list, from a query string or a rule.
    ///
    /// # Errors
    /// The fault of `field`.
    fn parse_item(&self, field: &Field, text: &str) -> Result<Value, Issue> {
        self.parse_query(field, text)
    }

    /// What a value is that is absent.
    fn empty(&self) -> Value {
        Value::Null
    }

    /// Writes a value of its column as JSON at the end of `out`.
    fn write(&self, field: &Field, value: ValueRef<'_>, out: &mut Vec<u8>);

    /// Makes of a default what DDL takes.
    fn default_sql(&self, default: &Value) -> Sql {
        let mut sql = Sql::default();
        sql.literal(default);
        sql
    }

    /// True if `min` and `max` count characters instead of bounding the value.
    fn bounds_are_lengths(&self) -> bool {
        false
    }

    /// What its values are in filters and rules.
    fn compared_as(&self, field: &Field) -> Comparable;

    /// True if `{"$inc": n}` may stand in place of a value.
    fn takes_increment(&self) -> bool {
        false
    }
}

/// The text of a value that must be one.
fn sent_text<'a>(field: &Field, sent: &'a RawValue) -> Result<std::borrow::Cow<'a, str>, Issue> {
    if let Some(text) = crate::base::json::text(sent) {
        return Ok(text);
    }
    if sent.get().starts_with('"') {
        let message = "Must be valid Unicode without the character U+0000";
        return Err(field.issue(IssueCode::InvalidFormat, message));
    }
    Err(field.issue(IssueCode::InvalidType, "Must be a text"))
}

/// Reads a text of at most `max` characters and of a form; `message` says which.
fn sent_form(
    field: &Field,
    sent: &RawValue,
    max: usize,
    is_well: impl Fn(&str) -> bool,
    message: &str,
) -> Result<Value, Issue> {
    let text = sent_text(field, sent)?;
    let length = text.chars().count();
    if length > max {
        let message = format!("Must have at most {max} characters, this has {length}");
        let issue = field.issue(IssueCode::TooLong, message);
        return Err(issue.with("max", max).with("length", length));
    }
    if !is_well(&text) {
        return Err(field.issue(IssueCode::InvalidFormat, message));
    }
    Ok(text.into_owned().into())
}

/// A CHECK of the column's form, which fails as `message`.
fn form_check(field: &Field, condition: Sql, message: &str) -> Check {
    Check {
        what: "form",
        condition,
        issue: field.issue(IssueCode::InvalidFormat, message),
    }
}

/// A condition in which the column stands between pieces of the program's text.
fn around(field: &Field, pieces: &[&'static str]) -> Sql {
    let mut sql = Sql::default();
    for (i, piece) in pieces.iter().enumerate() {
        if i > 0 {
            sql.append(field.sql());
        }
        sql.push(piece);
    }
    sql
}
