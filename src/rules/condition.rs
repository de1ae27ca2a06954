//! An expression whose names are known and whose types fit: what the compiler takes.

use std::{collections::BTreeSet, sync::Arc};

use super::{fault::Span, syntax::Comparator};
use crate::{
    db::{Sql, Value},
    schema::{Collection, Field},
};

/// A part of an expression that is true, false or unknown.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What it asks.
    pub test: Test,
    /// Where it stands in the text.
    pub span: Span,
}

/// What a condition asks.
#[derive(Clone, Debug)]
pub enum Test {
    /// `true`, `false`, and what is one of them for every record.
    Constant(bool),
    /// Whether all of them hold.
    And(Vec<Condition>),
    /// Whether one of them holds.
    Or(Vec<Condition>),
    /// Whether it does not hold.
    Not(Box<Condition>),
    /// `auth != null`
    SignedIn,
    /// `auth.can("posts:write")`
    Can(String),
    /// `a == null`
    IsNull(Operand),
    /// A boolean on its own.
    IsTrue(Operand),
    /// `a < b`; the second of two sides is the one that may be a constant.
    Compare(Comparator, Operand, Operand),
    /// `a in list`
    In(Operand, List),
    /// `a.contains(b)` and its like.
    Match(Match, Operand, Operand),
    /// `comments.exists(c, ...)`
    Exists(Box<Each>),
    /// `comments.all(c, ...)`
    All(Box<Each>),
}

/// How a text is searched for another. All mind case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// Anywhere.
    Contains,
    /// At the beginning.
    StartsWith,
    /// At the end.
    EndsWith,
}

/// A condition on each of the records that point at another.
#[derive(Clone, Debug)]
pub struct Each {
    /// Which records.
    pub records: Records,
    /// What is asked of each, as the last item of its place.
    pub body: Condition,
}

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// The record that is asked about.
    Record,
    /// The same before the change.
    Previous,
    /// The account of who asks.
    User,
    /// An item of an `exists` or `all` around, counted from the outermost.
    Item(usize),
}

/// A step along a relation, to a record that may be absent, deleted, or out of sight.
#[derive(Clone, Debug)]
pub struct Hop {
    /// The column that points.
    pub column: String,
    /// Where it points.
    pub target: Arc<Collection>,
    /// What must hold for the record, so that it can be seen.
    pub sight: Option<Arc<Condition>>,
}

/// A value of a record.
#[derive(Clone, Debug)]
pub struct Path {
    /// Where it begins.
    pub root: Root,
    /// The relations on the way.
    pub hops: Vec<Hop>,
    /// The value at its end.
    pub column: Column,
    /// What must hold for records on the way, by how many hops lead there, so that their fields
    /// may be read. Where it does not hold, whatever is asked of the value is not true.
    pub guards: Vec<(usize, Arc<Condition>)>,
    /// True if A to Z are taken for a to z where it is compared.
    pub ignores_case: bool,
}

/// A column, or what computes a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// A column of the table, by its name.
    Stored(String),
    /// An expression over the table of this name.
    Computed(String, Sql),
}

impl Column {
    /// That of a field of `collection`.
    pub fn of(collection: &Collection, field: &Field) -> Self {
        match field.expression {
            Some(_) => Self::Computed(collection.name.clone(), field.sql()),
            None => Self::Stored(field.column.clone()),
        }
    }
}

/// Which way a relation leads from one record to many.
#[derive(Clone, Debug)]
pub enum Pointing {
    /// They point, by this column of theirs.
    Here(String),
    /// They are on a list of the record.
    There,
}

/// The records of a collection that point at a record, or that are on a list of it.
#[derive(Clone, Debug)]
pub struct Records {
    /// The id of the record that they point at, or the list that they are on.
    pub of: Path,
    /// Where they are.
    pub collection: Arc<Collection>,
    /// How they hang together.
    pub by: Pointing,
    /// What must hold for one of them, so that it can be seen.
    pub sight: Vec<Arc<Condition>>,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A constant, not null.
    Value(Value),
    /// Of a record.
    Path(Path),
    /// Of a JSON field, by the keys that lead there; null where it has another type.
    Json(Path, Vec<String>, JsonType),
    /// How many items or characters a value of a JSON field has.
    JsonSize(Path, Vec<String>),
    /// `auth.id`
    UserId,
    /// `now()`
    Now,
    /// The value in small letters, of ASCII.
    Lower(Box<Self>),
    /// The number of its characters.
    Length(Box<Self>),
    /// How many records there are.
    Count(Box<Records>),
    /// The instant at which a day begins.
    Midnight(Box<Self>),
    /// A part of an instant.
    Part(&'static InstantPart, Box<Self>),
}

/// What a value of a JSON field is compared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// Whatever it is: to ask whether it is null.
    Any,
    /// A text.
    Text,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
}

/// A part of an instant, in UTC, counted as CEL does.
#[derive(Debug, PartialEq, Eq)]
pub struct InstantPart {
    /// The name of its function.
    pub name: &'static str,
    /// As `strftime` writes it.
    pub format: &'static str,
    /// What CEL calls the first.
    pub first: i64,
}

/// Every part of an instant.
pub static INSTANT_PARTS: &[InstantPart] = &[
    part("getFullYear", "%Y", 0),
    part("getMonth", "%m", -1),
    part("getDate", "%d", 0),
    part("getDayOfMonth", "%d", -1),
    part("getDayOfWeek", "%w", 0),
    part("getDayOfYear", "%j", -1),
    part("getHours", "%H", 0),
    part("getMinutes", "%M", 0),
    part("getSeconds", "%S", 0),
];

const fn part(name: &'static str, format: &'static str, first: i64) -> InstantPart {
    InstantPart {
        name,
        format,
        first,
    }
}

/// A list of values.
#[derive(Clone, Debug)]
pub enum List {
    /// Constants.
    Values(Vec<Value>),
    /// `auth.roles`
    Roles,
    /// An array of a JSON field, of whose items those of a type count.
    Json(Path, Vec<String>, JsonType),
    /// A list of relations.
    Ids(Path),
}

/// What an expression needs beside its record: what its value may change with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Tables that it reads beside the record's own.
    pub tables: BTreeSet<String>,
    /// Columns of the record itself.
    pub columns: BTreeSet<String>,
    /// True if it asks for the time.
    pub now: bool,
    /// True if it looks at the record before the change.
    pub previous: bool,
    /// True if it asks who asks.
    pub user: bool,
}

impl Needs {
    /// Adds those of another.
    pub fn extend(&mut self, other: &Self) {
        self.tables.extend(other.tables.iter().cloned());
        self.columns.extend(other.columns.iter().cloned());
        self.now |= other.now;
        self.previous |= other.previous;
        self.user |= other.user;
    }
}

/// An expression that was read and checked.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What it asks.
    pub condition: Arc<Condition>,
    /// What it needs.
    pub needs: Needs,
}

impl Checked {
    /// The permission that it is, where it is nothing else.
    pub fn permission(&self) -> Option<&str> {
        match &self.condition.test {
            Test::Can(permission) => Some(permission),
            _ => None,
        }
    }
}

impl Condition {
    /// One that holds by itself, for what was never written.
    pub fn made(test: Test) -> Self {
        Self { test, span: 0..0 }
    }
}
