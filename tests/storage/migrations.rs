//! What the migrations make.

use rusqlite::Connection;

use super::{migrated, schema, shell, texts};
use crate::support::app::TestApp;

/// Tables whose rows are only added, or marked once by the statement that also knows when: they
/// have no `updated_at`.
const WITHOUT_STAMPS: &[&str] = &[
    "_audit_entries",
    "_events",
    // A version of a record never changes.
    "_history",
    "_idempotency_keys",
    "_import_records",
    "_imports",
    "_instances",
    "_refresh_tokens",
    "_revisions",
    "_sign_in_prefixes",
    "_tombstones",
    "_user_roles",
];

fn tables(conn: &Connection) -> Vec<String> {
    texts(
        conn,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
         AND name <> '_migrations' ORDER BY name",
    )
}

fn columns(conn: &Connection, table: &str) -> Vec<String> {
    texts(
        conn,
        &format!("SELECT name FROM pragma_table_info('{table}')"),
    )
}

#[test]
fn a_started_stead_has_the_schema_of_the_migrations() {
    let mut app = TestApp::start();
    app.stop();
    assert_eq!(schema(&app.sql()), schema(&migrated()));
}

#[test]
fn every_table_is_strict_and_system_tables_begin_with_an_underscore() {
    let conn = migrated();
    for table in tables(&conn) {
        let strict = format!("SELECT strict FROM pragma_table_list('{table}')");
        let is_strict: bool = conn.query_row(&strict, [], |row| row.get(0)).unwrap();
        assert!(is_strict, "{table}");
        assert!(table == "users" || table.starts_with('_'), "{table}");
    }
}

#[test]
fn every_table_that_changes_keeps_version_and_time_for_foreign_shells() {
    let conn = migrated();
    let stamped = |table: &&String| columns(&conn, table).contains(&"updated_at".to_owned());
    let all = tables(&conn);
    let without: Vec<&String> = all.iter().filter(|table| !stamped(table)).collect();
    assert_eq!(without, WITHOUT_STAMPS);
    for table in all.iter().filter(stamped) {
        let trigger = format!("{table}_set_updated_at");
        let found = format!(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '{table}'"
        );
        assert_eq!(texts(&conn, &found), [trigger]);
        assert!(
            columns(&conn, table).contains(&"version".to_owned()),
            "{table}"
        );
    }
}

#[test]
fn the_triggers_do_what_they_are_for() {
    let app = TestApp::start();
    app.collection(
        "notes",
        serde_json::json!([{ "name": "title", "type": "text" }]),
    );
    let note = serde_json::json!({ "title": "x" });
    app.admin().post("/api/v1/notes", &note).created();
    let dir = app.database();
    let conn = shell(dir.parent().unwrap());
    for (table, column) in [
        ("users", "display_name"),
        ("_collections", "name"),
        ("_roles", "permissions"),
        ("_sessions", "address"),
        ("notes", "title"),
    ] {
        let read = format!("SELECT group_concat(version), min(updated_at) FROM {table}");
        let stamps = || -> (String, String) {
            conn.query_row(&read, [], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap()
        };
        // In a transaction that is not kept: the twin knows nothing of a shell.
        conn.execute_batch("BEGIN").unwrap();
        let (versions, at) = stamps();
        conn.execute_batch(&format!("UPDATE {table} SET {column} = {column}"))
            .unwrap();
        let raised: Vec<String> = versions
            .split(',')
            .map(|version| (version.parse::<i64>().unwrap() + 1).to_string())
            .collect();
        let (found, later) = stamps();
        assert_eq!(found, raised.join(","), "{table}");
        assert!(later > at, "{table}: {later} is not after {at}");
        conn.execute_batch("ROLLBACK").unwrap();
    }
}

#[test]
fn each_foreign_key_can_be_looked_up_by_an_index() {
    let conn = migrated();
    for table in tables(&conn) {
        let keys = format!("SELECT \"from\" FROM pragma_foreign_key_list('{table}')");
        for column in texts(&conn, &keys) {
            let indexes = format!(
                "SELECT l.name FROM pragma_index_list('{table}') l, pragma_index_info(l.name) i
                 WHERE i.seqno = 0 AND i.name = '{column}' AND l.partial = 0"
            );
            let is_small = (&*table, &*column) == ("_collections", "revision");
            assert!(
                is_small || !texts(&conn, &indexes).is_empty(),
                "{table}.{column}"
            );
        }
    }
}
