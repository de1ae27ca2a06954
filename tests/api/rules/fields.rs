//! Rules on fields.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{POSTS, id_of, posts, rule};
use crate::support::{app::TestApp, client::path_of};

fn open() -> TestApp {
    posts(&json!({ "list": "true", "view": "true", "create": "true", "update": "true" }))
}

#[test]
fn a_field_that_may_not_be_written_is_403_with_its_name() {
    let app = open();
    let path = path_of(
        "posts",
        &app.admin().post(POSTS, &json!({ "views": 1 })).created(),
    );
    let field = json!({ "name": "views", "writeRule": "auth.can(\"posts:update\")" });
    rule(&app, &json!({ "fields": [field] }));
    let tom = app.user("tom", &[]);
    let before = app.rows();
    for sent in [json!(2), json!(1), json!(null), json!({ "$inc": 1 })] {
        let body = json!({ "title": "t", "views": sent });
        let error = tom.patch(&path, &body).faults(Code::Forbidden, &["views"]);
        assert_eq!(error["message"], "views may not be written");
    }
    tom.post(POSTS, &json!({ "views": 2 }))
        .faults(Code::Forbidden, &["views"]);
    // A replacement would take it back to its default.
    for body in [json!({ "views": 1 }), json!({ "title": "t" })] {
        tom.put(&path, &body).faults(Code::Forbidden, &["views"]);
    }
    assert_eq!(app.rows(), before);
    tom.patch(&path, &json!({ "title": "t" })).ok();
    tom.post(POSTS, &json!({ "title": "u" })).created();
    let editor = app.editor();
    editor.patch(&path, &json!({ "views": 3 })).ok();
    // Where it has that already, a replacement changes nothing of it.
    editor.patch(&path, &json!({ "views": null })).ok();
    tom.put(&path, &json!({ "title": "v" })).ok();
}

#[test]
fn a_write_rule_may_hang_on_both_sides() {
    let app = open();
    let once = "previous.title == null || title == previous.title";
    rule(
        &app,
        &json!({ "fields": [{ "name": "title", "writeRule": once }] }),
    );
    let tom = app.user("tom", &[]);
    let path = path_of("posts", &tom.post(POSTS, &json!({})).created());
    tom.patch(&path, &json!({ "title": "first" })).ok();
    tom.patch(&path, &json!({ "title": "first", "views": 1 }))
        .ok();
    tom.patch(&path, &json!({ "title": "second" }))
        .faults(Code::Forbidden, &["title"]);
}

#[test]
fn a_write_rule_is_not_told_of_a_record_out_of_sight() {
    let app = posts(&json!({ "view": "false", "update": "true" }));
    rule(
        &app,
        &json!({ "fields": [{ "name": "views", "writeRule": "false" }] }),
    );
    let path = path_of("posts", &app.admin().post(POSTS, &json!({})).created());
    let tom = app.user("tom", &[]);
    tom.patch(&path, &json!({ "views": 1 }))
        .error(Code::NotFound);
}

#[test]
fn a_field_that_may_not_be_read_is_absent_record_by_record() {
    let app = open();
    rule(
        &app,
        &json!({ "fields": [{ "name": "views", "readRule": "ownerId == auth.id" }] }),
    );
    let (tom, admin) = (app.user("tom", &[]), app.admin());
    for owner in [id_of(&tom), json!(null)] {
        let body = json!({ "ownerId": owner, "views": 5 });
        admin.post(POSTS, &body).created();
    }
    let list = tom.get(&format!("{POSTS}?sort=ownerId")).ok();
    let views: Vec<Option<&Json>> = [0, 1].map(|i| list["items"][i].get("views")).into();
    assert_eq!(views, [None, Some(&json!(5))]);
    let tags = [0, 1].map(|i| tom.get(&path_of("posts", &list["items"][i])).etag());
    let full = [0, 1].map(|i| admin.get(&path_of("posts", &list["items"][i])).etag());
    assert_ne!(tags[0], full[0]);
    assert_eq!(tags[1], full[1]);
}
