//! Tightening and loosening: limits, required, unique, options, patterns, defaults, indexes.

use std::borrow::Borrow;

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{ITEMS, field, items, kinds, planned, refused, send, text, values};

/// A field `a` that is tightened in a way that some of the records break.
fn tightened(
    sent: impl Borrow<Json>,
    records: &[Json],
    change: &Json,
    counted: u64,
    message: &str,
) {
    let app = items(&json!([sent.borrow()]), records);
    let body = field(change);
    let plan = planned(&app, &body);
    let obstacle = &plan["obstacles"][0];
    assert_eq!(obstacle["count"], counted, "{plan}");
    assert_eq!(obstacle["message"], message);
    assert_eq!(
        obstacle["samples"].as_array().unwrap().len() as u64,
        counted
    );
    refused(&app, &body, Code::Unprocessable);
    let mut forced = body;
    forced["allowDestructive"] = json!(true);
    refused(&app, &forced, Code::Unprocessable);
}

#[test]
fn records_without_a_value_stand_in_the_way_of_required() {
    let message = "a would be required, and has no value: 1 record";
    let change = json!({ "name": "a", "required": true });
    let records = [json!({ "a": "x" }), json!({})];
    tightened(text("a"), &records, &change, 1, message);
}

#[test]
fn values_beyond_a_new_bound_stand_in_its_way() {
    let number = json!({ "name": "a", "type": "integer" });
    let records = [
        json!({ "a": 1 }),
        json!({ "a": 11 }),
        json!({ "a": 12 }),
        json!({}),
    ];
    let change = json!({ "name": "a", "max": 10 });
    let message = "a has a value that is refused (Must be at most 10): 2 records";
    tightened(number.clone(), &records, &change, 2, message);
    let change = json!({ "name": "a", "min": 2 });
    let message = "a has a value that is refused (Must be at least 2): 1 record";
    tightened(number, &records, &change, 1, message);
}

#[test]
fn values_that_are_there_twice_stand_in_the_way_of_unique() {
    let records = ["x", "x", "y"].map(|a| json!({ "a": a }));
    let change = json!({ "name": "a", "unique": true });
    let message = "a would be unique, and values are shared: 2 records";
    tightened(text("a"), &records, &change, 2, message);
}

#[test]
fn a_deleted_record_shares_no_value() {
    let app = items(&json!([text("a")]), &[json!({ "a": "x" })]);
    let admin = app.admin();
    let other = admin.post(ITEMS, &json!({ "a": "x" })).created();
    admin
        .delete(&crate::support::client::path_of("items", &other))
        .no_content();
    send(&app, &field(json!({ "name": "a", "unique": true }))).ok();
    admin
        .post(ITEMS, &json!({ "a": "x" }))
        .error(Code::AlreadyExists);
}

#[test]
fn values_that_match_no_pattern_stand_in_its_way() {
    let records = ["abc", "a1"].map(|a| json!({ "a": a }));
    let change = json!({ "name": "a", "pattern": "[a-z]+" });
    let message = "a has a value that it would not take: 1 record";
    tightened(text("a"), &records, &change, 1, message);
}

#[test]
fn an_option_goes_once_nobody_has_it() {
    let select = json!({ "name": "a", "type": "select", "options": ["x", "y"] });
    let records = ["x", "y"].map(|a| json!({ "a": a }));
    let change = json!({ "name": "a", "options": ["x", "z"] });
    let message = "a has a value that is refused (Must be one of: x, z): 1 record";
    tightened(select, &records, &change, 1, message);
}

#[test]
fn what_is_loosened_takes_more_at_once() {
    let fields = json!([
        { "name": "a", "type": "text", "required": true, "max": 3, "unique": true },
        { "name": "s", "type": "select", "options": ["x"] },
        { "name": "n", "type": "integer", "min": 0, "max": 5 } ]);
    let app = items(&fields, &[json!({ "a": "one", "s": "x", "n": 5 })]);
    let body = json!({ "fields": [
        { "name": "a", "required": null, "max": 10, "unique": false },
        { "name": "s", "options": ["x", "y"] },
        { "name": "n", "min": null, "max": null } ] });
    let plan = planned(&app, &body);
    assert_eq!(kinds(&plan), ["changeField"; 6]);
    assert_eq!(plan["obstacles"], json!([]));
    send(&app, &body).ok();
    let more = json!({ "a": "one", "s": "y", "n": -9 });
    app.admin().post(ITEMS, &more).created();
    app.admin().post(ITEMS, &json!({})).created();
    assert_eq!(values(&app, "version"), [1, 1, 1]);
}

#[test]
fn what_is_tightened_holds_from_then_on() {
    let app = items(&json!([text("a")]), &[json!({ "a": "abc" })]);
    let tight = json!({ "name": "a", "required": true, "min": 2, "max": 4, "pattern": "[a-z]+" });
    send(&app, &field(tight)).ok();
    for a in [json!("a"), json!("abcde"), json!("AB")] {
        app.admin()
            .post(ITEMS, &json!({ "a": a }))
            .error(Code::ValidationError);
    }
    for body in [json!({}), json!({ "a": "" })] {
        app.admin().post(ITEMS, &body).error(Code::MissingField);
    }
    // The file itself refuses what a shell would write.
    let sql = "UPDATE items SET a = 'abcde', version = version + 1";
    app.sql().execute_batch(sql).unwrap_err();
}

#[test]
fn a_default_is_for_records_to_come() {
    let app = items(&json!([text("a")]), &[json!({})]);
    let body = field(json!({ "name": "a", "default": "new" }));
    assert_eq!(
        kinds(&planned(&app, &body)),
        ["changeField", "rebuildTable"]
    );
    send(&app, &body).ok();
    app.admin().post(ITEMS, &json!({})).created();
    assert_eq!(values(&app, "a"), [Json::Null, json!("new")]);
    send(&app, &field(json!({ "name": "a", "default": null }))).ok();
    let made = app.admin().post(ITEMS, &json!({})).created();
    assert_eq!(made["a"], Json::Null);
}

#[test]
fn indexes_come_and_go() {
    let app = items(&json!([text("a"), text("b")]), &[json!({ "a": "x" })]);
    let has = |name: &str| {
        let sql = format!("SELECT count(*) FROM sqlite_schema WHERE name = '{name}'");
        app.count(&sql) == 1
    };
    let body = json!({ "indexes": [{ "fields": ["a", "-b"] }] });
    assert_eq!(kinds(&planned(&app, &body)), ["addIndex"]);
    send(&app, &body).ok();
    assert!(has("items_a_b_idx"));
    let renamed = json!({ "fields": [{ "name": "c", "renamedFrom": "b" }],
        "indexes": [{ "fields": ["a", "-c"] }] });
    assert_eq!(kinds(&planned(&app, &renamed)), ["renameField"]);
    send(&app, &renamed).ok();
    assert!(has("items_a_c_idx") && !has("items_a_b_idx"));
    send(&app, &json!({ "indexes": [] })).ok();
    assert!(!has("items_a_c_idx"));
}
