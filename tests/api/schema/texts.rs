//! Indexes of texts come, go and stay with the fields of a collection that holds records.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{DEFINITION, ITEMS, field, items, kinds, planned, send, text, whole};
use crate::support::app::TestApp;

fn searched(name: &str) -> Json {
    json!({ "name": name, "type": "text", "searchable": true, "containsIndex": true })
}

fn total(app: &TestApp, query: &str) -> i64 {
    let list = app.admin().get(&format!("{ITEMS}?{query}")).ok();
    list["pagination"]["totalItems"].as_i64().unwrap()
}

/// How many indexes of texts the file has.
fn indexes(app: &TestApp) -> i64 {
    app.count("SELECT count(*) FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")
}

#[test]
fn a_field_with_texts_becomes_searchable_and_stops_to_be() {
    let app = items(
        &json!([text("a"), text("b")]),
        &[json!({ "a": "red fox", "b": "dog" })],
    );
    let admin = app.admin();
    admin
        .get(&format!("{ITEMS}?search=fox"))
        .error(Code::InvalidInput);
    let change = field(json!({ "name": "a", "searchable": true, "containsIndex": true }));
    let plan = planned(&app, &change);
    assert_eq!(kinds(&plan), ["changeField", "changeField"]);
    assert_eq!(
        (&plan["losses"], &plan["obstacles"]),
        (&json!([]), &json!([]))
    );
    send(&app, &change).ok();
    assert_eq!(kinds(&planned(&app, &change)), [""; 0]);
    assert_eq!(
        (total(&app, "search=fox"), total(&app, "search=dog")),
        (1, 0)
    );
    assert_eq!((total(&app, "a[contains]=ed%20f"), indexes(&app)), (1, 2));
    send(&app, &field(json!({ "name": "b", "searchable": true }))).ok();
    assert_eq!(
        (total(&app, "search=fox"), total(&app, "search=dog")),
        (1, 1)
    );
    send(&app, &field(json!({ "name": "a", "searchable": null }))).ok();
    assert_eq!(
        (total(&app, "search=fox"), total(&app, "search=dog")),
        (0, 1)
    );
    send(&app, &field(json!({ "name": "b", "searchable": false }))).ok();
    send(&app, &field(json!({ "name": "a", "containsIndex": false }))).ok();
    admin
        .get(&format!("{ITEMS}?search=fox"))
        .error(Code::InvalidInput);
    assert_eq!((total(&app, "a[contains]=ed%20f"), indexes(&app)), (1, 0));
}

#[test]
fn a_renamed_field_and_a_dropped_one_take_their_texts_along() {
    let app = items(
        &json!([searched("a"), searched("b")]),
        &[json!({ "a": "fox", "b": "dog" })],
    );
    send(&app, &field(json!({ "name": "c", "renamedFrom": "a" }))).ok();
    assert_eq!(
        (total(&app, "search=fox"), total(&app, "c[contains]=fox")),
        (1, 1)
    );
    let drop = json!({ "fields": [{ "name": "b", "drop": true }], "allowDestructive": true });
    send(&app, &drop).ok();
    assert_eq!(
        (total(&app, "search=fox"), total(&app, "search=dog")),
        (1, 0)
    );
    // Another field under the old name has nothing of what it held.
    send(&app, &field(searched("b"))).ok();
    assert_eq!(
        (total(&app, "search=dog"), total(&app, "b[contains]=dog")),
        (0, 0)
    );
    app.admin().post(ITEMS, &json!({ "b": "dog" })).created();
    assert_eq!(
        (total(&app, "search=dog"), total(&app, "b[contains]=dog")),
        (1, 1)
    );
}

#[test]
fn a_table_that_is_written_anew_keeps_what_is_found() {
    let fields = json!([searched("a"), { "name": "n", "type": "integer" }]);
    let app = items(
        &fields,
        &[json!({ "a": "fox", "n": 1 }), json!({ "a": "dog", "n": 2 })],
    );
    let before = app.count("SELECT rootpage FROM sqlite_schema WHERE name = '_search_items__data'");
    send(&app, &json!({ "deletion": "hard" })).ok();
    send(&app, &field(json!({ "name": "n", "type": "text" }))).ok();
    let after = app.count("SELECT rootpage FROM sqlite_schema WHERE name = '_search_items__data'");
    assert_eq!(before, after, "the index is not made anew");
    app.admin().post(ITEMS, &json!({ "a": "fox" })).created();
    assert_eq!(
        (total(&app, "search=fox"), total(&app, "a[contains]=dog")),
        (2, 1)
    );
    // Other texts are what is found from now on.
    send(
        &app,
        &field(json!({ "name": "a", "type": "select", "max": null,
        "options": ["fox", "dog"] })),
    )
    .ok();
    assert_eq!(total(&app, "search=fox"), 2);
    send(
        &app,
        &field(
            json!({ "name": "a", "type": "text", "options": null, "collation": "nocase",
        "containsIndex": true }),
        ),
    )
    .ok();
    assert_eq!(total(&app, "a[contains]=FOX"), 2);
}

#[test]
fn a_renamed_collection_is_searched_under_its_new_name() {
    let app = items(&json!([searched("a")]), &[json!({ "a": "fox" })]);
    let admin = app.admin();
    admin.patch(DEFINITION, &json!({ "name": "wares" })).ok();
    whole(&app);
    let wares = "/api/v1/wares";
    admin.post(wares, &json!({ "a": "foxes" })).created();
    for (query, expected) in [
        ("search=fox", 1),
        ("search=fox*", 2),
        ("a[contains]=fox", 2),
    ] {
        let list = admin.get(&format!("{wares}?{query}")).ok();
        assert_eq!(list["pagination"]["totalItems"], expected, "{query}");
    }
    let both = json!({ "name": "goods", "deletion": "hard" });
    admin.patch("/api/system/collections/wares", &both).ok();
    whole(&app);
    admin
        .post("/api/v1/goods", &json!({ "a": "fox" }))
        .created();
    let list = admin.get("/api/v1/goods?search=fox").ok();
    assert_eq!(list["pagination"]["totalItems"], 2);
    app.define(json!({ "name": "items", "singular": "one", "fields": [searched("a")] }));
    assert_eq!((total(&app, "search=fox"), indexes(&app)), (0, 4));
}
