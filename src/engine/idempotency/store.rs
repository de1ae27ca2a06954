//! The table `_idempotency_keys`.

use rusqlite::{Connection, OptionalExtension, Row};

use super::{Kept, KeptRecord, Once, image};
use crate::{
    base::{Instant, Result},
    db::{Expect, Sql, Statement, Value},
    schema::Collection,
};

/// Tag of the expectation that a key is free.
pub const USED_KEY: &str = "used key";

/// How many rows that are past their time one request clears away, beside the one it adds.
pub const CLEARED_BY_REQUEST: i64 = 20;
/// How many of them one batch clears away for which nobody waits.
pub const CLEARED_BY_JOB: i64 = 500;

const INSERT: &str = "INSERT INTO _idempotency_keys (caller, key, route, body, status, permission, \
     created_at, collection, record_id, revision, image) SELECT ";

/// Finds what was done under a key.
pub fn find(
    once: &Once,
) -> impl FnOnce(&Connection) -> Result<Option<Kept>> + Send + 'static + use<> {
    let (caller, key, void) = (once.caller.clone(), once.key.clone(), once.void.to_string());
    move |conn| {
        let mut query = conn.prepare_cached(
            "SELECT route, body, status, permission, collection, revision, image, caller, key
             FROM _idempotency_keys WHERE caller = ? AND key = ? AND created_at > ?",
        )?;
        Ok(query.query_row([caller, key, void], read).optional()?)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let (collection, revision): (Option<String>, Option<i64>) = (row.get(4)?, row.get(5)?);
    let record = collection.zip(revision);
    Ok(Kept {
        route: row.get(0)?,
        body: row.get(1)?,
        status: row.get(2)?,
        permission: row.get(3)?,
        record: record.map(|(collection, revision)| KeptRecord {
            collection,
            revision,
        }),
        image: row.get(6)?,
        caller: row.get(7)?,
        key: row.get(8)?,
    })
}

/// Expects that nothing was done under the key.
pub fn is_free(once: &Once) -> Statement {
    let sql = "SELECT 1 FROM _idempotency_keys WHERE caller = ? AND key = ?";
    let args = vec![once.caller.as_str().into(), once.key.as_str().into()];
    Statement::new(sql, args).expecting(Expect::Absent, USED_KEY)
}

/// Clears away what was done under the key so long ago that it is void.
pub fn clear_own(once: &Once) -> Statement {
    let args = vec![
        once.caller.as_str().into(),
        once.key.as_str().into(),
        once.void.into(),
    ];
    Statement::new(
        "DELETE FROM _idempotency_keys WHERE caller = ? AND key = ? AND created_at <= ?",
        args,
    )
}

/// True if anything was done so long ago that it is void.
pub fn has_void(
    void: Instant,
) -> impl FnOnce(&Connection) -> Result<bool> + Send + 'static + use<> {
    move |conn| {
        let mut query =
            conn.prepare_cached("SELECT 1 FROM _idempotency_keys WHERE created_at <= ? LIMIT 1")?;
        Ok(query.exists([void.to_string()])?)
    }
}

/// Clears away some of all that is void, the oldest first.
pub fn clear(void: Instant, most: i64) -> Statement {
    Statement::new(
        "DELETE FROM _idempotency_keys WHERE _row IN
           (SELECT _row FROM _idempotency_keys WHERE created_at <= ?
            ORDER BY created_at, _row LIMIT ?)",
        vec![void.into(), most.into()],
    )
}

/// Keeps a record under the key, as it stands in its table.
pub fn keep_record(
    once: &Once,
    status: u16,
    permission: String,
    collection: &Collection,
    id: &str,
) -> Statement {
    let mut sql = insert(once, status, permission);
    sql.bind(collection.name.as_str()).push(", ");
    sql.bind(id).push(", ");
    sql.bind(collection.revision).push(", ");
    sql.append(image::of(collection))
        .push(" FROM ")
        .ident(&collection.name)
        .push(" WHERE id = ")
        .bind(id);
    Statement::from(sql).expecting(Expect::Changed(1), USED_KEY)
}

/// Keeps several records under the key, each as it stands in its table, behind what holds the
/// answer as a whole. A record's own row has the key, a space, which no key has, and its place.
pub fn keep_records(
    once: &Once,
    permission: &str,
    collection: &Collection,
    (first, ids): (usize, &[String]),
) -> Statement {
    let mut sql = Sql::new(INSERT);
    sql.bind(once.caller.as_str()).push(", ");
    sql.bind(format!("{} ", once.key));
    sql.push(" || (_place + ").bind(number(first));
    sql.push("), '', '', 200, ").bind(permission).push(", ");
    sql.bind(Value::CommitTime).push(", ");
    sql.bind(collection.name.as_str()).push(", _record, ");
    sql.bind(collection.revision).push(", ");
    sql.append(image::of(collection))
        .push(" FROM (SELECT key AS _place, value AS _record FROM json_each(")
        .bind(Value::list(ids))
        .push(")) CROSS JOIN ")
        .ident(&collection.name)
        .push(" ON id = _record");
    let all = u64::try_from(ids.len()).unwrap_or(u64::MAX);
    Statement::from(sql).expecting(Expect::Changed(all), USED_KEY)
}

/// Clears away the records that an answer held which is void.
pub fn clear_records(once: &Once) -> Statement {
    let (first, end) = range_of_records(&once.key);
    Statement::new(
        "DELETE FROM _idempotency_keys WHERE caller = ? AND key > ? AND key < ?",
        vec![once.caller.as_str().into(), first.into(), end.into()],
    )
}

/// Finds the records of an answer, each with its place.
pub fn find_records(
    caller: String,
    key: &str,
) -> impl FnOnce(&Connection) -> Result<Vec<(usize, Kept)>> + Send + 'static + use<> {
    let (first, end) = range_of_records(key);
    move |conn| {
        let mut query = conn.prepare_cached(
            "SELECT route, body, status, permission, collection, revision, image, caller, key
             FROM _idempotency_keys WHERE caller = ? AND key > ? AND key < ?",
        )?;
        let read = |row: &Row<'_>| {
            let kept = read(row)?;
            let place = kept
                .key
                .rsplit(' ')
                .next()
                .and_then(|place| place.parse().ok());
            Ok((place.unwrap_or(usize::MAX), kept))
        };
        let found: rusqlite::Result<_> = query.query_map([caller, first, end], read)?.collect();
        Ok(found?)
    }
}

/// The keys of the records of an answer lie between these: no letter of a key sorts before `!`.
fn range_of_records(key: &str) -> (String, String) {
    (format!("{key} "), format!("{key}!"))
}

fn number(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

/// Takes the records that are kept along when a collection gets another definition with the same
/// fields: stands behind the statements that store it.
pub fn follow(collection: &Collection) -> Statement {
    let sql = "UPDATE _idempotency_keys SET revision =
           (SELECT revision FROM _collections WHERE name = collection)
         WHERE collection = ? AND revision = ?";
    let args = vec![collection.name.as_str().into(), collection.revision.into()];
    Statement::new(sql, args)
}

/// Keeps a value under the key that is no record.
pub fn keep_value(
    once: &Once,
    status: u16,
    permission: &str,
    value: &serde_json::Value,
) -> Statement {
    let mut sql = insert(once, status, permission.to_owned());
    sql.push("NULL, NULL, NULL, ").bind(value.to_string());
    Statement::from(sql).expecting(Expect::Changed(1), USED_KEY)
}

/// Keeps under the key what an expression gives, with where it comes from.
pub fn keep_selected(once: &Once, status: u16, permission: &str, value: Sql) -> Statement {
    let mut sql = insert(once, status, permission.to_owned());
    sql.push("NULL, NULL, NULL, ").append(value);
    Statement::from(sql).expecting(Expect::Changed(1), USED_KEY)
}

/// Empties what was kept of records that are purged: that they were made is all that is left.
pub fn empty_images(collection: &Collection, ids: &[String]) -> Statement {
    let mut sql = Sql::new("UPDATE _idempotency_keys SET image = NULL WHERE record_id");
    sql.within(ids)
        .push(" AND collection = ")
        .bind(collection.name.as_str())
        .push(" AND image IS NOT NULL");
    sql.into()
}

fn insert(once: &Once, status: u16, permission: String) -> Sql {
    let mut sql = Sql::new(INSERT);
    for value in [&once.caller, &once.key, &once.route, &once.body] {
        sql.bind(value.as_str()).push(", ");
    }
    sql.bind(i64::from(status)).push(", ");
    sql.bind(permission).push(", ");
    sql.bind(Value::CommitTime).push(", ");
    sql
}
