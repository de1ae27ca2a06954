//! Histories through changes of a collection that go the usual way: by `PATCH` of its definition.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{POSTS, entries, posts, revert, three_titles, versions};
use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const DEFINITION: &str = "/api/system/collections/posts";
const FIRST: &str = "2026-01-15T10:30:30Z";

fn change(admin: &Client, body: &Json) {
    let mut body = body.clone();
    body["allowDestructive"] = true.into();
    admin.patch(DEFINITION, &body).ok();
}

/// A change of some fields.
fn fields(admin: &Client, fields: &Json) {
    change(admin, &json!({ "fields": fields }));
}

/// A record as it first was.
fn first(client: &Client, path: &str) -> Json {
    client.get(&format!("{path}?at={FIRST}")).ok()
}

fn kept(app: &TestApp, what: &str) -> i64 {
    app.count(&format!(
        "SELECT count(*) FROM _history WHERE image LIKE '%{what}%'"
    ))
}

#[test]
fn a_history_survives_other_names_of_its_collection_and_fields() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    change(
        &admin,
        &json!({ "name": "pages", "fields": [
            { "name": "heading", "renamedFrom": "title" },
            { "name": "title", "renamedFrom": "secret" } ] }),
    );
    let path = path.replace("/posts/", "/pages/");
    assert_eq!(versions(&admin, &path), [3, 2, 1]);
    let was = first(&admin, &path);
    assert_eq!(
        (&was["heading"], &was["title"]),
        (&json!("one"), &Json::Null)
    );
    admin.patch(&path, &json!({ "heading": "four" })).ok();
    let entries = entries(&admin, &path);
    assert_eq!(
        entries[0]["changes"],
        json!({ "heading": ["three", "four"] })
    );
    assert_eq!(
        entries[1]["changes"],
        json!({ "heading": ["two", "three"] })
    );
    assert_eq!(revert(&admin, &path, 1).ok()["heading"], "one");
}

#[test]
fn names_that_change_places_do_so_in_every_version() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    admin.patch(&path, &json!({ "secret": "s" })).ok();
    let swap = json!([
        { "name": "secret", "renamedFrom": "title" },
        { "name": "title", "renamedFrom": "secret" } ]);
    fields(&admin, &swap);
    let was = first(&admin, &path);
    assert_eq!(
        (&was["secret"], &was["title"]),
        (&json!("one"), &Json::Null)
    );
    let newest = entries(&admin, &path).remove(0);
    assert_eq!(newest["changes"], json!({ "title": [null, "s"] }));
    fields(&admin, &swap);
    assert_eq!(first(&admin, &path)["title"], "one");
    assert_eq!(revert(&admin, &path, 1).ok()["title"], "one");
}

#[test]
fn a_field_that_is_dropped_is_in_no_version_though_another_takes_its_name() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    fields(&admin, &json!([{ "name": "title", "drop": true }]));
    assert_eq!(kept(&app, "one"), 0);
    fields(
        &admin,
        &json!([{ "name": "title", "type": "integer", "default": 5 }]),
    );
    assert_eq!(first(&admin, &path)["title"], Json::Null);
    admin.patch(&path, &json!({ "title": 6 })).ok();
    let newest = entries(&admin, &path).remove(0);
    assert_eq!(newest["changes"], json!({ "title": [null, 6] }));
    assert_eq!(
        revert(&admin, &path, 1).ok()["title"],
        6,
        "no version knew it"
    );
}

#[test]
fn a_new_field_may_take_the_name_of_one_that_is_renamed() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    let heading = json!({ "name": "heading", "renamedFrom": "title" });
    fields(
        &admin,
        &json!([heading, { "name": "title", "type": "integer" }]),
    );
    admin.patch(&path, &json!({ "title": 4 })).ok();
    let was = first(&admin, &path);
    assert_eq!(
        (&was["heading"], &was["title"]),
        (&json!("one"), &Json::Null)
    );
    let newest = entries(&admin, &path).remove(0);
    assert_eq!(newest["changes"], json!({ "title": [null, 4] }));
    let reverted = revert(&admin, &path, 2).ok();
    assert_eq!(
        (&reverted["heading"], &reverted["title"]),
        (&json!("two"), &json!(4))
    );
}

#[test]
fn versions_keep_the_values_of_a_field_that_is_converted_and_renamed() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    admin.patch(&path, &json!({ "views": 2 })).ok();
    fields(&admin, &json!([{ "name": "views", "type": "text" }]));
    fields(&admin, &json!([{ "name": "seen", "renamedFrom": "views" }]));
    admin.patch(&path, &json!({ "seen": "3" })).ok();
    let entries = entries(&admin, &path);
    assert_eq!(entries[0]["changes"], json!({ "seen": [2, "3"] }));
    assert_eq!(entries[1]["changes"], json!({ "seen": [1, 2] }));
    assert_eq!(first(&admin, &path)["seen"], 1);
    revert(&admin, &path, 1).faults(Code::ValidationError, &["seen"]);
    revert(&admin, &path, 5).ok();
}

#[test]
fn versions_survive_a_table_that_is_written_anew() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    admin.delete(&path).no_content();
    admin.post(&format!("{path}/restore"), &json!({})).ok();
    change(&admin, &json!({ "deletion": "hard" }));
    assert_eq!(versions(&admin, &path), [5, 4, 3, 2, 1]);
    let deletion = &entries(&admin, &path)[1]["changes"];
    assert!(deletion["deletedAt"][1].is_string(), "{deletion}");
    assert_eq!(revert(&admin, &path, 2).ok()["title"], "two");
    admin.delete(&path).no_content();
    assert_eq!(app.count("SELECT count(*) FROM _history"), 0);
}

#[test]
fn a_collection_that_is_made_anew_has_nothing_of_the_one_that_had_its_name() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    let definition = admin.get(DEFINITION).ok();
    admin.delete(DEFINITION).no_content();
    assert_eq!(app.count("SELECT count(*) FROM _history"), 0);
    app.define(definition);
    admin.get(&format!("{path}/history")).error(Code::NotFound);
}

#[test]
fn a_history_can_be_begun_ended_and_begun_again() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    change(&admin, &json!({ "history": null }));
    admin.get(&format!("{path}/history")).error(Code::NotFound);
    admin.patch(&path, &json!({ "title": "unseen" })).ok();
    fields(
        &admin,
        &json!([{ "name": "heading", "renamedFrom": "title" }]),
    );
    change(&admin, &json!({ "history": true }));
    admin.patch(&path, &json!({ "heading": "five" })).ok();
    let entries = entries(&admin, &path);
    assert_eq!(
        entries[0]["changes"],
        json!({ "heading": ["unseen", "five"] })
    );
    assert_eq!(
        entries[1]["changes"],
        json!({ "heading": ["three", "unseen"] })
    );
    assert_eq!(entries[1]["actor"], Json::Null);
    assert_eq!(revert(&admin, &path, 2).ok()["heading"], "two");
}

#[test]
fn versions_hold_the_records_of_lists_whose_collection_is_renamed() {
    let app = TestApp::start();
    let admin = app.admin();
    app.collection("tags", json!([{ "name": "name", "type": "text" }]));
    app.define(json!({ "name": "posts", "history": true, "fields": [
        { "name": "tag_ids", "type": "relations", "collection": "tags" },
        { "name": "first_id", "type": "relation", "collection": "tags" } ] }));
    let tag = admin
        .post("/api/v1/tags", &json!({ "name": "a" }))
        .created();
    let body = json!({ "tagIds": [tag["id"]], "firstId": tag["id"] });
    let path = path_of("posts", &admin.post(POSTS, &body).created());
    admin
        .patch(&path, &json!({ "tagIds": [], "firstId": null }))
        .ok();
    admin
        .patch("/api/system/collections/tags", &json!({ "name": "labels" }))
        .ok();
    fields(
        &admin,
        &json!([{ "name": "label_ids", "renamedFrom": "tag_ids" }]),
    );
    let entry = entries(&admin, &path).remove(0);
    assert_eq!(entry["changes"]["labelIds"], json!([[tag["id"]], []]));
    let reverted = revert(&admin, &path, 1).ok();
    assert_eq!(reverted["labelIds"], json!([tag["id"]]));
    assert_eq!(reverted["firstId"], tag["id"]);
}

#[test]
fn a_rule_on_viewing_asks_versions_by_the_names_of_today() {
    let (app, admin) = posts(&json!({ "view": "title != \"two\"" }));
    let path = three_titles(&app, &admin);
    change(
        &admin,
        &json!({ "rules": { "view": "heading != \"two\"" },
            "fields": [{ "name": "heading", "renamedFrom": "title", "readRule": "views == 1" }] }),
    );
    let olga = app.user("olga", &[]);
    assert_eq!(versions(&olga, &path), [3, 1]);
    assert_eq!(first(&olga, &path)["heading"], "one");
}

#[test]
fn a_plan_reckons_with_the_versions_that_are_kept() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    app.change_by_sql(
        "WITH RECURSIVE n(i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < 10003)
         INSERT INTO _history SELECT collection, record_id, n.i, at, actor, request_id, revision,
           deleted_at, image FROM _history, n WHERE version = 1",
    );
    let still = |body: &Json| {
        let plan = admin.post(&format!("{DEFINITION}/plan"), body).ok();
        plan["writesStandStillMs"].as_u64().unwrap()
    };
    let heading = json!({ "name": "heading", "renamedFrom": "title" });
    assert!(still(&json!({ "fields": [heading] })) >= 100);
    assert!(still(&json!({ "name": "pages" })) >= 100);
    assert_eq!(still(&json!({ "rules": { "list": "true" } })), 0);
    assert_eq!(first(&admin, &path)["title"], "one");
}
