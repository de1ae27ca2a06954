//! Changes that are not understood, and those that fail.

use serde_json::json;
use stead::base::Code;

use super::{ITEMS, items, refused, text};

#[test]
fn what_is_not_understood_is_told_at_its_place() {
    let app = items(&json!([text("a"), text("b")]), &[]);
    let faults = [
        (json!({ "fields": [{ "name": "c" }] }), "fields[0].name"),
        (
            json!({ "fields": [{ "name": "c", "drop": true }] }),
            "fields[0].name",
        ),
        (
            json!({ "fields": [{ "name": "c", "renamedFrom": "d" }] }),
            "fields[0].renamedFrom",
        ),
        (
            json!({ "fields": [{ "name": "b", "drop": "yes" }] }),
            "fields[0].drop",
        ),
        (
            json!({ "fields": [{ "name": "b", "renamedFrom": "a" }] }),
            "fields[1].name",
        ),
        (
            json!({ "fields": [{ "name": "a", "type": "colour" }] }),
            "fields[0].type",
        ),
        (
            json!({ "fields": [{ "name": "a", "searchable": 1 }] }),
            "fields[0].searchable",
        ),
        (json!({ "fields": [7] }), "fields[0]"),
        (json!({ "fields": {} }), "fields"),
        (json!({ "rules": [] }), "rules"),
        (json!({ "singular": "thing" }), "singular"),
        (json!({ "allowDestructive": 1 }), "allowDestructive"),
        (
            json!({ "indexes": [{ "fields": ["z"] }] }),
            "indexes[0].fields[0]",
        ),
        (
            json!({ "indexes": [{ "fields": ["a"], "where": "nope == 'x'" }] }),
            "indexes[0].where",
        ),
    ];
    for (body, place) in faults {
        let error = refused(&app, &body, Code::ValidationError);
        assert!(error["details"][place].is_array(), "{body}: {error}");
    }
}

#[test]
fn a_change_that_fails_half_way_leaves_file_and_memory_as_they_were() {
    let app = items(
        &json!([{ "name": "a", "type": "integer" }]),
        &[json!({ "a": 1 })],
    );
    // A table in the way of the new one: the batch fails in its middle.
    app.change_by_sql("CREATE TABLE _making (x INTEGER) STRICT");
    let body = json!({ "fields": [{ "name": "a", "type": "text" }] });
    refused(&app, &body, Code::DatabaseError);
    let made = app.admin().post(ITEMS, &json!({ "a": 2 })).created();
    assert_eq!(made["a"], 2);
    app.change_by_sql("DROP TABLE _making");
}

/// Foreign keys are enforced again after a change, and after one that failed.
#[test]
fn relations_are_kept_by_the_file_after_a_change() {
    let app = items(
        &json!([{ "name": "a", "type": "integer" }]),
        &[json!({ "a": 1 })],
    );
    app.collection(
        "notes",
        json!([{ "name": "item_id", "type": "relation", "collection": "items" }]),
    );
    super::send(
        &app,
        &json!({ "fields": [{ "name": "a", "type": "text" }] }),
    )
    .ok();
    let missing = json!({ "itemId": "01ARZ3NDEKTSV4RRFFQ69G5FAV" });
    app.admin()
        .post("/api/v1/notes", &missing)
        .faults(Code::ValidationError, &["itemId"]);
}
