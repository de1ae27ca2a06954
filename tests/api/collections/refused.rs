//! Definitions that are refused, each fault by its place.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{COLLECTIONS, define, stored, text};
use crate::support::app::TestApp;

#[test]
fn names_of_another_form_are_refused() {
    let app = TestApp::start();
    let admin = app.admin();
    let before = stored(&app);
    let long = "a".repeat(64);
    for name in [
        "", "Notes", "my notes", "my-notes", "a\"b", "a'b", "a`b", "a]b", "_a", "a_", "a__b",
        "a_1", "1a", "ä", "a;b", &long,
    ] {
        define(&admin, name, &json!([text("a")])).faults(Code::ValidationError, &["name"]);
        define(&admin, "notes", &json!([text(name)]))
            .faults(Code::ValidationError, &["fields[0].name"]);
    }
    define(&admin, "json_each", &json!([text("a")])).faults(Code::ValidationError, &["name"]);
    assert_eq!(stored(&app), before);
}

/// Section 2 of the protocol.
const RESERVED: &str = "aggregate batch broadcast count export files history import presence \
    restore revert search activate deactivate unlock at cursor expand fields filter limit on page \
    page_size per_page sort sort_by sort_order system trashed via version id created_at updated_at \
    deleted_at auth previous now";

#[test]
fn reserved_words_are_refused() {
    let app = TestApp::start();
    let admin = app.admin();
    for word in RESERVED.split_whitespace() {
        let error =
            define(&admin, word, &json!([text("a")])).faults(Code::ValidationError, &["name"]);
        assert_eq!(error["issues"][0]["code"], "NAME_TAKEN", "{word}");
        let error = define(&admin, "notes", &json!([text(word)]));
        let error = error.faults(Code::ValidationError, &["fields[0].name"]);
        assert_eq!(error["issues"][0]["code"], "NAME_TAKEN", "{word}");
    }
}

#[test]
fn names_that_meet_are_refused() {
    let app = TestApp::start();
    let admin = app.admin();
    let relation = json!({ "name": "author_id", "type": "relation", "collection": "users" });
    for (fields, place) in [
        (json!([text("a"), text("a")]), "fields[1].name"),
        (json!([text("author"), relation]), "fields[1].name"),
        (
            json!([{ "name": "page_id", "type": "relation", "collection": "users" }]),
            "fields[0].name",
        ),
        (
            json!([text("first_name"), text("firstName")]),
            "fields[1].name",
        ),
        (json!([text("a_1"), text("a1")]), "fields[0].name"),
    ] {
        define(&admin, "notes", &fields).faults(Code::ValidationError, &[place]);
    }
    define(
        &admin,
        "a",
        &json!([{ "name": "b_c", "type": "text", "unique": true }]),
    )
    .created();
    let clash = json!([{ "name": "c", "type": "text", "unique": true }]);
    define(&admin, "a_b", &clash).error(Code::ValidationError);
    define(
        &admin,
        "notes",
        &json!([text("first_name"), text("firstname")]),
    )
    .created();
}

#[test]
fn what_comes_later_is_refused_and_nothing_stored() {
    let app = TestApp::start();
    let admin = app.admin();
    let before = stored(&app);
    for key in ["events", "cacheControl"] {
        let body = json!({ "name": "notes", "fields": [text("a")], key: {} });
        let error = admin
            .post(COLLECTIONS, &body)
            .faults(Code::ValidationError, &[key]);
        assert_eq!(error["issues"][0]["code"], "UNSUPPORTED", "{key}");
    }
    for kind in ["file", "files"] {
        let error = define(&admin, "notes", &json!([{ "name": "a", "type": kind }]));
        let error = error.faults(Code::ValidationError, &["fields[0].type"]);
        assert_eq!(error["issues"][0]["code"], "UNSUPPORTED", "{kind}");
    }
    assert_eq!(stored(&app), before);
    admin.get("/api/v1/notes").error(Code::NotFound);
}

/// A field, and where in it its one fault is.
const BAD_FIELDS: &[(&str, &str)] = &[
    (r#"7"#, ""),
    (r#"{ "type": "text" }"#, ".name"),
    (r#"{ "name": "a" }"#, ".type"),
    (r#"{ "name": "a", "type": "texts" }"#, ".type"),
    (r#"{ "name": "a", "type": 1 }"#, ".type"),
    (r#"{ "name": "a", "type": "id" }"#, ".type"),
    (r#"{ "name": "a", "type": "text", "nope": 1 }"#, ".nope"),
    (
        r#"{ "name": "a", "type": "text", "required": "yes" }"#,
        ".required",
    ),
    (r#"{ "name": "a", "type": "text", "scale": 2 }"#, ".scale"),
    (r#"{ "name": "a", "type": "text", "max": -1 }"#, ".max"),
    (r#"{ "name": "a", "type": "text", "max": 1.5 }"#, ".max"),
    (
        r#"{ "name": "a", "type": "text", "min": 5, "max": 4 }"#,
        ".min",
    ),
    (
        r#"{ "name": "a", "type": "text", "pattern": "(" }"#,
        ".pattern",
    ),
    (
        r#"{ "name": "a", "type": "text", "pattern": "^a$", "default": "b" }"#,
        ".default",
    ),
    (r#"{ "name": "a", "type": "integer", "min": "x" }"#, ".min"),
    (
        r#"{ "name": "a", "type": "integer", "max": 5, "default": 6 }"#,
        ".default",
    ),
    (r#"{ "name": "a", "type": "number", "max": "5" }"#, ".max"),
    (
        r#"{ "name": "a", "type": "decimal", "scale": 10 }"#,
        ".scale",
    ),
    (
        r#"{ "name": "a", "type": "decimal", "default": "1.005" }"#,
        ".default",
    ),
    (
        r#"{ "name": "a", "type": "boolean", "default": "true" }"#,
        ".default",
    ),
    (
        r#"{ "name": "a", "type": "date", "default": "2026-02-29" }"#,
        ".default",
    ),
    (
        r#"{ "name": "a", "type": "json", "unique": true }"#,
        ".unique",
    ),
    (r#"{ "name": "a", "type": "select" }"#, ".options"),
    (
        r#"{ "name": "a", "type": "select", "options": [] }"#,
        ".options",
    ),
    (
        r#"{ "name": "a", "type": "select", "options": ["x", "x"] }"#,
        ".options[1]",
    ),
    (
        r#"{ "name": "a", "type": "select", "options": ["x", 1] }"#,
        ".options[1]",
    ),
    (
        r#"{ "name": "a", "type": "select", "options": ["x"], "default": "y" }"#,
        ".default",
    ),
    (
        r#"{ "name": "user", "type": "relation", "collection": "users" }"#,
        ".name",
    ),
    (r#"{ "name": "user_id", "type": "text" }"#, ".name"),
    (
        r#"{ "name": "user_id", "type": "relation" }"#,
        ".collection",
    ),
    (
        r#"{ "name": "user_id", "type": "relation", "collection": "nobody" }"#,
        ".collection",
    ),
    (
        r#"{ "name": "user_id", "type": "relation", "collection": "_roles" }"#,
        ".collection",
    ),
    (
        r#"{ "name": "user_id", "type": "relation", "collection": "users", "onDelete": "setNull", "required": true }"#,
        ".onDelete",
    ),
    (
        r#"{ "name": "user_id", "type": "relation", "collection": "users", "onDelete": "explode" }"#,
        ".onDelete",
    ),
];

#[test]
fn a_bad_field_is_told_by_its_place() {
    let app = TestApp::start();
    let admin = app.admin();
    let before = stored(&app);
    for (field, place) in BAD_FIELDS {
        let body = format!(r#"{{ "name": "notes", "fields": [{field}] }}"#);
        let reply = admin.send_text("POST", COLLECTIONS, &body);
        assert_eq!(reply.status(), 400, "{field}: {}", reply.json());
        let details = reply.json()["error"]["details"].clone();
        let places: Vec<&String> = details.as_object().unwrap().keys().collect();
        assert_eq!(places, [&format!("fields[0]{place}")], "{field}");
    }
    assert_eq!(stored(&app), before);
}

#[test]
fn a_bad_definition_is_told_by_its_place() {
    let app = TestApp::start();
    let admin = app.admin();
    let many: Vec<Json> = (0..451).map(|i| text(&format!("f{i}"))).collect();
    for (key, value, place) in [
        ("fields", json!(null), "fields"),
        ("fields", json!([]), "fields"),
        ("fields", json!({}), "fields"),
        ("fields", json!(many), "fields"),
        ("name", json!(null), "name"),
        ("name", json!(7), "name"),
        ("deletion", json!("maybe"), "deletion"),
        ("singular", json!("A b"), "singular"),
        ("nope", json!(1), "nope"),
        ("indexes", json!({}), "indexes"),
        ("indexes", json!([{ "fields": [] }]), "indexes[0].fields"),
        (
            "indexes",
            json!([{ "fields": ["nope"] }]),
            "indexes[0].fields[0]",
        ),
        (
            "indexes",
            json!([{ "fields": ["a", "-a"] }]),
            "indexes[0].fields[1]",
        ),
        (
            "indexes",
            json!([{ "fields": ["a"], "unique": 1 }]),
            "indexes[0].unique",
        ),
    ] {
        let mut body = json!({ "name": "notes", "fields": [text("a")] });
        body[key] = value;
        let reply = admin.post(COLLECTIONS, &body);
        assert_eq!(reply.status(), 400, "{body:.300}");
        let error = reply.json()["error"].clone();
        let places: Vec<&String> = error["details"].as_object().unwrap().keys().collect();
        assert_eq!(places, [place], "{error}");
    }
}

#[test]
fn all_faults_of_a_definition_are_told_at_once() {
    let app = TestApp::start();
    let body = json!({ "name": "Notes", "rules": { "list": 1, "browse": "" }, "fields": [
        { "name": "sort", "type": "text" }, { "name": "a", "type": "decimal", "scale": 99, "nope": 1 },
    ] });
    app.admin().post(COLLECTIONS, &body).faults(
        Code::ValidationError,
        &[
            "fields[0].name",
            "fields[1].nope",
            "fields[1].scale",
            "name",
            "rules.browse",
            "rules.list",
        ],
    );
}

#[test]
fn what_is_no_definition_at_all_cannot_be_read() {
    let app = TestApp::start();
    let admin = app.admin();
    for body in [
        "",
        "7",
        "[]",
        "null",
        "{",
        r#"{"name":"a","name":"b"}"#,
        r#"{"name":"a"}x"#,
    ] {
        admin
            .send_text("POST", COLLECTIONS, body)
            .faults(Code::InvalidInput, &["_"]);
    }
    let twice = r#"{"name":"notes","fields":[{"name":"a","name":"b","type":"text"}]}"#;
    admin
        .send_text("POST", COLLECTIONS, twice)
        .faults(Code::ValidationError, &["fields[0]"]);
}
