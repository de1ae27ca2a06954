//! A search tells nothing that its caller may not read.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::{POSTS, found, list, make, search};
use crate::support::{app::TestApp, client::Client};

/// Posts that everybody may see, with a secret by this option.
fn secret_posts(option: (&str, Json)) -> (TestApp, Client) {
    let app = TestApp::start();
    let mut secret = json!({ "name": "secret", "type": "text", "searchable": true });
    secret[option.0] = option.1;
    let open = json!({ "list": "true", "view": "true" });
    app.define(json!({ "name": "posts", "rules": open, "fields": [
        { "name": "title", "type": "text", "searchable": true },
        { "name": "is_public", "type": "boolean" },
        secret ] }));
    let admin = app.admin();
    (app, admin)
}

#[test]
fn a_hidden_field_is_searched_for_those_alone_who_may_read_it() {
    let (app, admin) = secret_posts(("hidden", json!(true)));
    make(&admin, &json!({ "title": "a", "secret": "fox" }));
    let tom = app.user("tom", &[]);
    assert_eq!(found(&admin, "fox"), ["a"]);
    assert!(found(&tom, "fox").is_empty());
    assert!(found(&tom, "a fox").is_empty());
    assert!(found(&tom, "secret:fox").is_empty());
    let seen = list(&tom, "search=a").ok();
    assert_eq!(seen["snippets"], json!([{ "title": "<mark>a</mark>" }]));
}

#[test]
fn a_rule_of_who_asks_decides_whether_a_field_is_searched() {
    let (app, admin) = secret_posts(("readRule", json!("auth.can(\"posts:update\")")));
    make(&admin, &json!({ "title": "a", "secret": "fox" }));
    assert_eq!(found(&app.editor(), "fox"), ["a"]);
    assert!(found(&app.user("tom", &[]), "fox").is_empty());
    assert!(found(&app.guest(), "fox").is_empty());
}

#[test]
fn a_field_under_a_rule_of_the_record_is_not_searched() {
    let (app, admin) = secret_posts(("readRule", json!("isPublic")));
    make(
        &admin,
        &json!({ "title": "a", "secret": "fox", "isPublic": true }),
    );
    let tom = app.user("tom", &[]);
    assert!(found(&tom, "fox").is_empty());
    assert_eq!(found(&tom, "a"), ["a"]);
    assert_eq!(found(&admin, "fox"), ["a"]);
}

#[test]
fn where_no_field_may_be_read_there_is_nothing_to_search() {
    let app = TestApp::start();
    app.define(
        json!({ "name": "posts", "rules": { "list": "true" }, "fields": [
        { "name": "title", "type": "text", "searchable": true, "hidden": true } ] }),
    );
    app.user("tom", &[])
        .get(&format!("{POSTS}?{}", search("a")))
        .faults(Code::InvalidInput, &["search"]);
}

/// By rank, a record whose secret is longer would stand behind.
#[test]
fn the_order_tells_nothing_of_a_field_that_may_not_be_read() {
    let (app, admin) = secret_posts(("hidden", json!(true)));
    for (title, secret) in [("a", "x"), ("b", &*"x ".repeat(500)), ("c", "x")] {
        make(
            &admin,
            &json!({ "title": format!("fox {title}"), "secret": secret }),
        );
        app.clock().advance(std::time::Duration::from_secs(1));
    }
    let order = |client: &Client| {
        let list = list(client, "search=fox").ok();
        super::titles(&list).join(", ")
    };
    assert_eq!(order(&app.user("tom", &[])), "fox c, fox b, fox a");
    assert_eq!(order(&admin), "fox c, fox a, fox b");
}

/// By rank, the record stands first that has more of the word which fewer records have: two of
/// one's own would tell which of two words stands in those of others.
#[test]
fn the_order_tells_nothing_of_words_in_records_that_are_not_seen() {
    let (app, admin) = super::posts(&json!({ "list": "note == auth.id", "create": "true" }));
    for _ in 0..5 {
        make(&admin, &json!({ "title": "layoffs" }));
    }
    let tom = app.user("tom", &[]);
    let me = tom.get("/api/auth/me").ok()["id"].clone();
    for title in ["layoffs", "layoffs picnic picnic", "layoffs layoffs picnic"] {
        make(&tom, &json!({ "title": title, "note": me }));
        app.clock().advance(std::time::Duration::from_secs(1));
    }
    let order =
        |client: &Client, text: &str| super::titles(&list(client, &search(text)).ok()).join(", ");
    let (newest, best) = (
        "layoffs layoffs picnic, layoffs picnic picnic",
        "layoffs picnic picnic, layoffs layoffs picnic",
    );
    assert_eq!(order(&tom, "layoffs picnic"), newest);
    assert_eq!(order(&tom, "layoffs"), format!("layoffs, {newest}"));
    assert_eq!(order(&admin, "layoffs picnic"), best);
}
