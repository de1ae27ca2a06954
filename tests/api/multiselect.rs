//! `multiselect`: distinct options in the order of the definition.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const SHIRTS: &str = "/api/v1/shirts";

/// Shirts of some colors, of which one must have a size.
fn shirts(rules: &Json) -> (TestApp, Client) {
    let app = TestApp::start();
    app.define(json!({ "name": "shirts", "rules": rules, "fields": [
        { "name": "colors", "type": "multiselect", "options": ["red", "green", "blue"] },
        { "name": "sizes", "type": "multiselect", "options": ["s", "m"], "required": true,
          "default": ["m"] },
        { "name": "best", "type": "select", "options": ["red", "gold"] } ] }));
    let admin = app.admin();
    (app, admin)
}

fn make(client: &Client, colors: &Json) -> Json {
    client.post(SHIRTS, &json!({ "colors": colors })).created()
}

fn total(client: &Client, query: &str) -> Json {
    let query = query.replace('"', "%22").replace(' ', "%20");
    client.get(&format!("{SHIRTS}?{query}")).ok()["pagination"]["totalItems"].clone()
}

#[test]
fn options_come_back_in_the_order_of_the_definition() {
    let (app, admin) = shirts(&json!({}));
    for (sent, shown) in [
        (json!(["blue", "red"]), json!(["red", "blue"])),
        (json!([]), json!([])),
        (json!(null), json!(null)),
    ] {
        let made = make(&admin, &sent);
        assert_eq!(made["colors"], shown, "{sent}");
        assert_eq!(made["sizes"], json!(["m"]), "its default");
        assert_eq!(admin.get(&path_of("shirts", &made)).ok()["colors"], shown);
    }
    assert_eq!(
        app.count("SELECT 1 FROM shirts WHERE colors = '[\"red\",\"blue\"]'"),
        1
    );
}

#[test]
fn what_is_no_list_of_distinct_options_is_a_fault() {
    let (_app, admin) = shirts(&json!({}));
    for (field, sent, code) in [
        ("colors", json!(["gold"]), "NOT_AN_OPTION"),
        ("colors", json!(["red", "red"]), "DUPLICATE"),
        ("colors", json!("red"), "INVALID_TYPE"),
        ("colors", json!([1]), "INVALID_TYPE"),
        ("colors", json!({ "$inc": 1 }), "INVALID_TYPE"),
        ("sizes", json!([]), "REQUIRED"),
        ("sizes", json!(null), "REQUIRED"),
    ] {
        let reply = admin.post(SHIRTS, &json!({ field: sent }));
        assert_eq!(reply.status(), 400, "{field} {sent}");
        let issue = &reply.json()["error"]["issues"][0];
        assert_eq!(
            (&issue["field"], &issue["code"]),
            (&json!(field), &json!(code))
        );
    }
}

#[test]
fn a_patch_replaces_the_list_and_its_event_has_both_as_json() {
    let (app, admin) = shirts(&json!({}));
    let path = path_of("shirts", &make(&admin, &json!(["red"])));
    let changed = admin.patch(&path, &json!({ "colors": ["green", "red"] }));
    assert_eq!(changed.ok()["colors"], json!(["red", "green"]));
    let event = "SELECT count(*) FROM _events WHERE type = 'shirt.updated' \
                 AND before ->> '$.colors[0]' = 'red' AND after ->> '$.colors[1]' = 'green'";
    assert_eq!(app.count(event), 1);
    let replaced = admin.put(&path, &json!({ "sizes": ["s", "m"] })).ok();
    assert_eq!(
        (&replaced["colors"], &replaced["sizes"]),
        (&json!(null), &json!(["s", "m"]))
    );
}

#[test]
fn a_list_is_asked_for_an_option_for_null_and_for_its_size() {
    let (_app, admin) = shirts(&json!({}));
    let best = json!({ "colors": ["red", "blue"], "best": "red" });
    admin.post(SHIRTS, &best).created();
    make(&admin, &json!([]));
    make(&admin, &json!(null));
    for (query, expected) in [
        ("colors[contains]=red", 1),
        ("colors[contains]=green", 0),
        ("colors[isNull]=true", 1),
        ("filter=\"blue\" in colors", 1),
        ("filter=!(\"blue\" in colors)", 2),
        ("filter=best in colors", 1),
        ("filter=colors == null", 1),
        ("filter=colors.size() == 0", 1),
        ("filter=colors.size() == null", 1),
    ] {
        assert_eq!(total(&admin, query), expected, "{query}");
    }
    for query in [
        "colors=red",
        "colors[in]=red",
        "colors[gt]=red",
        "colors[contains]=gold",
        "colors[startsWith]=r",
        "sort=colors",
        "filter=\"gold\"%20in%20colors",
        "filter=colors%20in%20[1]",
    ] {
        let path = format!("{SHIRTS}?{}", query.replace('"', "%22"));
        admin.get(&path).error(Code::InvalidInput);
    }
}

#[test]
fn an_answer_that_is_given_again_has_the_list() {
    let (_app, admin) = shirts(&json!({}));
    let (once, body) = (
        admin.with("Idempotency-Key", "k"),
        json!({ "colors": ["red"] }),
    );
    let first = once.post(SHIRTS, &body).created();
    let again = once.post(SHIRTS, &body);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.created(), first);
}

#[test]
fn rules_ask_what_would_be_chosen() {
    let rules = json!({ "view": "true", "create": "\"red\" in colors && colors.size() < 3",
        "update": "sizes == previous.sizes" });
    let (app, _) = shirts(&rules);
    let tom = app.user("tom", &[]);
    let path = path_of("shirts", &make(&tom, &json!(["red", "blue"])));
    for colors in [
        json!(null),
        json!(["blue"]),
        json!(["red", "green", "blue"]),
    ] {
        let body = json!({ "colors": colors });
        tom.post(SHIRTS, &body).error(Code::Forbidden);
    }
    tom.patch(&path, &json!({ "colors": [], "sizes": ["m"] }))
        .ok();
    tom.patch(&path, &json!({ "sizes": ["m", "s"] }))
        .error(Code::Forbidden);
}

#[test]
fn an_option_has_no_character_that_would_hide_where_it_ends() {
    let app = TestApp::start();
    let define = |options: Json| {
        let field = json!({ "name": "a", "type": "multiselect", "options": options });
        let body = json!({ "name": "notes", "fields": [field] });
        app.admin().post("/api/system/collections", &body)
    };
    let places = [0, 1, 2, 3].map(|i| format!("fields[0].options[{i}]"));
    let places = places.each_ref().map(String::as_str);
    define(json!(["a,", "\"b", "\\", "\n", "c"])).faults(Code::ValidationError, &places);
    let indexed = json!({ "name": "notes", "indexes": [{ "fields": ["a"] }],
        "fields": [{ "name": "a", "type": "multiselect", "options": ["a"] }] });
    app.admin()
        .post("/api/system/collections", &indexed)
        .faults(Code::ValidationError, &["indexes[0].fields[0]"]);
}
