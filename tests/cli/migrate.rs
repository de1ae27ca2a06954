//! `stead migrate ...`.

use std::{fs, path::Path};

use rusqlite::Connection;
use serde_json::Value;

use super::{Ended, stead};
use crate::support::process::{Stead, create_admin};

fn migrate(here: &Path, words: &[&str], code: i32, told: &[&str]) -> Ended {
    let words = [&["migrate"], words, &["--data-dir", "data"]].concat();
    stead(here, &words).expect(code, told)
}

fn status(here: &Path) -> Value {
    let ended = migrate(here, &["status", "--json"], 0, &[]);
    serde_json::from_str(&ended.stdout).unwrap()
}

/// Everything that the file is made of, but what refinery keeps of it.
fn schema(here: &Path) -> Vec<String> {
    let conn = Connection::open(here.join("data/stead.db")).unwrap();
    let sql = "SELECT type || name || coalesce(sql, '') FROM sqlite_schema
               WHERE name NOT IN ('_migrations', 'sqlite_sequence') ORDER BY 1";
    let mut query = conn.prepare(sql).unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn the_status_is_told_without_a_database_with_one_and_beside_a_server() {
    let here = tempfile::tempdir().unwrap();
    let new = status(here.path());
    assert_eq!(new["version"], 0);
    assert!(new["migrations"][0]["appliedAt"].is_null());
    assert!(!here.path().join("data").exists(), "nothing was made");
    create_admin(&here.path().join("data"));
    let alone = status(here.path());
    assert_eq!(alone["version"], alone["known"]);
    assert!(alone["migrations"][0]["appliedAt"].is_string());
    let _stead = Stead::start(&here.path().join("data"));
    assert_eq!(status(here.path()), alone);
    let told = migrate(here.path(), &["status"], 0, &[]).stdout;
    assert!(told.starts_with("0001  foundation"), "{told}");
}

#[test]
fn every_version_is_reached_downwards_and_the_way_up_leads_to_the_same() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    let whole = schema(here.path());
    let migrations = status(here.path())["migrations"].clone();
    let versions = migrations.as_array().unwrap().iter();
    let versions = versions.map(|migration| migration["version"].as_i64().unwrap());
    let targets: Vec<i64> = std::iter::once(0).chain(versions).collect();
    for target in targets.into_iter().rev().skip(1) {
        let to = target.to_string();
        let ended = migrate(here.path(), &["down", "--to", &to], 0, &[]);
        assert!(
            ended.stdout.contains("snapshots/before-migration-from-"),
            "{}",
            ended.stdout
        );
        assert_eq!(status(here.path())["version"], target);
        migrate(here.path(), &["up"], 0, &[]);
        assert_eq!(schema(here.path()), whole, "down to {target} and up again");
    }
    migrate(here.path(), &["down", "--to", "0"], 0, &[]);
    assert_eq!(schema(here.path()), Vec::<String>::new());
    Stead::start(&data);
    assert_eq!(schema(here.path()), whole, "a start migrates, too");
}

#[test]
fn the_copy_is_the_database_as_it_was() {
    let here = tempfile::tempdir().unwrap();
    create_admin(&here.path().join("data"));
    let ended = migrate(here.path(), &["down", "--to", "0"], 0, &[]);
    let line = ended.stdout.lines().next().unwrap();
    let copy = line.strip_prefix("Copied the database to ").unwrap();
    let copy = Connection::open(here.path().join(copy.trim_end_matches('.'))).unwrap();
    let users = copy.query_row("SELECT count(*) FROM users", [], |row| row.get(0));
    assert_eq!(users, Ok(1));
}

#[test]
fn beside_a_running_server_nothing_is_migrated() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    let stead = Stead::start(&data);
    for words in [&["up"][..], &["down", "--to", "0"]] {
        migrate(here.path(), words, 4, &["data is in use", "stop it first"]);
    }
    assert_eq!(
        stead
            .request("", "GET", "/health/ready", &Value::Null)
            .status,
        200
    );
    assert!(!data.join("snapshots").exists());
}

#[test]
fn what_cannot_be_is_told_and_leaves_the_file_alone() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    migrate(here.path(), &["down"], 2, &["--to"]);
    migrate(
        here.path(),
        &["down", "--to", "999"],
        1,
        &["name one from 0 to"],
    );
    let conn = Connection::open(data.join("stead.db")).unwrap();
    conn.execute_batch("INSERT INTO _collections VALUES ('notes', 1, '', '', 1)")
        .unwrap();
    migrate(
        here.path(),
        &["down", "--to", "0"],
        1,
        &["notes", "delete them first"],
    );
    let newer = "INSERT INTO _migrations VALUES (999, 'from_the_future', '', '0')";
    conn.execute_batch(newer).unwrap();
    migrate(
        here.path(),
        &["down", "--to", "1"],
        1,
        &["999", "from_the_future"],
    );
    let told = migrate(here.path(), &["status"], 0, &[]).stdout;
    assert!(told.contains("not known to this Stead"), "{told}");
    assert!(!fs::exists(data.join("snapshots")).unwrap());
}
