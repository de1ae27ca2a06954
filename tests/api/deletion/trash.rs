//! `trashed`: the deleted records of a collection, for who may bring them back.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::Blog;

fn ids(list: &Json) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["id"].as_str().unwrap()).collect()
}

#[test]
fn deleted_records_are_listed_where_they_are_asked_for() {
    let blog = Blog::new();
    let (live, gone) = (blog.post(), blog.post());
    blog.app.clock().advance(std::time::Duration::from_secs(60));
    blog.delete("posts", &gone);
    let list = |query: &str| blog.admin.get(&format!("/api/v1/posts{query}")).ok();
    assert_eq!(ids(&list("")), [live["id"].as_str().unwrap()]);
    let only = list("?trashed=only");
    assert_eq!(ids(&only), [gone["id"].as_str().unwrap()]);
    assert_eq!(only["pagination"]["totalItems"], 1);
    let with = list("?sort=deletedAt,id&trashed=with");
    assert_eq!(ids(&with), ids(&json!({ "items": [live, gone] })));
    assert_eq!(with["items"][0]["deletedAt"], Json::Null);
    assert_eq!(with["items"][1]["deletedAt"], "2026-01-15T10:31:00.000Z");
    let then = list("?deletedAt=2026-01-15T10:31:00Z&trashed=with");
    assert_eq!(ids(&then), [gone["id"].as_str().unwrap()]);
}

#[test]
fn when_a_record_was_deleted_is_shown_only_where_trashed_was_asked_for() {
    let blog = Blog::new();
    let post = blog.post();
    assert_eq!(post.get("deletedAt"), None);
    blog.delete("posts", &post);
    assert_eq!(blog.restore("posts", &post).ok().get("deletedAt"), None);
    let list = blog.admin.get("/api/v1/posts").ok();
    assert_eq!(list["items"][0].get("deletedAt"), None);
    let sorted = blog.admin.get("/api/v1/posts?sort=deletedAt");
    sorted.faults(Code::InvalidInput, &["sort"]);
}

#[test]
fn trashed_is_for_who_may_restore() {
    let blog = Blog::new();
    for collection in ["posts", "users"] {
        let path = format!("/api/v1/{collection}?trashed=only");
        blog.admin.get(&path).ok();
    }
    let error = blog.app.editor().get("/api/v1/posts?trashed=with");
    let error = error.error(Code::InsufficientPermissions);
    assert_eq!(
        error["message"],
        "The permission `posts:restore` is missing"
    );
    let guest = blog.app.guest().get("/api/v1/posts?trashed=with");
    guest.error(Code::Unauthorized);
}

#[test]
fn where_nothing_is_deleted_softly_there_is_no_trash() {
    let blog = Blog::new();
    let reply = blog.admin.get("/api/v1/likes?trashed=with");
    reply.faults(Code::InvalidInput, &["trashed"]);
}
