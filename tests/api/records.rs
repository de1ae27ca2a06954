//! Records: list, read, create, change, delete.

use serde_json::json;
use stead::base::Code;

use crate::support::app::TestApp;

fn notes() -> TestApp {
    let app = TestApp::start();
    app.collection(
        "notes",
        &json!([
            { "name": "title", "type": "text", "required": true, "max": 20 },
            { "name": "score", "type": "integer", "max": 100 },
            { "name": "meta", "type": "json" },
        ]),
    );
    app
}

#[test]
fn a_record_that_was_created_can_be_read() {
    let app = notes();
    let made = app
        .editor()
        .post("/api/v1/notes", &json!({ "title": "Bread" }))
        .created();
    assert_eq!(made["version"], 1);
    let path = format!("/api/v1/notes/{}", made["id"].as_str().unwrap());
    assert_eq!(app.viewer().get(&path).ok(), made);
}

#[test]
fn only_the_sent_fields_change() {
    let app = notes();
    let editor = app.editor();
    let made = editor
        .post("/api/v1/notes", &json!({ "title": "Bread", "score": 1 }))
        .created();
    let path = format!("/api/v1/notes/{}", made["id"].as_str().unwrap());
    let changed = editor.patch(&path, &json!({ "score": { "$inc": 2 } })).ok();
    assert_eq!(
        (&changed["title"], &changed["score"]),
        (&json!("Bread"), &json!(3))
    );
    assert_eq!(changed["version"], 2);
    editor
        .patch(&path, &json!({ "score": { "$inc": 98 } }))
        .faults(Code::ValidationError, &["score"]);
    editor.delete(&path).error(Code::InsufficientPermissions);
    app.admin().delete(&path).no_content();
    editor.get(&path).error(Code::NotFound);
}
