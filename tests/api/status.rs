//! How the instance is, over the API.

use std::time::Duration;

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::app::{PASSWORD, TestApp};

const STATUS: &str = "/api/system/status";

#[test]
fn requests_are_told_by_the_minute() {
    let app = TestApp::start();
    let admin = app.admin();
    app.clock().advance(Duration::from_secs(120));
    admin.get("/api/v1/nowhere").error(Code::NotFound);
    admin.get("/api/v1/users").ok();
    app.clock().advance(Duration::from_secs(60));
    let requests = admin.get(STATUS).ok()["requests"].take();
    let minutes = requests["minutes"].as_array().unwrap();
    assert_eq!(minutes.len(), 4, "{minutes:?}");
    assert_eq!(minutes[1]["requests"], 0, "the second minute was still");
    assert_eq!(
        (&minutes[2]["requests"], &minutes[2]["clientErrors"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(minutes[2]["at"], "2026-01-15T10:32:00.000Z");
    assert!(minutes[2]["milliseconds"].as_f64().unwrap() > 0.0);
    let sum: u64 = minutes
        .iter()
        .filter_map(|one| one["requests"].as_u64())
        .sum();
    assert_eq!(requests["total"], sum);
    assert_eq!(requests["serverErrors"], 0);
}

/// How many records a collection has, as status tells.
fn records(status: &Json, collection: &str) -> Json {
    let records = status["records"].as_array().unwrap().iter();
    let mut found = records.filter(|one| one["collection"] == collection);
    found.next().unwrap()["records"].clone()
}

#[test]
fn live_records_and_sessions_are_counted() {
    let app = TestApp::start();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let admin = app.admin();
    let note = |title: &str| {
        admin
            .post("/api/v1/notes", &json!({ "title": title }))
            .created()
    };
    let first = note("Bread");
    note("Salt");
    assert_eq!(records(&admin.get(STATUS).ok(), "notes"), 2);
    let path = format!("/api/v1/notes/{}", first["id"].as_str().unwrap());
    admin.delete(&path).no_content();
    let status = admin.get(STATUS).ok();
    assert_eq!(records(&status, "notes"), 1);
    assert_eq!(records(&status, "users"), 1);
    let sessions = status["sessions"].as_u64().unwrap();
    app.guest().sign_in("ann@example.com", PASSWORD);
    assert_eq!(admin.get(STATUS).ok()["sessions"], sessions + 1);
}

#[test]
fn rules_do_not_hide_how_many_there_are() {
    let app = TestApp::start();
    app.define(
        json!({ "name": "notes", "rules": { "list": "false", "view": "false" },
        "fields": [{ "name": "title", "type": "text" }] }),
    );
    app.admin()
        .post("/api/v1/notes", &json!({ "title": "Bread" }))
        .created();
    let role = json!({ "name": "keeper", "permissions": ["system:status:read"] });
    app.admin().post("/api/system/roles", &role).created();
    let status = app.user("kim", &["keeper"]).get(STATUS).ok();
    assert_eq!(records(&status, "notes"), 1);
    app.user("eve", &["viewer"])
        .get(STATUS)
        .error(Code::InsufficientPermissions);
}

#[test]
fn room_and_warnings_are_told() {
    let app = TestApp::start();
    let status = app.admin().get(STATUS).ok();
    assert!(status["file"]["bytes"].as_u64().unwrap() > 0);
    assert!(status["file"]["walBytes"].is_u64() && status["file"]["freeBytes"].is_u64());
    let warnings = status["warnings"].as_array().unwrap().iter();
    let codes: Vec<&Json> = warnings.map(|warning| &warning["code"]).collect();
    assert!(codes.contains(&&json!("RATE_LIMIT_OFF")), "{codes:?}");
    assert!(!codes.contains(&&json!("PLAIN_HTTP")), "on loopback");
    assert_eq!(
        (&status["isDemo"], &status["url"]),
        (&json!(false), &Json::Null)
    );
}
