//! The first admin, by the link that Stead shows when it starts.

use std::time::Duration;

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::{PASSWORD, TestApp},
    race::at_once,
};

fn first_admin(token: &str) -> Json {
    json!({
        "token": token, "email": "ann@example.com", "password": PASSWORD, "displayName": "Ann",
    })
}

#[test]
fn the_setup_link_makes_the_first_admin() {
    let app = TestApp::start_empty();
    let body = first_admin(app.setup_token());
    let reply = app.guest().post("/api/auth/setup", &body);
    let made = reply.created();
    assert_eq!(reply.header("set-cookie"), None, "nobody is signed in yet");
    let me = app.admin().get("/api/auth/me").ok();
    assert_eq!(made["user"]["id"], me["id"]);
    assert_eq!(me["roles"], json!(["admin"]));
    assert_eq!(me["mustChangePassword"], false);
}

#[test]
fn a_wrong_token_makes_nobody_and_leaves_the_link_good() {
    let app = TestApp::start_empty();
    let guest = app.guest();
    let wrong = first_admin(&"0".repeat(64));
    guest
        .post("/api/auth/setup", &wrong)
        .error(Code::TokenInvalid);
    assert_eq!(app.count("SELECT count(*) FROM users"), 0);
    let right = first_admin(app.setup_token());
    guest.post("/api/auth/setup", &right).created();
}

#[test]
fn a_link_is_good_for_half_an_hour() {
    let app = TestApp::start_empty();
    let (guest, body) = (app.guest(), first_admin(app.setup_token()));
    app.clock().advance(Duration::from_secs(30 * 60));
    guest
        .post("/api/auth/setup", &body)
        .error(Code::TokenExpired);
    assert_eq!(app.count("SELECT count(*) FROM users"), 0);
}

#[test]
fn once_an_admin_exists_there_is_no_setup() {
    let app = TestApp::start_empty();
    let (guest, body) = (app.guest(), first_admin(app.setup_token()));
    guest.post("/api/auth/setup", &body).created();
    guest.post("/api/auth/setup", &body).error(Code::NotFound);
    let other = first_admin("another");
    guest.post("/api/auth/setup", &other).error(Code::NotFound);
    guest
        .post("/api/auth/setup", &json!({}))
        .error(Code::NotFound);
}

#[test]
fn a_link_that_is_used_twice_at_once_makes_one_admin() {
    let app = TestApp::start_empty();
    let replies = at_once(4, |i| {
        let mut body = first_admin(app.setup_token());
        body["email"] = format!("ann{i}@example.com").into();
        app.guest().post("/api/auth/setup", &body).status()
    });
    assert_eq!(replies.iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(replies.iter().filter(|status| **status == 404).count(), 3);
    assert_eq!(app.count("SELECT count(*) FROM users"), 1);
}

#[test]
fn a_bad_account_is_told_with_all_its_faults() {
    let app = TestApp::start_empty();
    let guest = app.guest();
    let mut body = first_admin(app.setup_token());
    (body["email"], body["password"]) = ("nobody".into(), "short".into());
    let reply = guest.post("/api/auth/setup", &body);
    reply.faults(Code::ValidationError, &["email", "password"]);
    let reply = guest.post("/api/auth/setup", &json!({}));
    let missing = ["displayName", "email", "password", "token"];
    reply.faults(Code::MissingField, &missing);
}

#[test]
fn another_page_cannot_set_up() {
    let app = TestApp::start_empty();
    let page = app.guest().with("Origin", "http://evil.example");
    let body = first_admin(app.setup_token());
    page.post("/api/auth/setup", &body).error(Code::Forbidden);
    assert_eq!(app.count("SELECT count(*) FROM users"), 0);
}
