//! The statements behind definitions.

use rusqlite::{Connection, params_from_iter, types::ValueRef};
use serde_json::Value as Json;

use super::plan::Sample;
use crate::{
    base::{Error, IssueCode, Result},
    db::{Expect, Sql, Statement, Value},
    schema::{
        Collection, Schema,
        plan::{Question, Weight},
    },
};

/// How many records are named that a change has to do with.
const SAMPLES: i64 = 5;

/// Tag of the expectation that every relation points at a record.
pub const KEYS: &str = "foreign keys";

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

/// Stores another definition of a collection, which is still known by the name that it `had`.
pub fn update(had: &str, collection: &Collection, definition: &Json) -> [Statement; 2] {
    let name = || Value::from(collection.name.as_str());
    [
        Statement::new(
            "INSERT INTO _revisions (collection, definition, created_at) VALUES (?, ?, ?)",
            vec![name(), definition.to_string().into(), Value::CommitTime],
        ),
        Statement::new(
            "UPDATE _collections SET revision = (SELECT max(revision) FROM _revisions),
               version = version + 1, updated_at = ? WHERE name = ?",
            vec![Value::CommitTime, had.into()],
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
    let mut drop = Sql::new("DROP TABLE ");
    drop.ident(&collection.name);
    let joins = collection.fields.iter().filter_map(|field| {
        let mut drop = Sql::new("DROP TABLE ");
        drop.ident(&field.join_table(&collection.name)?);
        Some(Statement::from(drop))
    });
    let mut all = forget(collection);
    all.extend(joins);
    all.push(drop.into());
    let texts = collection.text_indexes();
    all.extend(texts.iter().map(|index| index.drop_table().into()));
    all
}

/// The same without the tables themselves.
pub fn forget(collection: &Collection) -> Vec<Statement> {
    let name = || vec![Value::from(collection.name.as_str())];
    vec![
        Statement::new("DELETE FROM _collections WHERE name = ?", name())
            .expecting(Expect::Changed(1), SCHEMA),
        Statement::new("DELETE FROM _tombstones WHERE collection = ?", name()),
        Statement::new("DELETE FROM _history WHERE collection = ?", name()),
        // One that is still written finds out by itself.
        Statement::new(
            "DELETE FROM _imports WHERE collection = ? AND is_done = 1",
            name(),
        ),
        withdraw_permissions(collection),
    ]
}

/// Has all that names a collection name it as it is called from now on: what is known of its
/// records, their events, their imports, and the permissions on it. The table itself is renamed by DDL.
pub fn rename(old: &str, new: &str) -> Vec<Statement> {
    let names = || vec![Value::from(new), Value::from(old)];
    let (from, to) = (format!("{old}:"), format!("{new}:"));
    let permissions = vec![
        Value::CommitTime,
        from.as_str().into(),
        to.into(),
        from.as_str().into(),
        from.as_str().into(),
    ];
    vec![
        Statement::new(
            "UPDATE _collections SET name = ?, version = version + 1 WHERE name = ?",
            names(),
        )
        .expecting(Expect::Changed(1), SCHEMA),
        Statement::new(
            "UPDATE _tombstones SET collection = ? WHERE collection = ?",
            names(),
        ),
        Statement::new(
            "UPDATE _events SET collection = ? WHERE collection = ?",
            names(),
        ),
        Statement::new(
            "UPDATE _idempotency_keys SET collection = ? WHERE collection = ?",
            names(),
        ),
        Statement::new(
            "UPDATE _imports SET collection = ? WHERE collection = ?",
            names(),
        ),
        Statement::new(
            "UPDATE _roles SET updated_at = ?, version = version + 1, permissions =
               (SELECT json_group_array(value) FROM
                 (SELECT iif(instr(p.value, ?) = 1, ? || substr(p.value, length(?) + 1), p.value)
                    AS value
                  FROM json_each(_roles.permissions) p ORDER BY p.key))
             WHERE EXISTS
               (SELECT 1 FROM json_each(_roles.permissions) p WHERE instr(p.value, ?) = 1)",
            permissions,
        ),
    ]
}

/// Expects that every relation of a collection points at a record, those on lists as well.
pub fn keys_hold(collection: &Collection) -> Vec<Statement> {
    let fields = collection.fields.iter();
    let joins = fields.filter_map(|field| field.join_table(&collection.name));
    let tables = joins.chain([collection.name.clone()]);
    let holds = |table: String| {
        let sql = "SELECT 1 FROM pragma_foreign_key_check(?)";
        Statement::new(sql, vec![table.into()]).expecting(Expect::Absent, KEYS)
    };
    tables.map(holds).collect()
}

/// How many records a table holds, deleted ones included, and its last `_row`.
pub fn size(conn: &Connection, table: &str) -> Result<(u64, i64)> {
    let mut sql = Sql::new("SELECT count(*), coalesce((SELECT max(\"_row\") FROM ");
    sql.ident(table).push("), 0) FROM ").ident(table);
    let size = conn.query_row(sql.text(), [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get(1)?))
    });
    let (count, last) = size?;
    Ok((u64::try_from(count).unwrap_or_default(), last))
}

/// How many versions are kept of the records of a collection.
pub fn versions(conn: &Connection, collection: &str) -> Result<u64> {
    let sql = "SELECT count(*) FROM _history WHERE collection = ?";
    let count: i64 = conn.query_row(sql, [collection], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// What a question has found.
pub struct Found {
    /// How many records.
    pub count: u64,
    /// The first of them.
    pub samples: Vec<Sample>,
    /// The last event that there was then.
    pub seq: i64,
}

/// Looks for the records that a question asks for.
pub fn find(conn: &Connection, question: &Question) -> Result<Found> {
    let seq = conn.query_row("SELECT coalesce(max(seq), 0) FROM _events", [], |row| {
        row.get(0)
    })?;
    let mut found = Found {
        count: 0,
        samples: Vec::new(),
        seq,
    };
    if question.judge.is_none() {
        let (sql, sample) = (question.count(), question.sample(SAMPLES));
        let count: i64 =
            conn.query_row(sql.text(), params_from_iter(sql.args()), |row| row.get(0))?;
        found.count = u64::try_from(count).unwrap_or_default();
        each(conn, &sample, |id, value| {
            found.samples.push(shown(question, id, value));
        })?;
        return Ok(found);
    }
    each(conn, question.rows(), |id, value| {
        if question.refuses(value) {
            found.count += 1;
            if found.samples.len() < usize::try_from(SAMPLES).unwrap_or_default() {
                found.samples.push(shown(question, id, value));
            }
        }
    })?;
    Ok(found)
}

fn each(conn: &Connection, sql: &Sql, mut look: impl FnMut(&str, ValueRef<'_>)) -> Result<()> {
    let mut query = conn.prepare(sql.text())?;
    let mut rows = query.query(params_from_iter(sql.args()))?;
    while let Some(row) = rows.next()? {
        let id = row.get_ref(0)?.as_str().map_err(Error::database)?;
        look(id, row.get_ref(1)?);
    }
    Ok(())
}

fn shown(question: &Question, id: &str, value: ValueRef<'_>) -> Sample {
    Sample {
        id: id.to_owned(),
        value: question.show(value),
    }
}

/// Expects that there is still none of the records that a question asked for. Where SQL alone
/// cannot say so: that no record of the collection has changed since `seq`.
pub fn still_none(question: &Question, seq: i64) -> Option<Statement> {
    if question.judge.is_some() {
        let sql = "SELECT 1 FROM _events WHERE seq > ? AND collection = ?";
        let args = vec![seq.into(), question.collection.as_str().into()];
        return Some(Statement::new(sql, args).expecting(Expect::Absent, SCHEMA));
    }
    let is_enforced = question.weight == Weight::Obstacle && question.code != IssueCode::Restricted;
    // What the table itself refuses need not be looked for twice.
    (!is_enforced).then(|| Statement::from(question.sample(1)).expecting(Expect::Absent, SCHEMA))
}
