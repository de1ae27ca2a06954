//! Records: read, create, change, delete. Values of each type stand in `values`.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const ID: &str = "01HZXK5V8QWERTYASDFGHJKMNP";

fn notes() -> TestApp {
    let app = TestApp::start();
    app.collection(
        "notes",
        json!([
            { "name": "title", "type": "text", "required": true, "max": 20 },
            { "name": "score", "type": "integer", "max": 100 },
            { "name": "kind", "type": "select", "options": ["a", "b"], "default": "a" },
            { "name": "meta", "type": "json" },
        ]),
    );
    app
}

/// Books with unique numbers, each by an author who may be gone.
fn library() -> (TestApp, Client) {
    let app = TestApp::start();
    app.collection("authors", json!([{ "name": "pen_name", "type": "text" }]));
    app.collection(
        "books",
        json!([
            { "name": "shelf_mark", "type": "text", "unique": true },
            { "name": "author_id", "type": "relation", "collection": "authors" },
        ]),
    );
    let admin = app.admin();
    (app, admin)
}

fn bread(client: &Client) -> Json {
    client
        .post("/api/v1/notes", &json!({ "title": "Bread", "score": 1 }))
        .created()
}

#[test]
fn a_record_that_was_created_can_be_read() {
    let app = notes();
    let reply = app
        .editor()
        .post("/api/v1/notes", &json!({ "title": "Bread" }));
    let made = reply.created();
    let path = path_of("notes", &made);
    assert_eq!(reply.header("location"), Some(&*path));
    assert_eq!(app.viewer().get(&path).ok(), made);
}

#[test]
fn a_record_shows_every_field_and_nothing_else() {
    let app = notes();
    let made = app
        .admin()
        .post("/api/v1/notes", &json!({ "title": "Bread" }))
        .created();
    let id = made["id"].clone();
    let now = app.clock().now().to_string();
    let whole = json!({
        "id": id, "title": "Bread", "score": null, "kind": "a", "meta": null,
        "createdAt": now, "updatedAt": now, "version": 1,
    });
    assert_eq!(made, whole);
}

#[test]
fn only_the_sent_fields_change() {
    let app = notes();
    let admin = app.admin();
    let made = bread(&admin);
    app.clock().advance(std::time::Duration::from_secs(5));
    let changed = admin
        .patch(&path_of("notes", &made), &json!({ "score": 7 }))
        .ok();
    let mut expected = made;
    expected["score"] = json!(7);
    expected["version"] = json!(2);
    expected["updatedAt"] = json!("2026-01-15T10:30:05.000Z");
    assert_eq!(changed, expected);
}

#[test]
fn null_empties_a_field_but_not_a_required_one() {
    let app = notes();
    let admin = app.admin();
    let path = path_of("notes", &bread(&admin));
    let changed = admin
        .patch(&path, &json!({ "score": null, "kind": null }))
        .ok();
    assert_eq!(
        (&changed["score"], &changed["kind"]),
        (&Json::Null, &Json::Null)
    );
    admin
        .patch(&path, &json!({ "title": null }))
        .faults(Code::MissingField, &["title"]);
    admin
        .patch(&path, &json!({ "title": "" }))
        .faults(Code::MissingField, &["title"]);
}

#[test]
fn a_default_stands_where_nothing_was_sent_and_not_for_null() {
    let app = notes();
    let admin = app.admin();
    let made = admin
        .post("/api/v1/notes", &json!({ "title": "Bread", "kind": null }))
        .created();
    assert_eq!(made["kind"], Json::Null);
    assert_eq!(bread(&admin)["kind"], "a");
}

#[test]
fn a_patch_of_nothing_changes_nothing() {
    let app = notes();
    let admin = app.admin();
    let made = bread(&admin);
    let events = || -> i64 {
        let sql = "SELECT count(*) FROM _events";
        app.sql().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let before = events();
    assert_eq!(admin.patch(&path_of("notes", &made), &json!({})).ok(), made);
    assert_eq!(events(), before);
}

#[test]
fn a_deleted_record_is_gone_for_everybody() {
    let app = notes();
    let admin = app.admin();
    let path = path_of("notes", &bread(&admin));
    admin.delete(&path).no_content();
    admin.get(&path).error(Code::NotFound);
    admin
        .patch(&path, &json!({ "score": 2 }))
        .error(Code::NotFound);
    admin.patch(&path, &json!({})).error(Code::NotFound);
    admin.delete(&path).error(Code::NotFound);
    assert_eq!(admin.get("/api/v1/notes").ok()["items"], json!([]));
}

#[test]
fn a_soft_deletion_keeps_the_row_and_a_hard_one_does_not() {
    let app = notes();
    app.define(json!({ "name": "logs", "deletion": "hard",
        "fields": [{ "name": "line", "type": "text" }] }));
    let admin = app.admin();
    let log = admin.post("/api/v1/logs", &json!({})).created();
    admin.delete(&path_of("notes", &bread(&admin))).no_content();
    admin.delete(&path_of("logs", &log)).no_content();
    let count = |sql: &str| -> i64 { app.sql().query_row(sql, [], |row| row.get(0)).unwrap() };
    let soft = "SELECT count(*) FROM notes WHERE deleted_at = updated_at AND _deletion IS NOT NULL";
    assert_eq!((count(soft), count("SELECT count(*) FROM logs")), (1, 0));
}

#[test]
fn a_client_may_send_its_own_id() {
    let app = notes();
    let admin = app.admin();
    let body = json!({ "id": ID, "title": "Bread" });
    assert_eq!(admin.post("/api/v1/notes", &body).created()["id"], ID);
    assert_eq!(
        admin.get(&format!("/api/v1/notes/{ID}")).ok()["title"],
        "Bread"
    );
    admin
        .post("/api/v1/notes", &body)
        .faults(Code::AlreadyExists, &["id"]);
}

#[test]
fn an_id_of_another_form_is_refused() {
    let app = notes();
    let admin = app.admin();
    let lower = ID.to_lowercase();
    for id in [json!(lower), json!("1"), json!(""), json!(7), json!([ID])] {
        let body = json!({ "id": id, "title": "Bread" });
        admin
            .post("/api/v1/notes", &body)
            .faults(Code::ValidationError, &["id"]);
    }
}

#[test]
fn a_null_id_is_none() {
    let app = notes();
    let made = app
        .admin()
        .post("/api/v1/notes", &json!({ "id": null, "title": "Bread" }));
    assert_eq!(made.created()["id"].as_str().map(str::len), Some(26));
}

#[test]
fn an_id_is_never_used_twice_not_even_after_deletion() {
    for deletion in ["soft", "hard"] {
        let app = TestApp::start();
        let fields = json!([{ "name": "title", "type": "text" }]);
        app.define(json!({ "name": "notes", "deletion": deletion, "fields": fields }));
        let admin = app.admin();
        let made = admin.post("/api/v1/notes", &json!({ "id": ID })).created();
        admin.delete(&path_of("notes", &made)).no_content();
        admin
            .post("/api/v1/notes", &json!({ "id": ID }))
            .faults(Code::AlreadyExists, &["id"]);
    }
}

#[test]
fn unknown_and_fixed_fields_are_refused() {
    let app = notes();
    let admin = app.admin();
    let fixed = ["createdAt", "deletedAt", "pen_name", "updatedAt", "version"];
    let body = json!({ "title": "Bread", "version": 1, "createdAt": "2026-01-15T10:30:00Z",
        "updatedAt": null, "deletedAt": null, "pen_name": 1 });
    admin
        .post("/api/v1/notes", &body)
        .faults(Code::ValidationError, &fixed);
    let path = path_of("notes", &bread(&admin));
    let body = json!({ "id": ID, "createdAt": null, "_row": 1, "nope": 1 });
    admin
        .patch(&path, &body)
        .faults(Code::ValidationError, &["_row", "createdAt", "id", "nope"]);
}

#[test]
fn all_faults_are_told_at_once() {
    let app = notes();
    let body = json!({ "score": 101, "kind": "c", "nope": 1, "id": "x" });
    let error = app.admin().post("/api/v1/notes", &body);
    let error = error.faults(
        Code::ValidationError,
        &["id", "kind", "nope", "score", "title"],
    );
    let mut codes: Vec<_> = error["issues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| {
            (
                issue["field"].as_str().unwrap(),
                issue["code"].as_str().unwrap(),
            )
        })
        .collect();
    codes.sort_unstable();
    let expected = [
        ("id", "INVALID_FORMAT"),
        ("kind", "NOT_AN_OPTION"),
        ("nope", "UNKNOWN_FIELD"),
        ("score", "TOO_LARGE"),
        ("title", "REQUIRED"),
    ];
    assert_eq!(codes, expected);
}

#[test]
fn an_issue_tells_its_limit_to_programs() {
    let app = notes();
    let reply = app
        .admin()
        .post("/api/v1/notes", &json!({ "title": "B", "score": 101 }));
    let error = reply.faults(Code::ValidationError, &["score"]);
    assert_eq!(error["details"]["score"], json!(["Must be at most 100"]));
    assert_eq!(error["issues"][0]["params"], json!({ "max": 100 }));
}

#[test]
fn a_relation_is_an_id_that_must_be_there() {
    let (_app, admin) = library();
    let author = admin
        .post("/api/v1/authors", &json!({ "penName": "Ann" }))
        .created();
    let book = admin
        .post("/api/v1/books", &json!({ "authorId": author["id"] }))
        .created();
    assert_eq!(book["authorId"], author["id"]);
    let path = path_of("books", &book);
    for reply in [
        admin.post("/api/v1/books", &json!({ "authorId": ID })),
        admin.patch(&path, &json!({ "authorId": ID })),
    ] {
        let error = reply.faults(Code::ValidationError, &["authorId"]);
        assert_eq!(error["issues"][0]["code"], "NO_SUCH_RECORD");
    }
    assert_eq!(admin.get(&path).ok(), book);
}

#[test]
fn a_relation_cannot_be_set_to_a_deleted_record() {
    let (_app, admin) = library();
    let author = admin.post("/api/v1/authors", &json!({})).created();
    admin.delete(&path_of("authors", &author)).no_content();
    let reply = admin.post("/api/v1/books", &json!({ "authorId": author["id"] }));
    assert_eq!(
        reply.faults(Code::ValidationError, &["authorId"])["issues"][0]["code"],
        "NO_SUCH_RECORD"
    );
}

#[test]
fn a_record_that_others_point_at_cannot_be_deleted() {
    let (_app, admin) = library();
    let author = admin.post("/api/v1/authors", &json!({})).created();
    let book = admin
        .post("/api/v1/books", &json!({ "authorId": author["id"] }))
        .created();
    let error = admin
        .delete(&path_of("authors", &author))
        .error(Code::Conflict);
    assert_eq!(error["issues"][0]["params"]["by"], "books.authorId");
    admin.delete(&path_of("books", &book)).no_content();
    admin.delete(&path_of("authors", &author)).no_content();
}

#[test]
fn a_record_that_points_at_itself_alone_can_be_deleted() {
    let app = TestApp::start();
    for (name, deletion) in [("folders", "soft"), ("boxes", "hard")] {
        let fields = json!([{ "name": "outer_id", "type": "relation", "collection": name }]);
        app.define(json!({ "name": name, "deletion": deletion, "fields": fields }));
        let admin = app.admin();
        let made = admin.post(&format!("/api/v1/{name}"), &json!({})).created();
        let path = path_of(name, &made);
        admin.patch(&path, &json!({ "outerId": made["id"] })).ok();
        admin.delete(&path).no_content();
    }
}

#[test]
fn a_unique_value_is_taken_until_its_record_is_deleted() {
    let (_app, admin) = library();
    let body = json!({ "shelfMark": "A 1" });
    let first = admin.post("/api/v1/books", &body).created();
    admin
        .post("/api/v1/books", &body)
        .faults(Code::AlreadyExists, &["shelfMark"]);
    let other = admin
        .post("/api/v1/books", &json!({ "shelfMark": "A 2" }))
        .created();
    admin
        .patch(&path_of("books", &other), &body)
        .faults(Code::AlreadyExists, &["shelfMark"]);
    admin.delete(&path_of("books", &first)).no_content();
    admin.patch(&path_of("books", &other), &body).ok();
}

#[test]
fn null_is_never_taken() {
    let (_app, admin) = library();
    for _ in 0..2 {
        admin
            .post("/api/v1/books", &json!({ "shelfMark": null }))
            .created();
    }
}

#[test]
fn what_is_no_id_names_no_record() {
    let app = notes();
    let admin = app.admin();
    let lower = path_of("notes", &bread(&admin))
        .replace("/api/v1/notes/", "")
        .to_lowercase();
    for id in [
        &*lower,
        "1",
        "%20",
        "..",
        "%00",
        "%27%20OR%201=1",
        "a%2Fb",
        ID,
    ] {
        let path = format!("/api/v1/notes/{id}");
        admin.get(&path).error(Code::NotFound);
        admin
            .patch(&path, &json!({ "score": 1 }))
            .error(Code::NotFound);
        admin.delete(&path).error(Code::NotFound);
    }
}

#[test]
fn an_unknown_collection_is_not_found() {
    let app = notes();
    let admin = app.admin();
    for name in [
        "nothing",
        "_events",
        "sqlite_schema",
        "Notes",
        "note",
        "%22notes%22",
    ] {
        admin.get(&format!("/api/v1/{name}")).error(Code::NotFound);
        admin
            .post(&format!("/api/v1/{name}"), &json!({}))
            .error(Code::NotFound);
        admin
            .get(&format!("/api/v1/{name}/{ID}"))
            .error(Code::NotFound);
    }
}

#[test]
fn a_guest_is_told_to_sign_in() {
    let app = notes();
    let path = path_of("notes", &bread(&app.admin()));
    let guest = app.guest();
    guest.get("/api/v1/notes").error(Code::Unauthorized);
    guest.get(&path).error(Code::Unauthorized);
    guest
        .post("/api/v1/notes", &json!({ "title": "B" }))
        .error(Code::Unauthorized);
    guest
        .patch(&path, &json!({ "score": 2 }))
        .error(Code::Unauthorized);
    guest.delete(&path).error(Code::Unauthorized);
}

#[test]
fn a_viewer_sees_and_an_editor_writes_but_neither_deletes() {
    let app = notes();
    let (viewer, editor) = (app.viewer(), app.editor());
    let path = path_of("notes", &bread(&editor));
    editor.patch(&path, &json!({ "score": 2 })).ok();
    viewer.get(&path).ok();
    let error = viewer.post("/api/v1/notes", &json!({ "title": "B" }));
    let error = error.error(Code::InsufficientPermissions);
    assert!(
        error["message"].as_str().unwrap().contains("notes:create"),
        "{error}"
    );
    viewer
        .patch(&path, &json!({ "score": 3 }))
        .error(Code::InsufficientPermissions);
    viewer.delete(&path).error(Code::InsufficientPermissions);
    editor.delete(&path).error(Code::InsufficientPermissions);
}

#[test]
fn a_user_without_a_role_sees_nothing() {
    let app = notes();
    let path = path_of("notes", &bread(&app.admin()));
    let nobody = app.user("nob", &[]);
    nobody
        .get("/api/v1/notes")
        .error(Code::InsufficientPermissions);
    nobody.get(&path).error(Code::InsufficientPermissions);
    nobody
        .get(&format!("/api/v1/notes/{ID}"))
        .error(Code::InsufficientPermissions);
}
