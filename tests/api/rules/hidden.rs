//! Hidden fields: for rules, and for who may bypass them.

use serde_json::json;
use stead::base::Code;

use super::POSTS;
use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

/// Posts whose `key` is hidden, and rules may ask it.
fn posts() -> TestApp {
    let app = TestApp::start();
    let rules = json!({ "list": "true", "view": "key != \"closed\"", "create": "true",
        "update": "previous.key == null || key == previous.key" });
    app.define(json!({ "name": "posts", "rules": rules, "fields": [
        { "name": "title", "type": "text" },
        { "name": "key", "type": "text", "hidden": true },
        { "name": "uses", "type": "integer", "hidden": true, "max": 5 } ] }));
    app
}

fn make(client: &Client, key: &str) -> String {
    let made = client.post(POSTS, &json!({ "title": "t", "key": key }));
    path_of("posts", &made.created())
}

#[test]
fn a_hidden_field_is_in_no_answer_but_of_who_may_bypass_the_rules() {
    let app = posts();
    let tom = app.editor();
    let path = make(&tom, "k1");
    for record in [
        tom.get(&path).ok(),
        tom.patch(&path, &json!({ "title": "u" })).ok(),
        tom.get(POSTS).ok()["items"][0].clone(),
    ] {
        assert!(record["title"].is_string(), "{record}");
        assert_eq!(record.get("key"), None, "{record}");
        assert_eq!(record.get("uses"), None, "{record}");
    }
    assert_eq!(app.admin().get(&path).ok()["key"], "k1");
}

#[test]
fn a_hidden_field_may_be_written_and_rules_ask_it() {
    let app = posts();
    let tom = app.user("tom", &[]);
    let path = make(&tom, "k1");
    tom.patch(&path, &json!({ "key": "k2" }))
        .error(Code::Forbidden);
    let closed = make(&app.admin(), "closed");
    tom.get(&closed).error(Code::NotFound);
    // The bounds of a sum would tell what it was.
    tom.patch(&path, &json!({ "uses": { "$inc": 1 } }))
        .faults(Code::Forbidden, &["uses"]);
}

#[test]
fn nobody_sorts_or_filters_by_a_hidden_field() {
    let app = posts();
    let tom = app.editor();
    make(&tom, "k1");
    let sorted = format!("{POSTS}?sort=key");
    tom.get(&sorted).faults(Code::InvalidInput, &["sort"]);
    app.admin().get(&sorted).ok();
    for filter in [
        "key=k1",
        "key[ne]=x",
        "filter=key!=null",
        "filter=!(key==null)",
    ] {
        let path = format!("{POSTS}?{filter}");
        assert_eq!(tom.get(&path).ok()["pagination"]["totalItems"], 0, "{path}");
        let found = app.admin().get(&path).ok();
        assert_eq!(found["pagination"]["totalItems"], 1, "{path}");
    }
    let fault = tom.get(&format!("{POSTS}?filter=nope==1"));
    let message = fault.error(Code::InvalidInput)["issues"][0]["message"].clone();
    assert!(!message.as_str().unwrap().contains("key"), "{message}");
}

#[test]
fn hiding_leaves_nothing_for_a_rule_on_reading_to_say() {
    let app = posts();
    let both = json!({ "name": "a", "type": "text", "hidden": true, "readRule": "true" });
    let notes = json!({ "name": "notes", "fields": [both] });
    let admin = app.admin();
    admin
        .post("/api/system/collections", &notes)
        .faults(Code::ValidationError, &["fields[0].readRule"]);
    let change = json!({ "fields": [{ "name": "key", "readRule": "true" }] });
    admin
        .patch("/api/system/collections/posts", &change)
        .faults(Code::ValidationError, &["fields[0].readRule"]);
}
