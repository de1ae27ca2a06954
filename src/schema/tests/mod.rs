//! Stories about definitions, values and tables.

mod definitions;
mod json_schema;
mod plans;
mod random;
mod refusals;
mod tables;
mod values;

use rusqlite::{Connection, params_from_iter};
use serde_json::{Value as Json, json, value::RawValue};

use super::{Collection, Field, Schema};
use crate::{
    base::{Id, Issue},
    db::{Sql, Value},
};

pub const AT: &str = "2026-01-15T10:30:00.000Z";

pub fn raw(text: &str) -> Box<RawValue> {
    serde_json::from_str(text).unwrap()
}

pub fn parse(definition: &Json, schema: &Schema) -> Result<Collection, Vec<Issue>> {
    Collection::parse(&raw(&definition.to_string()), schema)
}

pub fn users() -> Collection {
    let definition = json!({
        "name": "users",
        "fields": [{ "name": "email", "type": "email", "required": true, "unique": true }],
    });
    parse(&definition, &Schema::default()).unwrap()
}

pub fn schema() -> Schema {
    Schema::new(vec![users()])
}

/// A collection `things` of these fields.
pub fn things(deletion: &str, fields: &Json) -> Collection {
    let definition = json!({ "name": "things", "deletion": deletion, "fields": fields });
    parse(&definition, &schema()).unwrap()
}

/// A collection `things` of one field `f`; `f_id` where it is a relation, `f_ids` where a list of them.
pub fn thing(mut field: Json) -> Collection {
    let name = match field["type"].as_str() {
        Some("relation") => "f_id",
        Some("relations") => "f_ids",
        _ => "f",
    };
    field["name"] = name.into();
    things("soft", &json!([field]))
}

pub fn only(collection: &Collection) -> &Field {
    &collection.fields[0]
}

/// A file in memory with the tables of these collections.
pub fn file(collections: &[&Collection]) -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.pragma_update(None, "foreign_keys", true).unwrap();
    for statement in collections.iter().flat_map(|collection| collection.ddl()) {
        assert!(statement.args().is_empty());
        conn.execute(statement.text(), []).unwrap();
    }
    conn
}

/// Inserts a record with these values of its fields; the others take their defaults.
pub fn insert(
    conn: &Connection,
    collection: &Collection,
    values: &[(&Field, Value)],
) -> rusqlite::Result<String> {
    let id = Id::generate().to_string();
    let mut sql = Sql::new("INSERT INTO ");
    sql.ident(&collection.name)
        .push(" (id, created_at, updated_at");
    for (field, _) in values {
        sql.push(", ").ident(&field.column);
    }
    sql.push(") VALUES (")
        .bind(id.as_str())
        .push(", ")
        .bind(AT)
        .push(", ")
        .bind(AT);
    for (_, value) in values {
        sql.push(", ");
        sql.bind(value.clone());
    }
    sql.push(")");
    conn.prepare(sql.text())?
        .execute(params_from_iter(sql.args()))?;
    Ok(id)
}

/// What the API shows of a field of the last record.
pub fn shown(conn: &Connection, collection: &Collection, field: &Field) -> String {
    let mut sql = Sql::new("SELECT ");
    sql.append(field.sql())
        .push(" FROM ")
        .ident(&collection.name);
    sql.push(" ORDER BY _row DESC LIMIT 1");
    let mut out = Vec::new();
    let written = conn.query_row(sql.text(), [], |row| {
        field.write(row.get_ref(0)?, &mut out);
        Ok(())
    });
    written.unwrap();
    String::from_utf8(out).unwrap()
}

/// The names of the issues by their places, in the order of the places.
pub fn faults(issues: &[Issue]) -> Vec<(&str, &str)> {
    let mut faults: Vec<_> = issues
        .iter()
        .map(|issue| (issue.field.as_str(), issue.code.name()))
        .collect();
    faults.sort_unstable();
    faults
}
