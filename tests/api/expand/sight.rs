//! Who sees what of expanded records.

use serde_json::{Value as Json, json};

use super::{POSTS, Stage, names, path_of};
use crate::support::app::TestApp;

/// A relation and records that point by it, for everybody but as `authors` and the fields say.
fn open(mut others: Json) -> Stage {
    for name in ["teams", "authors", "tags", "posts", "comments"] {
        if others[name].get("rules").is_none() {
            others[name]["rules"] = json!({ "list": "true", "view": "true" });
        }
    }
    Stage::by(&others)
}

#[test]
fn each_record_is_expanded_under_the_view_rule_of_its_collection() {
    let hidden = json!({ "list": "true", "view": "name != \"Bob\"" });
    let stage = open(json!({ "authors": { "rules": hidden }, "tags": { "rules": hidden } }));
    let [ann, bob] = ["Ann", "Bob"].map(|name| stage.author(name));
    let [red, blue] = ["Bob", "blue"].map(|name| stage.make("tags", &json!({ "name": name })));
    let body = json!({ "authorId": bob["id"], "tagIds": [red["id"], blue["id"]] });
    let post = stage.make("posts", &body);
    stage.comment("by Ann", &post, &ann);
    stage.comment("by Bob", &post, &bob);
    let path = format!(
        "{}?expand=author,tags,comments.author",
        path_of("posts", &post)
    );
    let seen = stage.app.guest().get(&path).ok();
    assert_eq!(
        (&seen["author"], &seen["authorId"]),
        (&Json::Null, &bob["id"])
    );
    assert_eq!(names(&seen["tags"], "name"), ["blue"]);
    let comments = &seen["comments"]["items"];
    assert_eq!(
        (&comments[0]["author"], &comments[1]["author"]),
        (&Json::Null, &ann)
    );
    let all = stage.admin.get(&path).ok();
    assert_eq!(all["author"], bob);
    assert_eq!(all["comments"]["items"][0]["author"], bob);
}

#[test]
fn records_that_point_here_are_left_out_and_not_counted_where_a_rule_hides_them() {
    let hidden = json!({ "list": "true", "view": "text != \"hidden\"" });
    let stage = open(json!({ "comments": { "rules": hidden } }));
    let ann = stage.author("Ann");
    let post = stage.post("Bread", &ann);
    for i in 0..40 {
        stage.comment(if i % 2 == 0 { "hidden" } else { "shown" }, &post, &ann);
    }
    let list = format!("{POSTS}?expand=comments");
    let seen = stage.app.guest().get(&list).ok()["items"][0]["comments"].clone();
    assert_eq!(names(&seen["items"], "text"), ["shown"; 20]);
    assert_eq!(seen["hasMore"], false);
    assert_eq!(
        stage.admin.get(&list).ok()["items"][0]["comments"]["hasMore"],
        true
    );
}

#[test]
fn who_has_no_right_to_a_collection_gets_nothing_of_it() {
    let stage = open(json!({ "authors": { "rules": {} }, "comments": { "rules": {} } }));
    let ann = stage.author("Ann");
    let post = stage.post("Bread", &ann);
    stage.comment("Well said", &post, &ann);
    let path = format!("{}?expand=author,comments", path_of("posts", &post));
    for caller in [stage.app.guest(), stage.app.user("olga", &[])] {
        let seen = caller.get(&path).ok();
        assert_eq!(seen["author"], Json::Null);
        assert_eq!(seen["comments"], json!({ "items": [], "hasMore": false }));
    }
    assert_eq!(stage.app.viewer().get(&path).ok()["author"], ann);
}

#[test]
fn fields_of_expanded_records_are_masked_record_by_record() {
    let field = json!({ "name": { "readRule": "name == \"Ann\"" } });
    let stage = open(json!({ "authors": { "fields": field } }));
    for name in ["Ann", "Bob"] {
        stage.post(name, &stage.author(name));
    }
    let list = format!("{POSTS}?expand=author&sort=title&fields=author.name");
    let seen = stage.app.guest().get(&list).ok();
    assert_eq!(seen["items"][0], json!({ "author": { "name": "Ann" } }));
    assert_eq!(seen["items"][1], json!({ "author": {} }));
}

/// As its id, so that nobody learns where it leads, nor whether it leads anywhere.
#[test]
fn a_relation_that_may_not_be_read_is_not_expanded() {
    for change in [
        json!({ "hidden": true }),
        json!({ "readRule": "title != \"Bread\"" }),
    ] {
        let fields = json!({ "author_id": change, "tag_ids": change });
        let posts = json!({ "fields": fields });
        let stage = open(json!({ "posts": posts }));
        if change.get("hidden").is_some() {
            stage.post("Rolls", &stage.author("Ann"));
        }
        let ann = stage.author("Ann");
        let post = stage.post("Bread", &ann);
        let path = format!("{}?expand=author,tags", path_of("posts", &post));
        for query in ["", "&fields=title", "&fields=author.name,tags.name,title"] {
            let seen = stage.app.guest().get(&format!("{path}{query}")).ok();
            assert_eq!(seen["title"], "Bread");
            assert!(
                seen.get("author").is_none() && seen.get("tags").is_none(),
                "{seen}"
            );
        }
        assert_eq!(stage.admin.get(&path).ok()["author"], ann);
        // Nor the other way round.
        let author = format!("{}?expand=posts", path_of("authors", &ann));
        assert_eq!(
            stage.app.guest().get(&author).ok()["posts"]["items"],
            json!([])
        );
        assert_eq!(
            stage.admin.get(&author).ok()["posts"]["items"],
            json!([post])
        );
    }
}

#[test]
fn a_rule_that_asks_who_asks_is_asked_of_each_caller() {
    let own = json!({ "list": "true", "view": "ownerId == auth.id" });
    let app = TestApp::start();
    app.define(
        json!({ "name": "boxes", "rules": { "list": "true" }, "fields": [
        { "name": "name", "type": "text" } ] }),
    );
    app.define(json!({ "name": "things", "rules": own, "fields": [
        { "name": "owner_id", "type": "relation", "collection": "users" },
        { "name": "box_id", "type": "relation", "collection": "boxes" } ] }));
    let admin = app.admin();
    let olga = app.user("olga", &[]);
    let id = olga.get("/api/auth/me").ok()["id"].clone();
    let shelf = admin.post("/api/v1/boxes", &json!({})).created();
    for owner in [id.clone(), Json::Null] {
        let body = json!({ "boxId": shelf["id"], "ownerId": owner });
        admin.post("/api/v1/things", &body).created();
    }
    let list = "/api/v1/boxes?expand=things";
    let count = |client: &crate::support::client::Client| {
        let boxes = client.get(list).ok();
        boxes["items"][0]["things"]["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(
        [count(&admin), count(&olga), count(&app.guest())],
        [2, 1, 0]
    );
    assert_eq!(count(&app.user("tom", &[])), 0);
}

#[test]
fn users_are_expanded_for_those_who_may_read_them() {
    let app = TestApp::start();
    let open = json!({ "list": "true", "view": "true" });
    app.define(json!({ "name": "letters", "rules": open, "fields": [
        { "name": "author_id", "type": "relation", "collection": "users" } ] }));
    let admin = app.admin();
    let olga = app.user("olga", &[]);
    let me = olga.get("/api/auth/me").ok()["id"].clone();
    let letter = admin
        .post("/api/v1/letters", &json!({ "authorId": me }))
        .created();
    let path = format!("{}?expand=author", path_of("letters", &letter));
    let account = admin
        .get(&format!("/api/v1/users/{}", me.as_str().unwrap()))
        .ok();
    assert_eq!(admin.get(&path).ok()["author"], account);
    assert_eq!(account["email"], "olga@example.com");
    // As `GET` of the account is refused, to its owner, too.
    for caller in [app.guest(), app.viewer(), olga] {
        assert_eq!(caller.get(&path).ok()["author"], Json::Null);
    }
    let user = format!("/api/v1/users/{}?expand=letters", me.as_str().unwrap());
    assert_eq!(admin.get(&user).ok()["letters"]["items"], json!([letter]));
    let users = admin
        .get("/api/v1/users?expand=letters&sort=email&fields=letters.id")
        .ok();
    assert_eq!(
        users["items"][1],
        json!({ "letters": { "hasMore": false,
        "items": [{ "id": letter["id"] }] } })
    );
}
