//! Stories about a file that is taken back.

use std::{fs, path::Path};

use refinery::{Migration as Step, Runner};
use rusqlite::Connection;

use super::{super::status, Migration, UndoError, down_by, version};

const UP: [(&str, &str); 3] = [
    (
        "V1__first",
        "CREATE TABLE things (name TEXT) STRICT; CREATE TABLE _collections (name TEXT);",
    ),
    ("V2__second", "ALTER TABLE things ADD COLUMN n INTEGER;"),
    ("V3__third", "CREATE TABLE parts (thing TEXT) STRICT;"),
];

fn undo_script(migration: &Migration) -> Option<&'static str> {
    let sql = match migration.version {
        1 => "DROP TABLE things; DROP TABLE _collections;",
        2 => "ALTER TABLE things DROP COLUMN n;",
        _ => "DROP TABLE parts;",
    };
    Some(sql)
}

/// A file that has seen so many of the migrations, with something in it.
fn file(dir: &Path, steps: usize) -> (Connection, Runner) {
    let steps = UP.iter().take(steps);
    let steps: Vec<Step> = steps
        .map(|(name, sql)| Step::unapplied(name, sql).unwrap())
        .collect();
    let runner = Runner::new(&steps);
    let mut conn = Connection::open(dir.join("stead.db")).unwrap();
    conn.pragma_update(None, "foreign_keys", true).unwrap();
    super::super::by(&runner, &mut conn, dir).unwrap();
    conn.execute_batch("INSERT INTO things (name) VALUES ('kept')")
        .unwrap();
    (conn, runner)
}

fn schema(conn: &Connection) -> Vec<String> {
    let sql = "SELECT name || coalesce(sql, '') FROM sqlite_schema ORDER BY name";
    let mut query = conn.prepare(sql).unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn go_down(
    conn: &mut Connection,
    runner: &Runner,
    dir: &Path,
    to: i64,
) -> Result<usize, UndoError> {
    let known = status::joined(runner, status::applied(conn).unwrap());
    let (undone, copy) = down_by(undo_script, &known, conn, dir, to)?;
    assert_eq!(copy.is_some_and(|copy| copy.exists()), !undone.is_empty());
    Ok(undone.len())
}

#[test]
fn down_leaves_what_the_version_had_and_what_people_put_in() {
    for target in 0..=3_usize {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (mut conn, runner) = file(dir.path(), 3);
        let to = i64::try_from(target).unwrap();
        let undone = go_down(&mut conn, &runner, dir.path(), to).unwrap();
        assert_eq!((undone, version(&conn).unwrap()), (3 - target, to));
        let expected = match target {
            0 => Vec::new(),
            steps => schema(&file(other.path(), steps).0),
        };
        assert_eq!(schema(&conn), expected);
        if target > 0 {
            let kept = conn.query_row("SELECT name FROM things", [], |row| row.get(0));
            assert_eq!(kept, Ok("kept".to_owned()));
        }
    }
}

#[test]
fn what_cannot_be_undone_leaves_the_file_as_it_was_and_no_copy() {
    let dir = tempfile::tempdir().unwrap();
    let (mut conn, runner) = file(dir.path(), 3);
    let before = schema(&conn);
    let known = status::joined(&runner, status::applied(&conn).unwrap());
    let faulty = |one: &Migration| match one.version {
        2 => Some("ALTER TABLE nothing DROP COLUMN n"),
        _ => undo_script(one),
    };
    let failed = down_by(faulty, &known, &mut conn, dir.path(), 1);
    assert!(matches!(failed, Err(UndoError::Script(name, _)) if name == "second"));
    assert_eq!((version(&conn).unwrap(), schema(&conn)), (3, before));
    assert_eq!(
        fs::read_dir(dir.path().join("snapshots")).unwrap().count(),
        0
    );
}

#[test]
fn a_row_that_points_at_what_would_go_is_in_the_way() {
    let dir = tempfile::tempdir().unwrap();
    let (mut conn, runner) = file(dir.path(), 3);
    conn.execute_batch(
        "DROP TABLE parts; CREATE TABLE parts (thing TEXT PRIMARY KEY) STRICT;
         INSERT INTO parts VALUES ('x');
         CREATE TABLE mine (part TEXT REFERENCES parts (thing)); INSERT INTO mine VALUES ('x');",
    )
    .unwrap();
    let refused = go_down(&mut conn, &runner, dir.path(), 2);
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(version(&conn).unwrap(), 3);
    let keys = conn.pragma_query_value(None, "foreign_keys", |row| row.get::<_, bool>(0));
    assert_eq!(keys, Ok(true), "they are on again");
}

#[test]
fn collections_of_people_keep_the_first_migration() {
    let dir = tempfile::tempdir().unwrap();
    let (mut conn, runner) = file(dir.path(), 1);
    conn.execute_batch("INSERT INTO _collections VALUES ('users'), ('orders')")
        .unwrap();
    let refused = go_down(&mut conn, &runner, dir.path(), 0);
    assert!(matches!(refused, Err(UndoError::InUse(name)) if name == "orders"));
}

#[test]
fn versions_that_the_file_has_not_seen_are_no_target() {
    let dir = tempfile::tempdir().unwrap();
    let (mut conn, runner) = file(dir.path(), 2);
    for target in [-1, 3] {
        let refused = go_down(&mut conn, &runner, dir.path(), target);
        assert!(matches!(refused, Err(UndoError::NotThere { found: 2 })));
    }
    // Seen by the file, not known to this program.
    let older = Runner::new(&[Step::unapplied(UP[0].0, UP[0].1).unwrap()]);
    let refused = go_down(&mut conn, &older, dir.path(), 1);
    assert!(matches!(refused, Err(UndoError::Unknown(one)) if one.version == 2));
}
