//! Rules that cost too much are told when they are saved.

use serde_json::{Value as Json, json};

use crate::support::{app::TestApp, client::Reply};

/// Posts with comments, more than 10,000 of each.
fn large() -> TestApp {
    let app = TestApp::start();
    app.collection(
        "posts",
        json!([
            { "name": "status", "type": "text" },
            { "name": "owner_id", "type": "relation", "collection": "users" },
        ]),
    );
    app.collection(
        "comments",
        json!([{ "name": "post_id", "type": "relation", "collection": "posts" }]),
    );
    let at = "'2026-01-15T10:30:00.000Z'";
    app.change_by_sql(&format!(
        "INSERT INTO posts (id, status, created_at, updated_at)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
         SELECT printf('01P%023d', i), 'open', {at}, {at} FROM n;
         INSERT INTO comments (id, post_id, created_at, updated_at)
         SELECT '01C' || substr(id, 4), id, {at}, {at} FROM posts;"
    ));
    app
}

fn rule(app: &TestApp, place: &str, rule: &str) -> Reply {
    let (collection, operation) = place.split_once('.').unwrap();
    let path = format!("/api/system/collections/{collection}");
    app.admin()
        .patch(&path, &json!({ "rules": { operation: rule } }))
}

/// What an answer warns of.
fn warnings(reply: &Reply) -> Json {
    assert!(matches!(reply.status(), 200 | 201), "{}", reply.json());
    reply.json()["meta"]["warnings"].clone()
}

#[test]
fn a_list_that_no_index_serves_is_told() {
    let app = large();
    let message = "Each list reads all records of posts to count those that it shows, because no \
                   index fits this rule";
    let expected = json!([{ "field": "rules.list", "message": message }]);
    for text in ["status == 'open'", "status == 'open' || ownerId == auth.id"] {
        assert_eq!(
            warnings(&rule(&app, "posts.list", text)),
            expected,
            "{text}"
        );
    }
    // What an index serves, or who asks alone decides, costs no more than without a rule.
    for text in [
        "ownerId == auth.id",
        "auth != null",
        "auth.can('posts:read')",
    ] {
        assert_eq!(
            warnings(&rule(&app, "posts.list", text)),
            Json::Null,
            "{text}"
        );
    }
    // One record is found by its id.
    assert_eq!(
        warnings(&rule(&app, "posts.view", "status == 'open'")),
        Json::Null
    );
}

#[test]
fn a_small_table_may_be_read_as_a_whole() {
    let app = large();
    app.change_by_sql("DELETE FROM comments WHERE id = (SELECT max(id) FROM comments)");
    app.change_by_sql("DELETE FROM posts WHERE id = (SELECT max(id) FROM posts)");
    assert_eq!(
        warnings(&rule(&app, "posts.list", "status == 'open'")),
        Json::Null
    );
}

#[test]
fn another_table_that_is_read_as_a_whole_is_told() {
    let app = large();
    let text = "comments.exists(c, c.version > 1)";
    for place in ["posts.list", "posts.view", "posts.update"] {
        let found = warnings(&rule(&app, place, text));
        let found = found.as_array().cloned().unwrap_or_default();
        let message = "This reads all records of comments, because no index fits it";
        assert!(
            found.iter().all(|one| one["message"] != message),
            "{place}: {found:?}"
        );
    }
    // Somebody takes the index away that every relation has.
    app.change_by_sql("DROP INDEX comments_post_id_idx");
    let found = warnings(&rule(&app, "posts.delete", text));
    let told: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["field"].as_str())
        .collect();
    assert!(
        told.contains(&"rules.view") && told.contains(&"rules.delete"),
        "{found}"
    );
    assert!(
        found
            .to_string()
            .contains("This reads all records of comments"),
        "{found}"
    );
    // A new collection is told of the same.
    let definition = json!({
        "name": "drafts",
        "fields": [{ "name": "post_id", "type": "relation", "collection": "posts" }],
        "rules": { "view": "post.comments.exists(c, c.version > 1)" },
    });
    let made = app.admin().post("/api/system/collections", &definition);
    let message = "This reads all records of comments, because no index fits it";
    assert_eq!(
        warnings(&made),
        json!([{ "field": "rules.view", "message": message }])
    );
}
