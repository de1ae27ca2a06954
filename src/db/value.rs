//! What is bound to a statement and what comes out of a row.

use rusqlite::{
    ToSql,
    types::{ToSqlOutput, ValueRef},
};

use crate::base::{Error, Id, Instant, Result};

/// A value of a statement or a row. There are no BLOBs: an image of a row could not hold them.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// NULL.
    Null,
    /// A 64-bit integer; booleans are 0 and 1, decimals are scaled.
    Integer(i64),
    /// A finite double.
    Real(f64),
    /// Text without U+0000.
    Text(String),
    /// The instant of the commit, filled in by the writer, so that `updated_at` follows commit
    /// order.
    CommitTime,
}

impl Value {
    /// Text, or none for anything else.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// An integer, or none for anything else.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Texts as the JSON list that `json_each` takes apart.
    pub fn list(texts: &[String]) -> Self {
        Self::Text(serde_json::Value::from(texts).to_string())
    }

    /// True for NULL.
    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// Bytes that it takes in memory, for the bounds of a batch.
    pub fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            _ => size_of::<i64>(),
        }
    }

    /// As it stands in a row.
    ///
    /// # Errors
    /// `DATABASE_ERROR` for a BLOB or text that is not UTF-8, which Stead never writes.
    pub fn from_row(value: ValueRef<'_>) -> Result<Self> {
        Ok(match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Real(number) => Self::Real(number),
            ValueRef::Text(text) => Self::Text(
                std::str::from_utf8(text)
                    .map_err(Error::database)?
                    .to_owned(),
            ),
            ValueRef::Blob(_) => return Err(Error::database("a BLOB where none is written")),
        })
    }
}

impl ToSql for Value {
    /// `CommitTime` has no value of its own: the writer puts one in its place first.
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Null | Self::CommitTime => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<Id> for Value {
    fn from(id: Id) -> Self {
        Self::Text(id.to_string())
    }
}

impl From<Instant> for Value {
    fn from(at: Instant) -> Self {
        Self::Text(at.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
