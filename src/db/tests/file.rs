//! The file itself: its pragmas, its WAL, and what is refused.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::mpsc::channel};

use rusqlite::{Connection, ffi};

use super::{Batch, Stage, Statement, story};
use crate::db::{DATABASE, OpenError, open};

/// The WAL may be this long after any load, in bytes.
const LONGEST_WAL: u64 = 9 * 1024 * 1024;

fn pragma(conn: &Connection, name: &str) -> String {
    conn.pragma_query_value(None, name, |row| {
        let value = row.get_ref(0)?;
        Ok(match value {
            rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            other => other.as_i64().map(|n| n.to_string()).unwrap_or_default(),
        })
    })
    .unwrap()
}

#[test]
fn both_kinds_of_connections_have_the_documented_pragmas_also_when_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(DATABASE);
    let both = [
        ("page_size", "4096"),
        ("auto_vacuum", "2"),
        ("application_id", "1398031684"),
        ("journal_mode", "wal"),
        ("foreign_keys", "1"),
        ("temp_store", "1"),
        ("busy_timeout", "5000"),
    ];
    for _ in 0..2 {
        let writer = open::writer(&path).unwrap();
        writer
            .execute_batch("CREATE TABLE IF NOT EXISTS t (a TEXT) STRICT")
            .unwrap();
        let reader = open::reader(&path).unwrap();
        for (name, value) in both {
            assert_eq!(pragma(&writer, name), value, "{name} of the writer");
            assert_eq!(pragma(&reader, name), value, "{name} of a reader");
        }
        let its = [
            "synchronous",
            "wal_autocheckpoint",
            "cache_size",
            "query_only",
        ];
        assert_eq!(
            its.map(|name| pragma(&writer, name)),
            ["2", "0", "-4096", "0"]
        );
        assert_eq!(pragma(&reader, "cache_size"), "-2048");
        assert_eq!(pragma(&reader, "query_only"), "1");
    }
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_name_that_does_not_exist_is_an_error_and_no_text() {
    let dir = tempfile::tempdir().unwrap();
    let writer = open::writer(&dir.path().join(DATABASE)).unwrap();
    assert!(writer.prepare("SELECT \"nothing\"").is_err());
}

#[test]
fn the_sqlite_that_is_built_in_has_no_known_fault_of_the_wal() {
    // Earlier ones can corrupt a WAL that two connections reset.
    assert!(
        rusqlite::version_number() >= 3_051_003,
        "{}",
        rusqlite::version()
    );
}

#[test]
fn what_is_no_file_of_ours_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let (foreign, text) = (dir.path().join("foreign.db"), dir.path().join("text.db"));
    let conn = Connection::open(&foreign).unwrap();
    conn.execute_batch("CREATE TABLE t (a)").unwrap();
    drop(conn);
    fs::write(&text, "no database, but a letter to somebody. ".repeat(100)).unwrap();
    for path in [foreign, text] {
        let before = fs::read(&path).unwrap();
        let refused = open::writer(&path);
        assert!(matches!(refused, Err(OpenError::Foreign(_))), "{refused:?}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

/// A checkpoint whose sync failed, at a start, must not be made up for by closing the file: the
/// kernel holds the pages as clean by then, a second sync succeeds, and SQLite takes the WAL away,
/// the only place where the changes are whole.
#[test]
fn closing_the_file_leaves_the_wal_to_a_checkpoint_of_our_own() {
    let dir = tempfile::tempdir().unwrap();
    let writer = open::writer(&dir.path().join(DATABASE)).unwrap();
    writer.execute_batch("CREATE TABLE t (a TEXT)").unwrap();
    let before = wal_bytes(dir.path());
    assert!(before > 0);
    drop(writer);
    assert_eq!(wal_bytes(dir.path()), before);
}

#[test]
fn a_start_on_a_full_disk_says_so() {
    for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_SHMSIZE] {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        let words = OpenError::Sqlite(error).to_string();
        assert!(words.contains("the disk is full"), "{words}");
    }
}

/// Writes `n` things of 4 kB each, in groups, with rows that nobody looks at.
async fn load(stage: &Stage, round: usize, n: usize) {
    let text = "INSERT INTO things (name) SELECT ? || printf('%4000d', value) AS name
        FROM json_each('[1,2]') RETURNING name";
    let mut waiting = Vec::new();
    for i in 0..n / 2 {
        let name = format!("{round}-{i}");
        let batch = Batch::new().with(Statement::new(text, vec![name.into()]));
        waiting.push(stage.queue(batch).await);
    }
    for one in waiting {
        one.await.unwrap();
    }
}

fn wal_bytes(dir: &Path) -> u64 {
    fs::metadata(dir.join("stead.db-wal")).map_or(0, |wal| wal.len())
}

#[test]
fn the_wal_does_not_grow_without_end_under_load() {
    story(async {
        let stage = Stage::new().await;
        for round in 0..8 {
            load(&stage, round, 1_000).await;
            let bytes = wal_bytes(stage.dir.path());
            assert!(bytes < LONGEST_WAL, "{bytes} bytes after round {round}");
        }
    });
}

#[test]
fn the_wal_shrinks_again_after_a_reader_has_held_it_up() {
    story(async {
        let stage = Stage::new().await;
        let (there, is_there) = channel();
        let (end, ends) = channel::<()>();
        let db = stage.db.clone();
        let reading = actix_web::rt::spawn(async move {
            db.read(move |conn| {
                super::names(conn)?;
                there.send(()).unwrap();
                let _ = ends.recv();
                Ok(())
            })
            .await
        });
        actix_web::web::block(move || is_there.recv().unwrap())
            .await
            .unwrap();
        for round in 0..4 {
            load(&stage, round, 1_000).await;
        }
        assert!(wal_bytes(stage.dir.path()) > LONGEST_WAL, "it was held up");
        end.send(()).unwrap();
        reading.await.unwrap().unwrap();
        for round in 4..7 {
            load(&stage, round, 1_000).await;
        }
        let bytes = wal_bytes(stage.dir.path());
        assert!(bytes < LONGEST_WAL, "{bytes} bytes");
    });
}
