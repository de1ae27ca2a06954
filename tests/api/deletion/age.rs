//! Purging by age.

use std::time::Duration;

use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

use super::{Blog, TELLING, foreign_keys_hold};
use crate::support::process::{Stead, create_admin};

/// Shorter than the life of an access token.
const LATER: Duration = Duration::from_secs(600);

#[test]
fn what_was_deleted_before_is_purged_and_all_else_stays() {
    let blog = Blog::new();
    let (old, live, fresh) = (blog.post(), blog.post(), blog.post());
    let like = blog.on("likes", &old);
    blog.delete("posts", &old);
    blog.app.clock().advance(LATER);
    blog.delete("posts", &fresh);
    // Nothing was deleted before this moment but the old one.
    blog.app.purge_by_age();
    assert_eq!(blog.events(&old).last().unwrap(), "post.purged");
    assert_eq!(blog.events(&like), ["like.created", "like.purged"]);
    assert!(blog.is_live("posts", &live));
    blog.restore("posts", &fresh).ok();
    let actor = "SELECT count(*) FROM _events WHERE actor = 'operator' AND type = 'post.purged'";
    assert_eq!(blog.app.count(actor), 1);
}

#[test]
fn what_something_points_at_stays_until_that_is_gone() {
    let blog = Blog::new();
    let (held, free) = (blog.post(), blog.post());
    let like = blog.on("awards", &held);
    blog.delete("awards", &like);
    for post in [&held, &free] {
        blog.delete("posts", post);
    }
    blog.app.clock().advance(LATER);
    // It keeps the post from being purged as long as it is there itself.
    let back = "UPDATE awards SET deleted_at = '2036-01-01T00:00:00.000Z', version = version + 1";
    blog.app.change_by_sql(back);
    blog.app.purge_by_age();
    assert_eq!(blog.app.count("SELECT count(*) FROM posts"), 1);
    blog.app
        .change_by_sql("UPDATE awards SET deleted_at = updated_at, version = version + 1");
    blog.app.purge_by_age();
    assert_eq!(
        blog.app
            .count("SELECT (SELECT count(*) FROM posts) + (SELECT count(*) FROM awards)"),
        0
    );
    assert!(foreign_keys_hold(&blog.app));
}

#[test]
fn more_than_one_batch_holds_is_purged_in_several() {
    let blog = Blog::new();
    let post = blog.post();
    let id = post["id"].as_str().unwrap();
    blog.app.change_by_sql(&format!(
        "INSERT INTO comments (id, post_id, created_at, updated_at, version)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
         SELECT '01HZXK5V8QWERTYASDFG' || printf('%06d', i), '{id}',
           '2026-01-15T10:30:00.000Z', '2026-01-15T10:30:00.000Z', 1 FROM n"
    ));
    blog.delete("posts", &post);
    blog.app.clock().advance(LATER);
    blog.app.purge_by_age();
    assert_eq!(blog.app.count("SELECT count(*) FROM comments"), 0);
    assert_eq!(blog.app.count("SELECT count(*) FROM _tombstones"), 501);
    let events = "SELECT count(*) FROM _events WHERE type = 'comment.purged'";
    assert_eq!(blog.app.count(events), 500);
    assert_eq!(blog.app.count(TELLING), 0);
}

/// A data directory with a user who was deleted long ago, and a key that was used then.
fn long_ago() -> (TempDir, Connection) {
    let dir = tempfile::tempdir().unwrap();
    create_admin(dir.path());
    let conn = Connection::open(dir.path().join(stead::db::DATABASE)).unwrap();
    conn.execute_batch(
        "INSERT INTO users (id, email, display_name, password_hash, created_at, updated_at,
           deleted_at, _deletion)
         VALUES ('01HZXK5V8QWERTYASDFGHJKMNP', 'bob@example.com', 'Bob', 'x',
           '2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z',
           '2020-01-01T00:00:00.000Z', '01HZXK5V8QWERTYASDFGHJKMNP');
         INSERT INTO _idempotency_keys (caller, key, route, body, status, permission, created_at)
         VALUES ('operator', 'k', '', '', 201, '', '2020-01-01T00:00:00.000Z')",
    )
    .unwrap();
    (dir, conn)
}

fn users(conn: &Connection) -> i64 {
    let count = "SELECT count(*) FROM users";
    conn.query_row(count, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_server_purges_by_itself_after_the_days_that_it_is_told() {
    let (dir, conn) = long_ago();
    let days = [("STEAD_STORAGE__PURGE_AFTER_DAYS", "30")];
    let stead = Stead::launch(dir.path(), &[], &days);
    let line = stead.line(|line| line["message"] == "Deleted records were purged by age");
    let line = line.expect("the job says what it has done");
    assert_eq!(
        (&line["collection"], &line["records"]),
        (&json!("users"), &json!(1))
    );
    assert_eq!(users(&conn), 1);
    let keys = "SELECT count(*) FROM _idempotency_keys";
    let keys: i64 = conn.query_row(keys, [], |row| row.get(0)).unwrap();
    assert_eq!(keys, 0, "which goes first");
}

#[test]
fn nothing_is_purged_by_age_unless_it_is_asked_for() {
    let (dir, conn) = long_ago();
    let mut stead = Stead::start(dir.path());
    stead.sign_in();
    stead.terminate();
    assert_eq!(users(&conn), 2);
}
