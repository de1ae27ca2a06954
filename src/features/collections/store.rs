//! The statements behind definitions.

use serde_json::Value as Json;

use crate::{
    db::{Expect, Sql, Statement, Value},
    schema::{Collection, Schema},
};

/// Tag of the expectation that the definitions are those that a change was checked against.
pub const SCHEMA: &str = "schema";

/// Expects that the definitions are still these.
pub fn schema_is(schema: &Schema) -> Statement {
    let mut known: Vec<String> = schema
        .iter()
        .map(|known| format!("{}:{}", known.name, known.revision))
        .collect();
    known.sort();
    Statement::new(
        "SELECT 1 WHERE (SELECT group_concat(entry, ',') FROM
           (SELECT name || ':' || revision AS entry FROM _collections ORDER BY entry)) = ?",
        vec![known.join(",").into()],
    )
    .expecting(Expect::Exists, SCHEMA)
}

/// Stores a definition under a revision that was never used.
pub fn insert(collection: &Collection, definition: &Json) -> [Statement; 2] {
    let name = || Value::from(collection.name.as_str());
    [
        Statement::new(
            "INSERT INTO _revisions (collection, definition, created_at) VALUES (?, ?, ?)",
            vec![name(), definition.to_string().into(), Value::CommitTime],
        ),
        Statement::new(
            "INSERT INTO _collections (name, revision, created_at, updated_at)
             SELECT ?, max(revision), ?, ? FROM _revisions",
            vec![name(), Value::CommitTime, Value::CommitTime],
        ),
    ]
}

/// Stores another definition of a collection.
pub fn update(collection: &Collection, definition: &Json) -> [Statement; 2] {
    let name = || Value::from(collection.name.as_str());
    [
        Statement::new(
            "INSERT INTO _revisions (collection, definition, created_at) VALUES (?, ?, ?)",
            vec![name(), definition.to_string().into(), Value::CommitTime],
        ),
        Statement::new(
            "UPDATE _collections SET revision = (SELECT max(revision) FROM _revisions),
               version = version + 1, updated_at = ? WHERE name = ?",
            vec![Value::CommitTime, name()],
        )
        .expecting(Expect::Changed(1), SCHEMA),
    ]
}

/// Takes the permissions on a collection from every role, so that nobody has rights to a new one of
/// its name.
fn withdraw_permissions(collection: &Collection) -> Statement {
    let of_it = || Value::from(format!("{}:", collection.name));
    Statement::new(
        "UPDATE _roles SET updated_at = ?, version = version + 1, permissions =
           (SELECT json_group_array(value) FROM
             (SELECT p.value FROM json_each(_roles.permissions) p
              WHERE instr(p.value, ?) <> 1 ORDER BY p.key))
         WHERE EXISTS (SELECT 1 FROM json_each(_roles.permissions) p WHERE instr(p.value, ?) = 1)",
        vec![Value::CommitTime, of_it(), of_it()],
    )
}

/// Removes a collection with its records. Its revisions stay, because events refer to them.
pub fn delete(collection: &Collection) -> Vec<Statement> {
    let name = || vec![Value::from(collection.name.as_str())];
    let mut drop = Sql::new("DROP TABLE ");
    drop.ident(&collection.name);
    let joins = collection.fields.iter().filter_map(|field| {
        let mut drop = Sql::new("DROP TABLE ");
        drop.ident(&field.join_table(&collection.name)?);
        Some(Statement::from(drop))
    });
    let mut statements = vec![
        Statement::new("DELETE FROM _collections WHERE name = ?", name())
            .expecting(Expect::Changed(1), SCHEMA),
        Statement::new("DELETE FROM _tombstones WHERE collection = ?", name()),
        withdraw_permissions(collection),
    ];
    statements.extend(joins);
    statements.push(drop.into());
    statements
}
