//! Versions that were kept by other definitions than that of today.

use serde_json::{Value as Json, json};
use stead::{
    base::Code,
    db::{Statement, Value},
    events::{Alteration, moved},
};

use super::{entries, posts, revert, three_titles, versions};
use crate::support::app::TestApp;

#[test]
fn other_rules_leave_a_history_as_it_is() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    admin
        .patch(
            "/api/system/collections/posts",
            &json!({ "rules": { "view": "true" } }),
        )
        .ok();
    admin.patch(&path, &json!({ "title": "four" })).ok();
    assert_eq!(versions(&app.guest(), &path), [4, 3, 2, 1]);
    revert(&admin, &path, 1).ok();
}

/// Gives the first version another definition, by which `title` was a number, something is gone
/// that was there, and `views` was not.
fn older_definition(app: &TestApp) {
    app.change_by_sql(
        r#"INSERT INTO _revisions (revision, collection, definition, created_at)
           VALUES (1000, 'posts', '{"name":"posts","fields":[{"name":"title","type":"integer"},
             {"name":"gone","type":"text"},{"name":"secret","type":"text"}]}', '2026-01-01');
           UPDATE _history SET revision = 1000, image = json_remove(
             json_set(image, '$.title', 7, '$.gone', 'old', '$.secret', 'kept'), '$.views')
           WHERE version = 1"#,
    );
}

#[test]
fn a_version_of_another_definition_is_shown_in_the_fields_of_today() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    older_definition(&app);
    let first = admin.get(&format!("{path}?at=2026-01-15T10:30:30Z")).ok();
    assert_eq!((&first["title"], &first["views"]), (&json!(7), &Json::Null));
    assert_eq!(first.get("gone"), None);
    let entries = entries(&admin, &path);
    assert_eq!(
        entries[2]["changes"],
        json!({ "title": [null, 7], "secret": [null, "kept"] })
    );
    assert_eq!(entries[1]["changes"]["title"], json!([7, "two"]));
    revert(&admin, &path, 1).faults(Code::ValidationError, &["title"]);
    app.change_by_sql(
        "UPDATE _history SET image = json_remove(image, '$.title') WHERE version = 1",
    );
    let reverted = revert(&admin, &path, 1).ok();
    assert_eq!(
        (&reverted["title"], &reverted["secret"]),
        (&Json::Null, &json!("kept"))
    );
    assert_eq!(
        reverted["views"], 1,
        "what the version did not know stays as it is"
    );
}

#[test]
fn a_version_of_which_a_rule_cannot_be_asked_is_not_shown() {
    let (app, admin) = posts(&json!({ "view": "title != \"x\"" }));
    let path = three_titles(&app, &admin);
    older_definition(&app);
    let olga = app.user("olga", &[]);
    assert_eq!(versions(&olga, &path), [3, 2]);
    olga.get(&format!("{path}?at=2026-01-15T10:30:30Z"))
        .error(Code::NotFound);
    assert_eq!(
        versions(&admin, &path),
        [3, 2, 1],
        "who may bypass rules is asked none"
    );
}

/// Runs a statement of Stead's in a shell, with its values in their places.
fn run(app: &TestApp, statement: &Statement) {
    let mut pieces = statement.sql.split('?');
    let mut sql = pieces.next().unwrap().to_owned();
    for (piece, value) in pieces.zip(&statement.args) {
        let Value::Text(text) = value else {
            panic!("{value:?}")
        };
        sql += &format!("'{text}'{piece}");
    }
    app.change_by_sql(&sql);
}

/// All versions so far are of a definition by which what is `title` today was `name`, and `secret`
/// was `title`.
fn other_names(app: &TestApp) {
    app.change_by_sql(
        r#"INSERT INTO _revisions (revision, collection, definition, created_at)
           VALUES (1000, 'posts', '{"name":"posts","fields":[{"name":"name","type":"text"},
             {"name":"title","type":"decimal"},{"name":"views","type":"integer"}],
             "indexes":[{"fields":["name"]}]}', '2026-01-01');
           UPDATE _history SET revision = 1000, image = json_set(
             json_remove(image, '$.secret', '$.title'), '$.name', image ->> '$.title', '$.title', 150)"#,
    );
}

#[test]
fn versions_follow_fields_that_are_called_otherwise() {
    let (app, admin) = posts(&json!({ "view": "title != \"two\"" }));
    let path = three_titles(&app, &admin);
    other_names(&app);
    let alteration = Alteration {
        collection: "posts",
        renamed: &[("name", "title"), ("title", "secret")],
        dropped: &[],
    };
    run(&app, &alteration.follow().unwrap());
    let olga = app.user("olga", &[]);
    assert_eq!(
        versions(&olga, &path),
        [3, 1],
        "a rule asks the fields of today"
    );
    let first = olga.get(&format!("{path}?at=2026-01-15T10:30:30Z")).ok();
    assert_eq!(
        (&first["title"], &first["secret"]),
        (&json!("one"), &json!("1.50"))
    );
    assert_eq!(revert(&admin, &path, 1).ok()["title"], "one");
    // Back again, and with others: an image tells of what it was, not of what is called so.
    let alteration = Alteration {
        collection: "posts",
        renamed: &[("title", "secret"), ("secret", "title")],
        dropped: &[],
    };
    run(&app, &alteration.follow().unwrap());
    let first = admin.get(&format!("{path}?at=2026-01-15T10:30:30Z")).ok();
    assert_eq!(
        (&first["title"], &first["secret"]),
        (&json!("1.50"), &json!("one"))
    );
}

#[test]
fn what_is_dropped_is_in_no_version_whatever_takes_its_name() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    let alteration = Alteration {
        collection: "posts",
        renamed: &[],
        dropped: &["title"],
    };
    run(&app, &alteration.follow().unwrap());
    assert_eq!(
        app.count("SELECT count(*) FROM _history WHERE image LIKE '%one%'"),
        0
    );
    let entries = entries(&admin, &path);
    assert_eq!(entries[0]["changes"], json!({}));
    let reverted = revert(&admin, &path, 1).ok();
    assert_eq!(reverted["title"], "three", "no version knew it");
    let nothing = Alteration {
        dropped: &[],
        ..alteration
    };
    assert!(nothing.follow().is_none());
}

#[test]
fn versions_follow_the_name_of_their_collection() {
    let (app, admin) = posts(&json!({}));
    let path = three_titles(&app, &admin);
    run(&app, &moved("posts", "pages"));
    assert_eq!(versions(&admin, &path), [0; 0]);
    run(&app, &moved("pages", "posts"));
    assert_eq!(versions(&admin, &path), [3, 2, 1]);
}
