//! `stead db shell` and `stead db check`.

use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use serde_json::{Value, json};

use super::{Call, stead};
use crate::{
    durability::skip,
    support::process::{Stead, create_admin, unconfigured},
};

fn shell(here: &Path, words: &[&str]) -> Call {
    stead(
        here,
        &[&["db", "shell", "--data-dir", "data"], words].concat(),
    )
}

fn check(here: &Path, code: i32) -> Value {
    let ended = stead(here, &["db", "check", "--json", "--data-dir", "data"]).expect(code, &[]);
    serde_json::from_str(&ended.stdout).unwrap()
}

/// A data directory `data` with an admin in it.
fn instance() -> (tempfile::TempDir, PathBuf) {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    (here, data)
}

#[test]
fn statements_from_a_pipe_go_over_lines_and_give_plain_rows() {
    let (here, _) = instance();
    let input =
        "SELECT 1, -- not the end;\n 'a;\nb',\n NULL;\nSELECT count(*) FROM users; SELECT 3";
    let ended = shell(here.path(), &[]).stdin(input).expect(0, &[]);
    assert_eq!(ended.stdout, "1|a;\nb|\n1\n3\n");
    let ended = shell(here.path(), &["--json", "SELECT 1 AS b, 'x' AS a"]).expect(0, &[]);
    assert_eq!(ended.stdout, "{\"b\":1,\"a\":\"x\"}\n");
}

#[test]
fn dot_commands_show_what_there_is_and_end_it() {
    let (here, _) = instance();
    let input = ".tables sess\n.schema _sessions\n.quit\nSELECT 'never';\n";
    let ended = shell(here.path(), &[]).stdin(input).expect(0, &[]);
    assert!(
        ended
            .stdout
            .starts_with("_sessions\nCREATE TABLE \"_sessions\"")
    );
    assert!(
        ended
            .stdout
            .contains("CREATE INDEX \"_sessions_user_id_idx\"")
    );
    assert!(!ended.stdout.contains("never"));
    let ended = shell(here.path(), &[])
        .stdin(".nonsense\nSELECT 1;")
        .expect(1, &[".nonsense", ".help"]);
    assert_eq!(ended.stdout, "");
}

#[test]
fn without_being_asked_to_it_changes_nothing() {
    let (here, data) = instance();
    for sql in [
        "DELETE FROM users",
        "PRAGMA query_only = OFF; DELETE FROM users",
        "CREATE TABLE mine (a)",
        "PRAGMA user_version = 7",
        "ATTACH 'other.db' AS other; CREATE TABLE other.mine (a)",
    ] {
        let ended = shell(here.path(), &[sql]).run();
        assert_eq!(ended.code, Some(1), "{sql}: {}", ended.stderr);
    }
    let conn = Connection::open(data.join("stead.db")).unwrap();
    let users = conn.query_row("SELECT count(*) FROM users", [], |row| row.get(0));
    assert_eq!(users, Ok(1));
    assert!(!here.path().join("other.db").exists());
}

#[test]
fn what_it_writes_beside_a_server_is_seen_by_the_server() {
    let (here, data) = instance();
    let server = Stead::start(&data);
    let sql = "UPDATE users SET display_name = 'Hand-made' RETURNING display_name;";
    let ended = shell(here.path(), &["--write"]).stdin(sql).expect(0, &[]);
    assert_eq!(ended.stdout, "Hand-made\n");
    let me = server.request(&server.sign_in(), "GET", "/api/auth/me", &Value::Null);
    assert_eq!(me.json()["data"]["displayName"], "Hand-made");
    let ended = shell(here.path(), &["SELECT version FROM users"]).expect(0, &[]);
    assert_eq!(ended.stdout, "2\n", "the trigger has seen to it");
}

#[test]
fn the_first_fault_of_a_pipe_ends_it_and_is_told_on_stderr() {
    let (here, data) = instance();
    let input =
        "INSERT INTO _tombstones VALUES ('a', 'b', '');\nSELECT nonsense;\nSELECT 'never';\n";
    let ended = shell(here.path(), &["--write"])
        .stdin(input)
        .expect(1, &["no such column"]);
    assert_eq!(ended.stdout, "");
    let orphan = "INSERT INTO _sign_in_prefixes VALUES ('nobody', '', '')";
    shell(here.path(), &["--write", orphan]).expect(1, &["FOREIGN KEY"]);
    let text = "SELECT \"a text in double quotes\"";
    shell(here.path(), &[text]).expect(1, &["no such column"]);
    let open = "BEGIN; DELETE FROM _tombstones;";
    shell(here.path(), &["--write"])
        .stdin(open)
        .expect(1, &["taken back"]);
    let conn = Connection::open(data.join("stead.db")).unwrap();
    let kept = conn.query_row("SELECT count(*) FROM _tombstones", [], |row| row.get(0));
    assert_eq!(kept, Ok(1));
}

#[test]
fn a_copy_can_be_made_without_writing_to_the_database() {
    let (here, data) = instance();
    let _server = Stead::start(&data);
    shell(here.path(), &["VACUUM INTO 'copy.db'"]).expect(0, &[]);
    let copy = Connection::open(here.path().join("copy.db")).unwrap();
    let users = copy.query_row("SELECT count(*) FROM users", [], |row| row.get(0));
    assert_eq!(users, Ok(1));
}

#[test]
fn on_a_terminal_it_asks_shows_tables_and_goes_on_after_a_fault() {
    let (here, _) = instance();
    if unconfigured("script").arg("--version").output().is_err() {
        return skip("a shell on a terminal", "no `script` to make a terminal");
    }
    let line = format!("{} db shell --data-dir data", env!("CARGO_BIN_EXE_stead"));
    let mut command = unconfigured("script");
    command.current_dir(here.path());
    command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    let input = "SELECT nonsense;\nSELECT 1 AS one,\n 'x' || char(27) AS two;\n.quit\n".to_owned();
    let ended = Call { command, input }.run();
    assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    for shown in ["reading only", "stead> ", "  ...> ", "no such column"] {
        assert!(ended.stdout.contains(shown), "{shown}: {}", ended.stdout);
    }
    let table = "one  two\r\n---  -------\r\n1    x\\u{1b}\r\n";
    assert!(ended.stdout.contains(table), "{}", ended.stdout);
}

#[test]
fn a_sound_database_passes_alone_and_beside_a_server_that_works() {
    let (here, data) = instance();
    let expected = |report: &Value| {
        assert_eq!(report["ok"], true, "{report}");
        let names = report["checks"].as_array().unwrap().iter();
        let names: Vec<&str> = names.map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["integrity", "relations", "definitions"]);
    };
    expected(&check(here.path(), 0));
    let server = Stead::start(&data);
    let fields = json!([{ "name": "title", "type": "text", "unique": true, "max": 5 },
        { "name": "user_id", "type": "relation", "collection": "users" }]);
    let notes = json!({ "name": "notes", "fields": fields });
    let made = server.request(&server.sign_in(), "POST", "/api/system/collections", &notes);
    assert_eq!(made.status, 201, "{}", made.text());
    let report = check(here.path(), 0);
    expected(&report);
    assert!(report["wal"]["bytes"].as_u64().unwrap() > 0);
    let words = ["db", "check", "--quick", "--data-dir", "data"];
    let told = stead(here.path(), &words).expect(0, &[]).stdout;
    assert!(
        told.contains("integrity     ok\nrelations     ok\ndefinitions   ok\nwal"),
        "{told}"
    );
}

#[test]
fn what_is_not_as_the_definitions_say_is_named() {
    let (here, data) = instance();
    let conn = Connection::open(data.join("stead.db")).unwrap();
    conn.execute_batch(
        "PRAGMA foreign_keys = OFF;
         DROP INDEX _sessions_user_id_idx; DROP TABLE _tombstones;
         ALTER TABLE _roles ADD COLUMN colour TEXT;
         INSERT INTO _user_roles VALUES ('nobody', 'admin', '');
         CREATE TABLE mine (a);",
    )
    .unwrap();
    let report = check(here.path(), 6);
    let faults = |i: usize| report["checks"][i]["faults"].to_string();
    assert_eq!(report["checks"][0]["ok"], true);
    assert!(
        faults(1).contains("_user_roles: user_id points at nothing in users"),
        "{report}"
    );
    for fault in [
        "index _sessions_user_id_idx is missing",
        "table _tombstones is missing",
        "table _roles: column colour TEXT is not in the definition",
    ] {
        assert!(faults(2).contains(fault), "{fault}: {report}");
    }
    assert_eq!(report["others"], json!(["table mine"]));
}

#[test]
fn damaged_pages_are_found_and_a_failed_sync_is_told() {
    let (here, data) = instance();
    fs::write(data.join("unclean"), "").unwrap();
    let report = check(here.path(), 6);
    assert_eq!(report["wal"]["isUnclean"], true);
    fs::remove_file(data.join("unclean")).unwrap();
    let conn = Connection::open(data.join("stead.db")).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'users_email_unique'";
    let page: u32 = conn.query_row(sql, [], |row| row.get(0)).unwrap();
    drop(conn);
    let mut file = fs::OpenOptions::new()
        .write(true)
        .open(data.join("stead.db"))
        .unwrap();
    file.seek(SeekFrom::Start(u64::from(page - 1) * 4096))
        .unwrap();
    file.write_all(&[0xAA; 4096]).unwrap();
    let report = check(here.path(), 6);
    assert_eq!(report["checks"][0]["ok"], false, "{report}");
    let words = ["db", "check", "--data-dir", "data"];
    stead(here.path(), &words).expect(6, &["not whole", "restore a backup"]);
}

#[test]
fn a_file_that_is_not_ours_is_left_alone() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    fs::create_dir(&data).unwrap();
    for content in ["no database at all, but a letter", ""] {
        fs::write(data.join("stead.db"), content).unwrap();
        for command in ["shell", "check"] {
            let words = ["db", command, "--data-dir", "data"];
            stead(here.path(), &words).expect(5, &["was not made by Stead"]);
        }
        assert_eq!(fs::read_to_string(data.join("stead.db")).unwrap(), content);
    }
}
