//! Records as they were: their versions, what they were at an instant, and the way back.

mod changes;
mod definitions;
mod kept;
mod library;
mod lists;
mod model;
mod sight;
mod ways;

use std::time::Duration;

use serde_json::{Value as Json, json};
use stead::base::Code;

use library::{Library, Seen};

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const POSTS: &str = "/api/v1/posts";
const AUTHORS: &str = "/api/v1/authors";
const BOOKS: &str = "/api/v1/books";

/// Posts that keep their history, under these rules.
fn posts(rules: &Json) -> (TestApp, Client) {
    let app = TestApp::start();
    app.define(
        json!({ "name": "posts", "history": true, "rules": rules, "fields": [
        { "name": "title", "type": "text" },
        { "name": "views", "type": "integer" },
        { "name": "owner_id", "type": "relation", "collection": "users" },
        { "name": "is_public", "type": "boolean" },
        { "name": "secret", "type": "text" } ] }),
    );
    let admin = app.admin();
    (app, admin)
}

/// A post that was `one`, `two` and `three`, each a minute after the other. Returns its path.
fn three_titles(app: &TestApp, admin: &Client) -> String {
    let post = admin
        .post(POSTS, &json!({ "title": "one", "views": 1 }))
        .created();
    let path = path_of("posts", &post);
    for title in ["two", "three"] {
        app.clock().advance(Duration::from_secs(60));
        admin.patch(&path, &json!({ "title": title })).ok();
    }
    path
}

fn entries(client: &Client, path: &str) -> Vec<Json> {
    let list = client.get(&format!("{path}/history?pageSize=100")).ok();
    list["items"].as_array().unwrap().clone()
}

fn versions(client: &Client, path: &str) -> Vec<i64> {
    let entries = entries(client, path);
    entries
        .iter()
        .map(|entry| entry["version"].as_i64().unwrap())
        .collect()
}

fn revert(client: &Client, path: &str, version: i64) -> crate::support::client::Reply {
    client.post(&format!("{path}/revert"), &json!({ "version": version }))
}

#[test]
fn a_history_tells_who_changed_what_and_when() {
    let (app, admin) = posts(&json!({}));
    let post = admin
        .post(POSTS, &json!({ "title": "one", "views": 1 }))
        .created();
    let path = path_of("posts", &post);
    app.clock().advance(Duration::from_secs(60));
    let eve = app.editor();
    let id = eve.get("/api/auth/me").ok()["id"].clone();
    eve.with("X-Request-Id", "story")
        .patch(&path, &json!({ "title": "two" }))
        .ok();
    let list = admin.get(&format!("{path}/history")).ok();
    assert_eq!(list["pagination"]["totalItems"], 2);
    assert_eq!(
        list["items"][0],
        json!({ "version": 2, "at": "2026-01-15T10:31:00.000Z",
            "actor": { "kind": "user", "id": id }, "requestId": "story",
            "changes": { "title": ["one", "two"] } })
    );
    assert_eq!(
        list["items"][1]["changes"],
        json!({ "title": [null, "one"], "views": [null, 1] })
    );
}

#[test]
fn a_history_has_pages() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    let page = admin.get(&format!("{path}/history?pageSize=1&page=2")).ok();
    assert_eq!(
        page["items"][0]["changes"],
        json!({ "title": ["one", "two"] })
    );
    assert_eq!(page["pagination"]["totalPages"], 3);
    assert_eq!(
        admin.get(&format!("{path}/history?page=9")).ok()["items"],
        json!([])
    );
    admin
        .get(&format!("{path}/history?sort=at"))
        .faults(Code::InvalidInput, &["sort"]);
}

#[test]
fn a_record_is_read_as_it_was_at_an_instant() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    let title = |at: &str| admin.get(&format!("{path}?at={at}")).ok()["title"].clone();
    assert_eq!(title("2026-01-15T10:30:00Z"), "one");
    assert_eq!(title("2026-01-15T10:31:00.000Z"), "two");
    assert_eq!(title("2026-01-15T11:30:59%2B01:00"), "one");
    assert_eq!(title("2026-01-16"), "three", "a bare day is its beginning");
    admin
        .get(&format!("{path}?at=2026-01-15T10:29:59Z"))
        .error(Code::NotFound);
    admin
        .get(&format!("{path}?at=yesterday"))
        .faults(Code::InvalidInput, &["at"]);
    admin
        .get(&format!("{path}?at=2026-01-15"))
        .error(Code::NotFound);
    let then = admin.get(&format!("{path}?at=2026-01-15T10:30:59Z"));
    assert_eq!(then.ok()["version"], 1);
    assert!(then.etag().starts_with("\"1-"));
}

#[test]
fn a_record_is_reverted_like_a_put_of_that_version() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    let reverted = revert(&admin, &path, 1).ok();
    assert_eq!(
        (&reverted["title"], &reverted["version"]),
        (&json!("one"), &json!(4))
    );
    let newest = entries(&admin, &path).remove(0);
    assert_eq!(newest["changes"], json!({ "title": ["three", "one"] }));
    let old = admin.with("If-Match", "\"3\"");
    revert(&old, &path, 2).error(Code::PreconditionFailed);
    revert(&admin.with("If-Match", "\"4\""), &path, 2).ok();
    revert(&admin, &path, 9).error(Code::Unprocessable);
    let body = |body: Json| admin.post(&format!("{path}/revert"), &body);
    body(json!({})).faults(Code::MissingField, &["version"]);
    body(json!({ "version": "x" })).faults(Code::ValidationError, &["version"]);
    body(json!({ "version": 1, "title": "x" })).faults(Code::ValidationError, &["title"]);
}

#[test]
fn a_reversion_is_done_once_under_its_key() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    let keyed = admin.with("Idempotency-Key", "back");
    let first = revert(&keyed, &path, 1).ok();
    let again = revert(&keyed, &path, 1);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.ok(), first);
    assert_eq!(versions(&admin, &path), [4, 3, 2, 1]);
    revert(&keyed, &path, 2).error(Code::Unprocessable);
}

#[test]
fn a_collection_that_does_not_ask_for_it_keeps_no_history() {
    let app = TestApp::start();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let admin = app.admin();
    let path = path_of("notes", &admin.post("/api/v1/notes", &json!({})).created());
    for path in [format!("{path}/history"), format!("{path}?at=2026-01-15")] {
        let error = admin.get(&path).error(Code::NotFound);
        assert_eq!(error["message"], "The collection keeps no history");
    }
    revert(&admin, &path, 1).error(Code::NotFound);
    admin.patch(&path, &json!({ "title": "x" })).ok();
    assert_eq!(app.count("SELECT count(*) FROM _history"), 0);
    let definition = admin.get("/api/system/collections/notes").ok();
    assert_eq!(definition.get("history"), None);
}

#[test]
fn a_definition_says_that_history_is_kept() {
    let (_app, admin) = posts(&json!({}));
    assert_eq!(
        admin.get("/api/system/collections/posts").ok()["history"],
        true
    );
    let body =
        json!({ "name": "notes", "history": "yes", "fields": [{ "name": "a", "type": "text" }] });
    admin
        .post("/api/system/collections", &body)
        .faults(Code::ValidationError, &["history"]);
}
