//! Rules beside single permissions: each gives what it says, and no more.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{POSTS, id_of, posts, rule, ways::escaped};
use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

/// A user whose only role has these permissions.
fn with(app: &TestApp, name: &str, permissions: &[&str]) -> Client {
    let permissions = json!(permissions);
    app.change_by_sql(&format!(
        "INSERT INTO _roles (name, permissions, created_at, updated_at)
         VALUES ('{name}', '{permissions}', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')"
    ));
    app.user(name, &[name])
}

fn total(client: &Client, path: &str) -> Json {
    client.get(path).ok()["pagination"]["totalItems"].clone()
}

#[test]
fn deleted_records_show_what_live_ones_would() {
    let app = posts(&json!({ "list": "isPublic", "view": "true" }));
    rule(
        &app,
        &json!({ "fields": [{ "name": "views", "readRule": "ownerId == auth.id" }] }),
    );
    let (admin, rita) = (app.admin(), with(&app, "rita", &["posts:restore"]));
    let owners = [
        (id_of(&rita), true),
        (json!(null), true),
        (id_of(&rita), false),
    ];
    for (owner, is_public) in owners {
        let body = json!({ "views": 5, "isPublic": is_public, "ownerId": owner });
        let post = admin.post(POSTS, &body).created();
        admin.delete(&path_of("posts", &post)).no_content();
    }
    let list = rita
        .get(&format!("{POSTS}?trashed=only&sort=-ownerId"))
        .ok();
    let items = list["items"].as_array().unwrap();
    let shown: Vec<_> = items.iter().map(|item| item.get("views")).collect();
    assert_eq!(shown, [Some(&json!(5)), None]);
    assert!(items.iter().all(|item| item["deletedAt"].is_string()));
    let hidden = format!("{POSTS}?trashed=only&views=5");
    assert_eq!(total(&rita, &hidden), 1);
}

#[test]
fn who_may_read_users_asks_nothing_of_records_out_of_sight_by_them() {
    let app = posts(&json!({ "list": "isPublic", "view": "isPublic" }));
    let (admin, una) = (app.admin(), with(&app, "una", &["users:read"]));
    let body = json!({ "views": 5, "ownerId": id_of(&admin) });
    let path = path_of("posts", &admin.post(POSTS, &body).created());
    let users = "/api/v1/users?filter=";
    let asked = format!("{users}{}", escaped("posts.exists(p, p.views == 5)"));
    assert_eq!(
        (total(&una, &asked), total(&admin, &asked)),
        (json!(0), json!(1))
    );
    admin.patch(&path, &json!({ "isPublic": true })).ok();
    assert_eq!(total(&una, &asked), 1);
}

#[test]
fn a_bypass_is_for_its_collection_alone() {
    let app = posts(&json!({ "list": "false", "view": "false", "update": "false" }));
    let post_id = json!({ "name": "post_id", "type": "relation", "collection": "posts" });
    app.define(
        json!({ "name": "notes", "rules": { "list": "false", "view": "false" },
        "fields": [post_id] }),
    );
    let (admin, bo) = (app.admin(), with(&app, "bo", &["posts:bypass"]));
    let post = admin.post(POSTS, &json!({})).created();
    let path = path_of("posts", &post);
    let note = json!({ "postId": post["id"] });
    admin.post("/api/v1/notes", &note).created();
    assert_eq!(total(&bo, POSTS), 1);
    bo.patch(&path, &json!({ "title": "x" })).ok();
    // Where no rule is given there is none to be bypassed.
    bo.delete(&path).error(Code::InsufficientPermissions);
    assert_eq!(total(&bo, "/api/v1/notes"), 0);
    assert_eq!(total(&bo, &format!("{path}/notes")), 0);
    let asked = format!("{POSTS}?filter={}", escaped("notes.size() > 0"));
    assert_eq!(
        (total(&bo, &asked), total(&admin, &asked)),
        (json!(0), json!(1))
    );
}

#[test]
fn purging_needs_its_permission_and_the_rule() {
    let app = posts(&json!({ "view": "true", "delete": "ownerId == auth.id" }));
    let (admin, pia) = (app.admin(), with(&app, "pia", &["posts:purge"]));
    let own = admin.post(POSTS, &json!({ "ownerId": id_of(&pia) }));
    let own = path_of("posts", &own.created());
    let other = path_of("posts", &admin.post(POSTS, &json!({})).created());
    pia.delete(&format!("{other}?hard=true"))
        .error(Code::Forbidden);
    pia.delete(&format!("{own}?hard=true")).no_content();
    admin.delete(&other).no_content();
    pia.delete(&format!("{other}?hard=true"))
        .error(Code::NotFound);
}
