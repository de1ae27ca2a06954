//! `relations`: lists of records of another collection, in the order in which they were sent.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const POSTS: &str = "/api/v1/posts";
const NOWHERE: &str = "01J00000000000000000000000";

/// Posts with tags, deleted as `deletion` says, and posts that they are related to.
fn posts(deletion: &str, rules: &Json) -> (TestApp, Client) {
    let app = TestApp::start();
    app.define(json!({ "name": "tags", "deletion": deletion, "fields": [
        { "name": "name", "type": "text" },
        { "name": "value", "type": "text" }, { "name": "key", "type": "text" } ] }));
    app.define(json!({ "name": "posts", "rules": rules, "fields": [
        { "name": "title", "type": "text" },
        { "name": "tag_ids", "type": "relations", "collection": "tags" },
        { "name": "related_ids", "type": "relations", "collection": "posts" } ] }));
    let admin = app.admin();
    (app, admin)
}

fn tag(client: &Client, name: &str) -> Json {
    let made = client.post("/api/v1/tags", &json!({ "name": name }));
    made.created()["id"].clone()
}

fn post(client: &Client, tags: &Json) -> Json {
    let body = json!({ "title": "t", "tagIds": tags });
    client.post(POSTS, &body).created()
}

fn tags_of(client: &Client, post: &Json) -> Json {
    client.get(&path_of("posts", post)).ok()["tagIds"].clone()
}

fn total(client: &Client, query: &str) -> Json {
    let query = query.replace('"', "%22").replace(' ', "%20");
    let query = query.replace('<', "%3C").replace('>', "%3E");
    let list = client.get(&format!("{POSTS}?{query}")).ok();
    list["pagination"]["totalItems"].clone()
}

fn delete(client: &Client, tag: &Json, how: &str) {
    let path = format!("/api/v1/tags/{}{how}", tag.as_str().unwrap());
    client.delete(&path).no_content();
}

#[test]
fn a_list_keeps_its_order_and_is_replaced_as_a_whole() {
    let (app, admin) = posts("soft", &json!({}));
    let [a, b, c] = ["a", "b", "c"].map(|name| tag(&admin, name));
    let made = post(&admin, &json!([c, a]));
    assert_eq!(made["tagIds"], json!([c, a]));
    assert_eq!(made["relatedIds"], json!([]), "never null");
    let path = path_of("posts", &made);
    let changed = admin.patch(&path, &json!({ "tagIds": [b, c] })).ok();
    assert_eq!(changed["tagIds"], json!([b, c]));
    assert_eq!(
        (&changed["version"], &changed["title"]),
        (&json!(2), &json!("t"))
    );
    assert_eq!(admin.get(POSTS).ok()["items"][0]["tagIds"], json!([b, c]));
    assert_eq!(app.count("SELECT count(*) FROM posts_tag_ids"), 2);
    admin.patch(&path, &json!({ "title": "u" })).ok();
    assert_eq!(
        tags_of(&admin, &made),
        json!([b, c]),
        "what is not sent stays"
    );
    let empty = admin.patch(&path, &json!({ "tagIds": null })).ok();
    assert_eq!(empty["tagIds"], json!([]));
    assert_eq!(app.count("SELECT count(*) FROM posts_tag_ids"), 0);
}

#[test]
fn events_hold_the_ids_before_and_after() {
    let (app, admin) = posts("soft", &json!({}));
    let [a, b] = ["a", "b"].map(|name| tag(&admin, name));
    let path = path_of("posts", &post(&admin, &json!([a])));
    admin.patch(&path, &json!({ "tagIds": [b, a] })).ok();
    let (a, b) = (a.as_str().unwrap(), b.as_str().unwrap());
    let events = [
        format!("type = 'post.created' AND after ->> '$.tag_ids' = '[\"{a}\"]'"),
        format!("type = 'post.updated' AND before ->> '$.tag_ids' = '[\"{a}\"]'"),
        format!("type = 'post.updated' AND after ->> '$.tag_ids' = '[\"{b}\",\"{a}\"]'"),
    ];
    for event in events {
        let sql = format!("SELECT count(*) FROM _events WHERE {event}");
        assert_eq!(app.count(&sql), 1, "{event}");
    }
}

#[test]
fn a_list_of_what_is_not_there_is_refused() {
    let (app, admin) = posts("soft", &json!({}));
    let [a, gone] = ["a", "gone"].map(|name| tag(&admin, name));
    delete(&admin, &gone, "");
    let before = app.rows();
    let many: Vec<_> = (0..1_001).map(|i| format!("01J{i:023}")).collect();
    for (sent, code) in [
        (json!([a, NOWHERE]), "NO_SUCH_RECORD"),
        (json!([gone]), "NO_SUCH_RECORD"),
        (json!([a, a]), "DUPLICATE"),
        (json!(["x"]), "INVALID_FORMAT"),
        (json!([1]), "INVALID_TYPE"),
        (json!(a), "INVALID_TYPE"),
        (json!({ "$inc": 1 }), "INVALID_TYPE"),
        (json!(many), "TOO_LONG"),
    ] {
        let reply = admin.post(POSTS, &json!({ "tagIds": sent }));
        let error = reply.faults(Code::ValidationError, &["tagIds"]);
        assert_eq!(error["issues"][0]["code"], code, "{error}");
    }
    assert_eq!(app.rows(), before);
}

#[test]
fn what_is_deleted_softly_is_not_shown_until_it_is_restored() {
    let (_app, admin) = posts("soft", &json!({}));
    let [a, b] = ["a", "b"].map(|name| tag(&admin, name));
    let made = post(&admin, &json!([a, b]));
    assert_eq!(tags_of(&admin, &made), json!([a, b]));
    delete(&admin, &a, "");
    assert_eq!(tags_of(&admin, &made), json!([b]));
    assert_eq!(admin.get(POSTS).ok()["items"][0]["tagIds"], json!([b]));
    let restore = format!("/api/v1/tags/{}/restore", a.as_str().unwrap());
    admin.post(&restore, &json!({})).ok();
    assert_eq!(tags_of(&admin, &made), json!([a, b]));
    assert_eq!(admin.get(&path_of("posts", &made)).ok()["version"], 1);
}

#[test]
fn what_is_gone_for_good_leaves_every_list() {
    for (deletion, how) in [("soft", "?hard=true"), ("hard", "")] {
        let (app, admin) = posts(deletion, &json!({}));
        let [a, b] = ["a", "b"].map(|name| tag(&admin, name));
        let made = post(&admin, &json!([a, b]));
        let deleted = post(&admin, &json!([a]));
        admin.delete(&path_of("posts", &deleted)).no_content();
        assert_eq!(tags_of(&admin, &made), json!([a, b]));
        delete(&admin, &a, how);
        assert_eq!(tags_of(&admin, &made), json!([b]));
        let path = path_of("posts", &made);
        assert_eq!(admin.get(&path).ok()["version"], 2, "{deletion}");
        let updates = "SELECT count(*) FROM _events WHERE type = 'post.updated' \
                       AND json_array_length(before, '$.tag_ids') > json_array_length(after, '$.tag_ids')";
        assert_eq!(app.count(updates), 2, "the deleted post's list, too");
        assert_eq!(app.count("SELECT count(*) FROM posts_tag_ids"), 1);
    }
}

#[test]
fn a_record_on_its_own_list_and_records_on_each_others_can_go() {
    let (app, admin) = posts("soft", &json!({}));
    let first = post(&admin, &json!([]));
    let body = json!({ "relatedIds": [first["id"]] });
    let second = admin.post(POSTS, &body).created();
    let both = json!({ "relatedIds": [first["id"], second["id"]] });
    let path = path_of("posts", &first);
    admin.patch(&path, &both).ok();
    admin.delete(&format!("{path}?hard=true")).no_content();
    let left = admin.get(&path_of("posts", &second)).ok();
    assert_eq!(left["relatedIds"], json!([]));
    assert_eq!(app.count("SELECT count(*) FROM posts_related_ids"), 0);
}

#[test]
fn lists_are_asked_for_an_id_and_for_what_is_on_them() {
    let (_app, admin) = posts("soft", &json!({}));
    let [red, blue] = ["red", "blue"].map(|name| tag(&admin, name));
    post(&admin, &json!([red, blue]));
    post(&admin, &json!([blue]));
    post(&admin, &json!([]));
    let red = red.as_str().unwrap();
    for (query, expected) in [
        (format!("tagIds[contains]={red}"), 1),
        (format!("filter=\"{red}\" in tagIds"), 1),
        (format!("filter=!(\"{red}\" in tagIds)"), 2),
        ("filter=tagIds.size() == 0".to_owned(), 1),
        ("filter=tags.size() >= 1".to_owned(), 2),
        ("filter=tags.exists(t, t.name == \"blue\")".to_owned(), 2),
        ("filter=tags.all(t, t.name == \"blue\")".to_owned(), 2),
        ("filter=tags.exists(t, t.id in tagIds)".to_owned(), 2),
        ("tagIds[isNull]=true".to_owned(), 0),
    ] {
        assert_eq!(total(&admin, &query), expected, "{query}");
    }
    for query in [
        "tagIds[contains]=x",
        "tagIds=x",
        "sort=tagIds",
        "filter=tags==null",
    ] {
        admin
            .get(&format!("{POSTS}?{query}"))
            .error(Code::InvalidInput);
    }
}

#[test]
fn rules_ask_the_list_as_a_change_would_leave_it() {
    let rules = json!({ "view": "true", "create": "tags.exists(t, t.name == \"open\")",
        "update": "tagIds == previous.tagIds || tags.all(t, t.name != \"closed\")",
        "list": "tags.size() < 2" });
    let (app, admin) = posts("soft", &rules);
    let [open, closed] = ["open", "closed"].map(|name| tag(&admin, name));
    let tom = app.user("tom", &[]);
    for tags in [json!([]), json!([closed])] {
        tom.post(POSTS, &json!({ "tagIds": tags }))
            .error(Code::Forbidden);
    }
    let made = post(&tom, &json!([open]));
    let path = path_of("posts", &made);
    let more = json!({ "tagIds": [open, closed] });
    tom.patch(&path, &more).error(Code::Forbidden);
    admin.patch(&path, &more).ok();
    tom.patch(&path, &json!({ "title": "u" })).ok();
    assert_eq!(total(&tom, ""), 0);
    tom.patch(&path, &json!({ "tagIds": [] })).ok();
    assert_eq!(total(&tom, ""), 1);
}

#[test]
fn a_filter_sees_no_record_on_a_list_that_its_caller_may_not_see() {
    let (app, admin) = posts("soft", &json!({ "list": "true", "view": "true" }));
    let rules = json!({ "rules": { "view": "name != \"secret\"" } });
    admin.patch("/api/system/collections/tags", &rules).ok();
    let [open, secret] = ["open", "secret"].map(|name| tag(&admin, name));
    post(&admin, &json!([open, secret]));
    let tom = app.user("tom", &[]);
    for (filter, expected) in [
        ("tags.exists(t, t.name == \"open\")", 1),
        ("tags.exists(t, t.name == \"secret\")", 0),
        ("!tags.all(t, t.name == \"open\")", 0),
        ("tags.size() == 1", 1),
    ] {
        assert_eq!(
            total(&tom, &format!("filter={filter}")),
            expected,
            "{filter}"
        );
    }
    let field = json!({ "fields": [{ "name": "tag_ids", "readRule": "false" }] });
    admin.patch("/api/system/collections/posts", &field).ok();
    let shown = tom.get(POSTS).ok()["items"][0].clone();
    assert_eq!(shown.get("tagIds"), None);
    let id = open.as_str().unwrap();
    for filter in [
        "tags.exists(t, t.name == \"open\")",
        "!tags.exists(t, t.name == \"open\")",
        "tags.size() < 5",
        "tagIds.size() < 5",
        &format!("\"{id}\" in tagIds"),
        &format!("!(\"{id}\" in tagIds)"),
    ] {
        assert_eq!(total(&tom, &format!("filter={filter}")), 0, "{filter}");
    }
}

#[test]
fn whose_list_a_record_is_on_is_found_by_an_index() {
    let (app, _) = posts("soft", &json!({}));
    let conn = app.sql();
    let plan = "EXPLAIN QUERY PLAN SELECT 1 FROM posts WHERE posts.id IN \
                (SELECT owner_id FROM posts_tag_ids WHERE target_id = 'x')";
    let mut query = conn.prepare(plan).unwrap();
    let steps = query.query_map([], |row| row.get::<_, String>("detail"));
    let steps: Vec<_> = steps.unwrap().map(Result::unwrap).collect();
    assert!(
        steps.iter().all(|step| !step.starts_with("SCAN")),
        "{steps:?}"
    );
}

#[test]
fn the_join_table_follows_a_shell_and_goes_with_its_collection() {
    let (app, admin) = posts("soft", &json!({}));
    let a = tag(&admin, "a");
    let made = post(&admin, &json!([]));
    let update = format!("UPDATE posts SET tag_ids = '[{a}]', version = 2");
    app.change_by_sql(&update);
    assert_eq!(tags_of(&admin, &made), json!([a]));
    assert_eq!(
        total(&admin, &format!("tagIds[contains]={}", a.as_str().unwrap())),
        1
    );
    for list in ["x", "{}", "[ ]", "[\"x\"]", "[1]"] {
        let update = format!("UPDATE posts SET tag_ids = '{list}'");
        let conn = app.sql();
        conn.pragma_update(None, "foreign_keys", true).unwrap();
        conn.execute(&update, []).unwrap_err();
    }
    admin
        .delete("/api/system/collections/tags")
        .error(Code::Conflict);
    admin.delete("/api/system/collections/posts").no_content();
    admin.delete("/api/system/collections/tags").no_content();
    assert_eq!(
        app.count("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'posts%'"),
        0
    );
}

#[test]
fn a_definition_of_relations_has_a_name_of_many_and_no_further_options() {
    let (app, admin) = posts("soft", &json!({}));
    let define = |field: Json| {
        let body =
            json!({ "name": "notes", "fields": [field, { "name": "labels", "type": "text" }] });
        admin.post("/api/system/collections", &body)
    };
    let list = |name: &str| json!({ "name": name, "type": "relations", "collection": "tags" });
    for (name, place) in [("tags", "name"), ("tag_id", "name"), ("label_ids", "name")] {
        let place = format!("fields[0].{place}");
        define(list(name)).faults(Code::ValidationError, &[&place]);
    }
    for option in ["required", "unique", "onDelete", "default"] {
        let mut field = list("tag_ids");
        field[option] = match option {
            "onDelete" => json!("cascade"),
            _ => json!(true),
        };
        let place = format!("fields[0].{option}");
        define(field).faults(Code::ValidationError, &[&place]);
    }
    let join = json!({ "name": "posts_tag_ids", "fields": [{ "name": "a", "type": "text" }] });
    admin
        .post("/api/system/collections", &join)
        .faults(Code::ValidationError, &["name"]);
    let field = define(list("tag_ids")).created()["fields"][0].clone();
    assert_eq!(field, list("tag_ids"));
    drop(app);
}
