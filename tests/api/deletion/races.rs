//! Deletions while others write: no live child is ever left under a deleted parent.

use serde_json::json;

use super::{Blog, TELLING, foreign_keys_hold};
use crate::support::{client::path_of, race::at_once};

const CLIENTS: usize = 16;
const ROUNDS: usize = 8;

/// Live records that point at a deleted one by a relation that would have taken them along or
/// restricted it.
const STRANDED: &str = "SELECT
  (SELECT count(*) FROM comments c JOIN posts p ON p.id = c.post_id
   WHERE c.deleted_at IS NULL AND p.deleted_at IS NOT NULL) +
  (SELECT count(*) FROM comments c JOIN comments p ON p.id = c.reply_to_id
   WHERE c.deleted_at IS NULL AND p.deleted_at IS NOT NULL) +
  (SELECT count(*) FROM awards c JOIN posts p ON p.id = c.post_id
   WHERE c.deleted_at IS NULL AND p.deleted_at IS NOT NULL)";

/// Events and rows tell the same: each deleted row has one deletion more than restorations.
const UNTOLD: &str = "SELECT count(*) FROM comments c WHERE (c.deleted_at IS NOT NULL) <>
  (SELECT sum(CASE type WHEN 'comment.deleted' THEN 1 WHEN 'comment.restored' THEN -1 ELSE 0 END)
   FROM _events WHERE record_id = c.id)";

#[test]
fn a_child_that_is_made_while_its_parent_is_deleted_goes_along_or_is_refused() {
    let blog = Blog::new();
    for _ in 0..ROUNDS {
        let post = blog.post();
        let first = blog.on("comments", &post);
        let statuses = at_once(CLIENTS, |i| match i % 4 {
            0 => blog.admin.delete(&path_of("posts", &post)).status(),
            1 => {
                let body = json!({ "replyToId": first["id"] });
                blog.admin.post("/api/v1/comments", &body).status()
            }
            _ => {
                let body = json!({ "postId": post["id"] });
                blog.admin.post("/api/v1/comments", &body).status()
            }
        });
        let known = [201, 204, 400, 404, 503];
        assert!(
            statuses.iter().all(|status| known.contains(status)),
            "{statuses:?}"
        );
        assert_eq!((blog.app.count(STRANDED), blog.app.count(UNTOLD)), (0, 0));
    }
}

#[test]
fn a_child_that_is_moved_while_its_parent_is_deleted_goes_along_or_stays() {
    let blog = Blog::new();
    for _ in 0..ROUNDS {
        let (from, to) = (blog.post(), blog.post());
        let comments: Vec<_> = (0..CLIENTS).map(|_| blog.on("comments", &from)).collect();
        at_once(CLIENTS, |i| {
            if i == 0 {
                return blog.admin.delete(&path_of("posts", &from)).status();
            }
            let body = json!({ "postId": to["id"] });
            blog.admin
                .patch(&path_of("comments", &comments[i]), &body)
                .status()
        });
        assert_eq!((blog.app.count(STRANDED), blog.app.count(UNTOLD)), (0, 0));
        // Who was moved in time was not taken along.
        let taken = "SELECT count(*) FROM comments c JOIN posts p ON p.id = c.post_id
                     WHERE c.deleted_at IS NOT NULL AND p.deleted_at IS NULL";
        assert_eq!(blog.app.count(taken), 0);
    }
}

#[test]
fn nothing_is_restored_under_a_parent_that_is_deleted_meanwhile() {
    let blog = Blog::new();
    for _ in 0..ROUNDS {
        let post = blog.post();
        let (comment, award) = (blog.on("comments", &post), blog.on("awards", &post));
        blog.delete("comments", &comment);
        blog.delete("awards", &award);
        at_once(CLIENTS, |i| match i % 4 {
            0 => blog.admin.delete(&path_of("posts", &post)).status(),
            1 => blog.restore("posts", &post).status(),
            2 => blog.restore("comments", &comment).status(),
            _ => blog.restore("awards", &award).status(),
        });
        assert_eq!((blog.app.count(STRANDED), blog.app.count(UNTOLD)), (0, 0));
    }
}

#[test]
fn a_purge_leaves_nobody_pointing_into_the_void() {
    let blog = Blog::new();
    for round in 0..ROUNDS {
        let post = blog.post();
        let comment = blog.on("comments", &post);
        let statuses = at_once(CLIENTS, |i| match i % 4 {
            0 => {
                let path = format!("{}?hard=true", path_of("posts", &post));
                blog.admin.delete(&path).status()
            }
            1 => blog.restore("posts", &post).status(),
            2 => {
                let body = json!({ "postId": post["id"], "replyToId": comment["id"] });
                blog.admin.post("/api/v1/comments", &body).status()
            }
            _ => {
                let body = json!({ "postId": post["id"] });
                blog.admin.post("/api/v1/bookmarks", &body).status()
            }
        });
        assert!(
            statuses.iter().all(|status| *status != 500),
            "{round}: {statuses:?}"
        );
        assert!(foreign_keys_hold(&blog.app));
        assert_eq!(blog.app.count(STRANDED), 0);
    }
}

#[test]
fn nothing_is_told_of_a_purged_record_however_it_was_changed_meanwhile() {
    let blog = Blog::new();
    for round in 0..ROUNDS {
        let post = blog.add("posts", json!({ "title": "Secret" }));
        let path = path_of("posts", &post);
        at_once(CLIENTS, |i| {
            for step in 0..8 {
                let body = json!({ "title": format!("Secret {i} {step}") });
                let reply = match (i, step) {
                    (0, 2) => blog.admin.delete(&format!("{path}?hard=true")),
                    (1, 1) => blog.admin.delete(&path),
                    (2, _) => blog.restore("posts", &post),
                    _ => blog.admin.patch(&path, &body),
                };
                assert_ne!(reply.status(), 500, "{round}");
            }
        });
        // The one above may have been put off.
        let again = blog.admin.delete(&format!("{path}?hard=true")).status();
        assert!([204, 404].contains(&again), "{again}");
        assert_eq!(blog.app.count(TELLING), 0, "{round}");
    }
}

#[test]
fn of_all_who_delete_one_record_one_does() {
    let blog = Blog::new();
    let post = blog.post();
    blog.on("comments", &post);
    let mut statuses = at_once(4, |_| blog.admin.delete(&path_of("posts", &post)).status());
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 404, 404, 404]);
    let mut statuses = at_once(4, |_| blog.restore("posts", &post).status());
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200]);
    let restored = "SELECT count(*) FROM _events WHERE type = 'post.restored'";
    assert_eq!(blog.app.count(restored), 1);
}

#[test]
fn what_is_deleted_again_and_again_is_found_by_each_restoration() {
    let blog = Blog::new();
    let post = blog.post();
    let found = at_once(4, |i| {
        let turn = |_| match i {
            0 => blog.admin.delete(&path_of("posts", &post)).status(),
            _ => blog.restore("posts", &post).status(),
        };
        (0..150).map(turn).collect::<Vec<u16>>()
    });
    let restored: Vec<&u16> = found.iter().skip(1).flatten().collect();
    assert!(!restored.contains(&&404), "{restored:?}");
    assert!(restored.contains(&&200));
}
