//! Fields that are renamed, and those that take the names that they leave.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{DEFINITION, ITEMS, field, items, kinds, planned, refused, send, text, values};
use crate::support::app::TestApp;

/// Items with two fields that are unique, and one record.
fn pairs() -> TestApp {
    let unique = |name: &str| json!({ "name": name, "type": "text", "unique": true });
    items(
        &json!([unique("a"), unique("b")]),
        &[json!({ "a": "1", "b": "2" })],
    )
}

fn create(app: &TestApp, body: &serde_json::Value) -> crate::support::client::Reply {
    app.admin().post(ITEMS, body)
}

#[test]
fn a_field_takes_the_name_of_one_that_is_dropped() {
    for drops_first in [true, false] {
        let app = pairs();
        let mut sent = vec![
            json!({ "name": "a", "drop": true }),
            json!({ "name": "a", "renamedFrom": "b" }),
        ];
        if !drops_first {
            sent.reverse();
        }
        let body = json!({ "allowDestructive": true, "fields": sent });
        assert_eq!(kinds(&planned(&app, &body)), ["dropField", "renameField"]);
        send(&app, &body).ok();
        assert_eq!(values(&app, "a"), ["2"]);
        create(&app, &json!({ "a": "2" })).error(Code::AlreadyExists);
        create(&app, &json!({ "a": "1" })).created();
    }
}

#[test]
fn a_field_dropped_from_behind_the_one_that_takes_its_name_is_the_one_that_goes() {
    let app = items(
        &json!([text("b"), text("a")]),
        &[json!({ "a": "1", "b": "2" })],
    );
    let sent = json!([{ "name": "a", "renamedFrom": "b" }, { "name": "a", "drop": true }]);
    send(&app, &json!({ "allowDestructive": true, "fields": sent })).ok();
    assert_eq!(values(&app, "a"), ["2"]);
}

#[test]
fn a_new_field_takes_the_name_of_one_that_is_renamed() {
    let app = pairs();
    let sent = json!([
        { "name": "x", "renamedFrom": "a" },
        { "name": "a", "type": "text", "unique": true } ]);
    send(&app, &json!({ "fields": sent })).ok();
    create(&app, &json!({ "x": "1" })).error(Code::AlreadyExists);
    create(&app, &json!({ "a": "1" })).created();
    create(&app, &json!({ "a": "1" })).error(Code::AlreadyExists);
}

#[test]
fn what_a_change_says_of_one_field_twice_is_refused() {
    let app = pairs();
    let faults = |sent: serde_json::Value, place: &str| {
        let error = refused(&app, &json!({ "fields": sent }), Code::ValidationError);
        assert_eq!(error["issues"][0]["field"], place, "{error}");
    };
    let to = |name: &str| json!({ "name": name, "renamedFrom": "a" });
    faults(json!([to("x"), to("y")]), "fields[1].renamedFrom");
    let gone = json!({ "name": "a", "drop": true });
    // Whether that would keep the values or not would be a guess.
    faults(json!([gone, text("a")]), "fields[1].name");
    faults(json!([gone, to("x")]), "fields[1].renamedFrom");
    faults(json!([gone, gone]), "fields[1].name");
}

#[test]
fn indexes_follow_the_columns_that_they_name() {
    let app = pairs();
    let indexes = json!({ "indexes": [{ "fields": ["-a", "created_at"], "where": "b == '2'" },
        { "fields": ["b", "-a"] }] });
    send(&app, &indexes).ok();
    let body = field(json!({ "name": "x", "renamedFrom": "a" }));
    assert_eq!(kinds(&planned(&app, &body)), ["renameField"]);
    let changed = send(&app, &body).ok();
    assert_eq!(changed["indexes"][0]["fields"], json!(["-x", "created_at"]));
    assert_eq!(changed["indexes"][1]["fields"], json!(["b", "-x"]));
    let body = field(json!({ "name": "y", "renamedFrom": "b" }));
    let error = refused(&app, &body, Code::ValidationError);
    assert_eq!(error["issues"][0]["field"], "indexes[0].where");
    let sent = json!([{ "fields": ["x"], "where": "y == '2'" }]);
    send(&app, &json!({ "fields": body["fields"], "indexes": sent })).ok();
}

#[test]
fn another_order_of_fields_and_indexes_is_a_change() {
    let app = pairs();
    let indexes = json!([{ "fields": ["a", "b"] }, { "fields": ["b", "a"] }]);
    send(&app, &json!({ "indexes": indexes })).ok();
    let body = json!({ "indexes": [indexes[1], indexes[0]] });
    let plan = planned(&app, &body);
    assert_eq!(kinds(&plan), ["changeCollection"]);
    assert_eq!(plan["steps"][0]["option"], "indexes");
    send(&app, &body).ok();
    assert_eq!(kinds(&planned(&app, &body)), [""; 0]);
    let whole = app.admin().get(DEFINITION).ok();
    assert_eq!(kinds(&planned(&app, &whole)), [""; 0]);
}

#[test]
fn fields_that_are_all_sent_stand_in_the_order_in_which_they_are_sent() {
    let app = pairs();
    let names = |definition: &Json| {
        let fields = definition["fields"].as_array().unwrap().clone();
        let name = |field: &Json| field["name"].as_str().unwrap().to_owned();
        fields.iter().map(name).collect::<Vec<_>>()
    };
    let body = json!({ "fields": [{ "name": "c", "type": "text" },
        { "name": "x", "renamedFrom": "b" }, { "name": "a" }] });
    assert_eq!(names(&send(&app, &body).ok()), ["c", "x", "a"]);
    // The place of one that is not sent would be a guess.
    let body = json!({ "fields": [{ "name": "a" }, { "name": "x" }] });
    assert_eq!(kinds(&planned(&app, &body)), [""; 0]);
    let body = json!({ "fields": [{ "name": "a" }, { "name": "x" },
        { "name": "c", "drop": true }], "allowDestructive": true });
    assert_eq!(names(&send(&app, &body).ok()), ["a", "x"]);
}

#[test]
fn a_relation_that_follows_a_name_is_no_change_of_rules() {
    let app = pairs();
    app.collection(
        "notes",
        json!([{ "name": "item_id", "type": "relation", "collection": "items" }]),
    );
    app.admin()
        .patch(DEFINITION, &json!({ "name": "wares" }))
        .ok();
    let told = "SELECT count(*) FROM _audit_entries WHERE action = 'collection.rules_changed'";
    assert_eq!(app.count(told), 0);
}
