//! `stead serve --demo`.

use std::path::Path;

use serde_json::{Value, json};

use super::stead;
use crate::support::process::{Stead, create_admin, eventually, unconfigured};

fn demo(dir: &Path) -> Stead {
    let mut command = unconfigured(env!("CARGO_BIN_EXE_stead"));
    command
        .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(dir)
        .env("STEAD_LOG__FORMAT", "json");
    Stead::spawn(command).listening()
}

/// Address, password and role of each user, as they are shown.
fn shown(stead: &Stead) -> Vec<[String; 3]> {
    eventually("the users are shown", || stead.said().contains("viewer"));
    let said = stead.said();
    let users = said.lines().filter(|line| line.contains('@'));
    let words = users.map(|line| {
        line.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    words.map(|words| words.try_into().unwrap()).collect()
}

fn sign_in(stead: &Stead, [email, password, _]: &[String; 3]) -> String {
    let body = json!({ "email": email, "password": password, "delivery": "body" });
    let answer = stead.request("", "POST", "/api/auth/login", &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["data"]["accessToken"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn count(stead: &Stead, token: &str, path: &str) -> u64 {
    let list = stead.request(token, "GET", &format!("/api/v1/{path}"), &Value::Null);
    assert_eq!(list.status, 200, "{}", list.text());
    list.json()["data"]["pagination"]["totalItems"]
        .as_u64()
        .unwrap()
}

#[test]
fn a_demo_is_filled_shows_its_passwords_once_and_is_gone_on_with() {
    let dir = tempfile::tempdir().unwrap();
    let mut stead = demo(dir.path());
    let users = shown(&stead);
    let roles: Vec<&str> = users.iter().map(|[_, _, role]| role.as_str()).collect();
    assert_eq!(roles, ["admin", "editor", "viewer"]);
    for user in &users {
        sign_in(&stead, user);
    }
    let token = sign_in(&stead, &users[0]);
    for path in ["posts", "comments", "orders", "order-items"] {
        assert!(count(&stead, &token, path) > 0, "{path}");
    }
    assert_eq!(count(&stead, &token, "users"), 3);
    let (status, words) = stead.terminate();
    assert_eq!(status.code(), Some(0), "{words}");

    let mut again = demo(dir.path());
    assert_eq!(count(&again, &sign_in(&again, &users[0]), "users"), 3);
    let (_, words) = again.terminate();
    assert_eq!(words, "", "nothing is shown twice");
    let plain = Stead::start(dir.path());
    sign_in(&plain, &users[2]);
}

#[test]
fn guests_of_a_demo_see_what_is_published() {
    let dir = tempfile::tempdir().unwrap();
    let stead = demo(dir.path());
    let users = shown(&stead);
    let (admin, viewer) = (sign_in(&stead, &users[0]), sign_in(&stead, &users[2]));
    assert_eq!(count(&stead, "", "posts"), 3);
    for path in ["posts", "comments"] {
        assert!(
            count(&stead, "", path) < count(&stead, &admin, path),
            "{path}"
        );
        assert_eq!(
            count(&stead, &viewer, path),
            count(&stead, &admin, path),
            "{path}"
        );
    }
    let orders = stead.request("", "GET", "/api/v1/orders", &Value::Null);
    assert_eq!(orders.status, 401, "{}", orders.text());
}

#[test]
fn the_passwords_of_two_demos_differ_and_are_not_in_the_log() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (demo(one.path()), demo(two.path()));
    let (users, others) = (shown(&first), shown(&second));
    assert_ne!(users, others);
    first.signal("TERM");
    let log = format!("{:?}", first.rest_of_log());
    for [_, password, _] in &users {
        assert!(password.len() >= 16, "{password}");
        assert!(!log.contains(password), "{log}");
    }
}

#[test]
fn an_instance_that_holds_something_is_refused_and_left_as_it_is() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    let words = [
        "serve",
        "--demo",
        "--listen",
        "127.0.0.1:0",
        "--data-dir",
        "data",
    ];
    stead(here.path(), &words).expect(1, &["empty data directory", "--data-dir"]);
    let stead = Stead::start(&data);
    assert_eq!(count(&stead, &stead.sign_in(), "users"), 1);
}

#[test]
fn a_demo_listens_on_loopback_only() {
    let here = tempfile::tempdir().unwrap();
    let words = [
        "serve",
        "--demo",
        "--listen",
        "0.0.0.0:0",
        "--data-dir",
        "data",
    ];
    stead(here.path(), &words).expect(1, &["loopback"]);
    assert!(!here.path().join("data").exists());
}
