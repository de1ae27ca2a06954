//! Rules hold for what is shown as it was and as it is, and for what is brought back.

use std::time::Duration;

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{POSTS, entries, posts, revert, versions};
use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

#[test]
fn a_version_is_shown_only_where_the_record_may_be_seen_then_and_now() {
    let rules = json!({ "view": "isPublic", "update": "true" });
    let (app, admin) = posts(&rules);
    let post = admin
        .post(POSTS, &json!({ "title": "draft", "isPublic": false }))
        .created();
    let path = path_of("posts", &post);
    for body in [
        json!({ "title": "public", "isPublic": true }),
        json!({ "title": "hidden", "isPublic": false }),
        json!({ "title": "public again", "isPublic": true }),
    ] {
        app.clock().advance(Duration::from_secs(60));
        admin.patch(&path, &body).ok();
    }
    let guest = app.guest();
    assert_eq!(versions(&guest, &path), [4, 2]);
    let list = guest.get(&format!("{path}/history")).ok();
    assert_eq!(list["pagination"]["totalItems"], 2);
    assert_eq!(
        list["items"][0]["changes"],
        json!({ "title": ["public", "public again"] })
    );
    assert!(!list.to_string().contains("draft") && !list.to_string().contains("hidden"));
    let at = |minute: &str| guest.get(&format!("{path}?at=2026-01-15T10:{minute}:30Z"));
    assert_eq!(at("31").ok()["title"], "public");
    for minute in ["30", "32"] {
        at(minute).error(Code::NotFound);
    }
    let mine = app.user("olga", &[]);
    let hidden = revert(&mine, &path, 3).error(Code::Unprocessable);
    let unknown = revert(&mine, &path, 9).error(Code::Unprocessable);
    assert_eq!(
        hidden["message"].as_str().map(str::len),
        unknown["message"].as_str().map(str::len)
    );
    admin.patch(&path, &json!({ "isPublic": false })).ok();
    guest.get(&format!("{path}/history")).error(Code::NotFound);
    at("31").error(Code::NotFound);
    revert(&mine, &path, 2).error(Code::NotFound);
}

#[test]
fn a_field_is_shown_only_where_it_may_be_read_then_and_now() {
    let rules = json!({ "view": "true", "update": "true" });
    let (app, admin) = posts(&rules);
    let secret = json!({ "name": "secret", "readRule": "isPublic" });
    admin
        .patch(
            "/api/system/collections/posts",
            &json!({ "fields": [secret] }),
        )
        .ok();
    let post = admin
        .post(POSTS, &json!({ "secret": "first", "isPublic": false }))
        .created();
    let path = path_of("posts", &post);
    for body in [
        json!({ "secret": "second", "isPublic": true }),
        json!({ "secret": "third" }),
    ] {
        app.clock().advance(Duration::from_secs(60));
        admin.patch(&path, &body).ok();
    }
    let olga = app.user("olga", &[]);
    let seen: Vec<Json> = entries(&olga, &path)
        .iter()
        .map(|entry| entry["changes"].clone())
        .collect();
    assert_eq!(
        seen,
        [
            json!({ "secret": ["second", "third"] }),
            json!({ "isPublic": [false, true] }),
            json!({ "isPublic": [null, false] })
        ]
    );
    let at = |minute: &str| {
        olga.get(&format!("{path}?at=2026-01-15T10:{minute}:30Z"))
            .ok()
    };
    assert_eq!(at("31")["secret"], "second");
    assert_eq!(at("30").get("secret"), None);
    // What it may not read it does not bring back.
    revert(&olga, &path, 1).ok();
    let now = admin.get(&path).ok();
    assert_eq!(
        (&now["secret"], &now["isPublic"]),
        (&json!("third"), &json!(false))
    );
}

#[test]
fn a_reversion_is_bound_by_the_rules_of_updates_and_of_fields() {
    let rules =
        json!({ "view": "true", "update": "ownerId == auth.id && previous.ownerId == auth.id" });
    let (app, admin) = posts(&rules);
    let (olga, tom) = (app.user("olga", &[]), app.user("tom", &[]));
    let id = |client: &Client| client.get("/api/auth/me").ok()["id"].clone();
    let post = admin
        .post(POSTS, &json!({ "ownerId": id(&tom), "views": 1 }))
        .created();
    let path = path_of("posts", &post);
    admin
        .patch(&path, &json!({ "ownerId": id(&olga), "views": 2 }))
        .ok();
    admin.patch(&path, &json!({ "title": "mine" })).ok();
    revert(&tom, &path, 2).error(Code::Forbidden);
    revert(&app.guest(), &path, 2).error(Code::Unauthorized);
    revert(&olga, &path, 1).error(Code::Forbidden);
    revert(&olga, &path, 2).ok();
    let views = json!({ "name": "views", "writeRule": "false" });
    admin
        .patch(
            "/api/system/collections/posts",
            &json!({ "fields": [views] }),
        )
        .ok();
    revert(&olga, &path, 3).ok();
    admin.patch(&path, &json!({ "views": 7 })).ok();
    revert(&olga, &path, 3).faults(Code::Forbidden, &["views"]);
}

#[test]
fn a_hidden_field_is_in_no_version_and_stays_as_it_is() {
    let app = TestApp::start();
    let rules = json!({ "view": "key != \"closed\"", "update": "true" });
    app.define(
        json!({ "name": "posts", "history": true, "rules": rules, "fields": [
        { "name": "title", "type": "text" }, { "name": "key", "type": "text", "hidden": true } ] }),
    );
    let (admin, olga) = (app.admin(), app.user("olga", &[]));
    let post = admin
        .post(POSTS, &json!({ "title": "one", "key": "k1" }))
        .created();
    let path = path_of("posts", &post);
    for body in [
        json!({ "key": "closed" }),
        json!({ "title": "two", "key": "k3" }),
    ] {
        app.clock().advance(Duration::from_secs(60));
        admin.patch(&path, &body).ok();
    }
    assert_eq!(versions(&olga, &path), [3, 1], "rules ask it");
    let history = olga.get(&format!("{path}/history")).ok().to_string();
    assert!(
        !history.contains("key") && !history.contains("k1"),
        "{history}"
    );
    let at = format!("{path}?at=2026-01-15T10:30:30Z");
    assert_eq!(olga.get(&at).ok().get("key"), None);
    assert_eq!(admin.get(&at).ok()["key"], "k1");
    let asked = olga.get(&format!("{at}&fields=key")).ok();
    assert_eq!(asked, json!({}));
    assert_eq!(revert(&olga, &path, 1).ok().get("key"), None);
    let now = admin.get(&path).ok();
    assert_eq!((&now["title"], &now["key"]), (&json!("one"), &json!("k3")));
}
