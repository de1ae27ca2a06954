//! `stead admin ...`.

use std::{cell::RefCell, fs, path::Path};

use serde_json::{Value, json};

use super::{Call, stead};
use crate::support::{http::Response, process::Stead};

const PASSWORD: &str = "a long enough password";

fn create(here: &Path, email: &str, password: &str) -> Call {
    let words = [
        "admin",
        "create",
        email,
        "--password-stdin",
        "--data-dir",
        "data",
    ];
    stead(here, &words).stdin(&format!("{password}\n"))
}

#[test]
fn an_admin_is_made_before_the_first_start_and_may_do_everything() {
    let here = tempfile::tempdir().unwrap();
    let ended = create(here.path(), "ann@example.com", PASSWORD).expect(0, &[]);
    assert!(ended.stdout.contains("ann@example.com"), "{}", ended.stdout);
    assert!(!ended.stdout.contains(PASSWORD));
    let stead = Stead::start(&here.path().join("data"));
    let body = serde_json::json!({ "email": "ann@example.com", "password": PASSWORD,
        "delivery": "body" });
    let answer = stead.request("", "POST", "/api/auth/login", &body).json();
    let token = answer["data"]["accessToken"].as_str().unwrap();
    assert_eq!(answer["data"]["user"]["displayName"], "ann");
    let list = stead.request(token, "GET", "/api/system/collections", &().into());
    assert_eq!(list.status, 200);
}

#[test]
fn a_second_admin_is_welcome_but_not_with_the_same_address() {
    let here = tempfile::tempdir().unwrap();
    create(here.path(), "ann@example.com", PASSWORD).expect(0, &[]);
    create(here.path(), "bob@example.com", PASSWORD).expect(0, &[]);
    let again = create(here.path(), "Ann@Example.com", PASSWORD).expect(1, &["email"]);
    assert!(again.stdout.is_empty(), "{}", again.stdout);
    for internal in ["UNIQUE", "constraint", "Sqlite"] {
        assert!(!again.stderr.contains(internal), "{}", again.stderr);
    }
}

#[test]
fn every_fault_of_an_account_is_told_at_once() {
    let here = tempfile::tempdir().unwrap();
    let ended = create(here.path(), "nobody", "short").expect(1, &["email", "password", "8"]);
    assert!(!ended.stderr.contains("short\n"), "{}", ended.stderr);
    create(here.path(), "ann@example.com", "").expect(1, &["no password on stdin"]);
}

#[test]
fn the_password_is_asked_for_on_stdin_alone() {
    let here = tempfile::tempdir().unwrap();
    stead(here.path(), &["admin", "create", "ann@example.com"]).expect(2, &["--password-stdin"]);
    assert!(fs::read_dir(here.path()).unwrap().next().is_none());
}

/// The same stories beside a running server and without one: a command does not know which.
fn in_both_ways(story: impl Fn(&Path, &dyn Fn() -> Stead)) {
    for beside in [false, true] {
        let here = tempfile::tempdir().unwrap();
        let data = here.path().join("data");
        create(here.path(), "ann@example.com", PASSWORD).expect(0, &[]);
        let server = beside.then(|| Stead::start(&data));
        let server = RefCell::new(server);
        story(here.path(), &|| {
            server.take().unwrap_or_else(|| Stead::start(&data))
        });
    }
}

#[test]
fn a_name_cannot_write_to_the_terminal_of_who_lists_it() {
    let here = tempfile::tempdir().unwrap();
    create(here.path(), "ann@example.com", PASSWORD).expect(0, &[]);
    let sql = "UPDATE users SET display_name = 'O''Hara' || char(27) || '[2J'";
    let words = ["db", "shell", "--write", sql, "--data-dir", "data"];
    stead(here.path(), &words).expect(0, &[]);
    let words = ["admin", "list", "--data-dir", "data"];
    let list = stead(here.path(), &words).expect(0, &[]).stdout;
    assert!(list.contains("O'Hara\\u{1b}[2J\n"), "{list:?}");
}

fn sign_in(stead: &Stead, email: &str, password: &str) -> Response {
    let body = json!({ "email": email, "password": password, "delivery": "body" });
    stead.request("", "POST", "/api/auth/login", &body)
}

#[test]
fn beside_a_running_server_an_admin_is_made_and_the_setup_link_ends() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    let stead = Stead::start(&data);
    let link = fs::read_to_string(data.join("setup-link")).unwrap();
    let ended = create(here.path(), "ann@example.com", PASSWORD).expect(0, &[]);
    assert_eq!(ended.stdout, "Created the administrator ann@example.com.\n");
    assert_eq!(sign_in(&stead, "ann@example.com", PASSWORD).status, 200);
    assert!(!data.join("setup-link").exists());
    let token = link.trim().split_once("#setup=").unwrap().1;
    let body = json!({ "token": token, "email": "eve@example.com", "displayName": "Eve",
        "password": PASSWORD });
    assert_eq!(
        stead.request("", "POST", "/api/auth/setup", &body).status,
        404
    );
}

#[test]
fn what_is_refused_is_told_alike_beside_a_server_and_without_one() {
    let told = RefCell::new(Vec::new());
    in_both_ways(|here, _| {
        let taken = create(here, "Ann@Example.com", PASSWORD).expect(1, &["email", "taken"]);
        let short = create(here, "nobody", "short").expect(1, &["email", "password", "8"]);
        let words = ["admin", "disable", "ann@example.com", "--data-dir", "data"];
        let last = stead(here, &words).expect(1, &["At least one active admin must remain"]);
        let words = ["admin", "disable", "eve@example.com", "--data-dir", "data"];
        let unknown = stead(here, &words).expect(1, &["no account", "eve@example.com"]);
        let all = [taken, short, last, unknown].map(|ended| ended.stderr);
        told.borrow_mut().push(all);
    });
    let told = told.into_inner();
    assert_eq!(told[0], told[1]);
}

#[test]
fn the_list_names_every_admin_by_address() {
    in_both_ways(|here, _| {
        create(here, "bob@example.com", PASSWORD).expect(0, &[]);
        let words = ["admin", "disable", "ann@example.com", "--data-dir", "data"];
        stead(here, &words).expect(0, &[]);
        let words = ["admin", "list", "--data-dir", "data"];
        let list = stead(here, &words).expect(0, &[]).stdout;
        let lines = "ann@example.com  disabled  ann\nbob@example.com  active    bob\n";
        assert_eq!(list, lines);
        let words = ["admin", "list", "--json", "--data-dir", "data"];
        let list = stead(here, &words).expect(0, &[]).stdout;
        let list: Value = serde_json::from_str(&list).unwrap();
        assert_eq!(list[0]["status"], "disabled");
        assert_eq!(list[1]["email"], "bob@example.com");
        assert!(!list.to_string().contains("argon2"));
    });
}

#[test]
fn a_new_password_counts_at_once_and_ends_all_sessions() {
    in_both_ways(|here, server| {
        let early = here.join("data").join("stead.sock").exists().then(server);
        let session = early
            .as_ref()
            .map(|stead| sign_in(stead, "ann@example.com", PASSWORD));
        let words = [
            "admin",
            "password",
            "ann@example.com",
            "--password-stdin",
            "--data-dir",
            "data",
        ];
        stead(here, &words)
            .stdin("a new long password\n")
            .expect(0, &[]);
        let stead = early.unwrap_or_else(server);
        if let Some(session) = session {
            let token = session.json()["data"]["accessToken"]
                .as_str()
                .unwrap()
                .to_owned();
            assert_eq!(
                stead
                    .request(&token, "GET", "/api/auth/me", &Value::Null)
                    .status,
                401
            );
        }
        assert_eq!(sign_in(&stead, "ann@example.com", PASSWORD).status, 401);
        let session = sign_in(&stead, "ann@example.com", "a new long password");
        assert_eq!(session.json()["data"]["user"]["mustChangePassword"], false);
    });
}

#[test]
fn a_disabled_admin_is_out_at_once() {
    in_both_ways(|here, server| {
        create(here, "bob@example.com", PASSWORD).expect(0, &[]);
        let early = here.join("data").join("stead.sock").exists().then(server);
        let session = early
            .as_ref()
            .map(|stead| sign_in(stead, "bob@example.com", PASSWORD));
        let words = ["admin", "disable", "bob@example.com", "--data-dir", "data"];
        stead(here, &words).expect(0, &[]);
        stead(here, &words).expect(0, &[]);
        let stead = early.unwrap_or_else(server);
        if let Some(session) = session {
            let token = session.json()["data"]["accessToken"]
                .as_str()
                .unwrap()
                .to_owned();
            assert_eq!(
                stead
                    .request(&token, "GET", "/api/auth/me", &Value::Null)
                    .status,
                401
            );
        }
        assert_eq!(sign_in(&stead, "bob@example.com", PASSWORD).status, 403);
    });
}

#[test]
fn an_unlocked_admin_signs_in_at_once() {
    let here = tempfile::tempdir().unwrap();
    create(here.path(), "ann@example.com", PASSWORD).expect(0, &[]);
    let stead_ = Stead::start(&here.path().join("data"));
    let is_locked = |answer: Response| answer.status == 429;
    let mut tries = (0..30).map(|_| sign_in(&stead_, "ann@example.com", "guessed, but long"));
    assert!(tries.any(is_locked), "it was locked");
    let words = ["admin", "unlock", "ann@example.com", "--data-dir", "data"];
    stead(here.path(), &words).expect(0, &[]);
    assert_eq!(sign_in(&stead_, "ann@example.com", PASSWORD).status, 200);
}

#[test]
fn what_a_command_did_is_audited_as_the_operators() {
    in_both_ways(|here, _| {
        create(here, "bob@example.com", PASSWORD).expect(0, &[]);
        let words = ["admin", "disable", "bob@example.com", "--data-dir", "data"];
        stead(here, &words).expect(0, &[]);
        let words = [
            "admin",
            "password",
            "bob@example.com",
            "--password-stdin",
            "--data-dir",
            "data",
        ];
        stead(here, &words)
            .stdin("a new long password\n")
            .expect(0, &[]);
        let conn = rusqlite::Connection::open(here.join("data/stead.db")).unwrap();
        let sql = "SELECT action || ' ' || actor || ' ' || outcome FROM _audit_entries
                   WHERE target = (SELECT id FROM users WHERE email LIKE 'bob%') ORDER BY seq";
        let mut query = conn.prepare(sql).unwrap();
        let entries = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let entries: Vec<String> = entries.map(Result::unwrap).collect();
        let expected = [
            "admin.created operator success",
            "user.deactivated operator success",
            "password.set operator success",
        ];
        assert_eq!(entries, expected);
    });
}

#[test]
fn commands_that_come_at_once_wait_for_each_other() {
    let here = tempfile::tempdir().unwrap();
    let one = |name: &'static str| {
        let here = here.path().to_owned();
        std::thread::spawn(move || create(&here, name, PASSWORD).run().code)
    };
    let all = ["ann@example.com", "bob@example.com", "eve@example.com"].map(one);
    assert_eq!(all.map(|one| one.join().unwrap()), [Some(0); 3]);
}

#[test]
fn a_slip_of_the_pen_makes_no_instance() {
    let here = tempfile::tempdir().unwrap();
    for words in [
        &["admin", "list"][..],
        &["admin", "disable", "ann@example.com"],
        &["db", "check"],
        &["db", "shell"],
        &["migrate", "up"],
        &["migrate", "down", "--to", "0"],
    ] {
        let words = [words, &["--data-dir", "dta"]].concat();
        stead(here.path(), &words).expect(1, &["no database in dta", "--data-dir"]);
    }
    assert!(fs::read_dir(here.path()).unwrap().next().is_none());
}
