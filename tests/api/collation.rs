//! `"collation": "nocase"`: A to Z are a to z wherever values of a field are compared.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, Reply, path_of},
};

const TAGS: &str = "/api/v1/tags";

/// Tags with a name that ignores case, unique, and a note that does not.
fn tags(rules: &Json) -> (TestApp, Client) {
    let app = TestApp::start();
    app.define(json!({ "name": "tags", "rules": rules, "fields": [
        { "name": "name", "type": "text", "collation": "nocase", "unique": true, "default": "none" },
        { "name": "mail", "type": "email", "collation": "nocase" },
        { "name": "note", "type": "text", "collation": "binary" },
        { "name": "parent_id", "type": "relation", "collection": "tags" } ],
        "indexes": [{ "fields": ["mail"] }] }));
    let admin = app.admin();
    (app, admin)
}

fn make(client: &Client, name: &str) -> Json {
    client.post(TAGS, &json!({ "name": name })).created()
}

/// The names that a list has, in their order.
fn found(client: &Client, query: &str) -> Vec<String> {
    let query = query.replace('"', "%22").replace('<', "%3C");
    names(&client.get(&format!("{TAGS}?{query}")))
}

fn names(reply: &Reply) -> Vec<String> {
    let list = reply.ok();
    let names = list["items"].as_array().unwrap().iter();
    names
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn unique_ignores_case_and_the_value_keeps_it() {
    let (app, admin) = tags(&json!({}));
    assert_eq!(make(&admin, "Red")["name"], "Red");
    admin
        .post(TAGS, &json!({ "name": "rED" }))
        .faults(Code::AlreadyExists, &["name"]);
    // Letters beyond ASCII are what they are.
    make(&admin, "\u{e9}");
    make(&admin, "\u{c9}");
    let index = "SELECT 1 FROM tags WHERE name = 'red' AND deleted_at IS NULL";
    assert_eq!(app.count(index), 1, "a shell's comparison is the same");
}

#[test]
fn a_sort_and_every_operator_ignore_case() {
    let (_app, admin) = tags(&json!({}));
    for name in ["b", "C", "A", "@"] {
        make(&admin, name);
    }
    assert_eq!(
        names(&admin.get(&format!("{TAGS}?sort=name"))),
        ["@", "A", "b", "C"]
    );
    for (query, expected) in [
        ("name=a", &["A"][..]),
        ("name[in]=B,c", &["b", "C"]),
        ("name[ne]=a", &["@", "b", "C"]),
        ("name[gte]=B", &["b", "C"]),
        ("name[startsWith]=B", &["b"]),
        ("name[startsWith]=@", &["@"]),
        ("name[contains]=c", &["C"]),
        ("filter=name==\"B\"", &["b"]),
        ("filter=\"c\"==name", &["C"]),
        ("filter=!(name<\"c\")", &["C"]),
        ("filter=name.endsWith(\"B\")", &["b"]),
        ("filter=name.lower()==\"A\"", &[]),
    ] {
        let found = found(&admin, &format!("sort=name&{query}"));
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn a_field_that_minds_case_goes_on_to() {
    let (_app, admin) = tags(&json!({}));
    admin
        .post(TAGS, &json!({ "name": "x", "note": "Red" }))
        .created();
    for (query, expected) in [
        ("note=red", &[][..]),
        ("note[startsWith]=r", &[]),
        ("filter=note.contains(\"red\")", &[]),
        ("note=Red", &["x"]),
    ] {
        assert_eq!(found(&admin, query), expected, "{query}");
    }
}

#[test]
fn what_is_behind_a_relation_and_what_a_change_would_make_ignore_case_too() {
    let rules = json!({ "list": "parent.name == \"ROOT\"", "view": "true",
        "create": "name == \"root\" || parent.name == \"Root\" || name in [\"FREE\"]",
        "update": "name == previous.name && name.startsWith(\"R\")" });
    let (app, _) = tags(&rules);
    let tom = app.user("tom", &[]);
    let root = make(&tom, "rOOt");
    make(&tom, "Free");
    let leaf = json!({ "name": "leaf", "parentId": root["id"] });
    tom.post(TAGS, &leaf).created();
    tom.post(TAGS, &json!({ "name": "leaves" }))
        .error(Code::Forbidden);
    assert_eq!(names(&tom.get(TAGS)), ["leaf"]);
    let path = path_of("tags", &root);
    assert_eq!(
        tom.patch(&path, &json!({ "name": "ROOT" })).ok()["name"],
        "ROOT"
    );
    tom.patch(&path, &json!({ "name": "other" }))
        .error(Code::Forbidden);
}

#[test]
fn a_value_of_other_case_is_another_value_to_a_write_rule() {
    let app = TestApp::start();
    let name = json!({ "name": "name", "type": "text", "collation": "nocase", "default": "none",
        "writeRule": "auth.can(\"tags:update\")" });
    let open = json!({ "view": "true", "create": "true", "update": "true" });
    app.define(json!({ "name": "tags", "rules": open, "fields": [name] }));
    let editor = app.editor();
    let made = editor.post(TAGS, &json!({ "name": "NONE" })).created();
    let path = path_of("tags", &made);
    let tom = app.user("tom", &[]);
    // It would go back to its default, which is written otherwise.
    tom.put(&path, &json!({}))
        .faults(Code::Forbidden, &["name"]);
    editor.patch(&path, &json!({ "name": "none" })).ok();
    tom.put(&path, &json!({})).ok();
}

#[test]
fn an_index_serves_what_ignores_case() {
    let (app, _) = tags(&json!({}));
    let conn = app.sql();
    for (condition, index) in [
        ("\"name\" COLLATE NOCASE = 'a'", "tags_name_unique"),
        ("\"mail\" COLLATE NOCASE >= 'a'", "tags_mail_idx"),
        ("\"mail\" COLLATE NOCASE IN ('a', 'b')", "tags_mail_idx"),
    ] {
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT 1 FROM tags WHERE {condition} AND deleted_at IS NULL"
        );
        let plan: String = conn.query_row(&sql, [], |row| row.get("detail")).unwrap();
        assert!(plan.contains(index), "{condition}: {plan}");
    }
}

#[test]
fn a_collation_is_for_texts_and_has_two_names() {
    let app = TestApp::start();
    let admin = app.admin();
    let define = |field: Json| {
        let body = json!({ "name": "notes", "fields": [field] });
        admin.post("/api/system/collections", &body)
    };
    for kind in ["integer", "select", "boolean", "json", "date"] {
        let field = json!({ "name": "a", "type": kind, "options": ["a"], "collation": "nocase" });
        let error = define(field).error(Code::ValidationError);
        assert!(
            error["details"]["fields[0].collation"].is_array(),
            "{kind}: {error}"
        );
    }
    let other = json!({ "name": "a", "type": "text", "collation": "german" });
    define(other).faults(Code::ValidationError, &["fields[0].collation"]);
    let url = json!({ "name": "a", "type": "url", "collation": "nocase" });
    assert_eq!(define(url).created()["fields"][0]["collation"], "nocase");
}

#[test]
fn an_account_is_found_by_its_address_however_it_is_written() {
    let app = TestApp::start();
    app.add_user("tom", &[]);
    let found = app.admin().get("/api/v1/users?email[startsWith]=TOM").ok();
    assert_eq!(found["pagination"]["totalItems"], 1);
    let users = app.admin().get("/api/system/collections/users").ok();
    let email = &users["fields"][0];
    assert_eq!(
        (&email["name"], &email["collation"]),
        (&json!("email"), &json!("nocase"))
    );
}
