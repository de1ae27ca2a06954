//! Restoring: what a deletion took comes back, and nothing else.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{Blog, relation};
use crate::support::client::path_of;

#[test]
fn a_restoration_brings_back_exactly_what_the_deletion_took() {
    let blog = Blog::new();
    let post = blog.post();
    let (before, with) = (blog.on("comments", &post), blog.on("comments", &post));
    let reply = blog.add("comments", json!({ "replyToId": with["id"] }));
    blog.delete("comments", &before);
    blog.delete("posts", &post);
    let back = blog.restore("posts", &post).ok();
    assert_eq!((&back["id"], &back["version"]), (&post["id"], &json!(3)));
    for comment in [&with, &reply] {
        assert!(blog.is_live("comments", comment));
    }
    assert!(!blog.is_live("comments", &before));
    blog.restore("comments", &before).ok();
    let marked =
        "SELECT count(*) FROM comments WHERE _deletion IS NOT NULL OR deleted_at IS NOT NULL";
    assert_eq!(blog.app.count(marked), 0);
}

#[test]
fn each_restored_record_has_its_event() {
    let blog = Blog::new();
    let post = blog.post();
    let comment = blog.on("comments", &post);
    blog.delete("posts", &post);
    let deleted_at = blog.app.clock().now().to_string();
    blog.app.clock().advance(std::time::Duration::from_secs(1));
    blog.restore("posts", &post).ok();
    let events = ["comment.created", "comment.deleted", "comment.restored"];
    assert_eq!(blog.events(&comment), events);
    let before = blog.last_event(&comment, "before");
    assert_eq!(
        before,
        json!({ "deleted_at": deleted_at, "updated_at": deleted_at, "version": 2 })
    );
    let after = blog.last_event(&comment, "after");
    assert_eq!(
        (&after["version"], after.get("deleted_at")),
        (&json!(3), None)
    );
    assert_eq!(after["post_id"], post["id"]);
}

#[test]
fn under_a_deleted_parent_nothing_is_restored() {
    let blog = Blog::new();
    let post = blog.post();
    let (early, with) = (blog.on("comments", &post), blog.on("comments", &post));
    blog.delete("comments", &early);
    blog.delete("posts", &post);
    let rows = blog.app.rows();
    for comment in [&early, &with] {
        let error = blog.restore("comments", comment).error(Code::Conflict);
        assert_eq!(error["issues"][0]["params"]["by"], "comments.postId");
    }
    assert_eq!(blog.app.rows(), rows);
    blog.restore("posts", &post).ok();
    assert!(blog.is_live("comments", &with));
    blog.restore("comments", &early).ok();
}

#[test]
fn under_a_deleted_parent_that_restricts_nothing_is_restored_either() {
    let blog = Blog::new();
    let post = blog.post();
    let award = blog.on("awards", &post);
    blog.delete("awards", &award);
    blog.delete("posts", &post);
    blog.restore("awards", &award).error(Code::Conflict);
    blog.restore("posts", &post).ok();
    blog.restore("awards", &award).ok();
}

#[test]
fn a_relation_that_waits_to_be_set_to_null_stops_no_restoration() {
    let blog = Blog::new();
    let post = blog.post();
    let bookmark = blog.on("bookmarks", &post);
    blog.delete("bookmarks", &bookmark);
    blog.delete("posts", &post);
    assert_eq!(
        blog.restore("bookmarks", &bookmark).ok()["postId"],
        post["id"]
    );
}

#[test]
fn a_unique_value_that_was_taken_since_is_409_and_named() {
    let blog = Blog::new();
    let first = blog.add("posts", json!({ "title": "Bread" }));
    blog.delete("posts", &first);
    let second = blog.add("posts", json!({ "title": "Bread" }));
    let refused = blog.restore("posts", &first);
    refused.faults(Code::AlreadyExists, &["title"]);
    assert!(!blog.is_live("posts", &first));
    blog.delete("posts", &second);
    blog.restore("posts", &first).ok();
}

#[test]
fn a_unique_value_of_what_would_come_along_is_named_with_its_collection() {
    let blog = Blog::new();
    let post = blog.post();
    let slug = |post: &Json| json!({ "slug": "first", "postId": post["id"] });
    blog.add("comments", slug(&post));
    blog.delete("posts", &post);
    blog.add("comments", slug(&blog.post()));
    let rows = blog.app.rows();
    let refused = blog.restore("posts", &post);
    refused.faults(Code::AlreadyExists, &["comments.slug"]);
    assert_eq!(blog.app.rows(), rows);
}

#[test]
fn a_live_record_stays_as_it_is() {
    let blog = Blog::new();
    let (post, like) = (blog.post(), blog.on("likes", &blog.post()));
    assert_eq!(blog.restore("posts", &post).ok(), post);
    assert_eq!(blog.restore("likes", &like).ok(), like);
    assert_eq!(blog.events(&post), ["post.created"]);
    let path = format!("{}/restore", path_of("posts", &post));
    let stale = blog.admin.with("If-Match", "\"9\"");
    stale
        .send("POST", &path, None)
        .error(Code::PreconditionFailed);
}

#[test]
fn what_is_not_there_cannot_be_restored() {
    let blog = Blog::new();
    let (post, like) = (blog.post(), blog.on("likes", &blog.post()));
    blog.delete("posts", &post);
    let path = format!("{}/restore", path_of("posts", &post));
    let stale = blog.admin.with("If-Match", "\"1\"");
    stale
        .send("POST", &path, None)
        .error(Code::PreconditionFailed);
    blog.purge("posts", &post);
    blog.delete("likes", &like);
    blog.restore("posts", &post).error(Code::NotFound);
    blog.restore("likes", &like).error(Code::NotFound);
    let nowhere = "/api/v1/posts/01HZXK5V8QWERTYASDFGHJKMNP/restore";
    blog.admin.send("POST", nowhere, None).error(Code::NotFound);
    let odd = blog.admin.send("POST", "/api/v1/posts/x/restore", None);
    odd.error(Code::NotFound);
}

#[test]
fn restoring_needs_what_deleting_needs_and_a_right_of_its_own() {
    let blog = Blog::new();
    let post = blog.post();
    blog.delete("posts", &post);
    let path = format!("{}/restore", path_of("posts", &post));
    let rights = [
        ("deletes", r#"["posts:delete"]"#, 403),
        ("restores", r#"["posts:restore"]"#, 403),
        ("both", r#"["posts:delete","posts:restore"]"#, 200),
    ];
    for (name, permissions, status) in rights {
        blog.app.change_by_sql(&format!(
            "INSERT INTO _roles (name, permissions, created_at, updated_at) VALUES
             ('{name}', '{permissions}', '2026-01-15T10:30:00.000Z', '2026-01-15T10:30:00.000Z')",
        ));
        let reply = blog.app.user(name, &[name]).send("POST", &path, None);
        assert_eq!(reply.status(), status, "{name}");
    }
    blog.app
        .editor()
        .send("POST", &path, None)
        .error(Code::InsufficientPermissions);
    blog.app
        .guest()
        .send("POST", &path, None)
        .error(Code::Unauthorized);
}

#[test]
fn a_circle_comes_back_from_any_of_its_records() {
    let blog = Blog::new();
    blog.app
        .collection("rings", json!([relation("next_id", "rings", "cascade")]));
    let first = blog.add("rings", json!({}));
    let second = blog.add("rings", json!({ "nextId": first["id"] }));
    let close = json!({ "nextId": second["id"] });
    blog.admin.patch(&path_of("rings", &first), &close).ok();
    for from in [&first, &second] {
        blog.delete("rings", &first);
        assert!(!blog.is_live("rings", &second));
        blog.restore("rings", from).ok();
        assert!(blog.is_live("rings", &first) && blog.is_live("rings", &second));
    }
}

#[test]
fn two_that_point_at_one_come_back_one_after_the_other() {
    let blog = Blog::new();
    let (post, comment) = (blog.post(), blog.add("comments", json!({})));
    let both = json!({ "postId": post["id"], "replyToId": comment["id"] });
    let shared = blog.add("comments", both);
    blog.delete("posts", &post);
    blog.delete("comments", &comment);
    // It went with the post, and would stand under the other.
    blog.restore("posts", &post).error(Code::Conflict);
    blog.restore("comments", &comment).ok();
    assert!(!blog.is_live("comments", &shared));
    blog.restore("posts", &post).ok();
    assert!(blog.is_live("comments", &shared));
}
