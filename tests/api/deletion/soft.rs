//! Soft deletion: what goes along, what stays, and what is in the way.

use serde_json::json;
use stead::base::Code;

use super::{Blog, relation};
use crate::support::{app::TestApp, client::path_of};

#[test]
fn a_cascade_takes_softly_deleting_children_along_and_theirs() {
    let blog = Blog::new();
    let (post, other) = (blog.post(), blog.post());
    let (comment, stays) = (blog.on("comments", &post), blog.on("comments", &other));
    let reply = blog.add("comments", json!({ "replyToId": comment["id"] }));
    blog.delete("posts", &post);
    for gone in [&comment, &reply] {
        assert!(!blog.is_live("comments", gone));
        assert_eq!(blog.events(gone), ["comment.created", "comment.deleted"]);
        assert_eq!(blog.last_event(gone, "before")["id"], gone["id"]);
    }
    assert!(blog.is_live("comments", &stays) && blog.is_live("posts", &other));
    let one = "SELECT count(DISTINCT _deletion) FROM
        (SELECT _deletion FROM posts UNION ALL SELECT _deletion FROM comments)";
    assert_eq!(blog.app.count(one), 1);
    let all = "SELECT count(*) FROM comments WHERE deleted_at = updated_at AND version = 2";
    assert_eq!(blog.app.count(all), 2);
}

#[test]
fn children_that_are_deleted_for_good_wait_for_the_purge() {
    let blog = Blog::new();
    let post = blog.post();
    let like = blog.on("likes", &post);
    blog.delete("posts", &post);
    assert!(blog.is_live("likes", &like));
    blog.purge("posts", &post);
    assert!(!blog.is_live("likes", &like));
}

#[test]
fn set_null_waits_for_the_purge() {
    let blog = Blog::new();
    let post = blog.post();
    let bookmark = blog.on("bookmarks", &post);
    blog.delete("posts", &post);
    let path = path_of("bookmarks", &bookmark);
    assert_eq!(blog.admin.get(&path).ok(), bookmark);
    blog.admin.patch(&path, &json!({ "name": "later" })).ok();
}

#[test]
fn a_relation_that_restricts_is_409_while_live_records_point_here() {
    let blog = Blog::new();
    let post = blog.post();
    let award = blog.on("awards", &post);
    let before = blog.app.rows();
    let error = blog.admin.delete(&path_of("posts", &post));
    let error = error.error(Code::Conflict);
    assert_eq!(error["issues"][0]["code"], "RESTRICTED");
    assert_eq!(error["issues"][0]["params"]["by"], "awards.postId");
    assert_eq!(blog.app.rows(), before);
    blog.delete("awards", &award);
    blog.delete("posts", &post);
}

#[test]
fn what_restricts_a_child_restricts_its_parent() {
    let blog = Blog::new();
    let post = blog.post();
    let comment = blog.on("comments", &post);
    blog.add("flags", json!({ "commentId": comment["id"] }));
    let before = blog.app.rows();
    let error = blog.admin.delete(&path_of("posts", &post));
    let error = error.error(Code::Conflict);
    assert_eq!(error["issues"][0]["params"]["by"], "flags.commentId");
    assert_eq!(blog.app.rows(), before);
}

#[test]
fn another_version_is_told_before_a_restriction() {
    let blog = Blog::new();
    let post = blog.post();
    blog.on("awards", &post);
    let path = path_of("posts", &post);
    let stale = blog.admin.with("If-Match", "\"7\"");
    stale.delete(&path).error(Code::PreconditionFailed);
    let hard = format!("{path}?hard=true");
    stale.delete(&hard).error(Code::PreconditionFailed);
    let fresh = blog.admin.with("If-Match", "\"1\"");
    fresh.delete(&path).error(Code::Conflict);
}

#[test]
fn who_goes_along_restricts_nothing() {
    let app = TestApp::start();
    app.collection("houses", json!([{ "name": "name", "type": "text" }]));
    app.collection("rooms", json!([relation("house_id", "houses", "cascade")]));
    // By two ways at the house, one of which restricts its room.
    let ways = json!([
        relation("house_id", "houses", "cascade"),
        relation("room_id", "rooms", "restrict"),
    ]);
    app.collection("lamps", ways);
    let admin = app.admin();
    let house = admin.post("/api/v1/houses", &json!({})).created();
    let of = json!({ "houseId": house["id"] });
    let room = admin.post("/api/v1/rooms", &of).created();
    let lamp = json!({ "houseId": house["id"], "roomId": room["id"] });
    admin.post("/api/v1/lamps", &lamp).created();
    admin.delete(&path_of("rooms", &room)).error(Code::Conflict);
    admin.delete(&path_of("houses", &house)).no_content();
    let events = "SELECT count(*) FROM _events WHERE type LIKE '%.deleted'";
    assert_eq!(app.count(events), 3);
}

#[test]
fn a_child_by_two_ways_goes_once_and_a_circle_ends() {
    let blog = Blog::new();
    let post = blog.post();
    let first = blog.on("comments", &post);
    let both = json!({ "postId": post["id"], "replyToId": first["id"] });
    let second = blog.add("comments", both);
    let back = json!({ "replyToId": second["id"] });
    blog.admin.patch(&path_of("comments", &first), &back).ok();
    blog.delete("posts", &post);
    for comment in [&first, &second] {
        let deleted = blog.events(comment);
        assert_eq!(
            deleted.iter().filter(|e| *e == "comment.deleted").count(),
            1
        );
    }
}

/// Adds so many comments on a post, by SQL.
fn crowd(blog: &Blog, post: &str, count: usize) {
    blog.app.change_by_sql(&format!(
        "INSERT INTO comments (id, post_id, created_at, updated_at, version)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         SELECT '01HZXK5V8QWERTYASDFG' || printf('%06d', i), '{post}',
           '2026-01-15T10:30:00.000Z', '2026-01-15T10:30:00.000Z', 1 FROM n"
    ));
}

#[test]
fn as_many_go_along_as_one_batch_holds_and_no_more() {
    let blog = Blog::new();
    let (small, large) = (blog.post(), blog.post());
    crowd(&blog, small["id"].as_str().unwrap(), 9_999);
    blog.delete("posts", &small);
    let restored = blog.restore("posts", &small);
    restored.ok();
    let point = format!(
        "UPDATE comments SET post_id = '{}', version = version + 1",
        large["id"].as_str().unwrap()
    );
    blog.app.change_by_sql(&point);
    blog.on("comments", &large);
    let before = blog.app.rows();
    for query in ["", "?hard=true"] {
        let path = format!("{}{query}", path_of("posts", &large));
        let error = blog.admin.delete(&path).error(Code::Unprocessable);
        assert!(error["message"].as_str().unwrap().contains("10000 records"));
    }
    assert_eq!(blog.app.rows(), before);
}
