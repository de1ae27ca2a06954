//! What is kept in memory of records that go along, come back or lose a relation.

use serde_json::{Value as Json, json};

use super::Blog;
use crate::support::client::path_of;

impl Blog {
    /// The status of a record and how many its collection has, as the API tells both.
    fn seen(&self, collection: &str, record: &Json) -> (u16, Json) {
        let list = self.admin.get(&format!("/api/v1/{collection}")).ok();
        let one = self.admin.get(&path_of(collection, record));
        (one.status(), list["pagination"]["totalItems"].clone())
    }
}

#[test]
fn who_goes_along_or_comes_back_is_not_found_as_it_was_before() {
    let blog = Blog::new();
    let post = blog.post();
    let comment = blog.on("comments", &post);
    let like = blog.on("likes", &post);
    let seen = || {
        let all = [("comments", &comment), ("likes", &like)];
        all.map(|(collection, record)| blog.seen(collection, record))
    };
    let (there, gone) = ((200, json!(1)), (404, json!(0)));
    assert_eq!(seen(), [there.clone(), there.clone()]);
    blog.delete("posts", &post);
    assert_eq!(seen(), [gone.clone(), there.clone()]);
    blog.restore("posts", &post).ok();
    assert_eq!(seen(), [there.clone(), there]);
    blog.purge("posts", &post);
    assert_eq!(seen(), [gone.clone(), gone]);
}

#[test]
fn a_relation_that_became_null_is_shown_as_null() {
    let blog = Blog::new();
    let post = blog.post();
    let path = path_of("bookmarks", &blog.on("bookmarks", &post));
    let of_post = format!("/api/v1/bookmarks?postId={}", post["id"].as_str().unwrap());
    let total = || blog.admin.get(&of_post).ok()["pagination"]["totalItems"].clone();
    assert_eq!(blog.admin.get(&path).ok()["postId"], post["id"]);
    assert_eq!(total(), 1);
    blog.purge("posts", &post);
    assert_eq!(blog.admin.get(&path).ok()["postId"], Json::Null);
    assert_eq!(total(), 0);
}
