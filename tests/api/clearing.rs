//! What is past its time goes by itself, without anybody who asks for anything.

use std::time::Duration;

use serde_json::json;

use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, path_of},
};

const KEYS: &str = "SELECT count(*) FROM _idempotency_keys";
const SESSIONS: &str =
    "SELECT (SELECT count(*) FROM _sessions) + (SELECT count(*) FROM _refresh_tokens)";

/// Leaves more keys that are past their time than one batch clears away.
fn leave_old_keys(app: &TestApp) {
    app.change_by_sql(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
         INSERT INTO _idempotency_keys
           (caller, key, route, body, status, permission, image, created_at)
         SELECT 'operator', 'old ' || i, '', '', 201, '', '{}', '2026-01-13T10:30:00.000Z' FROM n",
    );
}

fn once(client: &Client, key: &str) -> Client {
    client.with("Idempotency-Key", key)
}

#[test]
fn keys_go_after_24_hours_however_many_they_are() {
    let app = TestApp::start();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let admin = app.admin();
    let first = once(&admin, "k")
        .post("/api/v1/notes", &json!({}))
        .created();
    leave_old_keys(&app);
    app.clock()
        .advance(Duration::from_hours(24) - Duration::from_millis(1));
    app.clear_away();
    assert_eq!(app.count(KEYS), 1);
    let again = once(&app.admin(), "k").post("/api/v1/notes", &json!({}));
    assert_eq!(again.created(), first);
    app.clock().advance(Duration::from_millis(1));
    app.clear_away();
    assert_eq!(app.count(KEYS), 0);
}

#[test]
fn sessions_go_when_their_time_is_over_however_many_they_are() {
    let app = TestApp::start();
    let admin = app.admin();
    let user = admin.get("/api/auth/me").ok();
    let user = user["id"].as_str().unwrap();
    app.change_by_sql(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)
         INSERT INTO _sessions
           (id, user_id, csrf_key, address, expires_at, created_at, updated_at, last_used_at)
         SELECT 'old ' || i, '{user}', 'x', '::1', '2026-01-15T10:30:00.000Z', '', '',
           '2026-01-15T10:30:00.000Z' FROM n;
         INSERT INTO _refresh_tokens (hash, session_id, generation, expires_at, created_at)
         SELECT 'hash of ' || id, id, 1, expires_at, '' FROM _sessions WHERE id LIKE 'old %'"
    ));
    app.clear_away();
    assert_eq!(app.count(SESSIONS), 2);
    admin.get("/api/auth/me").ok();
}

#[test]
fn a_sign_in_clears_away_some_of_the_sessions_that_are_past_their_time() {
    let app = TestApp::start();
    let eve = app.editor();
    let before = app.count(SESSIONS);
    app.clock().advance(Duration::from_hours(24 * 365));
    app.guest().sign_in("ann@example.com", PASSWORD);
    assert!(before > 2);
    assert_eq!(app.count(SESSIONS), 2);
    drop(eve);
}

#[test]
fn nothing_else_is_cleared_away_unless_it_is_asked_for() {
    let app = TestApp::start();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let admin = app.admin();
    let note = admin.post("/api/v1/notes", &json!({})).created();
    admin.delete(&path_of("notes", &note)).no_content();
    app.clock().advance(Duration::from_hours(24));
    let before = app.rows();
    app.clear_away();
    assert_eq!(app.rows(), before);
}
