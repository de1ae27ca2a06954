//! Random rules: a list has the rows for which a view says yes, and what a rule refuses to change
//! stays.

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value as Json, json};

use super::{POSTS, id_of, posts, rule};
use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

fn any_rule() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(vec![
        "true",
        "false",
        "isPublic",
        "views > 2",
        "views == null",
        "title.startsWith(\"a\")",
        "title in [\"a1\", \"b2\"]",
        "ownerId == auth.id",
        "auth != null",
        "auth.verified",
        "auth.can(\"posts:read\")",
        "\"editor\" in auth.roles",
        "owner.displayName == \"tom\"",
        "owner.posts.exists(p, p.isPublic)",
        "owner.posts.all(p, p.views > 0)",
        "createdAt <= now()",
        "owner == null",
        "title.size() > views",
    ]);
    let leaf = atom.prop_map(str::to_owned);
    leaf.prop_recursive(3, 10, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a} || {b})")),
        ]
    })
}

/// Posts of all kinds.
fn filled(app: &TestApp, tom: &Client) -> Vec<Json> {
    let (admin, owner) = (app.admin(), id_of(tom));
    let mut made = Vec::new();
    for (i, title) in ["a1", "b2", "c3", "a4"].into_iter().enumerate() {
        for (owner, views) in [(&owner, json!(i)), (&Json::Null, json!(null))] {
            let title = if views.is_null() {
                json!(null)
            } else {
                json!(title)
            };
            let is_public = i % 2 == 0;
            let body =
                json!({ "title": title, "ownerId": owner, "views": views, "isPublic": is_public });
            made.push(admin.post(POSTS, &body).created());
        }
    }
    made
}

/// Ids of the whole list, sorted; none for a caller who is told to sign in.
fn listed(caller: &Client) -> Vec<String> {
    let reply = caller.get(&format!("{POSTS}?pageSize=100"));
    if reply.status() == 401 {
        return Vec::new();
    }
    let list = reply.ok();
    let items = list["items"].as_array().unwrap();
    assert_eq!(list["pagination"]["totalItems"], items.len());
    let mut ids: Vec<_> = items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

fn viewed(caller: &Client, all: &[Json]) -> Vec<String> {
    let is_seen = |post: &&Json| match caller.get(&path_of("posts", post)).status() {
        200 => true,
        401 | 404 => false,
        status => panic!("{status}"),
    };
    let seen = all.iter().filter(is_seen);
    let mut ids: Vec<_> = seen
        .map(|post| post["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

#[test]
fn a_list_has_the_rows_for_which_a_view_says_yes() {
    let app = posts(&json!({}));
    let tom = app.user("tom", &[]);
    let all = filled(&app, &tom);
    let callers = [app.guest(), tom, app.editor()];
    let config = Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    };
    let test = |text: String| {
        rule(
            &app,
            &json!({ "rules": { "list": text, "view": text, "update": text, "delete": text } }),
        );
        for caller in &callers {
            let seen = viewed(caller, &all);
            prop_assert_eq!(listed(caller), seen.clone(), "{}", text);
            // What it may see by this rule it may change as well, and nothing else.
            for post in &all {
                let is_seen = seen.iter().any(|id| *id == post["id"]);
                let before = app.rows();
                let change = json!({ "version": 7, "title": post["title"] });
                let status = caller.patch(&path_of("posts", post), &change).status();
                prop_assert_eq!(status == 409, is_seen, "{} {}", text, status);
                prop_assert_eq!(app.rows(), before);
            }
        }
        Ok(())
    };
    TestRunner::new(config).run(&any_rule(), test).unwrap();
}
