//! Rules in definitions: what is wrong with one is told at its place.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{POSTS, posts, rule};

const DEFINITION: &str = "/api/system/collections/posts";

#[test]
fn every_fault_is_told_at_its_place() {
    let app = posts(&json!({}));
    let admin = app.admin();
    let body = json!({
        "rules": { "list": "ownr == auth.id", "update": "true &&\n  views = 1" },
        "fields": [{ "name": "views", "readRule": "previous.views == 1" }]
    });
    let fields = ["fields[2].readRule", "rules.list", "rules.update"];
    let error = admin
        .patch(DEFINITION, &body)
        .faults(Code::ValidationError, &fields);
    let place = |field: &str| {
        let mut issues = error["issues"].as_array().unwrap().iter();
        let issue = issues.find(|issue| issue["field"] == field).unwrap();
        (
            issue["params"]["line"].clone(),
            issue["params"]["column"].clone(),
        )
    };
    assert_eq!(place("rules.list"), (json!(1), json!(1)));
    assert_eq!(place("rules.update"), (json!(2), json!(9)));
    assert_eq!(place("fields[2].readRule"), (json!(1), json!(1)));
    let before = posts_definition(&app.admin().get(DEFINITION).ok());
    assert_eq!(before, json!(null), "nothing was stored");
}

fn posts_definition(definition: &Json) -> Json {
    definition["rules"].clone()
}

#[test]
fn a_fault_of_a_new_definition_is_told_too() {
    let app = posts(&json!({}));
    let body = json!({ "name": "notes", "rules": { "view": "titel == 1" },
        "fields": [{ "name": "title", "type": "text", "writeRule": "auth" }] });
    app.admin().post("/api/system/collections", &body).faults(
        Code::ValidationError,
        &["fields[0].writeRule", "rules.view"],
    );
}

#[test]
fn what_cannot_be_changed_is_told_at_its_place() {
    let app = posts(&json!({}));
    let admin = app.admin();
    for (body, fields) in [
        (json!({ "singular": "entry" }), ["singular"]),
        (json!({ "rules": { "read": "true" } }), ["rules.read"]),
        (json!({ "rules": { "view": true } }), ["rules.view"]),
        (
            json!({ "fields": [{ "name": "views", "colour": 1 }] }),
            ["fields[2].colour"],
        ),
        (
            json!({ "fields": [{ "name": "id", "readRule": "true" }] }),
            ["fields[0].name"],
        ),
    ] {
        admin
            .patch(DEFINITION, &body)
            .faults(Code::ValidationError, &fields);
    }
    let users = "/api/system/collections/users";
    let body = json!({ "rules": { "view": "true" } });
    admin.patch(users, &body).error(Code::Unprocessable);
    app.editor()
        .patch(DEFINITION, &body)
        .error(Code::InsufficientPermissions);
    app.guest()
        .patch(DEFINITION, &body)
        .error(Code::Unauthorized);
    let absent = "/api/system/collections/nothing";
    admin.patch(absent, &body).error(Code::NotFound);
}

#[test]
fn a_rule_is_set_and_taken_away() {
    let app = posts(&json!({ "view": "true", "list": "isPublic" }));
    let admin = app.admin();
    let changed = admin.patch(
        DEFINITION,
        &json!({ "rules": { "view": null, "create": "true" } }),
    );
    assert_eq!(
        changed.ok()["rules"],
        json!({ "list": "isPublic", "create": "true" })
    );
    rule(
        &app,
        &json!({ "fields": [{ "name": "views", "readRule": "false" }] }),
    );
    assert_eq!(admin.get(DEFINITION).ok()["fields"][2]["readRule"], "false");
    rule(
        &app,
        &json!({ "fields": [{ "name": "views", "readRule": null }] }),
    );
    assert_eq!(
        admin.get(DEFINITION).ok()["fields"][2].get("readRule"),
        None
    );
}

#[test]
fn a_collection_that_a_rule_of_another_asks_cannot_go() {
    let app = posts(&json!({}));
    let admin = app.admin();
    app.collection(
        "votes",
        json!([{ "name": "post_id", "type": "relation", "collection": "posts" }]),
    );
    rule(&app, &json!({ "rules": { "view": "votes.size() > 2" } }));
    let votes = "/api/system/collections/votes";
    let error = admin.delete(votes).error(Code::Conflict);
    assert!(error.to_string().contains("rules.view of posts"), "{error}");
    rule(&app, &json!({ "rules": { "view": null } }));
    admin.delete(votes).no_content();
}

#[test]
fn a_filter_that_is_wrong_is_told_with_its_place() {
    let app = posts(&json!({}));
    let admin = app.admin();
    let path = format!("{POSTS}?filter=title%20%3D%3D&views[gte]=x&isPublic[gt]=true&colour=red");
    let fields = ["colour", "filter", "isPublic[gt]", "views[gte]"];
    admin.get(&path).faults(Code::InvalidInput, &fields);
    let long = format!("{POSTS}?filter={}", "(".repeat(40));
    admin.get(&long).faults(Code::InvalidInput, &["filter"]);
}
