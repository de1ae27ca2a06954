//! Tags of records with others in them, and that nothing old is ever expanded.

use serde_json::{Value as Json, json};

use super::{POSTS, Stage, path_of};

#[test]
fn a_tag_changes_with_what_is_expanded() {
    let stage = Stage::new();
    let ann = stage.author("Ann");
    let post = stage.post("Bread", &ann);
    let (plain, path) = (path_of("posts", &post), path_of("authors", &ann));
    let expanded = format!("{plain}?expand=author,comments");
    let tag = stage.admin.get(&expanded).etag();
    assert_ne!(stage.admin.get(&plain).etag(), tag);
    let unchanged = |tag: &str| {
        stage
            .admin
            .with("If-None-Match", tag)
            .get(&expanded)
            .status()
    };
    assert_eq!(unchanged(&tag), 304);
    stage.admin.patch(&path, &json!({ "name": "Anne" })).ok();
    assert_eq!(unchanged(&tag), 200);
    let tag = stage.admin.get(&expanded).etag();
    stage.comment("Well said", &post, &ann);
    assert_eq!(unchanged(&tag), 200);
    let tag = stage.admin.get(&expanded).etag();
    assert_eq!(unchanged(&tag), 304);
    // The version in it is the record's own, so it is good for a change.
    let change = stage.admin.with("If-Match", &tag);
    change.patch(&plain, &json!({ "title": "Rolls" })).ok();
}

#[test]
fn a_change_of_what_is_expanded_is_there_at_once() {
    let stage = Stage::new();
    let ann = stage.author("Ann");
    let post = stage.post("Bread", &ann);
    let one = format!("{}?expand=author", path_of("posts", &post));
    let list = format!("{POSTS}?expand=author&cursor=");
    for i in 0..5 {
        let name = format!("Ann {i}");
        // Whatever is kept is kept by now.
        stage.admin.get(&path_of("posts", &post)).ok();
        stage.admin.get(&path_of("authors", &ann)).ok();
        stage
            .admin
            .patch(&path_of("authors", &ann), &json!({ "name": name }))
            .ok();
        assert_eq!(stage.admin.get(&one).ok()["author"]["name"], json!(name));
        assert_eq!(
            stage.admin.get(&list).ok()["items"][0]["author"]["name"],
            json!(name)
        );
    }
}

#[test]
fn a_change_of_rights_or_rules_is_there_at_once() {
    let stage = Stage::new();
    let ann = stage.author("Ann");
    let post = stage.post("Bread", &ann);
    let viewer = stage.app.viewer();
    let one = format!("{}?expand=author", path_of("posts", &post));
    assert_eq!(viewer.get(&one).ok()["author"], ann);
    let authors = "/api/system/collections/authors";
    let rule = |rule: Json| {
        stage
            .admin
            .patch(authors, &json!({ "rules": { "view": rule } }))
            .ok()
    };
    rule(json!("name != \"Ann\""));
    assert_eq!(viewer.get(&one).ok()["author"], Json::Null);
    assert_eq!(stage.admin.get(&one).ok()["author"], ann);
    rule(Json::Null);
    assert_eq!(viewer.get(&one).ok()["author"], ann);
}
