//! Definitions as they are shown to those who may not read them all.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::COLLECTIONS;
use crate::support::{app::TestApp, client::Client};

/// Posts that everybody sees and their authors change, secrets that the admin alone sees, and notes
/// without rules.
fn stage() -> TestApp {
    let app = TestApp::start();
    let secret = json!([{ "name": "word", "type": "text" }]);
    app.define(json!({ "name": "secrets", "fields": secret,
        "rules": { "list": "false", "view": "false", "create": "false", "update": "false", "delete": "false" } }));
    app.define(json!({ "name": "posts", "titleField": "title", "indexes": [{ "fields": ["title"] }],
        "rules": { "list": "true", "view": "true", "update": "authorId == auth.id" },
        "fields": [
            { "name": "title", "type": "text", "readRule": "title != 'x'", "writeRule": "authorId == auth.id" },
            { "name": "grade", "type": "integer", "hidden": true },
            { "name": "cost", "type": "integer", "readRule": "auth.can('posts:bypass')" },
            { "name": "author_id", "type": "relation", "collection": "users" },
            { "name": "secret_id", "type": "relation", "collection": "secrets" } ] }));
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    app
}

fn names(client: &Client) -> Vec<String> {
    let shown = client.get(COLLECTIONS).ok();
    let items = shown["items"].as_array().unwrap().iter();
    items
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

/// What of `can` is true.
fn can(client: &Client, name: &str) -> Vec<String> {
    let shown = client.get(&format!("{COLLECTIONS}/{name}")).ok();
    let can = shown["can"].as_object().unwrap().iter();
    can.filter(|(_, is)| **is == true)
        .map(|(key, _)| key.clone())
        .collect()
}

#[test]
fn everybody_sees_what_concerns_them() {
    let app = stage();
    assert_eq!(names(&app.admin()), ["notes", "posts", "secrets", "users"]);
    assert_eq!(names(&app.viewer()), ["notes", "posts"]);
    let nobody = app.user("bob", &[]);
    assert_eq!(names(&nobody), ["posts"]);
    nobody
        .get(&format!("{COLLECTIONS}/notes"))
        .error(Code::NotFound);
    nobody
        .get(&format!("{COLLECTIONS}/users"))
        .error(Code::NotFound);
    app.guest().get(COLLECTIONS).error(Code::Unauthorized);
}

#[test]
fn what_is_not_for_them_is_left_out() {
    let app = stage();
    let posts = app
        .user("bob", &[])
        .get(&format!("{COLLECTIONS}/posts"))
        .ok();
    let fields = json!([
        { "name": "title", "type": "text", "max": 5000 },
        { "name": "author_id", "type": "relation", "onDelete": "restrict" },
        { "name": "secret_id", "type": "relation", "onDelete": "restrict" } ]);
    assert_eq!(posts["fields"], fields);
    assert_eq!(
        (&posts["rules"], &posts["indexes"]),
        (&Json::Null, &json!([]))
    );
    assert_eq!(posts["titleField"], "title");
    let whole = app.admin().get(&format!("{COLLECTIONS}/posts")).ok();
    assert_eq!(whole["fields"].as_array().unwrap().len(), 5);
    assert_eq!(whole["rules"]["list"], "true");
}

#[test]
fn what_rules_could_allow_can_be_done() {
    let app = stage();
    assert_eq!(
        can(&app.user("bob", &[]), "posts"),
        ["list", "update", "view"]
    );
    assert_eq!(can(&app.viewer(), "notes"), ["list", "view"]);
    assert_eq!(
        can(&app.editor(), "notes"),
        ["create", "list", "update", "view"]
    );
    let all = [
        "change", "create", "delete", "list", "purge", "restore", "trash", "update", "view",
    ];
    assert_eq!(can(&app.admin(), "secrets"), all);
    assert_eq!(
        can(&app.admin(), "users"),
        all[1..],
        "its definition never changes"
    );
    app.define(
        json!({ "name": "logs", "deletion": "hard", "fields": [{ "name": "a", "type": "text" }] }),
    );
    assert!(!can(&app.admin(), "logs").contains(&"restore".to_owned()));
}

#[test]
fn what_is_deleted_is_seen_brought_back_and_purged_by_rights_of_its_own() {
    let app = stage();
    let with = |name: &str, permissions: &[&str]| {
        let role = json!({ "name": name, "permissions": permissions });
        app.admin().post("/api/system/roles", &role).created();
        app.user(name, &[name])
    };
    let keeper = with("keeper", &["notes:read", "notes:restore", "notes:purge"]);
    assert_eq!(can(&keeper, "notes"), ["list", "trash", "view"]);
    keeper.get("/api/v1/notes?trashed=only").ok();
    let note = app.admin().post("/api/v1/notes", &json!({ "title": "a" }));
    let note = note.created()["id"].as_str().unwrap().to_owned();
    let hard = keeper.delete(&format!("/api/v1/notes/{note}?hard=true"));
    hard.error(Code::InsufficientPermissions);
    let own = json!({ "rules": { "list": "true", "view": "true", "delete": "title == 'a'" } });
    let notes = format!("{COLLECTIONS}/notes");
    app.admin().patch(&notes, &own).ok();
    let bob = app.user("bob", &[]);
    assert_eq!(can(&bob, "notes"), ["delete", "list", "restore", "view"]);
    let trash = bob.get("/api/v1/notes?trashed=only");
    trash.error(Code::InsufficientPermissions);
}

#[test]
fn a_title_that_one_may_not_read_is_none() {
    let app = stage();
    let change = json!({ "titleField": "cost" });
    let changed = app
        .admin()
        .patch(&format!("{COLLECTIONS}/posts"), &change)
        .ok();
    assert_eq!(
        (&changed["titleField"], &changed["can"]["change"]),
        (&json!("cost"), &json!(true))
    );
    let posts = app
        .user("bob", &[])
        .get(&format!("{COLLECTIONS}/posts"))
        .ok();
    assert_eq!(posts["titleField"], Json::Null);
}

#[test]
fn what_was_read_can_be_sent_again() {
    let app = stage();
    let path = format!("{COLLECTIONS}/posts");
    let read = app.admin().get(&path).ok();
    assert_eq!(
        app.admin().post(&format!("{path}/plan"), &read).ok()["steps"],
        json!([])
    );
    assert_eq!(app.admin().patch(&path, &read).ok(), read);
}
