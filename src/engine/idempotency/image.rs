//! A record as an answer holds it, computed fields included, kept as JSON and rendered again.

use serde_json::value::RawValue;

use crate::{
    base::{
        Error, Result,
        json::{self, Object},
    },
    db::{Row, Sql, Value},
    schema::{Collection, Field},
};

/// The record of a row as `json_object(...)`, under the names of the columns.
pub fn of(collection: &Collection) -> Sql {
    let mut sql = Sql::new("json_object(");
    sql.join(collection.columns(), ", ", |sql, field| {
        let name = Value::from(field.column.as_str());
        sql.literal(&name).push(", ").append(field.image());
    });
    sql.push(")");
    sql
}

/// The row of an image, as the first answer showed it.
///
/// # Errors
/// `DATABASE_ERROR` if it is no image.
pub fn row(collection: &Collection, image: &str) -> Result<Row> {
    let object = Object::parse(image.as_bytes()).map_err(Error::database)?;
    let stored = |field: &Field| match object.get(&field.column) {
        Some(raw) => stored(field, raw),
        None => Ok(Value::Null),
    };
    collection.columns().map(stored).collect()
}

/// The value of a column, of which SQLite has made JSON.
fn stored(field: &Field, raw: &RawValue) -> Result<Value> {
    let text = raw.get();
    if json::is_null(raw) {
        return Ok(Value::Null);
    }
    if field.is_json() {
        return Ok(text.into());
    }
    if text.starts_with('"') {
        let text: String = serde_json::from_str(text).map_err(Error::database)?;
        return Ok(text.into());
    }
    match text.parse() {
        Ok(number) => Ok(Value::Integer(number)),
        Err(_) => text.parse().map(Value::Real).map_err(Error::database),
    }
}
