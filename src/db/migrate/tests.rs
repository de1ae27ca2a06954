//! Stories about a file that is brought from version to version.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use refinery::{Migration, Runner};
use rusqlite::Connection;
use tempfile::TempDir;

use super::{OpenError, SNAPSHOTS, by, embedded, known, latest, version};

const FIRST: (&str, &str) = ("V1__first", "CREATE TABLE things (name TEXT) STRICT;");
const SECOND: (&str, &str) = ("V2__second", "ALTER TABLE things ADD COLUMN n INTEGER;");
const FAULTY: (&str, &str) = ("V3__third", "CREATE TABLE more (a TEXT) STRICT; no SQL;");

fn runner(migrations: &[(&str, &str)]) -> Runner {
    let migrations: Vec<Migration> = migrations
        .iter()
        .map(|(name, sql)| Migration::unapplied(name, sql).unwrap())
        .collect();
    Runner::new(&migrations)
}

/// A file that an earlier version has made, with something in it.
fn earlier(dir: &Path) -> Connection {
    let mut conn = Connection::open(dir.join("stead.db")).unwrap();
    by(&runner(&[FIRST]), &mut conn, dir).unwrap();
    conn.execute_batch("INSERT INTO things VALUES ('kept')")
        .unwrap();
    conn
}

fn snapshots(dir: &TempDir) -> Vec<String> {
    let Ok(entries) = fs::read_dir(dir.path().join(SNAPSHOTS)) else {
        return Vec::new();
    };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn names(conn: &Connection) -> Vec<String> {
    let mut query = conn.prepare("SELECT name FROM things").unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_new_file_is_migrated_without_a_copy() {
    let dir = tempfile::tempdir().unwrap();
    let conn = earlier(dir.path());
    assert_eq!(version(&conn).unwrap(), 1);
    assert!(snapshots(&dir).is_empty());
}

#[test]
fn a_file_with_data_is_copied_before_it_is_migrated() {
    let dir = tempfile::tempdir().unwrap();
    let mut conn = earlier(dir.path());
    by(&runner(&[FIRST, SECOND]), &mut conn, dir.path()).unwrap();
    assert_eq!(version(&conn).unwrap(), 2);
    conn.execute_batch("UPDATE things SET n = 1").unwrap();
    assert_eq!(snapshots(&dir), ["before-migration-from-1.db"]);
    let path = dir
        .path()
        .join(SNAPSHOTS)
        .join("before-migration-from-1.db");
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let copy = Connection::open(path).unwrap();
    assert_eq!(
        (version(&copy).unwrap(), names(&copy)),
        (1, vec!["kept".to_owned()])
    );
    assert!(
        copy.prepare("SELECT n FROM things").is_err(),
        "as it was before"
    );
}

#[test]
fn there_is_an_undo_script_for_the_last_migration() {
    assert_eq!(latest(&embedded::migrations::runner()), known());
}

#[test]
fn a_file_that_is_up_to_date_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut conn = earlier(dir.path());
    by(&runner(&[FIRST]), &mut conn, dir.path()).unwrap();
    assert!(snapshots(&dir).is_empty());
}

#[test]
fn a_migration_that_fails_leaves_the_file_as_it_was_and_no_copies_behind() {
    let dir = tempfile::tempdir().unwrap();
    let mut conn = earlier(dir.path());
    for _ in 0..2 {
        let failed = by(&runner(&[FIRST, SECOND, FAULTY]), &mut conn, dir.path());
        assert!(matches!(failed, Err(OpenError::Migration(_))), "{failed:?}");
        assert_eq!(
            version(&conn).unwrap(),
            1,
            "not even the good one before it"
        );
        assert!(conn.prepare("SELECT n FROM things").is_err());
        assert!(snapshots(&dir).is_empty());
    }
    by(&runner(&[FIRST, SECOND]), &mut conn, dir.path()).unwrap();
    assert_eq!(names(&conn), ["kept"]);
}

#[test]
fn a_copy_never_takes_the_place_of_another() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let mut conn = earlier(dir.path());
        by(&runner(&[FIRST, SECOND]), &mut conn, dir.path()).unwrap();
        drop(conn);
        fs::remove_file(dir.path().join("stead.db")).unwrap();
    }
    let both = ["before-migration-from-1.1.db", "before-migration-from-1.db"];
    assert_eq!(snapshots(&dir), both);
}

#[test]
fn a_file_of_a_newer_version_is_refused_untouched() {
    let dir = tempfile::tempdir().unwrap();
    let mut conn = earlier(dir.path());
    by(&runner(&[FIRST, SECOND]), &mut conn, dir.path()).unwrap();
    let refused = by(&runner(&[FIRST]), &mut conn, dir.path());
    let Err(OpenError::Newer { found: 2, known: 1 }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(version(&conn).unwrap(), 2);
}
