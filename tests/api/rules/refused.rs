//! What is told where a rule says no: 401, 403 or 404.

use serde_json::json;
use stead::base::Code;

use super::{POSTS, id_of, posts, rule};
use crate::support::client::path_of;

const ABSENT: &str = "/api/v1/posts/01ARZ3NDEKTSV4RRFFQ69G5FAV";

#[test]
fn without_rule_and_permission_it_is_403_for_any_id() {
    let app = posts(&json!({ "view": "true" }));
    let path = path_of("posts", &app.admin().post(POSTS, &json!({})).created());
    let tom = app.user("tom", &[]);
    for path in [&path, ABSENT] {
        let code = Code::InsufficientPermissions;
        tom.patch(path, &json!({ "title": "x" })).error(code);
        tom.delete(path).error(code);
        let restore = format!("{path}/restore");
        tom.send("POST", &restore, None).error(code);
        app.guest().delete(path).error(Code::Unauthorized);
    }
    tom.get(POSTS).error(Code::InsufficientPermissions);
    tom.get(&path).ok();
}

#[test]
fn a_refused_change_is_403_of_what_one_sees_and_404_of_what_one_does_not() {
    let app = posts(&json!({ "view": "isPublic", "update": "false", "delete": "false" }));
    let admin = app.admin();
    let shown = path_of(
        "posts",
        &admin.post(POSTS, &json!({ "isPublic": true })).created(),
    );
    let hidden = path_of("posts", &admin.post(POSTS, &json!({})).created());
    let change = json!({ "title": "x" });
    for caller in [app.guest(), app.user("tom", &[])] {
        for (path, code) in [
            (&*shown, Code::Forbidden),
            (&*hidden, Code::NotFound),
            (ABSENT, Code::NotFound),
        ] {
            caller.patch(path, &change).error(code);
            caller.put(path, &change).error(code);
            caller.delete(path).error(code);
        }
    }
}

#[test]
fn a_guest_is_told_to_sign_in_where_that_could_help() {
    let own = "ownerId == auth.id";
    let app =
        posts(&json!({ "list": own, "view": own, "create": own, "update": own, "delete": own }));
    let path = path_of("posts", &app.admin().post(POSTS, &json!({})).created());
    let guest = app.guest();
    for path in [&path, ABSENT] {
        guest.get(path).error(Code::Unauthorized);
        guest.patch(path, &json!({})).error(Code::Unauthorized);
        guest.delete(path).error(Code::Unauthorized);
    }
    guest.get(POSTS).error(Code::Unauthorized);
    guest.post(POSTS, &json!({})).error(Code::Unauthorized);
}

#[test]
fn a_list_of_which_nothing_may_be_seen_is_empty_for_all() {
    let app = posts(&json!({ "list": "false", "view": "false", "create": "false" }));
    let path = path_of("posts", &app.admin().post(POSTS, &json!({})).created());
    for caller in [app.guest(), app.user("tom", &[])] {
        let list = caller.get(POSTS).ok();
        assert_eq!(list["items"], json!([]));
        assert_eq!(list["pagination"]["totalItems"], 0);
        caller.get(&path).error(Code::NotFound);
        caller.get(ABSENT).error(Code::NotFound);
        caller.post(POSTS, &json!({})).error(Code::Forbidden);
    }
}

#[test]
fn who_may_bypass_is_bound_by_no_rule() {
    let app = posts(
        &json!({ "list": "false", "view": "false", "create": "false",
        "update": "false", "delete": "false" }),
    );
    let field = json!({ "name": "title", "readRule": "false", "writeRule": "false" });
    rule(&app, &json!({ "fields": [field] }));
    let admin = app.admin();
    let path = path_of(
        "posts",
        &admin.post(POSTS, &json!({ "title": "a" })).created(),
    );
    admin.patch(&path, &json!({ "title": "b" })).ok();
    assert_eq!(admin.get(&path).ok()["title"], "b");
    assert_eq!(admin.get(POSTS).ok()["items"][0]["title"], "b");
    admin.delete(&path).no_content();
    admin.send("POST", &format!("{path}/restore"), None).ok();
}

#[test]
fn a_rule_counts_from_the_next_request_of_an_open_session() {
    let app = posts(&json!({ "view": "true", "list": "true" }));
    let path = path_of(
        "posts",
        &app.admin().post(POSTS, &json!({ "title": "a" })).created(),
    );
    let tom = app.user("tom", &[]);
    let tag = tom.get(&path).etag();
    assert_eq!(tom.get(POSTS).ok()["pagination"]["totalItems"], 1);
    rule(
        &app,
        &json!({ "fields": [{ "name": "title", "readRule": "false" }] }),
    );
    let reply = tom.with("If-None-Match", &tag).get(&path);
    assert_eq!(reply.ok().get("title"), None);
    rule(
        &app,
        &json!({ "rules": { "view": "isPublic", "list": "isPublic" } }),
    );
    tom.get(&path).error(Code::NotFound);
    assert_eq!(tom.get(POSTS).ok()["pagination"]["totalItems"], 0);
    rule(&app, &json!({ "rules": { "view": null } }));
    tom.get(&path).error(Code::InsufficientPermissions);
}

#[test]
fn what_a_relation_leads_to_counts_at_once() {
    let app = posts(&json!({ "view": "owner.displayName == \"tom\"" }));
    let (admin, tom) = (app.admin(), app.user("tom", &[]));
    let body = json!({ "ownerId": id_of(&tom) });
    let path = path_of("posts", &admin.post(POSTS, &body).created());
    tom.get(&path).ok();
    tom.patch("/api/auth/me", &json!({ "displayName": "Thomas" }))
        .ok();
    tom.get(&path).error(Code::NotFound);
}

#[test]
fn an_answer_that_is_given_again_goes_by_the_rules_of_now() {
    let app = posts(&json!({ "view": "true", "create": "true" }));
    let tom = app.user("tom", &[]).with("Idempotency-Key", "k");
    let body = json!({ "title": "a" });
    assert_eq!(tom.post(POSTS, &body).created()["title"], "a");
    rule(
        &app,
        &json!({ "fields": [{ "name": "title", "readRule": "false" }] }),
    );
    let again = tom.post(POSTS, &body).created();
    assert_eq!((again.get("title"), &again["views"]), (None, &json!(null)));
    rule(&app, &json!({ "rules": { "view": "false" } }));
    let again = tom.post(POSTS, &body).created();
    let keys: Vec<_> = again.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "version"]);
}

#[test]
fn an_answer_that_is_given_again_needs_a_right_where_the_rules_are_gone() {
    let app = posts(&json!({ "view": "true", "create": "true" }));
    let tom = app.user("tom", &[]).with("Idempotency-Key", "k");
    let body = json!({ "title": "a" });
    let made = tom.post(POSTS, &body).created();
    rule(&app, &json!({ "rules": { "view": null, "create": null } }));
    let again = tom.post(POSTS, &body).created();
    assert_eq!(again, json!({ "id": made["id"], "version": 1 }));
}
