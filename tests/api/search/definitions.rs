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

/// FTS5 puts tables of its own beside each index, which end in these words.
#[test]
fn names_that_go_on_as_tables_of_an_index_do_are_names_as_others() {
    let (_app, admin) = super::posts(&json!({}));
    for name in ["data", "idx", "config", "docsize", "content"] {
        let fields = json!([
            { "name": "title", "type": "text", "searchable": true, "containsIndex": true },
            { "name": format!("title_{name}"), "type": "text", "containsIndex": true } ]);
        let (table, singular) = (format!("posts_{name}"), format!("one_of_{name}"));
        let body = json!({ "name": table, "singular": singular, "fields": fields });
        admin.post("/api/system/collections", &body).created();
        let path = format!("/api/v1/posts-{name}");
        admin.post(&path, &json!({ "title": "fox" })).created();
        let found = admin.get(&format!("{path}?search=fox&title[contains]=fox"));
        assert_eq!(found.ok()["items"].as_array().unwrap().len(), 1, "{name}");
        let gone = format!("/api/system/collections/{table}");
        admin.delete(&gone).no_content();
    }
    super::make(&admin, &json!({ "title": "fox" }));
    assert_eq!(super::found(&admin, "fox"), ["fox"]);
}
