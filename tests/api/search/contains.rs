//! `"containsIndex": true`: the same answers, found by an index.

use proptest::{collection::vec, option, prelude::*, sample::select, test_runner::TestRunner};
use serde_json::{Value as Json, json};

use super::escaped;
use crate::support::{app::TestApp, client::Client};

const LINES: &str = "/api/v1/lines";

/// Lines with each text four times: with an index and without, minding case and not.
fn lines() -> (TestApp, Client) {
    let app = TestApp::start();
    let field = |name: &str, indexed: bool, collation: &str| json!({ "name": name, "type": "text", "containsIndex": indexed, "collation": collation });
    app.define(json!({ "name": "lines", "fields": [
        field("found", true, "binary"), field("plain", false, "binary"),
        field("found_any", true, "nocase"), field("plain_any", false, "nocase"),
        { "name": "other", "type": "text", "containsIndex": true } ] }));
    let admin = app.admin();
    (app, admin)
}

fn line(text: Option<&str>) -> Json {
    json!({ "found": text, "plain": text, "foundAny": text, "plainAny": text, "other": "abcdef" })
}

fn ids(client: &Client, query: &str) -> Json {
    let list = client.get(&format!("{LINES}?fields=id&sort=id&pageSize=100&{query}"));
    list.ok()["items"].clone()
}

fn text() -> impl Strategy<Value = String> {
    let pieces = vec![
        "a", "b", "A", "é", "É", "\"", "*", " ", "日本", "\u{e000}", "%", "\u{fffe}",
    ];
    vec(select(pieces), 0..9).prop_map(|pieces| pieces.concat())
}

#[test]
fn the_index_finds_what_is_found_without_it() {
    let (_app, admin) = lines();
    let config = ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..Default::default()
    };
    let strategy = (vec(option::of(text()), 1..20), vec(text(), 8));
    let test = |(texts, parts): (Vec<Option<String>>, Vec<String>)| {
        let body: Vec<Json> = texts.iter().map(|text| line(text.as_deref())).collect();
        admin.post(LINES, &json!(body)).created();
        // Parts of what is there, and of what is not.
        let there = texts
            .iter()
            .flatten()
            .map(|text| text.chars().skip(1).take(5).collect());
        for part in there.take(8).chain(parts) {
            let part = escaped(&part);
            for (found, plain) in [("found", "plain"), ("foundAny", "plainAny")] {
                let by = |field: &str| ids(&admin, &format!("{field}[contains]={part}"));
                prop_assert_eq!(by(found), by(plain), "{}", part);
                let not = |field: &str| {
                    ids(
                        &admin,
                        &format!(
                            "filter=!{field}.contains(%22{}%22)",
                            part.replace("%22", "%5C%22")
                        ),
                    )
                };
                prop_assert_eq!(not(found), not(plain), "{}", part);
            }
        }
        let all = format!("{LINES}?filter=true&expect={}", texts.len());
        admin.delete(&all).ok();
        Ok(())
    };
    TestRunner::new(config).run(&strategy, test).unwrap();
}

#[test]
fn it_goes_with_search_on_the_same_field() {
    let app = TestApp::start();
    app.define(json!({ "name": "lines", "fields": [
        { "name": "text", "type": "text", "containsIndex": true, "searchable": true } ] }));
    let admin = app.admin();
    for text in ["a swordfish", "a fish", "sword"] {
        admin.post(LINES, &json!({ "text": text })).created();
    }
    let total = |query: &str| {
        let list = admin.get(&format!("{LINES}?{query}")).ok();
        list["pagination"]["totalItems"].as_i64().unwrap()
    };
    assert_eq!(total("text[contains]=wordf"), 1);
    assert_eq!(total("text[contains]=fish"), 2);
    assert_eq!(total("search=a&text[contains]=ordfish"), 1);
    assert_eq!(
        total("filter=text.contains(%22fis%22)||text.contains(%22rd%22)"),
        3
    );
}

#[test]
fn rules_and_shells_go_by_it_too() {
    let app = TestApp::start();
    let rules = json!({ "list": "text.contains(\"open\")", "view": "text.contains(\"open\")",
        "update": "text.contains(\"open\")", "create": "text.contains(\"open\")" });
    app.define(json!({ "name": "lines", "rules": rules, "fields": [
        { "name": "text", "type": "text", "containsIndex": true } ] }));
    let tom = app.user("tom", &[]);
    let made = tom.post(LINES, &json!({ "text": "is opened" })).created();
    assert_eq!(tom.post(LINES, &json!({ "text": "shut" })).status(), 403);
    assert_eq!(ids(&tom, "").as_array().unwrap().len(), 1);
    let path = format!("{LINES}/{}", made["id"].as_str().unwrap());
    assert_eq!(tom.patch(&path, &json!({ "text": "shut" })).status(), 403);
    app.change_by_sql("UPDATE lines SET text = 'shut', version = version + 1");
    assert_eq!(ids(&tom, ""), json!([]));
    assert_eq!(tom.get(&path).status(), 404);
}
