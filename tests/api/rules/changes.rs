//! Rules on making, changing, deleting and restoring.

use serde_json::json;
use stead::base::Code;

use super::{POSTS, id_of, posts};
use crate::support::client::path_of;

#[test]
fn a_create_rule_judges_what_would_be_made() {
    let app = posts(&json!({ "view": "true", "create": "ownerId == auth.id && !isPublic" }));
    let tom = app.user("tom", &[]);
    let me = id_of(&tom);
    tom.post(POSTS, &json!({ "ownerId": me })).created();
    for body in [
        json!({}),
        json!({ "ownerId": null }),
        json!({ "ownerId": me, "isPublic": true }),
        json!({ "ownerId": id_of(&app.admin()) }),
    ] {
        let before = app.rows();
        tom.post(POSTS, &body).error(Code::Forbidden);
        assert_eq!(app.rows(), before, "{body}");
    }
}

#[test]
fn an_update_rule_looks_at_both_sides() {
    let own = "previous.ownerId == auth.id && ownerId == previous.ownerId";
    let app = posts(&json!({ "view": "true", "update": own, "create": "true" }));
    let (tom, admin) = (app.user("tom", &[]), app.admin());
    let me = id_of(&tom);
    let path = path_of(
        "posts",
        &tom.post(POSTS, &json!({ "ownerId": me })).created(),
    );
    tom.patch(&path, &json!({ "title": "mine", "views": { "$inc": 2 } }))
        .ok();
    let other = path_of("posts", &admin.post(POSTS, &json!({})).created());
    for (path, body) in [
        (&path, json!({ "ownerId": id_of(&admin) })),
        (&path, json!({ "title": "x", "ownerId": null })),
        (&other, json!({ "ownerId": me })),
    ] {
        let before = app.rows();
        tom.patch(path, &body).error(Code::Forbidden);
        assert_eq!(app.rows(), before, "{body}");
    }
    // A replacement leaves the owner out.
    let before = app.rows();
    tom.put(&path, &json!({ "title": "y" }))
        .error(Code::Forbidden);
    assert_eq!(app.rows(), before);
    tom.put(&path, &json!({ "title": "y", "ownerId": me })).ok();
}

#[test]
fn a_rule_judges_the_sum_of_what_is_added() {
    let app = posts(&json!({ "view": "true", "update": "views <= 3" }));
    let tom = app.user("tom", &[]);
    let path = path_of(
        "posts",
        &app.admin().post(POSTS, &json!({ "views": 2 })).created(),
    );
    let add = json!({ "views": { "$inc": 1 } });
    assert_eq!(tom.patch(&path, &add).ok()["views"], 3);
    tom.patch(&path, &add).error(Code::Forbidden);
    assert_eq!(tom.get(&path).ok()["views"], 3);
}

#[test]
fn a_delete_rule_holds_for_deleting_and_restoring() {
    let app = posts(&json!({ "view": "true", "delete": "ownerId == auth.id" }));
    let (tom, admin) = (app.user("tom", &[]), app.admin());
    let own = admin.post(POSTS, &json!({ "ownerId": id_of(&tom) }));
    let own = path_of("posts", &own.created());
    let other = path_of("posts", &admin.post(POSTS, &json!({})).created());
    let before = app.rows();
    tom.delete(&other).error(Code::Forbidden);
    assert_eq!(app.rows(), before);
    tom.delete(&own).no_content();
    admin.delete(&other).no_content();
    let before = app.rows();
    let restore = |path: &str| tom.send("POST", &format!("{path}/restore"), None);
    restore(&other).error(Code::NotFound);
    assert_eq!(app.rows(), before);
    restore(&own).ok();
    tom.delete(&format!("{own}?hard=true"))
        .error(Code::InsufficientPermissions);
}

#[test]
fn without_a_delete_rule_restoring_needs_its_permission() {
    let app = posts(&json!({ "view": "true" }));
    let (eve, admin) = (app.editor(), app.admin());
    let path = path_of("posts", &admin.post(POSTS, &json!({})).created());
    admin.delete(&path).no_content();
    let restore = format!("{path}/restore");
    eve.send("POST", &restore, None)
        .error(Code::InsufficientPermissions);
    admin.send("POST", &restore, None).ok();
}

#[test]
fn deleted_records_are_listed_by_the_rule_and_the_right_to_restore() {
    let app = posts(&json!({ "list": "isPublic", "view": "true" }));
    let admin = app.admin();
    for is_public in [true, false] {
        let post = admin
            .post(POSTS, &json!({ "isPublic": is_public }))
            .created();
        admin.delete(&path_of("posts", &post)).no_content();
    }
    let trashed = format!("{POSTS}?trashed=only");
    assert_eq!(admin.get(&trashed).ok()["pagination"]["totalItems"], 2);
    app.guest().get(&trashed).error(Code::Unauthorized);
    app.viewer()
        .get(&trashed)
        .error(Code::InsufficientPermissions);
}

#[test]
fn relations_are_read_as_they_are_before_the_change() {
    let app = posts(&json!({ "view": "true", "create": "!owner.posts.exists(p, true)" }));
    let tom = app.user("tom", &[]);
    let body = json!({ "ownerId": id_of(&tom) });
    let first = tom.post(POSTS, &body).created();
    tom.post(POSTS, &body).error(Code::Forbidden);
    app.admin().delete(&path_of("posts", &first)).no_content();
    tom.post(POSTS, &body).created();
}

#[test]
fn who_may_not_see_what_it_has_made_is_told_its_name() {
    let app = posts(&json!({ "view": "isPublic", "create": "true", "update": "true" }));
    let guest = app.guest();
    let reply = guest.post(POSTS, &json!({ "title": "a" }));
    let made = reply.created();
    let keys: Vec<_> = made.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "version"]);
    let path = path_of("posts", &made);
    assert_eq!(reply.header("location"), Some(&*path));
    guest.get(&path).error(Code::NotFound);
    let changed = guest.patch(&path, &json!({ "title": "b" })).ok();
    assert_eq!(changed, json!({ "id": made["id"], "version": 2 }));
    let shown = guest.patch(&path, &json!({ "isPublic": true })).ok();
    assert_eq!(shown["title"], "b");
}
