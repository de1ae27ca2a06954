//! Rules beside changes: what a rule asks cannot go.

use serde_json::json;
use stead::base::Code;

use super::{DEFINITION, field, items, refused, send, text};

#[test]
fn a_rule_that_asks_a_field_that_goes_is_a_fault_at_its_place() {
    let app = items(&json!([text("a"), text("b")]), &[]);
    send(&app, &json!({ "rules": { "view": "b == 'x'" } })).ok();
    let gone = json!({ "fields": [{ "name": "b", "drop": true }], "allowDestructive": true });
    let error = refused(&app, &gone, Code::ValidationError);
    assert!(error["details"]["rules.view"].is_array(), "{error}");
    refused(
        &app,
        &field(json!({ "name": "c", "renamedFrom": "b" })),
        Code::ValidationError,
    );
    let both = json!({ "rules": { "view": "c == 'x'" },
        "fields": [{ "name": "c", "renamedFrom": "b" }] });
    send(&app, &both).ok();
}

#[test]
fn the_rule_of_another_collection_is_told_with_its_collection() {
    let app = items(&json!([text("a"), text("b")]), &[]);
    app.define(
        json!({ "name": "notes", "rules": { "view": "item.b == 'x'" },
        "fields": [{ "name": "item_id", "type": "relation", "collection": "items" }] }),
    );
    let gone = json!({ "fields": [{ "name": "b", "drop": true }], "allowDestructive": true });
    let error = refused(&app, &gone, Code::ValidationError);
    assert!(error["details"]["notes.rules.view"].is_array(), "{error}");
    let plan = app.admin().post(&format!("{DEFINITION}/plan"), &gone);
    plan.error(Code::ValidationError);
}

#[test]
fn rules_follow_a_renamed_path_or_are_told() {
    let app = items(&json!([text("a")]), &[]);
    app.define(json!({ "name": "notes", "fields": [
        { "name": "item_id", "type": "relation", "collection": "items" } ] }));
    send(&app, &json!({ "rules": { "view": "notes.size() > 0" } })).ok();
    let notes = "/api/system/collections/notes";
    let error = app.admin().patch(notes, &json!({ "name": "remarks" }));
    let error = error.error(Code::ValidationError);
    assert!(error["details"]["items.rules.view"].is_array(), "{error}");
}
