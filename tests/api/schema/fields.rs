//! Adding, renaming and dropping fields.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{ITEMS, field, items, kinds, planned, refused, send, text, values};

#[test]
fn an_added_field_is_null_or_its_default_in_records_that_are_there() {
    let app = items(&json!([text("a")]), &[json!({ "a": "one" })]);
    let body = json!({ "fields": [
        text("b"),
        { "name": "c", "type": "decimal", "scale": 2, "default": "1.50", "required": true },
        { "name": "user_id", "type": "relation", "collection": "users" },
    ] });
    assert_eq!(kinds(&planned(&app, &body)), ["addField"; 3]);
    let changed = send(&app, &body).ok();
    assert_eq!(changed["fields"].as_array().unwrap().len(), 4);
    let found = ["a", "b", "c", "userId"].map(|name| values(&app, name)[0].clone());
    assert_eq!(
        found,
        [json!("one"), json!(null), json!("1.50"), json!(null)]
    );
    let made = app
        .admin()
        .post(ITEMS, &json!({ "a": "two", "b": "x", "c": "2" }));
    assert_eq!(made.created()["c"], "2.00");
}

#[test]
fn a_required_field_without_a_default_needs_an_empty_collection() {
    let app = items(&json!([text("a")]), &[]);
    let body = |name: &str| field(json!({ "name": name, "type": "integer", "required": true }));
    send(&app, &body("b")).ok();
    app.admin().post(ITEMS, &json!({ "b": 1 })).created();
    let error = refused(&app, &body("c"), Code::Unprocessable);
    let message = "c is required and has no default for records that are there: 1 record";
    assert_eq!(error["details"]["fields[2]"], json!([message]));
}

#[test]
fn a_dropped_field_takes_its_values_along_where_that_is_allowed() {
    let app = items(
        &json!([text("a"), { "name": "b", "type": "text", "unique": true, "max": 9 }]),
        &[json!({ "a": "one", "b": "x" }), json!({ "a": "two" })],
    );
    let mut body = field(json!({ "name": "b", "drop": true }));
    let plan = planned(&app, &body);
    assert_eq!(kinds(&plan), ["dropField"]);
    assert_eq!(
        plan["losses"][0]["message"],
        "The values of b are lost: 1 record"
    );
    assert_eq!(plan["losses"][0]["samples"][0]["value"], "x");
    refused(&app, &body, Code::Unprocessable);
    body["allowDestructive"] = json!(true);
    send(&app, &body).ok();
    assert_eq!(values(&app, "a"), ["one", "two"]);
    assert_eq!(values(&app, "b"), [Json::Null, Json::Null]);
    app.admin()
        .post(ITEMS, &json!({ "b": "x" }))
        .error(Code::ValidationError);
}

#[test]
fn dropping_an_empty_field_is_destructive_too() {
    let app = items(&json!([text("a"), text("b")]), &[]);
    refused(
        &app,
        &field(json!({ "name": "b", "drop": true })),
        Code::Unprocessable,
    );
}

#[test]
fn a_renamed_field_keeps_values_versions_and_limits() {
    let app = items(
        &json!([{ "name": "a", "type": "text", "unique": true, "max": 5, "required": true }]),
        &[json!({ "a": "one" })],
    );
    let body = field(json!({ "name": "title", "renamedFrom": "a" }));
    assert_eq!(kinds(&planned(&app, &body)), ["renameField"]);
    let changed = send(&app, &body).ok();
    assert_eq!(changed["fields"][0]["name"], "title");
    assert_eq!(changed["fields"][0].get("renamedFrom"), None);
    assert_eq!(values(&app, "title"), ["one"]);
    assert_eq!(values(&app, "version"), [1]);
    let admin = app.admin();
    admin
        .post(ITEMS, &json!({ "title": "one" }))
        .error(Code::AlreadyExists);
    admin
        .post(ITEMS, &json!({ "title": "longer" }))
        .error(Code::ValidationError);
}

#[test]
fn names_can_be_exchanged() {
    let fields = json!([text("a"), { "name": "b", "type": "integer" }, text("n")]);
    let app = items(&fields, &[json!({ "a": "1", "b": 2, "n": "3" })]);
    let body = json!({ "fields": [
        { "name": "b", "renamedFrom": "a" }, { "name": "a", "renamedFrom": "b" } ] });
    let plan = ["renameField", "renameField", "rebuildTable"];
    assert_eq!(kinds(&planned(&app, &body)), plan);
    send(&app, &body).ok();
    assert_eq!(values(&app, "a"), [2]);
    assert_eq!(values(&app, "b"), ["1"]);
}

#[test]
fn a_name_that_becomes_free_can_be_given_again() {
    let app = items(&json!([text("a")]), &[json!({ "a": "one" })]);
    let body = json!({ "fields": [
        { "name": "b", "renamedFrom": "a" }, { "name": "a", "type": "integer", "default": 7 } ] });
    assert_eq!(kinds(&planned(&app, &body)), ["renameField", "addField"]);
    send(&app, &body).ok();
    assert_eq!(values(&app, "b"), ["one"]);
    assert_eq!(values(&app, "a"), [7]);
}

#[test]
fn an_event_of_before_is_read_by_the_definition_of_before() {
    let app = items(&json!([text("a")]), &[json!({ "a": "one" })]);
    send(&app, &field(json!({ "name": "b", "renamedFrom": "a" }))).ok();
    app.admin().post(ITEMS, &json!({ "b": "two" })).created();
    let sql = "SELECT count(*) FROM _events e JOIN _revisions r USING (revision)
               WHERE e.collection = 'items' AND EXISTS
                 (SELECT 1 FROM json_each(r.definition, '$.fields') f
                  WHERE json_extract(e.after, '$.' || (f.value ->> 'name')) IS NOT NULL)";
    assert_eq!(app.count(sql), 2);
}
