//! Deletion for good: by `?hard=true`, and where a collection deletes so.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{Blog, TELLING, foreign_keys_hold, relation};
use crate::support::{app::TestApp, client::path_of};

#[test]
fn a_purged_record_is_gone_with_the_data_of_its_events() {
    let blog = Blog::new();
    for is_deleted_before in [false, true] {
        let post = blog.add("posts", json!({ "title": "Secret" }));
        let path = path_of("posts", &post);
        blog.admin
            .patch(&path, &json!({ "title": "Secret, too" }))
            .ok();
        if is_deleted_before {
            blog.delete("posts", &post);
        }
        blog.purge("posts", &post);
        assert_eq!(blog.app.count("SELECT count(*) FROM posts"), 0);
        assert_eq!(blog.events(&post).last().unwrap(), "post.purged");
        blog.restore("posts", &post).error(Code::NotFound);
        blog.admin
            .delete(&format!("{path}?hard=true"))
            .error(Code::NotFound);
    }
    let told = "SELECT count(*) FROM _events WHERE collection = 'posts'
                AND (after IS NOT NULL OR before IS NOT NULL)";
    assert_eq!(blog.app.count(told), 0);
}

/// Writes so many events of posts with these ids, in turn, each with data.
fn add_events(blog: &Blog, count: u32, ids: &[&str]) {
    let (ids, turns) = (json!(ids).to_string(), ids.len());
    blog.app.change_by_sql(&format!(
        "INSERT INTO _events (id, type, collection, record_id, actor, at, revision, after, before)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         SELECT 'e' || i, 'post.updated', 'posts', '{ids}' ->> (i % {turns}), 'operator',
           '2026-01-15T10:30:00.000Z', 1, '{{}}', CASE i % 2 WHEN 0 THEN '{{}}' END FROM n"
    ));
}

#[test]
fn a_history_of_any_length_is_emptied_and_no_other() {
    let blog = Blog::new();
    let (post, other) = (blog.post(), blog.post());
    let id = |post: &Json| post["id"].as_str().unwrap().to_owned();
    // More than one read looks through, and of one record more than one batch empties.
    add_events(&blog, 45_000, &[&id(&other), "x", "y", &id(&post), "z"]);
    let comment = blog.on("comments", &post);
    blog.purge("posts", &post);
    for gone in [&post, &comment] {
        let told = format!("{TELLING} AND record_id = '{}'", id(gone));
        assert_eq!(blog.app.count(&told), 0);
    }
    // Those that were written here, and what made the other post.
    assert_eq!(blog.app.count(TELLING), 4 * 9_000 + 1);
}

#[test]
fn a_long_history_stays_whole_where_the_purge_is_refused() {
    let blog = Blog::new();
    let post = blog.post();
    add_events(&blog, 5_000, &[post["id"].as_str().unwrap()]);
    let award = blog.on("awards", &post);
    let told = blog.app.count(TELLING);
    let hard = format!("{}?hard=true", path_of("posts", &post));
    blog.admin.delete(&hard).error(Code::Conflict);
    let stale = blog.admin.with("If-Match", "\"7\"");
    stale.delete(&hard).error(Code::PreconditionFailed);
    assert_eq!(blog.app.count(TELLING), told);
    blog.purge("awards", &award);
    blog.purge("posts", &post);
    assert_eq!(blog.app.count(TELLING), 0);
}

#[test]
fn purging_is_a_right_of_its_own() {
    let blog = Blog::new();
    let post = blog.post();
    let hard = format!("{}?hard=true", path_of("posts", &post));
    let rights = [
        ("deletes", r#"["posts:delete"]"#, 403),
        ("purges", r#"["posts:purge"]"#, 403),
        ("both", r#"["posts:delete","posts:purge"]"#, 204),
    ];
    for (name, permissions, status) in rights {
        blog.app.change_by_sql(&format!(
            "INSERT INTO _roles (name, permissions, created_at, updated_at) VALUES
             ('{name}', '{permissions}', '2026-01-15T10:30:00.000Z', '2026-01-15T10:30:00.000Z')",
        ));
        let reply = blog.app.user(name, &[name]).delete(&hard);
        assert_eq!(reply.status(), status, "{name}");
    }
    blog.app.guest().delete(&hard).error(Code::Unauthorized);
}

#[test]
fn hard_is_true_or_false_and_false_changes_nothing() {
    let blog = Blog::new();
    let post = blog.post();
    let path = path_of("posts", &post);
    let odd = blog.admin.delete(&format!("{path}?hard=yes"));
    odd.faults(Code::InvalidInput, &["hard"]);
    blog.admin
        .delete(&format!("{path}?hard=false"))
        .no_content();
    assert_eq!(blog.app.count("SELECT count(*) FROM posts"), 1);
}

#[test]
fn all_that_cascades_goes_with_a_purged_record() {
    let blog = Blog::new();
    let post = blog.post();
    let (comment, early) = (blog.on("comments", &post), blog.on("comments", &post));
    let reply = blog.add("comments", json!({ "replyToId": early["id"] }));
    let like = blog.on("likes", &post);
    blog.delete("comments", &early);
    blog.purge("posts", &post);
    for comment in [&comment, &early, &reply] {
        assert_eq!(blog.events(comment).last().unwrap(), "comment.purged");
    }
    assert_eq!(blog.events(&like), ["like.created", "like.purged"]);
    let left = "SELECT (SELECT count(*) FROM comments) + (SELECT count(*) FROM likes)";
    assert_eq!(blog.app.count(left), 0);
    assert_eq!(blog.app.count("SELECT count(*) FROM _tombstones"), 5);
    assert!(foreign_keys_hold(&blog.app));
}

#[test]
fn set_null_happens_at_the_purge_to_live_and_deleted_records() {
    let blog = Blog::new();
    let post = blog.post();
    let (live, gone) = (blog.on("bookmarks", &post), blog.on("bookmarks", &post));
    blog.delete("bookmarks", &gone);
    blog.purge("posts", &post);
    let now = blog.admin.get(&path_of("bookmarks", &live)).ok();
    assert_eq!((&now["postId"], &now["version"]), (&Json::Null, &json!(2)));
    assert_eq!(blog.events(&live), ["bookmark.created", "bookmark.updated"]);
    assert_eq!(blog.last_event(&live, "before")["post_id"], post["id"]);
    let after = blog.last_event(&live, "after");
    assert_eq!(
        (&after["post_id"], after.get("deleted_at")),
        (&Json::Null, None)
    );
    // Nobody takes it for a live one.
    assert!(blog.last_event(&gone, "after")["deleted_at"].is_string());
    assert_eq!(blog.restore("bookmarks", &gone).ok()["postId"], Json::Null);
}

#[test]
fn two_relations_of_one_record_are_set_to_null_by_one_change() {
    let app = TestApp::start();
    app.collection("people", json!([{ "name": "name", "type": "text" }]));
    let fields = json!([
        relation("author_id", "people", "setNull"),
        relation("editor_id", "people", "setNull"),
    ]);
    app.collection("books", fields);
    let admin = app.admin();
    let person = || admin.post("/api/v1/people", &json!({})).created();
    let (ann, bob) = (person(), person());
    let book = |author: &Json, editor: &Json| {
        let body = json!({ "authorId": author["id"], "editorId": editor["id"] });
        path_of("books", &admin.post("/api/v1/books", &body).created())
    };
    let (both, one) = (book(&ann, &ann), book(&bob, &ann));
    let path = format!("{}?hard=true", path_of("people", &ann));
    admin.delete(&path).no_content();
    let both = admin.get(&both).ok();
    let nothing = (&Json::Null, &Json::Null, &json!(2));
    assert_eq!(
        (&both["authorId"], &both["editorId"], &both["version"]),
        nothing
    );
    let one = admin.get(&one).ok();
    assert_eq!(
        (&one["authorId"], &one["editorId"]),
        (&bob["id"], &Json::Null)
    );
    assert_eq!(
        app.count("SELECT count(*) FROM _events WHERE type = 'book.updated'"),
        2
    );
}

#[test]
fn where_a_row_goes_deleted_records_are_in_the_way_too() {
    let blog = Blog::new();
    let post = blog.post();
    let award = blog.on("awards", &post);
    blog.delete("awards", &award);
    let hard = format!("{}?hard=true", path_of("posts", &post));
    let rows = blog.app.rows();
    let error = blog.admin.delete(&hard).error(Code::Conflict);
    assert_eq!(error["issues"][0]["params"]["by"], "awards.postId");
    assert_eq!(blog.app.rows(), rows);
    blog.purge("awards", &award);
    blog.admin.delete(&hard).no_content();
}

#[test]
fn an_id_that_was_purged_is_never_used_again() {
    let blog = Blog::new();
    let post = blog.post();
    let comment = blog.on("comments", &post);
    blog.purge("posts", &post);
    for (path, gone) in [("posts", &post), ("comments", &comment)] {
        let again = blog
            .admin
            .post(&format!("/api/v1/{path}"), &json!({ "id": gone["id"] }));
        again.faults(Code::AlreadyExists, &["id"]);
    }
}

#[test]
fn what_is_deleted_for_good_without_a_purge_keeps_its_history() {
    let blog = Blog::new();
    let (kept, purged) = (
        blog.on("likes", &blog.post()),
        blog.on("likes", &blog.post()),
    );
    blog.delete("likes", &kept);
    blog.purge("likes", &purged);
    assert_eq!(blog.events(&kept), ["like.created", "like.deleted"]);
    assert_eq!(blog.last_event(&kept, "before")["post_id"], kept["postId"]);
    assert_eq!(blog.events(&purged), ["like.created", "like.purged"]);
    assert_eq!(blog.last_event(&purged, "before"), Json::Null);
}

#[test]
fn what_hangs_on_a_record_that_is_deleted_for_good_goes_for_good() {
    let app = TestApp::start();
    let name = json!([{ "name": "name", "type": "text" }]);
    app.define(json!({ "name": "carts", "deletion": "hard", "fields": name }));
    app.collection("items", json!([relation("cart_id", "carts", "cascade")]));
    let admin = app.admin();
    let cart = admin.post("/api/v1/carts", &json!({})).created();
    let of = json!({ "cartId": cart["id"] });
    admin.post("/api/v1/items", &of).created();
    admin.delete(&path_of("carts", &cart)).no_content();
    assert_eq!(app.count("SELECT count(*) FROM items"), 0);
    assert_eq!(app.count("SELECT count(*) FROM _tombstones"), 2);
    let told = "SELECT count(*) FROM _events WHERE type = 'item.deleted' AND before IS NOT NULL";
    assert_eq!(app.count(told), 1);
}

#[test]
fn rows_that_point_at_each_other_in_a_circle_go_together() {
    let blog = Blog::new();
    let first = blog.add("comments", json!({}));
    let second = blog.add("comments", json!({ "replyToId": first["id"] }));
    let close = json!({ "replyToId": second["id"] });
    blog.admin.patch(&path_of("comments", &first), &close).ok();
    blog.purge("comments", &first);
    assert_eq!(blog.app.count("SELECT count(*) FROM comments"), 0);
}
