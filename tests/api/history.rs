//! Records as they were: their versions, what they were at an instant, and the way back.

use std::time::Duration;

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const POSTS: &str = "/api/v1/posts";

/// Posts that keep their history, under these rules.
fn posts(rules: &Json) -> (TestApp, Client) {
    let app = TestApp::start();
    app.define(
        json!({ "name": "posts", "history": true, "rules": rules, "fields": [
        { "name": "title", "type": "text" },
        { "name": "views", "type": "integer" },
        { "name": "owner_id", "type": "relation", "collection": "users" },
        { "name": "is_public", "type": "boolean" },
        { "name": "secret", "type": "text" } ] }),
    );
    let admin = app.admin();
    (app, admin)
}

/// A post that was `one`, `two` and `three`, each a minute after the other. Returns its path.
fn three_titles(app: &TestApp, admin: &Client) -> String {
    let post = admin
        .post(POSTS, &json!({ "title": "one", "views": 1 }))
        .created();
    let path = path_of("posts", &post);
    for title in ["two", "three"] {
        app.clock().advance(Duration::from_secs(60));
        admin.patch(&path, &json!({ "title": title })).ok();
    }
    path
}

fn entries(client: &Client, path: &str) -> Vec<Json> {
    let list = client.get(&format!("{path}/history?pageSize=100")).ok();
    list["items"].as_array().unwrap().clone()
}

fn versions(client: &Client, path: &str) -> Vec<i64> {
    let entries = entries(client, path);
    entries
        .iter()
        .map(|entry| entry["version"].as_i64().unwrap())
        .collect()
}

fn revert(client: &Client, path: &str, version: i64) -> crate::support::client::Reply {
    client.post(&format!("{path}/revert"), &json!({ "version": version }))
}

#[test]
fn a_history_tells_who_changed_what_and_when() {
    let (app, admin) = posts(&json!({}));
    let post = admin
        .post(POSTS, &json!({ "title": "one", "views": 1 }))
        .created();
    let path = path_of("posts", &post);
    app.clock().advance(Duration::from_secs(60));
    let eve = app.editor();
    let id = eve.get("/api/auth/me").ok()["id"].clone();
    eve.with("X-Request-Id", "story")
        .patch(&path, &json!({ "title": "two" }))
        .ok();
    let list = admin.get(&format!("{path}/history")).ok();
    assert_eq!(list["pagination"]["totalItems"], 2);
    assert_eq!(
        list["items"][0],
        json!({ "version": 2, "at": "2026-01-15T10:31:00.000Z",
            "actor": { "kind": "user", "id": id }, "requestId": "story",
            "changes": { "title": ["one", "two"] } })
    );
    assert_eq!(
        list["items"][1]["changes"],
        json!({ "title": [null, "one"], "views": [null, 1] })
    );
}

#[test]
fn a_history_has_pages() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    let page = admin.get(&format!("{path}/history?pageSize=1&page=2")).ok();
    assert_eq!(
        page["items"][0]["changes"],
        json!({ "title": ["one", "two"] })
    );
    assert_eq!(page["pagination"]["totalPages"], 3);
    assert_eq!(
        admin.get(&format!("{path}/history?page=9")).ok()["items"],
        json!([])
    );
    admin
        .get(&format!("{path}/history?sort=at"))
        .faults(Code::InvalidInput, &["sort"]);
}

#[test]
fn a_record_is_read_as_it_was_at_an_instant() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    let title = |at: &str| admin.get(&format!("{path}?at={at}")).ok()["title"].clone();
    assert_eq!(title("2026-01-15T10:30:00Z"), "one");
    assert_eq!(title("2026-01-15T10:31:00.000Z"), "two");
    assert_eq!(title("2026-01-15T11:30:59%2B01:00"), "one");
    assert_eq!(title("2026-01-16"), "three", "a bare day is its beginning");
    admin
        .get(&format!("{path}?at=2026-01-15T10:29:59Z"))
        .error(Code::NotFound);
    admin
        .get(&format!("{path}?at=yesterday"))
        .faults(Code::InvalidInput, &["at"]);
    admin
        .get(&format!("{path}?at=2026-01-15"))
        .error(Code::NotFound);
    let then = admin.get(&format!("{path}?at=2026-01-15T10:30:59Z"));
    assert_eq!(then.ok()["version"], 1);
    assert!(then.etag().starts_with("\"1-"));
}

#[test]
fn a_record_is_reverted_like_a_put_of_that_version() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    let reverted = revert(&admin, &path, 1).ok();
    assert_eq!(
        (&reverted["title"], &reverted["version"]),
        (&json!("one"), &json!(4))
    );
    let newest = entries(&admin, &path).remove(0);
    assert_eq!(newest["changes"], json!({ "title": ["three", "one"] }));
    let old = admin.with("If-Match", "\"3\"");
    revert(&old, &path, 2).error(Code::PreconditionFailed);
    revert(&admin.with("If-Match", "\"4\""), &path, 2).ok();
    revert(&admin, &path, 9).error(Code::Unprocessable);
    let body = |body: Json| admin.post(&format!("{path}/revert"), &body);
    body(json!({})).faults(Code::MissingField, &["version"]);
    body(json!({ "version": "x" })).faults(Code::ValidationError, &["version"]);
    body(json!({ "version": 1, "title": "x" })).faults(Code::ValidationError, &["title"]);
}

#[test]
fn a_reversion_is_done_once_under_its_key() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    let keyed = admin.with("Idempotency-Key", "back");
    let first = revert(&keyed, &path, 1).ok();
    let again = revert(&keyed, &path, 1);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.ok(), first);
    assert_eq!(versions(&admin, &path), [4, 3, 2, 1]);
    revert(&keyed, &path, 2).error(Code::Unprocessable);
}

#[test]
fn what_deletions_and_restorations_change_is_kept() {
    let (app, admin) = posts(&json!({}));
    app.define(json!({ "name": "notes", "history": true, "fields": [
        { "name": "post_id", "type": "relation", "collection": "posts", "onDelete": "cascade" } ] }));
    let path = three_titles(&app, &admin);
    let id = admin.get(&path).ok()["id"].clone();
    let note = path_of(
        "notes",
        &admin
            .post("/api/v1/notes", &json!({ "postId": id }))
            .created(),
    );
    admin.delete(&path).no_content();
    admin.get(&format!("{path}/history")).error(Code::NotFound);
    app.clock().advance(Duration::from_secs(60));
    admin.send("POST", &format!("{path}/restore"), None).ok();
    for (path, versions) in [(&path, 5), (&note, 3)] {
        let entries = entries(&admin, path);
        assert_eq!(entries.len(), versions);
        let at = "2026-01-15T10:32:00.000Z";
        assert_eq!(entries[1]["changes"], json!({ "deletedAt": [null, at] }));
        assert_eq!(entries[0]["changes"], json!({ "deletedAt": [at, null] }));
        admin.get(&format!("{path}?at={at}")).error(Code::NotFound);
    }
    revert(&admin, &path, 4).ok();
}

#[test]
fn a_relation_that_becomes_null_is_kept() {
    let (app, admin) = posts(&json!({}));
    app.define(json!({ "name": "notes", "history": true, "fields": [
        { "name": "post_id", "type": "relation", "collection": "posts", "onDelete": "setNull" } ] }));
    let post = admin.post(POSTS, &json!({})).created();
    let note = admin
        .post("/api/v1/notes", &json!({ "postId": post["id"] }))
        .created();
    admin
        .delete(&format!("{}?hard=true", path_of("posts", &post)))
        .no_content();
    let path = path_of("notes", &note);
    let newest = entries(&admin, &path).remove(0);
    assert_eq!(newest["changes"], json!({ "postId": [post["id"], null] }));
    revert(&admin, &path, 1).faults(Code::ValidationError, &["postId"]);
}

#[test]
fn a_row_that_goes_takes_its_history_along() {
    let (app, admin) = posts(&json!({}));
    app.define(json!({ "name": "logs", "history": true, "deletion": "hard",
        "fields": [{ "name": "line", "type": "text" }] }));
    let log = admin
        .post("/api/v1/logs", &json!({ "line": "a" }))
        .created();
    let path = three_titles(&app, &admin);
    let kept = || app.count("SELECT count(*) FROM _history");
    assert_eq!(kept(), 4);
    admin.delete(&path_of("logs", &log)).no_content();
    assert_eq!(kept(), 3);
    admin.delete(&path).no_content();
    assert_eq!(kept(), 4, "a deleted record can be restored");
    admin.delete(&format!("{path}?hard=true")).no_content();
    assert_eq!(kept(), 0);
    admin.post(POSTS, &json!({ "title": "x" })).created();
    admin.delete("/api/system/collections/posts").no_content();
    assert_eq!(kept(), 0, "a collection that goes takes all along");
}

#[test]
fn purging_by_age_purges_histories() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    admin.delete(&path).no_content();
    app.clock().advance(Duration::from_secs(60));
    app.purge_by_age();
    assert_eq!(app.count("SELECT count(*) FROM _history"), 0);
}

#[test]
fn a_collection_that_does_not_ask_for_it_keeps_no_history() {
    let app = TestApp::start();
    app.collection("notes", json!([{ "name": "title", "type": "text" }]));
    let admin = app.admin();
    let path = path_of("notes", &admin.post("/api/v1/notes", &json!({})).created());
    for path in [format!("{path}/history"), format!("{path}?at=2026-01-15")] {
        let error = admin.get(&path).error(Code::NotFound);
        assert_eq!(error["message"], "The collection keeps no history");
    }
    revert(&admin, &path, 1).error(Code::NotFound);
    admin.patch(&path, &json!({ "title": "x" })).ok();
    assert_eq!(app.count("SELECT count(*) FROM _history"), 0);
    let definition = admin.get("/api/system/collections/notes").ok();
    assert_eq!(definition.get("history"), None);
}

#[test]
fn a_definition_says_that_history_is_kept() {
    let (_app, admin) = posts(&json!({}));
    assert_eq!(
        admin.get("/api/system/collections/posts").ok()["history"],
        true
    );
    let body =
        json!({ "name": "notes", "history": "yes", "fields": [{ "name": "a", "type": "text" }] });
    admin
        .post("/api/system/collections", &body)
        .faults(Code::ValidationError, &["history"]);
}

/// So it is, too, where a history begins with records that are there already.
#[test]
fn what_nobody_told_of_is_kept_with_the_next_change() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    app.change_by_sql("UPDATE posts SET title = 'by hand', version = 4");
    admin.patch(&path, &json!({ "views": 2 })).ok();
    let entries = entries(&admin, &path);
    assert_eq!(entries[0]["changes"], json!({ "views": [1, 2] }));
    assert_eq!(
        entries[1]["changes"],
        json!({ "title": ["three", "by hand"] })
    );
    assert_eq!(
        (&entries[1]["actor"], &entries[1]["requestId"]),
        (&Json::Null, &Json::Null)
    );
    app.change_by_sql("DELETE FROM _history");
    admin.patch(&path, &json!({ "views": 3 })).ok();
    assert_eq!(
        versions(&admin, &path),
        [6, 5],
        "a history begins with what was there"
    );
}

#[test]
fn other_rules_leave_a_history_as_it_is() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    admin
        .patch(
            "/api/system/collections/posts",
            &json!({ "rules": { "view": "true" } }),
        )
        .ok();
    admin.patch(&path, &json!({ "title": "four" })).ok();
    assert_eq!(versions(&app.guest(), &path), [4, 3, 2, 1]);
    revert(&admin, &path, 1).ok();
}

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

/// Gives the first version another definition, by which `title` was a number, something is gone
/// that was there, and `views` was not.
fn older_definition(app: &TestApp) {
    app.change_by_sql(
        r#"INSERT INTO _revisions (revision, collection, definition, created_at)
           VALUES (1000, 'posts', '{"name":"posts","fields":[{"name":"title","type":"integer"},
             {"name":"gone","type":"text"},{"name":"secret","type":"text"}]}', '2026-01-01');
           UPDATE _history SET revision = 1000, image = json_remove(
             json_set(image, '$.title', 7, '$.gone', 'old', '$.secret', 'kept'), '$.views')
           WHERE version = 1"#,
    );
}

#[test]
fn a_version_of_another_definition_is_shown_in_the_fields_of_today() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    older_definition(&app);
    let first = admin.get(&format!("{path}?at=2026-01-15T10:30:30Z")).ok();
    assert_eq!((&first["title"], &first["views"]), (&json!(7), &Json::Null));
    assert_eq!(first.get("gone"), None);
    let entries = entries(&admin, &path);
    assert_eq!(
        entries[2]["changes"],
        json!({ "title": [null, 7], "secret": [null, "kept"] })
    );
    assert_eq!(entries[1]["changes"]["title"], json!([7, "two"]));
    revert(&admin, &path, 1).faults(Code::ValidationError, &["title"]);
    app.change_by_sql(
        "UPDATE _history SET image = json_remove(image, '$.title') WHERE version = 1",
    );
    let reverted = revert(&admin, &path, 1).ok();
    assert_eq!(
        (&reverted["title"], &reverted["secret"]),
        (&Json::Null, &json!("kept"))
    );
    assert_eq!(
        reverted["views"], 1,
        "what the version did not know stays as it is"
    );
}

#[test]
fn a_version_of_which_a_rule_cannot_be_asked_is_not_shown() {
    let (app, admin) = posts(&json!({ "view": "title != \"x\"" }));
    let path = three_titles(&app, &admin);
    older_definition(&app);
    let olga = app.user("olga", &[]);
    assert_eq!(versions(&olga, &path), [3, 2]);
    olga.get(&format!("{path}?at=2026-01-15T10:30:30Z"))
        .error(Code::NotFound);
    assert_eq!(
        versions(&admin, &path),
        [3, 2, 1],
        "who may bypass rules is asked none"
    );
}

/// A change of any field, and of nothing.
fn change() -> impl Strategy<Value = Json> {
    let number = (-1e300..1e300_f64).prop_map(Json::from);
    let big = any::<i64>().prop_map(|number| number.to_string().into());
    let json = prop_oneof![
        Just(json!(null)),
        Just(json!([1, 2.5, "x", null])),
        any::<i32>().prop_map(|n| json!({ "a": n, "b": { "c": null } })),
        "\\PC{0,8}".prop_map(Json::from),
        any::<bool>().prop_map(Json::from),
    ];
    let field = prop_oneof![
        ("\\PC{0,12}").prop_map(|text| ("title", text.replace('\0', "").into())),
        big.clone().prop_map(|number| ("views", number)),
        number.prop_map(|number| ("weight", number)),
        big.prop_map(|number: Json| ("cost", number.as_str().map(|n| format!("{}e-2", n)).into())),
        any::<bool>().prop_map(|flag| ("isPublic", flag.into())),
        json.prop_map(|value| ("meta", value)),
        Just(("title", Json::Null)),
        Just(("cost", Json::Null)),
        Just(("weight", Json::Null)),
    ];
    proptest::collection::vec(field, 1..4).prop_map(|fields| {
        fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    })
}

/// The fields of a record, without what Stead keeps.
fn fields(record: &Json) -> Json {
    let mut fields = record.clone();
    for kept in ["version", "updatedAt"] {
        fields.as_object_mut().unwrap().remove(kept);
    }
    fields
}

#[test]
fn reverting_to_any_version_gives_that_version() {
    let app = TestApp::start();
    app.define(json!({ "name": "posts", "history": true, "fields": [
        { "name": "title", "type": "text" }, { "name": "views", "type": "integer" },
        { "name": "weight", "type": "number" }, { "name": "cost", "type": "decimal" },
        { "name": "is_public", "type": "boolean" }, { "name": "meta", "type": "json" } ] }));
    let admin = app.admin();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(24));
    let changes = proptest::collection::vec(change(), 1..8);
    let run = runner.run(&changes, |changes| {
        let mut states = vec![admin.post(POSTS, &json!({})).created()];
        let path = path_of("posts", &states[0]);
        for change in &changes {
            app.clock().advance(Duration::from_secs(1));
            let changed = admin.put(&path, change);
            prop_assert_eq!(changed.status(), 200, "{}", changed.json());
            states.push(changed.ok());
        }
        for state in &states {
            let at = state["updatedAt"].as_str().unwrap();
            prop_assert_eq!(&admin.get(&format!("{path}?at={at}")).ok(), state);
        }
        for state in &states {
            app.clock().advance(Duration::from_secs(1));
            let version = state["version"].as_i64().unwrap();
            prop_assert_eq!(fields(&revert(&admin, &path, version).ok()), fields(state));
        }
        let told = entries(&admin, &path).into_iter().rev();
        prop_assert_eq!(told_by(told, &states[0]), fields(&admin.get(&path).ok()));
        Ok(())
    });
    run.unwrap();
}

/// The fields that a record has by its history, from its first version on.
fn told_by(entries: impl Iterator<Item = Json>, first: &Json) -> Json {
    let mut fields = fields(first);
    for entry in entries {
        for (name, change) in entry["changes"].as_object().unwrap() {
            if name == "deletedAt" {
                continue;
            }
            assert_eq!(fields[name], change[0], "{entry}");
            fields[name] = change[1].clone();
        }
    }
    fields
}
