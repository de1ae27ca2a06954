//! `PUT`: a record is replaced as a whole.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

/// A note in which every field has a value.
fn note() -> (TestApp, Client, String) {
    let app = TestApp::start();
    app.collection(
        "notes",
        json!([
            { "name": "title", "type": "text", "required": true, "unique": true },
            { "name": "status", "type": "select", "options": ["draft", "done"], "default": "draft" },
            { "name": "score", "type": "integer", "required": true, "default": 7 },
            { "name": "body", "type": "text" },
            { "name": "meta", "type": "json" },
            { "name": "author_id", "type": "relation", "collection": "users" },
        ]),
    );
    let admin = app.admin();
    let me = admin.get("/api/auth/me").ok()["id"].clone();
    let note = json!({ "title": "Bread", "status": "done", "score": 1, "body": "Flour",
        "meta": { "a": 1 }, "authorId": me });
    let path = path_of("notes", &admin.post("/api/v1/notes", &note).created());
    (app, admin, path)
}

#[test]
fn what_is_not_sent_takes_its_default_else_null() {
    let (_app, admin, path) = note();
    let before = admin.get(&path).ok();
    let reply = admin.put(&path, &json!({ "title": "Rolls", "meta": { "b": 2 } }));
    let after = reply.ok();
    let expected = json!({ "id": before["id"], "title": "Rolls", "status": "draft", "score": 7,
        "body": null, "meta": { "b": 2 }, "authorId": null, "createdAt": before["createdAt"],
        "updatedAt": after["updatedAt"], "version": 2 });
    assert_eq!(after, expected);
    assert_eq!(admin.get(&path).ok(), expected);
    assert_eq!(reply.etag(), admin.get(&path).etag());
}

#[test]
fn its_event_has_what_was_there_and_what_is() {
    let (app, admin, path) = note();
    admin.put(&path, &json!({ "title": "Rolls" })).ok();
    let images = "SELECT before, after FROM _events WHERE type = 'note.updated'";
    let (before, after): (String, String) = app
        .sql()
        .query_row(images, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let [before, after] =
        [before, after].map(|image| serde_json::from_str::<Json>(&image).unwrap());
    assert_eq!(
        (&before["body"], &after["body"]),
        (&json!("Flour"), &Json::Null)
    );
    assert_eq!((&before["score"], &after["score"]), (&json!(1), &json!(7)));
}

#[test]
fn what_is_required_and_has_no_default_must_be_sent() {
    let (_app, admin, path) = note();
    admin
        .put(&path, &json!({}))
        .faults(Code::MissingField, &["title"]);
    let nothing = json!({ "title": null, "score": null });
    admin
        .put(&path, &nothing)
        .faults(Code::MissingField, &["score", "title"]);
    let both = json!({ "body": 1 });
    admin
        .put(&path, &both)
        .faults(Code::ValidationError, &["body", "title"]);
    assert_eq!(admin.get(&path).ok()["version"], 1);
}

#[test]
fn a_body_is_checked_as_that_of_a_new_record() {
    let (_app, admin, path) = note();
    let other = json!({ "title": "Rolls" });
    admin.post("/api/v1/notes", &other).created();
    admin
        .put(&path, &other)
        .faults(Code::AlreadyExists, &["title"]);
    let faulty = json!({ "title": "x", "score": { "$inc": 1 }, "id": "x", "createdAt": "x",
        "colour": 1 });
    let fields = ["colour", "createdAt", "id", "score"];
    admin
        .put(&path, &faulty)
        .faults(Code::ValidationError, &fields);
    let nobody = json!({ "title": "x", "authorId": "01HZXK5V8QWERTYASDFGHJKMNP" });
    admin
        .put(&path, &nobody)
        .faults(Code::ValidationError, &["authorId"]);
    assert_eq!(admin.get(&path).ok()["version"], 1);
}

#[test]
fn it_may_hang_on_the_version_as_a_patch_may() {
    let (_app, admin, path) = note();
    let body = json!({ "title": "Rolls" });
    let tag = admin.get(&path).etag();
    let careful = admin.with("If-Match", &tag);
    assert_eq!(careful.put(&path, &body).ok()["version"], 2);
    careful.put(&path, &body).error(Code::PreconditionFailed);
    let at = |version: i64| json!({ "title": "Rolls", "version": version });
    admin
        .put(&path, &at(1))
        .faults(Code::Conflict, &["version"]);
    assert_eq!(admin.put(&path, &at(2)).ok()["version"], 3);
    careful
        .put(&path, &at(3))
        .faults(Code::InvalidInput, &["version"]);
    assert_eq!(admin.put(&path, &body).ok()["version"], 4);
}

#[test]
fn only_a_record_that_is_there_is_replaced() {
    let (app, admin, path) = note();
    let body = json!({ "title": "Rolls" });
    app.guest().put(&path, &body).error(Code::Unauthorized);
    app.viewer()
        .put(&path, &body)
        .error(Code::InsufficientPermissions);
    app.editor().put(&path, &body).ok();
    for absent in [
        "/api/v1/notes/01HZXK5V8QWERTYASDFGHJKMNP",
        "/api/v1/notes/x",
    ] {
        admin.put(absent, &body).error(Code::NotFound);
    }
    admin.delete(&path).no_content();
    admin.put(&path, &body).error(Code::NotFound);
    assert_eq!(app.count("SELECT count(*) FROM notes"), 1);
}

/// Neither the address nor the password of an account can be sent here, so none can be whole.
#[test]
fn accounts_and_collections_are_not_replaced() {
    let (_app, admin, _) = note();
    let me = admin.get("/api/auth/me").ok();
    let account = path_of("users", &me);
    let reply = admin.put(&account, &json!({ "displayName": "Ann" }));
    reply.error(Code::MethodNotAllowed);
    assert!(!reply.header("allow").unwrap().contains("PUT"));
    admin
        .put("/api/system/collections/notes", &json!({}))
        .error(Code::MethodNotAllowed);
}
