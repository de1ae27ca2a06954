//! The index stays right, whoever writes and by whatever way.

use rusqlite::Connection;
use serde_json::json;

use super::{POSTS, found, list, make, posts, search, titles, with_texts};
use crate::support::client::path_of;

#[test]
fn a_change_is_found_at_once_and_what_was_there_no_more() {
    let (_app, admin) = posts(&json!({}));
    let post = make(&admin, &json!({ "title": "a", "body": "fox" }));
    let path = path_of("posts", &post);
    assert_eq!(found(&admin, "fox"), ["a"]);
    admin.patch(&path, &json!({ "body": "dog" })).ok();
    assert_eq!(
        (found(&admin, "fox"), found(&admin, "dog")),
        (vec![], vec!["a".into()])
    );
    admin.patch(&path, &json!({ "note": "fox" })).ok();
    admin.patch(&path, &json!({ "body": null })).ok();
    assert!(found(&admin, "dog").is_empty() && found(&admin, "fox").is_empty());
}

#[test]
fn a_deleted_record_is_found_among_deleted_ones_alone() {
    let (app, admin) = with_texts(&[("a", "fox"), ("b", "fox")]);
    let first = list(&admin, "search=fox&sort=title").ok()["items"][0].clone();
    let path = path_of("posts", &first);
    admin.delete(&path).no_content();
    assert_eq!(found(&admin, "fox"), ["b"]);
    assert_eq!(titles(&list(&admin, "search=fox&trashed=only").ok()), ["a"]);
    let both = list(&admin, "search=fox&trashed=with&sort=title").ok();
    assert_eq!(titles(&both), ["a", "b"]);
    admin.send("POST", &format!("{path}/restore"), None).ok();
    assert_eq!(found(&admin, "fox"), ["a", "b"]);
    admin.delete(&format!("{path}?hard=true")).no_content();
    assert_eq!(found(&admin, "fox"), ["b"]);
    assert_eq!(app.count("SELECT count(*) FROM _search_posts_"), 1);
}

#[test]
fn many_changes_in_one_batch_are_found() {
    let (_app, admin) = posts(&json!({}));
    let bodies = json!([{ "title": "a", "body": "fox" }, { "title": "b", "body": "fox" }]);
    admin.post(POSTS, &bodies).created();
    let path = format!("{POSTS}?title=a&expect=1");
    admin.patch(&path, &json!({ "body": "dog" })).ok();
    assert_eq!(found(&admin, "fox"), ["b"]);
    assert_eq!(found(&admin, "dog"), ["a"]);
    // One that is refused as a whole leaves nothing behind.
    let bodies = json!([{ "title": "c", "body": "cat" }, { "title": 1 }]);
    assert_eq!(admin.post(POSTS, &bodies).status(), 400);
    assert!(found(&admin, "cat").is_empty());
}

#[test]
fn what_a_shell_writes_is_found() {
    let (app, admin) = with_texts(&[("a", "fox"), ("b", "fox"), ("c", "fox")]);
    app.change_by_sql("UPDATE posts SET body = 'dog', version = version + 1 WHERE title = 'a'");
    app.change_by_sql("DELETE FROM posts WHERE title = 'b'");
    let values = "'2026-01-15T10:30:00.000Z', '2026-01-15T10:30:00.000Z'";
    app.change_by_sql(&format!(
        "INSERT INTO posts (id, title, body, created_at, updated_at)
         VALUES ('01J00000000000000000000001', 'd', 'fox', {values})"
    ));
    assert_eq!(found(&admin, "fox"), ["c", "d"]);
    assert_eq!(found(&admin, "dog"), ["a"]);
    // A row that a conflict takes away fires no trigger, and its number is given again.
    app.change_by_sql(&format!(
        "INSERT OR REPLACE INTO posts (_row, id, title, body, created_at, updated_at)
         SELECT _row, id, 'e', 'cat', {values} FROM posts WHERE title = 'c'"
    ));
    assert_eq!(found(&admin, "fox"), ["d"]);
    assert_eq!(found(&admin, "cat"), ["e"]);
    app.change_by_sql("UPDATE posts SET _row = 77, version = version + 1 WHERE title = 'e'");
    assert_eq!(found(&admin, "cat"), ["e"]);
    assert_eq!(found(&admin, "fox"), ["d"]);
}

/// Plain SQL takes the last row away by its id, and its number is free without a trigger.
#[test]
fn a_number_that_is_given_again_has_nothing_of_its_last_row() {
    let (app, admin) = with_texts(&[("a", "fox")]);
    let at = "'2026-01-15T10:30:00.000Z', '2026-01-15T10:30:00.000Z'";
    let row = app.count("SELECT _row FROM posts");
    app.change_by_sql(&format!(
        "INSERT OR REPLACE INTO posts (id, title, body, created_at, updated_at)
         SELECT id, 'b', 'cat', {at} FROM posts;
         INSERT INTO posts (_row, id, title, body, created_at, updated_at)
         VALUES ({row}, '01J00000000000000000000001', 'c', 'dog', {at})"
    ));
    assert!(found(&admin, "fox").is_empty());
    assert_eq!(found(&admin, "cat dog"), Vec::<String>::new());
    assert_eq!(
        (found(&admin, "cat"), found(&admin, "dog")),
        (vec!["b".into()], vec!["c".into()])
    );
}

#[test]
fn vacuum_and_a_copy_of_the_file_keep_it() {
    let (app, admin) = with_texts(&[("a", "fox"), ("b", "dog"), ("c", "fox")]);
    app.change_by_sql("DELETE FROM posts WHERE title = 'a'");
    app.sql().execute_batch("VACUUM").unwrap();
    assert_eq!(found(&admin, "fox"), ["c"]);
    let copy = app.database().with_file_name("copy.db");
    let into = format!("VACUUM INTO '{}'", copy.display());
    app.sql().execute_batch(&into).unwrap();
    let copy = Connection::open(copy).unwrap();
    let find = "SELECT title FROM posts WHERE _row IN
        (SELECT rowid FROM _search_posts_ WHERE _search_posts_ MATCH 'fox')";
    let title = copy.query_row(find, [], |row| row.get(0));
    assert_eq!(title, Ok("c".to_owned()));
    let sound = copy.query_row("PRAGMA integrity_check", [], |row| row.get(0));
    assert_eq!(sound, Ok("ok".to_owned()));
}

#[test]
fn a_restart_and_a_check_find_it_as_it_was() {
    let (mut app, admin) = with_texts(&[("a", "fox")]);
    drop(admin);
    app.restart_with(|_| {});
    let admin = app.admin();
    assert_eq!(found(&admin, "fox"), ["a"]);
    let file = Connection::open(app.database()).unwrap();
    let found = stead::engine::check::definitions(&file).unwrap();
    assert_eq!((found.faults, found.others), (vec![], vec![]));
    list(&admin, &search("fox")).ok();
}

#[test]
fn a_collection_takes_its_index_along() {
    let (app, admin) = with_texts(&[("a", "fox")]);
    admin.delete("/api/system/collections/posts").no_content();
    let left = "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%\\_posts%' ESCAPE '\\'";
    assert_eq!(app.count(left), 0);
    let (title, body) = (
        json!({ "name": "title", "type": "text", "searchable": true }),
        "dog",
    );
    app.collection("posts", json!([title]));
    make(&admin, &json!({ "title": body }));
    assert!(found(&admin, "fox").is_empty());
}
