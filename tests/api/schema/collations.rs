//! Texts that ignore case from now on, or no longer; and what the file does not know of.

use serde_json::json;
use stead::base::Code;

use super::{ITEMS, field, items, kinds, planned, refused, send, text, values};

#[test]
fn what_differs_in_case_alone_stands_in_the_way_of_ignoring_it() {
    let unique = json!([{ "name": "a", "type": "text", "unique": true }]);
    let records = ["ann", "Ann", "bob"].map(|name| json!({ "a": name }));
    let app = items(&unique, &records);
    let body = field(json!({ "name": "a", "collation": "nocase" }));
    let plan = planned(&app, &body);
    let obstacle = &plan["obstacles"][0];
    assert_eq!(
        (&obstacle["count"], &obstacle["code"]),
        (&json!(2), &json!("TAKEN"))
    );
    let samples = obstacle["samples"].as_array().unwrap();
    assert!(samples.iter().any(|one| one["value"] == "Ann"), "{plan}");
    refused(&app, &body, Code::Unprocessable);
}

#[test]
fn a_text_ignores_case_and_minds_it_again() {
    let unique = json!([{ "name": "a", "type": "text", "unique": true }]);
    let records = ["ann", "Bob"].map(|name| json!({ "a": name }));
    let app = items(&unique, &records);
    let body = field(json!({ "name": "a", "collation": "nocase" }));
    assert_eq!(
        kinds(&planned(&app, &body)),
        ["changeField", "rebuildTable"]
    );
    send(&app, &body).ok();
    assert_eq!(values(&app, "a"), ["ann", "Bob"]);
    let admin = app.admin();
    let twin = json!({ "a": "ANN" });
    admin.post(ITEMS, &twin).error(Code::AlreadyExists);
    let found = admin.get(&format!("{ITEMS}?a=BOB")).ok();
    assert_eq!(found["pagination"]["totalItems"], 1);
    let body = field(json!({ "name": "a", "collation": null }));
    send(&app, &body).ok();
    admin.post(ITEMS, &twin).created();
    let found = admin.get(&format!("{ITEMS}?a=BOB")).ok();
    assert_eq!(found["pagination"]["totalItems"], 0);
}

#[test]
fn a_field_that_becomes_unique_and_ignores_case_is_asked_for_both() {
    let records = ["ann", "Ann"].map(|name| json!({ "a": name }));
    let app = items(&json!([text("a")]), &records);
    let body = field(json!({ "name": "a", "unique": true, "collation": "nocase" }));
    assert_eq!(planned(&app, &body)["obstacles"][0]["count"], 2);
    let body = field(json!({ "name": "a", "unique": true }));
    assert_eq!(planned(&app, &body)["obstacles"], json!([]));
}

#[test]
fn what_is_for_people_and_what_is_hidden_touches_no_table() {
    let app = items(&json!([text("a")]), &[json!({ "a": "x" })]);
    let body = json!({ "description": "Things", "fields": [
        { "name": "a", "hidden": true, "description": "A name" } ] });
    let plan = planned(&app, &body);
    assert_eq!(
        kinds(&plan),
        ["changeField", "changeField", "changeCollection"]
    );
    assert_eq!(
        (&plan["rows"], &plan["writesStandStillMs"]),
        (&json!(0), &json!(0))
    );
    let changed = send(&app, &body).ok();
    assert_eq!(changed["description"], "Things");
    assert_eq!(changed["fields"][0]["hidden"], true);
}
