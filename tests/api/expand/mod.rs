//! `expand`: relations in place.

mod fields;
mod freshness;
mod sight;

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const POSTS: &str = "/api/v1/posts";

/// Posts of authors, with tags and comments, by these rules of each.
struct Stage {
    app: TestApp,
    admin: Client,
}

impl Stage {
    fn new() -> Self {
        Self::by(&json!({}))
    }

    /// With the rules and fields of a collection replaced where `others` names it.
    fn by(others: &Json) -> Self {
        let app = TestApp::start();
        let relation = |name, to| {
            json!({ "name": name, "type": "relation", "collection": to,
            "onDelete": "setNull" })
        };
        let text = |name| json!({ "name": name, "type": "text" });
        let tags = json!({ "name": "tag_ids", "type": "relations", "collection": "tags" });
        for (name, mut fields) in [
            ("teams", vec![text("name")]),
            ("authors", vec![text("name"), relation("team_id", "teams")]),
            ("tags", vec![text("name")]),
            (
                "posts",
                vec![text("title"), relation("author_id", "authors"), tags],
            ),
            (
                "comments",
                vec![
                    text("text"),
                    relation("post_id", "posts"),
                    relation("author_id", "authors"),
                    relation("editor_id", "authors"),
                ],
            ),
        ] {
            let changed = &others[name];
            for field in &mut fields {
                if let Some(change) = changed["fields"].get(field["name"].as_str().unwrap()) {
                    let change = change.as_object().unwrap().clone();
                    field.as_object_mut().unwrap().extend(change);
                }
            }
            let rules = changed.get("rules").cloned().unwrap_or_else(|| json!({}));
            app.define(json!({ "name": name, "rules": rules, "fields": fields }));
        }
        let admin = app.admin();
        Self { app, admin }
    }

    fn make(&self, collection: &str, body: &Json) -> Json {
        let path = format!("/api/v1/{collection}");
        self.admin.post(&path, body).created()
    }

    fn author(&self, name: &str) -> Json {
        self.make("authors", &json!({ "name": name }))
    }

    fn post(&self, title: &str, author: &Json) -> Json {
        self.make(
            "posts",
            &json!({ "title": title, "authorId": author["id"] }),
        )
    }

    fn comment(&self, text: &str, post: &Json, author: &Json) -> Json {
        let body = json!({ "text": text, "postId": post["id"], "authorId": author["id"] });
        self.make("comments", &body)
    }
}

/// The records without what changes from one to the next.
fn names(records: &Json, field: &str) -> Vec<String> {
    let records = records.as_array().unwrap().iter();
    records
        .map(|record| record[field].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_relation_is_expanded_beside_its_id() {
    let stage = Stage::new();
    let ann = stage.author("Ann");
    let post = stage.post("Bread", &ann);
    stage.make("posts", &json!({ "title": "Nobody's" }));
    let items = stage
        .admin
        .get(&format!("{POSTS}?expand=author&sort=title"))
        .ok()["items"]
        .clone();
    assert_eq!(items[0]["author"], ann);
    assert_eq!(items[0]["authorId"], ann["id"]);
    assert_eq!(items[1]["author"], Json::Null);
    let one = stage
        .admin
        .get(&format!("{}?expand=author", path_of("posts", &post)));
    assert_eq!(one.ok(), items[0]);
    let mut plain = items[0].clone();
    plain.as_object_mut().unwrap().remove("author");
    assert_eq!(plain, post, "and the rest is as it was");
}

#[test]
fn a_list_of_relations_is_expanded_in_its_order() {
    let stage = Stage::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| stage.make("tags", &json!({ "name": name })));
    let post = stage.make("posts", &json!({ "tagIds": [c["id"], a["id"], b["id"]] }));
    let path = format!("{}?expand=tags", path_of("posts", &post));
    assert_eq!(stage.admin.get(&path).ok()["tags"], json!([c, a, b]));
    stage.admin.delete(&path_of("tags", &a)).no_content();
    let left = stage.admin.get(&path).ok();
    assert_eq!(names(&left["tags"], "name"), ["c", "b"]);
    assert_eq!(left["tagIds"], json!([c["id"], b["id"]]));
}

#[test]
fn records_that_point_here_are_expanded_newest_first_and_up_to_twenty() {
    let stage = Stage::new();
    let ann = stage.author("Ann");
    let [few, many, none] = ["few", "many", "none"].map(|title| stage.post(title, &ann));
    for i in 0..21 {
        stage.app.clock().advance(std::time::Duration::from_secs(1));
        stage.comment(&format!("{i}"), &many, &ann);
        if i < 20 {
            stage.comment(&format!("{i}"), &few, &ann);
        }
    }
    let list = stage
        .admin
        .get(&format!("{POSTS}?expand=comments&sort=title"))
        .ok();
    let comments = |i: usize| &list["items"][i]["comments"];
    assert_eq!(comments(0)["hasMore"], false);
    assert_eq!(comments(0)["items"].as_array().unwrap().len(), 20);
    assert_eq!(comments(1)["hasMore"], true);
    let newest: Vec<String> = (1..21).rev().map(|i| i.to_string()).collect();
    assert_eq!(names(&comments(1)["items"], "text"), newest);
    assert_eq!(*comments(2), json!({ "items": [], "hasMore": false }));
    // What is behind them is found by the path.
    let path = format!("{}/comments", path_of("posts", &many));
    assert_eq!(stage.admin.get(&path).ok()["items"], comments(1)["items"]);
    assert_eq!(stage.admin.get(&path_of("posts", &none)).ok(), none);
}

#[test]
fn a_name_says_by_which_relation_records_point_here() {
    let stage = Stage::new();
    let [ann, bob] = ["Ann", "Bob"].map(|name| stage.author(name));
    let post = stage.post("Bread", &ann);
    let body = json!({ "text": "-", "postId": post["id"], "authorId": ann["id"],
        "editorId": bob["id"] });
    stage.make("comments", &body);
    let path = path_of("authors", &ann);
    let both = "expand=commentsViaAuthor,commentsViaEditor,posts";
    let found = stage.admin.get(&format!("{path}?{both}")).ok();
    assert_eq!(found["commentsViaAuthor"]["items"][0]["text"], "-");
    assert_eq!(found["commentsViaEditor"]["items"], json!([]));
    assert_eq!(found["posts"]["items"], json!([post]));
    let reply = stage.admin.get(&format!("{path}?expand=comments"));
    let error = reply.faults(Code::InvalidInput, &["expand"]);
    let told = error["details"]["expand"].to_string();
    assert!(
        told.contains("commentsViaAuthor, commentsViaEditor"),
        "{told}"
    );
}

#[test]
fn two_relations_are_followed_wherever_a_record_is_read() {
    let stage = Stage::new();
    let team = stage.make("teams", &json!({ "name": "Reds" }));
    let body = json!({ "name": "Ann", "teamId": team["id"] });
    let ann = stage.make("authors", &body);
    let post = stage.post("Bread", &ann);
    let comment = stage.comment("Well said", &post, &ann);
    let expand = "expand=author.team,post.author";
    let under = format!("{}/comments", path_of("posts", &post));
    let id = comment["id"].as_str().unwrap();
    let one = stage
        .admin
        .get(&format!("/api/v1/comments/{id}?{expand}"))
        .ok();
    assert_eq!(
        (&one["author"]["team"], &one["post"]["author"]),
        (&team, &ann)
    );
    let paths = [
        format!("{under}/{id}"),
        under,
        "/api/v1/comments".to_owned(),
    ];
    for path in paths {
        let found = stage.admin.get(&format!("{path}?{expand}")).ok();
        let found = found.get("items").map_or(&found, |items| &items[0]);
        assert_eq!(*found, one, "{path}");
    }
    let posts = stage
        .admin
        .get(&format!("{POSTS}?expand=author,comments.author"))
        .ok();
    assert_eq!(posts["items"][0]["comments"]["items"][0]["author"], ann);
    assert_eq!(posts["items"][0]["author"], ann);
}

#[test]
fn what_is_deleted_is_not_expanded_until_it_is_restored() {
    let stage = Stage::new();
    let ann = stage.author("Ann");
    let post = stage.post("Bread", &ann);
    let comment = stage.comment("Well said", &post, &ann);
    let path = format!("{}?expand=author,comments", path_of("posts", &post));
    for gone in [path_of("authors", &ann), path_of("comments", &comment)] {
        stage.admin.delete(&gone).no_content();
    }
    let left = stage.admin.get(&path).ok();
    assert_eq!(
        (&left["author"], &left["comments"]["items"]),
        (&Json::Null, &json!([]))
    );
    assert_eq!(left["authorId"], ann["id"]);
    let restore = format!("{}/restore", path_of("authors", &ann));
    stage.admin.send("POST", &restore, None).ok();
    assert_eq!(stage.admin.get(&path).ok()["author"]["name"], "Ann");
    // A deleted record shows what it leads to, too.
    stage.admin.delete(&path_of("posts", &post)).no_content();
    let trash = stage
        .admin
        .get(&format!("{POSTS}?trashed=only&expand=author"))
        .ok();
    assert_eq!(trash["items"][0]["author"]["name"], "Ann");
    assert!(trash["items"][0]["deletedAt"].is_string());
}

#[test]
fn what_cannot_be_expanded_is_refused_by_name() {
    let stage = Stage::new();
    let ann = stage.author("Ann");
    let post = stage.post("Bread", &ann);
    let many: Vec<String> = (0..20).map(|i| format!("nope{i}")).collect();
    let many = many.join(",");
    for (expand, codes) in [
        ("", vec!["UNKNOWN_FIELD"]),
        ("author,", vec!["UNKNOWN_FIELD"]),
        ("nope", vec!["UNKNOWN_FIELD"]),
        ("author.nope", vec!["UNKNOWN_FIELD"]),
        ("Author", vec!["UNKNOWN_FIELD"]),
        ("title", vec!["INVALID"]),
        ("authorId", vec!["INVALID"]),
        ("author,author", vec!["DUPLICATE"]),
        ("comments.author.team", vec!["TOO_LONG"]),
        (
            "nope,title,author.team.x",
            vec!["UNKNOWN_FIELD", "INVALID", "TOO_LONG"],
        ),
        (
            many.as_str(),
            [vec!["UNKNOWN_FIELD"; 16], vec!["TOO_LONG"]].concat(),
        ),
    ] {
        for path in [POSTS.to_owned(), path_of("posts", &post)] {
            let error = stage.admin.get(&format!("{path}?expand={expand}"));
            let error = error.faults(Code::InvalidInput, &["expand"]);
            let issues = error["issues"].as_array().unwrap().iter();
            let told: Vec<&Json> = issues.map(|issue| &issue["code"]).collect();
            assert_eq!(told, codes, "{expand}");
        }
    }
}

#[test]
fn what_is_too_much_for_an_answer_is_refused_as_a_whole() {
    let stage = Stage::by(&json!({ "comments": { "fields": { "text": { "max": 1_000_000 } } } }));
    let ann = stage.author("Ann");
    let post = stage.post("Bread", &ann);
    let long = "x".repeat(1_000_000);
    for _ in 0..20 {
        stage.comment(&long, &post, &ann);
    }
    let path = path_of("posts", &post);
    let reply = stage.admin.get(&format!("{path}?expand=comments"));
    reply.error(Code::Unprocessable);
    let fewer = format!("{path}?expand=comments&fields=comments.id");
    let found = stage.admin.get(&fewer).ok();
    assert_eq!(found["comments"]["items"].as_array().unwrap().len(), 20);
}

#[test]
fn a_cursor_goes_on_whatever_is_expanded() {
    let stage = Stage::new();
    let ann = stage.author("Ann");
    for title in ["a", "b", "c"] {
        stage.post(title, &ann);
    }
    let start = format!("{POSTS}?sort=title&pageSize=1&cursor=");
    let first = stage.admin.get(&start).ok();
    let next = first["pagination"]["nextCursor"].as_str().unwrap();
    let second = stage
        .admin
        .get(&format!("{start}{next}&expand=author&fields=id"))
        .ok();
    assert_eq!(second["items"][0]["author"], ann);
    let next = second["pagination"]["nextCursor"].as_str().unwrap();
    let third = stage
        .admin
        .get(&format!("{start}{next}&expand=comments"))
        .ok();
    assert_eq!(third["items"][0]["title"], "c");
    assert_eq!(third["pagination"]["nextCursor"], Json::Null);
}

#[test]
fn answers_to_changes_expand_nothing() {
    let stage = Stage::new();
    let ann = stage.author("Ann");
    let post = stage.post("Bread", &ann);
    let path = format!("{}?expand=author", path_of("posts", &post));
    let body = json!({ "title": "Rolls" });
    for method in ["PATCH", "PUT", "DELETE"] {
        let reply = stage.admin.send(method, &path, Some(&body));
        reply.faults(Code::InvalidInput, &["expand"]);
    }
    let reply = stage.admin.post(&format!("{POSTS}?expand=author"), &body);
    reply.faults(Code::InvalidInput, &["expand"]);
    assert_eq!(stage.admin.get(&path).ok()["title"], "Bread");
}
