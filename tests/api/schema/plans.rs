//! What a plan says, and to whom.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{DEFINITION, field, items, kinds, planned, send, text};

#[test]
fn a_change_that_is_there_already_plans_nothing() {
    let app = items(&json!([text("a")]), &[json!({ "a": "x" })]);
    let definition = app.admin().get(DEFINITION).ok();
    let revisions = app.count("SELECT count(*) FROM _revisions");
    let plan = planned(&app, &definition);
    assert_eq!(plan["steps"], json!([]));
    assert_eq!(send(&app, &definition).ok(), definition);
    assert_eq!(app.count("SELECT count(*) FROM _revisions"), revisions);
}

#[test]
fn a_plan_tells_in_words_and_as_json_what_happens() {
    let app = items(&json!([text("a")]), &[json!({ "a": "x" })]);
    let plan = planned(&app, &field(json!({ "name": "a", "max": 10 })));
    let step = json!({ "kind": "changeField", "collection": "items", "field": "a",
        "option": "max", "from": 5000, "to": 10,
        "message": "items: Changes max of a from 5000 to 10" });
    assert_eq!(plan["steps"], json!([step]));
    assert_eq!(plan["losses"], json!([]));
    assert_eq!(plan["obstacles"], json!([]));
    assert_eq!(plan["rows"], 1);
    assert!(plan["writesStandStillMs"].is_u64(), "{plan}");
}

#[test]
fn a_collection_that_is_not_there_yet_is_planned_by_its_definition() {
    let app = items(&json!([text("a")]), &[]);
    let admin = app.admin();
    let plan = "/api/system/collections/notes/plan";
    let mut notes =
        json!({ "name": "notes", "fields": [text("b")], "rules": { "view": "b == 'x'" } });
    let planned = admin.post(plan, &notes).ok();
    assert_eq!(kinds(&planned), ["createCollection"]);
    admin
        .get("/api/system/collections/notes")
        .error(Code::NotFound);
    notes["rules"]["view"] = "c == 'x'".into();
    let error = admin.post(plan, &notes).error(Code::ValidationError);
    assert_eq!(error["issues"][0]["field"], "rules.view");
    notes["name"] = "others".into();
    admin.post(plan, &notes).error(Code::NotFound);
}

/// Who writes definitions may count what a change would break, and is shown no record.
#[test]
fn samples_are_for_those_who_read_everything() {
    let app = items(&json!([text("a")]), &[json!({ "a": "secret" })]);
    let role = |name: &str, permissions: Json| {
        let body = json!({ "name": name, "permissions": permissions });
        app.admin().post("/api/system/roles", &body).created();
    };
    role(
        "architect",
        json!(["system:collections:write", "items:read"]),
    );
    role(
        "reader",
        json!(["system:collections:write", "items:read", "items:bypass"]),
    );
    let body = field(json!({ "name": "a", "max": 3 }));
    let plan = |name: &str, role: &str| {
        let user = app.user(name, &[role]);
        let plan = user.post(&format!("{DEFINITION}/plan"), &body).ok();
        let error = user.patch(DEFINITION, &body).error(Code::Unprocessable);
        (
            plan["obstacles"][0]["samples"].clone(),
            error["issues"][0]["params"]["samples"].clone(),
        )
    };
    assert_eq!(plan("tom", "architect"), (json!([]), json!([])));
    let (samples, ids) = plan("eva", "reader");
    assert_eq!(samples[0]["value"], "secret");
    assert_eq!(samples[0]["id"], ids[0]);
}

#[test]
fn plans_are_for_those_who_may_change_definitions() {
    let app = items(&json!([text("a")]), &[]);
    let plan = format!("{DEFINITION}/plan");
    app.editor()
        .post(&plan, &json!({}))
        .error(Code::InsufficientPermissions);
    app.guest()
        .post(&plan, &json!({}))
        .error(Code::Unauthorized);
    let admin = app.admin();
    let at = |name: &str| format!("/api/system/collections/{name}/plan");
    admin.post(&at("nothing"), &json!({})).error(Code::NotFound);
    admin
        .post(&at("users"), &json!({}))
        .error(Code::Unprocessable);
}

#[test]
fn a_change_is_audited_and_raises_the_revision() {
    let app = items(&json!([text("a")]), &[]);
    let revision = "SELECT revision FROM _collections WHERE name = 'items'";
    let before = app.count(revision);
    send(&app, &field(text("b"))).ok();
    assert!(app.count(revision) > before);
    let audited = "SELECT count(*) FROM _audit_entries WHERE action = 'collection.changed'
                   AND target = 'items' AND actor LIKE 'user:%'";
    assert_eq!(app.count(audited), 1);
}

#[test]
fn deleting_softly_is_given_up_once_nothing_is_deleted() {
    let app = items(&json!([text("a")]), &[json!({ "a": "x" })]);
    let admin = app.admin();
    let gone = admin.post(super::ITEMS, &json!({ "a": "y" })).created();
    let path = crate::support::client::path_of("items", &gone);
    admin.delete(&path).no_content();
    let body = json!({ "deletion": "hard" });
    super::refused(&app, &body, Code::Unprocessable);
    admin.delete(&format!("{path}?hard=true")).no_content();
    assert_eq!(
        kinds(&planned(&app, &body)),
        ["changeCollection", "rebuildTable"]
    );
    send(&app, &body).ok();
    send(&app, &json!({ "deletion": "soft" })).ok();
    assert_eq!(super::values(&app, "a"), ["x"]);
}
