//! A table that is written anew while the server is killed or the disk is full: it is as it was, or
//! as it is to be, and can be changed afterwards.

use std::{
    fs::{self, File},
    path::Path,
    thread,
};

use serde_json::{Value, json};

use super::{full_disk::SmallDisk, stage::Stage};
use crate::support::{http::Connection, process::eventually};

const DEFINITION: &str = "/api/system/collections/sheets";

/// Sheets of about a kilobyte each, written as a shell would.
fn fill(stage: &Stage, rows: i64) {
    let sheets = json!({ "name": "sheets", "history": true, "fields": [
        { "name": "a", "type": "integer", "unique": true },
        { "name": "b", "type": "text", "max": 2000 } ] });
    let path = "/api/system/collections";
    let made = stage.stead.request(&stage.token, "POST", path, &sheets);
    assert_eq!(made.status, 201, "{}", made.text());
    let conn = rusqlite::Connection::open(stage.dir.join("stead.db")).unwrap();
    let sql = "INSERT INTO sheets (id, a, b, created_at, updated_at)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        SELECT printf('01N%023d', i), i, printf('%0900d', i), '2026-01-15T10:30:00.000Z',
          '2026-01-15T10:30:00.000Z' FROM n";
    conn.execute(sql, [rows]).unwrap();
    conn.pragma_update(None, "wal_checkpoint", "TRUNCATE")
        .unwrap();
}

/// A change that writes every row anew, and renames a field by the way.
fn change() -> Value {
    json!({ "fields": [{ "name": "a", "type": "text" },
        { "name": "text", "renamedFrom": "b" }] })
}

/// Every row is there, and the file as its definitions say.
fn assert_whole(dir: &Path, rows: i64) {
    let conn = rusqlite::Connection::open(dir.join("stead.db")).unwrap();
    let sum = "SELECT sum(CAST(a AS INTEGER)) FROM sheets";
    let sum: i64 = conn.query_row(sum, [], |row| row.get(0)).unwrap();
    assert_eq!(sum, rows * (rows + 1) / 2);
    let check = stead::engine::check::definitions(&conn).unwrap();
    assert_eq!(check.faults, [""; 0]);
    let integrity = stead::db::check::integrity(&conn, false).unwrap();
    assert_eq!(integrity, [""; 0]);
}

fn assert_changes(stage: &Stage) {
    let changed = stage
        .stead
        .request(&stage.token, "PATCH", DEFINITION, &change());
    assert_eq!(changed.status, 200, "{}", changed.text());
    let first = format!("/api/v1/sheets/01N{:023}", 1);
    assert_eq!(stage.get(&first).json()["data"]["a"], "1");
}

#[test]
fn a_kill_while_a_table_is_written_anew_leaves_it_as_it_was() {
    let mut stage = Stage::new();
    fill(&stage, 30_000);
    let wal = stage.dir.join("stead.db-wal");
    let (address, token) = (stage.stead.address(), stage.token.clone());
    let request = thread::spawn(move || {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("Content-Type", "application/json"),
            ("Authorization", &*bearer),
        ];
        let mut connection = Connection::open(address).unwrap();
        let body = change().to_string();
        connection.send("PATCH", DEFINITION, &headers, body.as_bytes())
    });
    // Some megabytes are out of the cache by then, and many more are to come.
    eventually("the table is being written", || {
        fs::metadata(&wal).is_ok_and(|file| file.len() > 6 << 20)
    });
    stage.stead.kill();
    assert!(
        request.join().unwrap().is_err(),
        "nobody was told that it was done"
    );
    stage.start_again();
    assert_eq!(
        stage.get(DEFINITION).json()["data"]["fields"][0]["type"],
        "integer"
    );
    assert_whole(&stage.dir, 30_000);
    assert_changes(&stage);
    stage.stop_and_check();
    assert_whole(&stage.dir, 30_000);
}

#[test]
fn a_disk_that_is_full_while_a_table_is_written_anew_leaves_it_as_it_was() {
    let Some(disk) = SmallDisk::mount("a table that is written anew on a full disk") else {
        return;
    };
    let mut stage = Stage::on(disk.path());
    fill(&stage, 1_500);
    let ballast = disk.fill();
    let free = |bytes: u64| {
        let file = File::options().write(true).open(&ballast).unwrap();
        let length = file.metadata().unwrap().len();
        file.set_len(length.saturating_sub(bytes)).unwrap();
    };
    free(1 << 20);
    let refused = stage
        .stead
        .request(&stage.token, "PATCH", DEFINITION, &change());
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(
        stage.get(DEFINITION).json()["data"]["fields"][0]["type"],
        "integer"
    );
    assert_whole(&stage.dir, 1_500);
    fs::remove_file(&ballast).unwrap();
    assert_changes(&stage);
    stage.stop_and_check();
    assert_whole(&stage.dir, 1_500);
}
