//! Files that Stead does not touch.

use rusqlite::Connection;

use super::shell;
use crate::support::process::{Stead, create_admin};

/// What the documentation of the exit codes says about a file that this version cannot use.
const EXIT_FOREIGN: i32 = 5;

fn dump(conn: &Connection) -> String {
    let query = "SELECT group_concat(name || coalesce(sql, ''), ';') FROM sqlite_schema";
    conn.query_row(query, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_told_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    create_admin(dir.path());
    shell(dir.path())
        .execute_batch(
            "INSERT INTO _migrations SELECT 999, 'later', applied_on, checksum FROM _migrations
             LIMIT 1;
             CREATE TABLE _from_the_future (a TEXT) STRICT;",
        )
        .unwrap();
    let before = dump(&shell(dir.path()));
    let (status, words) = Stead::launch(dir.path(), &[], &[]).exit();
    assert_eq!(status.code(), Some(EXIT_FOREIGN), "{words}");
    for word in ["999", "newer Stead", "snapshot"] {
        assert!(words.contains(word), "{words}");
    }
    assert_eq!(dump(&shell(dir.path())), before);
    assert!(
        !dir.path().join("snapshots").exists(),
        "nothing was migrated"
    );
}

#[test]
fn a_database_of_another_program_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("stead.db");
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('bread')")
        .unwrap();
    drop(conn);
    let before = std::fs::read(&path).unwrap();
    let (status, words) = Stead::launch(dir.path(), &[], &[]).exit();
    assert_eq!(status.code(), Some(EXIT_FOREIGN), "{words}");
    assert!(words.contains("not made by Stead"), "{words}");
    assert!(words.contains("--data-dir"), "{words}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
