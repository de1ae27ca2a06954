//! What cannot be found out by asking around a rule.

use serde_json::json;
use stead::base::Code;

use super::{POSTS, id_of, posts, rule, ways::escaped};
use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

fn found(client: &Client, filter: &str) -> bool {
    let path = format!("{POSTS}?filter={}", escaped(filter));
    client.get(&path).ok()["pagination"]["totalItems"] != 0
}

fn with_hidden(field: &str) -> TestApp {
    let app = posts(
        &json!({ "list": "true", "view": "true", "create": "true", "update": "true",
        "delete": "true" }),
    );
    rule(
        &app,
        &json!({ "fields": [{ "name": field, "readRule": "false" }] }),
    );
    app
}

#[test]
fn a_unique_value_is_not_told_to_who_may_not_write() {
    let app = posts(&json!({ "view": "true", "create": "isPublic", "update": "isPublic" }));
    let (admin, tom) = (app.admin(), app.user("tom", &[]));
    admin.post(POSTS, &json!({ "title": "taken" })).created();
    let path = path_of("posts", &admin.post(POSTS, &json!({})).created());
    let taken = json!({ "title": "taken" });
    tom.post(POSTS, &taken).error(Code::Forbidden);
    tom.patch(&path, &taken).error(Code::Forbidden);
    let taken = json!({ "title": "taken", "isPublic": true });
    tom.post(POSTS, &taken)
        .faults(Code::AlreadyExists, &["title"]);
}

#[test]
fn an_id_is_not_told_to_who_may_not_write() {
    let app = posts(&json!({ "view": "isPublic", "create": "isPublic" }));
    let made = app.admin().post(POSTS, &json!({})).created();
    let body = json!({ "id": made["id"] });
    app.guest().post(POSTS, &body).error(Code::Forbidden);
}

#[test]
fn a_version_is_not_told_of_what_may_not_be_changed() {
    let app = posts(&json!({ "view": "false", "update": "false", "delete": "false" }));
    let path = path_of("posts", &app.admin().post(POSTS, &json!({})).created());
    let tom = app.user("tom", &[]).with("If-Match", "\"7\"");
    tom.patch(&path, &json!({ "views": 1 }))
        .error(Code::NotFound);
    tom.patch(&path, &json!({})).error(Code::NotFound);
    tom.delete(&path).error(Code::NotFound);
}

#[test]
fn what_restricts_a_deletion_is_not_told_to_who_may_not_delete() {
    let app = posts(&json!({ "view": "true", "delete": "false" }));
    app.collection(
        "notes",
        json!([{ "name": "post_id", "type": "relation", "collection": "posts" }]),
    );
    let post = app.admin().post(POSTS, &json!({})).created();
    let note = json!({ "postId": post["id"] });
    app.admin().post("/api/v1/notes", &note).created();
    let tom = app.user("tom", &[]);
    tom.delete(&path_of("posts", &post)).error(Code::Forbidden);
}

#[test]
fn the_bounds_of_a_sum_do_not_tell_an_unreadable_number() {
    let app = with_hidden("views");
    let path = path_of(
        "posts",
        &app.admin().post(POSTS, &json!({ "views": 70 })).created(),
    );
    let tom = app.user("tom", &[]);
    let before = app.rows();
    for by in [0, 30, 31, i64::MAX] {
        let body = json!({ "views": { "$inc": by } });
        tom.patch(&path, &body).faults(Code::Forbidden, &["views"]);
    }
    assert_eq!(app.rows(), before);
    tom.patch(&path, &json!({ "views": 1 })).ok();
}

#[test]
fn a_nested_path_does_not_tell_an_unreadable_relation() {
    let app = with_hidden("owner_id");
    let tom = app.user("tom", &["admin"]);
    let me = id_of(&tom);
    let post = tom.post(POSTS, &json!({ "ownerId": me })).created();
    let under = format!("/api/v1/users/{}/posts", me.as_str().unwrap());
    let one = format!("{under}/{}", post["id"].as_str().unwrap());
    app.admin()
        .patch(
            &path_of("users", &json!({ "id": me })),
            &json!({ "roles": [] }),
        )
        .ok();
    assert_eq!(tom.get(&under).ok()["pagination"]["totalItems"], 0);
    tom.get(&one).error(Code::NotFound);
    tom.patch(&one, &json!({ "title": "x" }))
        .error(Code::NotFound);
    let stale = tom.with("If-Match", "\"7\"");
    stale.delete(&one).error(Code::NotFound);
    tom.delete(&one).error(Code::NotFound);
    tom.delete(&path_of("posts", &post)).no_content();
}

#[test]
fn a_relation_that_cannot_be_read_leads_nowhere_in_a_filter() {
    let app = with_hidden("owner_id");
    let (admin, tom) = (app.admin(), app.user("tom", &["viewer"]));
    admin
        .post(POSTS, &json!({ "ownerId": id_of(&tom) }))
        .created();
    for filter in [
        "owner != null",
        "ownerId != null",
        "owner == null",
        "owner.displayName == \"tom\"",
        "owner.displayName != \"tom\"",
        "owner.posts.exists(p, true)",
        "owner.posts.size() > 0",
    ] {
        assert!(!found(&tom, filter), "{filter}");
    }
    assert!(found(&admin, "owner.displayName == \"tom\""));
}

#[test]
fn a_record_out_of_sight_is_absent_for_a_filter() {
    let app = posts(&json!({ "list": "true", "view": "true" }));
    let (admin, tom) = (app.admin(), app.user("tom", &[]));
    admin
        .post(POSTS, &json!({ "ownerId": id_of(&admin) }))
        .created();
    // Users are for who may read them.
    assert!(!found(&tom, "owner.displayName.startsWith(\"A\")"));
    assert!(!found(&tom, "owner.email != null"));
    assert!(found(&tom, "owner.displayName == null"));
    assert!(found(&admin, "owner.displayName == \"Ann\""));
}

#[test]
fn a_filter_knows_neither_who_asks_nor_the_time() {
    let app = posts(&json!({ "list": "true", "view": "true" }));
    for filter in [
        "ownerId == auth.id",
        "createdAt < now()",
        "previous.views == 1",
        "passwordHash == 1",
    ] {
        let path = format!("{POSTS}?filter={}", escaped(filter));
        app.admin()
            .get(&path)
            .faults(Code::InvalidInput, &["filter"]);
    }
}

#[test]
fn a_change_under_a_parent_may_lead_out_of_sight() {
    let app = posts(&json!({ "list": "true", "view": "isPublic", "update": "true" }));
    let tom = app.user("tom", &[]);
    let me = id_of(&tom);
    let body = json!({ "ownerId": me, "isPublic": true });
    let post = app.admin().post(POSTS, &body).created();
    let under = format!("/api/v1/users/{}/posts", me.as_str().unwrap());
    let one = format!("{under}/{}", post["id"].as_str().unwrap());
    let changed = tom.patch(&one, &json!({ "isPublic": false })).ok();
    assert_eq!(changed, json!({ "id": post["id"], "version": 2 }));
    tom.patch(&one, &json!({})).error(Code::NotFound);
}

#[test]
fn a_filter_on_a_collection_without_rules_is_bound_by_those_of_others() {
    let app = posts(&json!({ "list": "isPublic", "view": "isPublic" }));
    rule(
        &app,
        &json!({ "fields": [{ "name": "views", "readRule": "false" }] }),
    );
    let post = json!({ "name": "post_id", "type": "relation", "collection": "posts" });
    app.collection("notes", json!([post]));
    let (admin, vic) = (app.admin(), app.viewer());
    for is_public in [true, false] {
        let body = json!({ "views": 5, "isPublic": is_public, "ownerId": id_of(&admin) });
        let post = admin.post(POSTS, &body).created();
        let note = json!({ "postId": post["id"] });
        admin.post("/api/v1/notes", &note).created();
    }
    for (filter, of_vic, of_admin) in [
        ("post.isPublic == false", 0, 1),
        ("post.isPublic == true", 1, 1),
        ("post.views == 5", 0, 2),
        ("post.owner.displayName == \"Ann\"", 0, 2),
    ] {
        let path = format!("/api/v1/notes?filter={}", escaped(filter));
        let total = |client: &Client| client.get(&path).ok()["pagination"]["totalItems"].clone();
        assert_eq!(
            (total(&vic), total(&admin)),
            (json!(of_vic), json!(of_admin)),
            "{filter}"
        );
    }
}
