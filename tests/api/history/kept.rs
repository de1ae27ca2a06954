//! What is kept: through deletions, restorations and shells, and until the row goes.

use std::time::Duration;

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{POSTS, entries, posts, revert, three_titles, versions};
use crate::support::client::path_of;

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
