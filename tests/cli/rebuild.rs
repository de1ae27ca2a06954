//! A table of many rows that is written anew by a server, and what memory that takes.
//!
//! `STEAD_REBUILD_ROWS` says how many rows (60,000 where nothing is said).

use std::fs;

use serde_json::json;

use crate::support::{
    process::{Stead, create_admin},
    setting,
};

/// Kibibytes that a rebuild may take beside what the server holds before it. For the smaller run
/// that is less than half of what its rows weigh, for 1,000,000 less than a tenth.
fn most(rows: u64) -> u64 {
    let mebibytes = if rows <= 60_000 { 24 } else { 64 };
    mebibytes * 1024
}

/// A line of `/proc/PID/status`, in kibibytes.
fn kibibytes(server: &Stead, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.unwrap().parse().unwrap()
}

/// Notes of about a kilobyte each, written as a shell would.
fn fill(data: &std::path::Path, rows: u64) {
    let conn = rusqlite::Connection::open(data.join("stead.db")).unwrap();
    let sql = "INSERT INTO notes (id, a, b, created_at, updated_at)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        SELECT printf('01N%023d', i), i, printf('%0900d', i), '2026-01-15T10:30:00.000Z',
          '2026-01-15T10:30:00.000Z' FROM n";
    conn.execute(sql, [i64::try_from(rows).unwrap()]).unwrap();
}

#[test]
fn many_rows_are_written_anew_in_little_memory() {
    let rows = setting("STEAD_REBUILD_ROWS", 60_000);
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    let server = Stead::start(&data);
    let token = server.sign_in();
    let notes = json!({ "name": "notes", "fields": [
        { "name": "a", "type": "integer", "unique": true },
        { "name": "b", "type": "text", "max": 2000 } ] });
    let path = "/api/system/collections";
    assert_eq!(server.request(&token, "POST", path, &notes).status, 201);
    fill(&data, rows);
    let change = json!({ "fields": [{ "name": "a", "type": "text" }] });
    let path = format!("{path}/notes");
    let plan = server.request(&token, "POST", &format!("{path}/plan"), &change);
    let plan = &plan.json()["data"];
    assert_eq!(plan["rows"], rows);
    assert!(plan["writesStandStillMs"].as_u64().unwrap() > rows / 1_000 * 12);
    // From here on the peak counts anew.
    fs::write(format!("/proc/{}/clear_refs", server.pid()), "5").unwrap();
    let before = kibibytes(&server, "VmRSS:");
    let answer = server.request(&token, "PATCH", &path, &change);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let took = kibibytes(&server, "VmHWM:").saturating_sub(before);
    assert!(took <= most(rows), "{took} KiB for {rows} rows");
    let last = format!("/api/v1/notes/01N{rows:023}");
    let record = server.request(&token, "GET", &last, &json!(null)).json();
    assert_eq!(record["data"]["a"], rows.to_string());
}
