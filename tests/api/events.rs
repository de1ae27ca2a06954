//! Events: each change has one, in its own transaction.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

#[derive(Debug, PartialEq)]
struct Event {
    kind: String,
    collection: String,
    record: String,
    actor: String,
    request: Option<String>,
    at: String,
    revision: i64,
    after: Json,
    before: Json,
}

/// The events of a collection, in the order of `seq`.
fn events(app: &TestApp, collection: &str) -> Vec<Event> {
    let conn = app.sql();
    let sql = "SELECT type, collection, record_id, actor, request_id, at, revision, after, before
               FROM _events WHERE collection = ? ORDER BY seq";
    let mut query = conn.prepare(sql).unwrap();
    let image =
        |text: Option<String>| text.map_or(Json::Null, |text| serde_json::from_str(&text).unwrap());
    let rows = query.query_map([collection], |row| {
        Ok(Event {
            kind: row.get(0)?,
            collection: row.get(1)?,
            record: row.get(2)?,
            actor: row.get(3)?,
            request: row.get(4)?,
            at: row.get(5)?,
            revision: row.get(6)?,
            after: image(row.get(7)?),
            before: image(row.get(8)?),
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn notes() -> (TestApp, Client) {
    let app = TestApp::start();
    app.collection(
        "notes",
        json!([
            { "name": "first_line", "type": "text", "unique": true },
            { "name": "score", "type": "integer", "max": 10 },
            { "name": "cost", "type": "decimal" },
            { "name": "done", "type": "boolean" },
            { "name": "meta", "type": "json" },
        ]),
    );
    let admin = app.admin();
    (app, admin)
}

#[test]
fn a_creation_tells_the_columns_as_they_are_stored() {
    let (app, admin) = notes();
    let body = json!({ "firstLine": "é", "score": 9, "cost": "9.90", "done": true, "meta": { "a": [1.5] } });
    let made = admin
        .with("X-Request-Id", "story-1")
        .post("/api/v1/notes", &body)
        .created();
    let me = admin.get("/api/auth/me").ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let now = app.clock().now().to_string();
    let after = json!({
        "id": made["id"], "first_line": "é", "score": 9, "cost": 990, "done": 1,
        "meta": { "a": [1.5] }, "created_at": now, "updated_at": now, "version": 1,
    });
    let expected = Event {
        kind: "note.created".into(),
        collection: "notes".into(),
        record: made["id"].as_str().unwrap().into(),
        actor: format!("user:{me}"),
        request: Some("story-1".into()),
        at: now.clone(),
        revision: 2,
        after,
        before: Json::Null,
    };
    assert_eq!(events(&app, "notes"), [expected]);
}

#[test]
fn an_update_tells_what_it_changed_and_the_whole_after_it() {
    let (app, admin) = notes();
    let made = admin
        .post("/api/v1/notes", &json!({ "firstLine": "a", "score": 1 }))
        .created();
    app.clock().advance(std::time::Duration::from_secs(1));
    let patch = json!({ "score": { "$inc": 4 }, "meta": { "b": 2 } });
    admin.patch(&path_of("notes", &made), &patch).ok();
    let event = events(&app, "notes").pop().unwrap();
    assert_eq!(event.kind, "note.updated");
    let before = json!({ "score": 1, "meta": null, "updated_at": made["updatedAt"], "version": 1 });
    assert_eq!(event.before, before);
    assert_eq!(event.at, "2026-01-15T10:30:01.000Z");
    let after = json!({
        "id": made["id"], "first_line": "a", "score": 5, "cost": null, "done": null,
        "meta": { "b": 2 }, "created_at": made["createdAt"], "updated_at": event.at, "version": 2,
    });
    assert_eq!(event.after, after);
}

#[test]
fn a_deletion_tells_what_is_gone() {
    let (app, admin) = notes();
    app.define(json!({ "name": "logs", "deletion": "hard", "fields": [{ "name": "line", "type": "text" }] }));
    for (path, collection, kind) in [
        ("notes", "notes", "note.deleted"),
        ("logs", "logs", "log.deleted"),
    ] {
        let made = admin.post(&format!("/api/v1/{path}"), &json!({})).created();
        admin.delete(&path_of(path, &made)).no_content();
        let event = events(&app, collection).pop().unwrap();
        assert_eq!((&*event.kind, &event.after), (kind, &Json::Null));
        assert_eq!(
            (&event.before["id"], &event.before["version"]),
            (&made["id"], &json!(1))
        );
    }
}

#[test]
fn events_are_numbered_without_gaps_in_the_order_of_changes() {
    let (app, admin) = notes();
    let made = admin
        .post("/api/v1/notes", &json!({ "score": 10 }))
        .created();
    let path = path_of("notes", &made);
    admin
        .patch(&path, &json!({ "score": { "$inc": 1 } }))
        .error(Code::ValidationError);
    admin.patch(&path, &json!({ "score": 3 })).ok();
    admin.delete(&path).no_content();
    let conn = app.sql();
    let mut query = conn
        .prepare("SELECT seq, type FROM _events WHERE collection = 'notes' ORDER BY seq")
        .unwrap();
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    let rows: Vec<(i64, String)> = rows.unwrap().map(Result::unwrap).collect();
    let first = rows[0].0;
    let kinds: Vec<_> = rows
        .iter()
        .map(|(seq, kind)| (seq - first, &**kind))
        .collect();
    assert_eq!(
        kinds,
        [
            (0, "note.created"),
            (1, "note.updated"),
            (2, "note.deleted")
        ]
    );
}

#[test]
fn what_was_refused_has_no_event() {
    let (app, admin) = notes();
    let made = admin
        .post("/api/v1/notes", &json!({ "firstLine": "a", "score": 1 }))
        .created();
    let path = path_of("notes", &made);
    admin
        .post("/api/v1/notes", &json!({ "firstLine": "a" }))
        .error(Code::AlreadyExists);
    admin
        .post("/api/v1/notes", &json!({ "id": made["id"] }))
        .error(Code::AlreadyExists);
    admin
        .post("/api/v1/notes", &json!({ "score": 11 }))
        .error(Code::ValidationError);
    admin
        .patch(&path, &json!({ "score": { "$inc": 10 } }))
        .error(Code::ValidationError);
    admin
        .patch(&path, &json!({ "version": 9, "score": 2 }))
        .error(Code::Conflict);
    admin
        .with("If-Match", "9")
        .patch(&path, &json!({ "score": 2 }))
        .error(Code::PreconditionFailed);
    admin
        .with("If-Match", "9")
        .delete(&path)
        .error(Code::PreconditionFailed);
    app.user("nob", &[])
        .delete(&path)
        .error(Code::InsufficientPermissions);
    assert_eq!(events(&app, "notes").len(), 1);
}

#[test]
fn users_have_events_without_their_secrets() {
    let app = TestApp::start();
    app.add_user("bob", &["viewer"]);
    let events = events(&app, "users");
    assert_eq!(events[0].kind, "user.created");
    assert_eq!(
        (&*events[0].actor, events[0].request.as_deref()),
        ("operator", Some("test"))
    );
    assert_eq!(events[1].after["email"], "bob@example.com");
    for event in &events {
        let images = format!("{}{}", event.after, event.before);
        for secret in ["password", "argon2", "_deletion", "_row"] {
            assert!(!images.contains(secret), "{secret} in {images}");
        }
    }
}

#[test]
fn a_collection_may_name_what_its_events_are_called() {
    let app = TestApp::start();
    app.define(
        json!({ "name": "sheep", "singular": "ewe", "fields": [{ "name": "a", "type": "text" }] }),
    );
    app.admin().post("/api/v1/sheep", &json!({})).created();
    assert_eq!(events(&app, "sheep")[0].kind, "ewe.created");
}

#[test]
fn big_numbers_stand_in_images_to_the_last_digit() {
    let app = TestApp::start();
    app.collection(
        "sums",
        json!([
            { "name": "whole", "type": "integer" }, { "name": "part", "type": "number" },
        ]),
    );
    let body = json!({ "whole": "9223372036854775807", "part": 0.1 });
    app.admin().post("/api/v1/sums", &body).created();
    let after = events(&app, "sums")[0].after.clone();
    assert_eq!(
        (&after["whole"], &after["part"]),
        (&json!(i64::MAX), &json!(0.1))
    );
}
