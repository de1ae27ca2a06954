//! `stead admin create`.

use super::{Call, stead};
use crate::support::process::Stead;

const PASSWORD: &str = "a long enough password";

fn create(here: &std::path::Path, email: &str, password: &str) -> Call {
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
    assert!(std::fs::read_dir(here.path()).unwrap().next().is_none());
}

#[test]
fn beside_a_running_server_it_is_refused_with_the_code_for_that() {
    let here = tempfile::tempdir().unwrap();
    let _stead = Stead::start(&here.path().join("data"));
    let words = ["data is in use", "stop it first"];
    create(here.path(), "ann@example.com", PASSWORD).expect(4, &words);
}
