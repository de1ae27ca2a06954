//! A field: a column with its type and options.

use std::cmp::Ordering;

use rusqlite::types::ValueRef;
use serde_json::{Value as Json, value::RawValue};

use super::{
    fields::{Comparable, FieldType, Relations, output},
    names,
    options::{Collation, OnDelete, Options},
};
use crate::{
    base::{Issue, IssueCode, json},
    db::{Sql, Value},
};

/// A column of a collection.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name in SQLite, `display_name`.
    pub column: String,
    /// The name in the API, `displayName`.
    pub name: String,
    /// What it holds.
    pub kind: &'static dyn FieldType,
    /// Forbids null and, for text, the empty string.
    pub required: bool,
    /// No two live records have the same value.
    pub unique: bool,
    /// What an absent value becomes.
    pub default: Option<Value>,
    /// The options of the type.
    pub options: Options,
    /// `id`, `createdAt` and their like: kept by Stead, not part of the definition.
    pub system: bool,
    /// What computes it, where it is no column of its own.
    pub expression: Option<&'static str>,
    /// What must hold of a record for this field of it to be read.
    pub read_rule: Option<String>,
    /// What must hold of a record for this field of it to be written.
    pub write_rule: Option<String>,
    /// Kept from everybody but who may bypass the rules of its collection.
    pub hidden: bool,
    /// What it is for, in words for people.
    pub description: Option<String>,
}

/// A CHECK of a column.
#[derive(Debug)]
pub struct Check {
    /// Last word of its name, without `_`.
    pub what: &'static str,
    /// The condition.
    pub condition: Sql,
    /// What its failure says to a client.
    pub issue: Issue,
}

impl Field {
    /// A nullable field without options.
    pub(super) fn new(column: &str, kind: &'static dyn FieldType) -> Self {
        Self {
            column: column.to_owned(),
            name: names::camel(column),
            kind,
            required: false,
            unique: false,
            default: None,
            options: Options::default(),
            system: false,
            expression: None,
            read_rule: None,
            write_rule: None,
            hidden: false,
            description: None,
        }
    }

    pub(super) fn system(column: &str, kind: &'static dyn FieldType) -> Self {
        Self {
            system: true,
            required: true,
            ..Self::new(column, kind)
        }
    }

    /// A field that `expression` computes, SQL over the columns of its table, in parentheses.
    /// `name` is `snake_case`, as a column's would be.
    pub fn computed(name: &str, kind: &'static dyn FieldType, expression: &'static str) -> Self {
        Self {
            expression: Some(expression),
            ..Self::new(name, kind)
        }
    }

    /// True if a client may set it: neither a system field nor a computed one.
    pub fn is_writable(&self) -> bool {
        !self.system && self.expression.is_none()
    }

    /// True if not everybody who sees a record may read it there.
    pub fn is_guarded(&self) -> bool {
        self.hidden || self.read_rule.is_some()
    }

    /// True if it is a list of relations.
    pub fn is_many(&self) -> bool {
        self.kind.name() == Relations.name()
    }

    /// The table that a relation points at, or each of a list of them; none for other types.
    pub fn collection(&self) -> Option<&str> {
        self.options.collection.as_deref()
    }

    /// What the deletion of the record means that it points at; none for what is no relation.
    pub fn on_delete(&self) -> Option<OnDelete> {
        self.collection().map(|_| match self.is_many() {
            // Whoever is gone leaves the lists that it was on.
            true => OnDelete::SetNull,
            false => self.options.on_delete,
        })
    }

    /// Reads a value as it was sent. Null is NULL, or `REQUIRED`.
    ///
    /// System fields are read too (`id` on create, `version` on update): whether one may be sent
    /// is the caller's to say, by [`Self::is_writable`].
    ///
    /// # Errors
    /// The fault of this field; `READ_ONLY` for a computed one.
    pub fn read(&self, sent: &RawValue) -> Result<Value, Issue> {
        if self.expression.is_some() {
            return Err(self.read_only());
        }
        if !json::is_null(sent) {
            return self.kind.read(self, sent);
        }
        if self.required {
            return Err(Issue::required(&*self.name));
        }
        Ok(self.kind.empty())
    }

    /// What a field becomes that was not sent: its default, else NULL.
    ///
    /// # Errors
    /// `REQUIRED` where it has no default and must not be null.
    pub fn absent(&self) -> Result<Value, Issue> {
        match &self.default {
            Some(value) => Ok(value.clone()),
            None if self.required => Err(Issue::required(&*self.name)),
            None => Ok(self.kind.empty()),
        }
    }

    /// Reads the value of `field=value` in a query string.
    ///
    /// # Errors
    /// `INVALID_FORMAT` and its like if no value of this field is written so; `INVALID` for types
    /// that are not compared.
    pub fn parse_query(&self, text: &str) -> Result<Value, Issue> {
        if text.contains('\0') {
            return Err(self.issue(IssueCode::InvalidFormat, "Contains the character U+0000"));
        }
        self.kind.parse_query(self, text)
    }

    /// Reads one of the items that this field may be a list of.
    ///
    /// # Errors
    /// `NOT_AN_OPTION` for what is none of its options, `INVALID_FORMAT` for what is no id.
    pub fn parse_item(&self, text: &str) -> Result<Value, Issue> {
        self.kind.parse_item(self, text)
    }

    /// Writes a column's value as JSON at the end of `out`.
    pub fn write(&self, value: ValueRef<'_>, out: &mut Vec<u8>) {
        match value {
            ValueRef::Null => out.extend_from_slice(b"null"),
            value => self.kind.write(self, value, out),
        }
    }

    /// The same for a value that is bound to a statement.
    pub fn write_value(&self, value: &Value, out: &mut Vec<u8>) {
        self.write(output::value_ref(value), out);
    }

    /// The column, or the expression of a computed field: for SELECT, WHERE and ORDER BY.
    pub fn sql(&self) -> Sql {
        match self.expression {
            Some(expression) => Sql::new(expression),
            None => {
                let mut sql = Sql::default();
                sql.ident(&self.column);
                sql
            }
        }
    }

    /// The same as an answer shows it: of a list of relations, those that are not deleted.
    pub fn shown_sql(&self, table: &str) -> Sql {
        let Some(target) = self
            .collection()
            .filter(|_| self.options.leaves_out_deleted)
        else {
            return self.sql();
        };
        let mut sql =
            Sql::new("(SELECT json_group_array(value) FROM (SELECT _item.value FROM json_each(");
        sql.ident(table).push(".").ident(&self.column);
        sql.push(") AS _item CROSS JOIN ").ident(target);
        sql.push(
            " AS _target ON _target.id = _item.value WHERE _target.deleted_at IS NULL \
             ORDER BY _item.key))",
        );
        sql
    }

    /// The same as an argument of `json_object`: JSON must be told from a text that looks alike.
    pub fn image(&self) -> Sql {
        if !self.is_json() {
            return self.sql();
        }
        let mut sql = Sql::new("json(");
        sql.append(self.sql()).push(")");
        sql
    }

    /// What its values are in filters and rules.
    pub fn compared_as(&self) -> Comparable {
        self.kind.compared_as(self)
    }

    /// True if A to Z are taken for a to z where its values are compared.
    pub fn ignores_case(&self) -> bool {
        self.options.collation == Collation::NoCase
    }

    /// The table that holds the pairs of a list of relations, for a collection's `table`.
    pub fn join_table(&self, table: &str) -> Option<String> {
        self.is_many().then(|| format!("{table}_{}", self.column))
    }

    /// True if its column holds JSON as text.
    pub fn is_json(&self) -> bool {
        matches!(self.compared_as(), Comparable::Json | Comparable::Choices)
    }

    /// True if its value can stand for a record where people are shown one: it is read as it is,
    /// and by others than who may bypass the rules.
    pub fn can_be_title(&self) -> bool {
        let is_read = match self.compared_as() {
            Comparable::Boolean | Comparable::Json | Comparable::Choices => false,
            Comparable::Text
            | Comparable::Scaled(_)
            | Comparable::Real
            | Comparable::Instant
            | Comparable::Day => self.collection().is_none(),
        };
        is_read && !self.hidden
    }

    /// True if lists can be sorted by it, and indexes hold it.
    pub fn is_comparable(&self) -> bool {
        !self.is_json()
    }

    /// True if `{"$inc": n}` may stand in place of a value.
    pub fn takes_increment(&self) -> bool {
        self.is_writable() && self.kind.takes_increment()
    }

    /// Reads the number of `{"$inc": n}`: neither `min` nor `max` bounds it, they bound the sum.
    ///
    /// # Errors
    /// The fault of this field; `INVALID_TYPE` for types that are no numbers.
    pub fn read_increment(&self, sent: &RawValue) -> Result<Value, Issue> {
        if !self.is_writable() {
            return Err(self.read_only());
        }
        if !self.kind.takes_increment() {
            return Err(self.issue(IssueCode::InvalidType, "$inc is for numbers alone"));
        }
        let unbounded = Self {
            options: Options {
                scale: self.options.scale,
                ..Options::default()
            },
            ..self.clone()
        };
        self.kind.read(&unbounded, sent)
    }

    /// The fault of a field that cannot be written.
    pub fn read_only(&self) -> Issue {
        self.issue(IssueCode::ReadOnly, "Cannot be written")
    }

    /// A fault of this field.
    pub fn issue(&self, code: IssueCode, message: impl Into<String>) -> Issue {
        Issue::new(&*self.name, code, message)
    }

    /// Every CHECK of the column.
    pub fn checks(&self) -> Vec<Check> {
        let mut checks = self.kind.checks(self);
        if self.expression.is_none() {
            checks.extend(self.bound_checks());
        }
        checks
    }

    fn bound_checks(&self) -> impl Iterator<Item = Check> {
        let bounds = [
            ("min", " >= ", &self.options.min),
            ("max", " <= ", &self.options.max),
        ];
        bounds.into_iter().filter_map(|(what, operator, bound)| {
            let bound = bound.as_ref()?;
            let mut condition = self.measured();
            condition.push(operator).literal(bound);
            Some(Check {
                what,
                condition,
                issue: self.bound_issue(what, bound),
            })
        })
    }

    /// What `min` and `max` are about: the column, or the number of its characters.
    fn measured(&self) -> Sql {
        if !self.kind.bounds_are_lengths() {
            return self.sql();
        }
        let mut length = Sql::new("length(");
        length.append(self.sql()).push(")");
        length
    }

    fn bound_issue(&self, what: &'static str, bound: &Value) -> Issue {
        let limit = self.bound_json(bound);
        let is_min = what == "min";
        let word = if is_min { "at least" } else { "at most" };
        let issue = if self.kind.bounds_are_lengths() {
            let code = if is_min {
                IssueCode::TooShort
            } else {
                IssueCode::TooLong
            };
            let noun = if limit == 1 {
                "character"
            } else {
                "characters"
            };
            self.issue(code, format!("Must have {word} {limit} {noun}"))
        } else {
            let code = if is_min {
                IssueCode::TooSmall
            } else {
                IssueCode::TooLarge
            };
            let shown = limit
                .as_str()
                .map_or_else(|| limit.to_string(), str::to_owned);
            self.issue(code, format!("Must be {word} {shown}"))
        };
        issue.with(what, limit)
    }

    /// A bound as a definition shows it.
    pub(super) fn bound_json(&self, bound: &Value) -> Json {
        match bound {
            Value::Integer(length) if self.kind.bounds_are_lengths() => (*length).into(),
            value => self.json(value),
        }
    }

    /// A value of this field as the API shows it.
    pub(super) fn json(&self, value: &Value) -> Json {
        // What reads JSON into a tree may miss a double by its last bit.
        if let Value::Real(number) = value {
            return (*number).into();
        }
        let mut out = Vec::new();
        self.write_value(value, &mut out);
        serde_json::from_slice(&out).unwrap_or_default()
    }

    /// Checks a value against `min` and `max`.
    ///
    /// # Errors
    /// `TOO_SMALL` or `TOO_LARGE`.
    pub(super) fn check_range(&self, value: &Value) -> Result<(), Issue> {
        match self.broken_bound(value) {
            Some((what, bound)) => Err(self.bound_issue(what, bound)),
            None => Ok(()),
        }
    }

    /// Checks the number of a text's characters against `min` and `max`.
    ///
    /// # Errors
    /// `TOO_SHORT` or `TOO_LONG`.
    pub(super) fn check_length(&self, text: &str) -> Result<(), Issue> {
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        let Some((what, bound)) = self.broken_bound(&Value::Integer(length)) else {
            return Ok(());
        };
        let mut issue = self.bound_issue(what, bound).with("length", length);
        issue.message.push_str(&format!(", this has {length}"));
        Err(issue)
    }

    fn broken_bound(&self, measured: &Value) -> Option<(&'static str, &Value)> {
        let Options { min, max, .. } = &self.options;
        let min = min.as_ref().map(|min| ("min", min, Ordering::Less));
        let max = max.as_ref().map(|max| ("max", max, Ordering::Greater));
        min.into_iter().chain(max).find_map(|(what, bound, wrong)| {
            (compare(measured, bound) == Some(wrong)).then_some((what, bound))
        })
    }
}

/// Compares two values of one type; written instants and days sort by time.
pub(super) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
        (Value::Real(a), Value::Real(b)) => a.partial_cmp(b),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
