//! Values that are lists: options, and records that may be gone by now.

use std::time::Duration;

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{BOOKS, Library, entries, revert};
use crate::support::client::path_of;

/// A book that had two friends, then one, then none. Returns its path and them.
fn friends(library: &Library) -> (String, [Json; 2]) {
    let (ann, bob) = (library.author(), library.author());
    let body = json!({ "friendIds": [bob["id"], ann["id"]], "tags": ["red", "blue"] });
    let path = path_of("books", &library.admin.post(BOOKS, &body).created());
    for body in [
        json!({ "friendIds": [ann["id"]], "tags": ["blue"] }),
        json!({ "friendIds": [], "tags": null }),
    ] {
        library.app.clock().advance(Duration::from_secs(60));
        library.admin.patch(&path, &body).ok();
    }
    (path, [ann, bob])
}

fn friends_at(library: &Library, path: &str, minute: &str) -> Json {
    let path = format!("{path}?at=2026-01-15T10:{minute}:30Z");
    library.admin.get(&path).ok()["friendIds"].clone()
}

#[test]
fn lists_change_as_a_whole() {
    let library = Library::start();
    let (path, [ann, bob]) = friends(&library);
    let (ann, bob) = (&ann["id"], &bob["id"]);
    let changes = |place: usize| entries(&library.admin, &path)[place]["changes"].clone();
    assert_eq!(
        changes(1),
        json!({ "friendIds": [[bob, ann], [ann]], "tags": [["red", "blue"], ["blue"]] })
    );
    assert_eq!(
        changes(0),
        json!({ "friendIds": [[ann], []], "tags": [["blue"], null] })
    );
    assert_eq!(friends_at(&library, &path, "30"), json!([bob, ann]));
    let reverted = revert(&library.admin, &path, 1).ok();
    assert_eq!(reverted["friendIds"], json!([bob, ann]), "in their order");
    assert_eq!(reverted["tags"], json!(["red", "blue"]));
    let joined = "SELECT count(*) FROM books_friend_ids";
    assert_eq!(library.app.count(joined), 2);
}

#[test]
fn what_is_deleted_is_on_no_list_until_it_is_restored() {
    let library = Library::start();
    let (path, [ann, bob]) = friends(&library);
    let author = path_of("authors", &bob);
    library.admin.delete(&author).no_content();
    let history = library.admin.get(&format!("{path}/history")).ok();
    assert!(!history.to_string().contains(bob["id"].as_str().unwrap()));
    assert_eq!(friends_at(&library, &path, "30"), json!([ann["id"]]));
    let reverted = revert(&library.admin, &path, 1).ok();
    assert_eq!(reverted["friendIds"], json!([ann["id"]]));
    library
        .admin
        .send("POST", &format!("{author}/restore"), None)
        .ok();
    assert_eq!(
        friends_at(&library, &path, "30"),
        json!([bob["id"], ann["id"]])
    );
}

#[test]
fn what_is_gone_for_good_is_told_and_not_brought_back() {
    let library = Library::start();
    let (path, [ann, bob]) = friends(&library);
    revert(&library.admin, &path, 1).ok();
    let purge = format!("{}?hard=true", path_of("authors", &bob));
    library.admin.delete(&purge).no_content();
    let newest = entries(&library.admin, &path).remove(0);
    assert_eq!(
        newest["changes"],
        json!({ "friendIds": [[bob["id"], ann["id"]], [ann["id"]]] })
    );
    let reverted = revert(&library.admin, &path, 1).ok();
    assert_eq!(reverted["friendIds"], json!([ann["id"]]));
}

#[test]
fn an_option_that_is_no_more_cannot_be_brought_back() {
    let library = Library::start();
    let (path, _) = friends(&library);
    library.app.change_by_sql(
        "UPDATE _history SET image = json_set(image, '$.tags', json('[\"pink\"]')) WHERE version = 1
           AND collection = 'books'",
    );
    let first = entries(&library.admin, &path).pop().unwrap();
    assert_eq!(first["changes"]["tags"], json!([null, ["pink"]]));
    revert(&library.admin, &path, 1).faults(Code::ValidationError, &["tags"]);
}
