//! The field that stands for a record.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{DEFINITION, items, kinds, planned, refused, send};
use crate::support::app::TestApp;

const COLLECTIONS: &str = "/api/system/collections";

/// Items with a name, which is their title, and an amount.
fn named() -> TestApp {
    let fields =
        json!([{ "name": "name", "type": "text" }, { "name": "amount", "type": "integer" }]);
    let app = items(&fields, &[json!({ "name": "Bread", "amount": 3 })]);
    send(&app, &json!({ "titleField": "name" })).ok();
    app
}

/// What the definition says; null where it says nothing.
fn title(app: &TestApp) -> Json {
    app.admin().get(DEFINITION).ok()["titleField"].take()
}

#[test]
fn another_title_touches_no_table() {
    let app = named();
    let plan = planned(&app, &json!({ "titleField": "amount" }));
    assert_eq!(kinds(&plan), ["changeCollection"]);
    let step = &plan["steps"][0];
    assert_eq!(
        (&step["option"], &step["from"], &step["to"]),
        (&json!("titleField"), &json!("name"), &json!("amount"))
    );
    assert_eq!((&plan["rows"], &plan["losses"]), (&json!(0), &json!([])));
    send(&app, &json!({ "titleField": "amount" })).ok();
    assert_eq!(title(&app), "amount");
    send(&app, &json!({ "titleField": null })).ok();
    assert_eq!(title(&app), Json::Null);
}

#[test]
fn it_follows_its_field_and_goes_with_it() {
    let app = named();
    let rename = json!({ "fields": [{ "name": "label", "renamedFrom": "name" }] });
    assert_eq!(kinds(&planned(&app, &rename)), ["renameField"]);
    send(&app, &rename).ok();
    assert_eq!(title(&app), "label");
    let swap = json!({ "fields": [{ "name": "amount", "renamedFrom": "label" },
        { "name": "label", "renamedFrom": "amount" }] });
    send(&app, &swap).ok();
    assert_eq!(title(&app), "amount");
    let drop = json!({ "allowDestructive": true, "fields": [{ "name": "amount", "drop": true }] });
    assert_eq!(
        kinds(&planned(&app, &drop)),
        ["dropField", "changeCollection"]
    );
    send(&app, &drop).ok();
    assert_eq!(title(&app), Json::Null);
}

#[test]
fn a_field_that_takes_the_name_of_the_title_is_none() {
    let app = named();
    let take = json!({ "allowDestructive": true, "fields": [{ "name": "name", "drop": true },
        { "name": "name", "renamedFrom": "amount" }] });
    send(&app, &take).ok();
    assert_eq!(title(&app), Json::Null);
}

#[test]
fn what_tells_nobody_which_record_it_is_can_be_none() {
    let app = TestApp::start();
    let admin = app.admin();
    for field in [
        json!({ "name": "a", "type": "json" }),
        json!({ "name": "a", "type": "boolean" }),
        json!({ "name": "a", "type": "multiselect", "options": ["x"] }),
        json!({ "name": "a", "type": "text", "hidden": true }),
        json!({ "name": "b", "type": "text" }),
    ] {
        let body = json!({ "name": "things", "titleField": "a", "fields": [field] });
        let refused = admin.post(COLLECTIONS, &body);
        refused.faults(Code::ValidationError, &["titleField"]);
    }
    let relation = json!([{ "name": "a_id", "type": "relation", "collection": "users" }]);
    let body = json!({ "name": "things", "titleField": "a_id", "fields": relation });
    admin
        .post(COLLECTIONS, &body)
        .faults(Code::ValidationError, &["titleField"]);
}

#[test]
fn a_title_is_not_hidden_behind_its_back() {
    let app = named();
    let hide = json!({ "fields": [{ "name": "name", "hidden": true }] });
    let error = refused(&app, &hide, Code::ValidationError);
    assert_eq!(error["issues"][0]["field"], "titleField");
}

#[test]
fn a_user_is_called_by_the_name_it_shows() {
    let app = TestApp::start();
    let users = app.admin().get("/api/system/collections/users").ok();
    assert_eq!(users["titleField"], "display_name");
}
