//! Renaming a collection, and what names it.

use serde_json::json;
use stead::base::Code;

use super::{DEFINITION, ITEMS, items, kinds, text, whole};

#[test]
fn a_renamed_collection_keeps_records_relations_events_and_permissions() {
    let fields = json!([
        { "name": "title", "type": "text", "unique": true, "max": 20 },
        { "name": "parent_id", "type": "relation", "collection": "items" } ]);
    let app = items(&fields, &[json!({ "title": "one" })]);
    app.collection(
        "notes",
        json!([{ "name": "item_id", "type": "relation", "collection": "items" }]),
    );
    app.collection("items_old", json!([text("a")]));
    let admin = app.admin();
    let list = admin.get(ITEMS).ok();
    let id = list["items"][0]["id"].clone();
    admin
        .post("/api/v1/notes", &json!({ "itemId": id }))
        .created();
    let role =
        json!({ "name": "clerk", "permissions": ["items:read", "items_old:read", "notes:read"] });
    admin.post("/api/system/roles", &role).created();
    let plan = admin
        .post(&format!("{DEFINITION}/plan"), &json!({ "name": "wares" }))
        .ok();
    assert_eq!(kinds(&plan), ["renameCollection"]);
    let renamed = admin.patch(DEFINITION, &json!({ "name": "wares" })).ok();
    whole(&app);
    assert_eq!(
        (&renamed["name"], &renamed["singular"]),
        (&json!("wares"), &json!("item"))
    );
    assert_eq!(renamed["fields"][1]["collection"], "wares");
    admin.get(ITEMS).error(Code::NotFound);
    assert_eq!(admin.get("/api/v1/wares").ok()["items"][0]["id"], id);
    let notes = admin.get("/api/system/collections/notes").ok();
    assert_eq!(notes["fields"][0]["collection"], "wares");
    admin
        .post("/api/v1/notes", &json!({ "itemId": id }))
        .created();
    let role = admin.get("/api/system/roles/clerk").ok();
    assert_eq!(
        role["permissions"],
        json!(["wares:read", "items_old:read", "notes:read"])
    );
    let events = "SELECT count(*) FROM _events WHERE collection = 'items'";
    assert_eq!(app.count(events), 0);
    admin
        .post("/api/v1/wares", &json!({ "title": "one" }))
        .error(Code::AlreadyExists);
}

#[test]
fn a_collection_can_be_renamed_and_rebuilt_at_once() {
    let app = items(
        &json!([{ "name": "a", "type": "integer" }]),
        &[json!({ "a": 1 })],
    );
    app.collection(
        "notes",
        json!([{ "name": "item_id", "type": "relation", "collection": "items" }]),
    );
    let admin = app.admin();
    let id = admin.get(ITEMS).ok()["items"][0]["id"].clone();
    admin
        .post("/api/v1/notes", &json!({ "itemId": id }))
        .created();
    let body = json!({ "name": "wares", "fields": [{ "name": "a", "type": "text" }] });
    admin.patch(DEFINITION, &body).ok();
    whole(&app);
    assert_eq!(admin.get("/api/v1/wares").ok()["items"][0]["a"], "1");
    admin
        .post("/api/v1/notes", &json!({ "itemId": id }))
        .created();
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let app = items(&json!([text("a")]), &[]);
    app.collection("notes", json!([text("a")]));
    let admin = app.admin();
    let body = json!({ "name": "notes" });
    admin.patch(DEFINITION, &body).error(Code::AlreadyExists);
    let body = json!({ "name": "Notes" });
    admin
        .patch(DEFINITION, &body)
        .faults(Code::ValidationError, &["name"]);
}
