//! `searchable` and `containsIndex` in definitions.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::app::TestApp;

fn of_type(kind: &str) -> Json {
    let mut field = json!({ "name": "a", "type": kind, "searchable": true, "containsIndex": true });
    if kind.ends_with("select") {
        field["options"] = json!(["x y", "z"]);
    }
    json!({ "name": format!("{kind}_things"), "fields": [field] })
}

#[test]
fn text_like_fields_take_both_options_and_show_them() {
    let app = TestApp::start();
    for kind in ["text", "email", "url", "select"] {
        app.define(of_type(kind));
        let path = format!("/api/system/collections/{kind}_things");
        let shown = app.admin().get(&path).ok();
        let field = &shown["fields"][0];
        assert_eq!(
            (&field["searchable"], &field["containsIndex"]),
            (&json!(true), &json!(true))
        );
    }
    for kind in ["integer", "json", "date", "multiselect", "boolean"] {
        let reply = app.admin().post("/api/system/collections", &of_type(kind));
        let places = ["fields[0].containsIndex", "fields[0].searchable"];
        reply.faults(Code::ValidationError, &places);
    }
}

#[test]
fn any_name_of_a_field_can_be_searched() {
    let app = TestApp::start();
    let names = ["rank", "rowid", "docsize", "match", "texts", "content", "b"];
    let field = |name: &&str| json!({ "name": name, "type": "text", "searchable": true });
    app.collection("things", json!(names.iter().map(field).collect::<Vec<_>>()));
    let admin = app.admin();
    for name in names {
        admin
            .post("/api/v1/things", &json!({ name: format!("in {name}") }))
            .created();
        let list = admin.get(&format!("/api/v1/things?search={name}")).ok();
        let expected = json!([{ name: format!("in <mark>{name}</mark>") }]);
        assert_eq!(list["snippets"], expected);
    }
}

#[test]
fn the_longest_names_have_room() {
    let app = TestApp::start();
    let name = "a".repeat(63);
    app.collection(
        &name,
        json!([{ "name": name, "type": "text", "searchable": true,
        "containsIndex": true }]),
    );
    let path = format!("/api/v1/{name}");
    app.admin().post(&path, &json!({ &name: "fox" })).created();
    let list = app
        .admin()
        .get(&format!("{path}?search=fox&{name}[contains]=fox"));
    assert_eq!(list.ok()["pagination"]["totalItems"], 1);
}
