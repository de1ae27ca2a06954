//! `fields` beside `expand`: what is told of a record, and of what is expanded in it.

use serde_json::json;
use stead::base::Code;

use super::{POSTS, Stage, path_of};

#[test]
fn fields_choose_within_what_is_expanded_and_leave_it_there() {
    let stage = Stage::new();
    let ann = stage.author("Ann");
    let post = stage.post("Bread", &ann);
    stage.comment("Well said", &post, &ann);
    for (query, expected) in [
        (
            "expand=author&fields=title",
            json!({ "title": "Bread", "author": ann }),
        ),
        ("expand=author&fields=author", json!({ "author": ann })),
        (
            "expand=author&fields=title,author",
            json!({ "title": "Bread", "author": ann }),
        ),
        (
            "expand=author&fields=title,author.name",
            json!({ "title": "Bread", "author": { "name": "Ann" } }),
        ),
        (
            "expand=author&fields=author.name",
            json!({ "author": { "name": "Ann" } }),
        ),
        (
            "expand=comments.author&fields=title,comments.text,comments.author.name",
            json!({ "title": "Bread", "comments": { "hasMore": false,
                "items": [{ "text": "Well said", "author": { "name": "Ann" } }] } }),
        ),
        (
            "expand=comments.author&fields=comments.author.name",
            json!({ "comments": { "hasMore": false,
                "items": [{ "author": { "name": "Ann" } }] } }),
        ),
    ] {
        let list = stage.admin.get(&format!("{POSTS}?{query}")).ok();
        assert_eq!(list["items"], json!([expected]), "{query}");
        let one = format!("{}?{query}", path_of("posts", &post));
        assert_eq!(stage.admin.get(&one).ok(), expected, "{query}");
    }
}

#[test]
fn fields_of_what_is_not_expanded_are_refused() {
    let stage = Stage::new();
    let ann = stage.author("Ann");
    let post = stage.post("Bread", &ann);
    for query in [
        "fields=author.name",
        "expand=comments&fields=author.name",
        "expand=author&fields=author.nope",
        "expand=author&fields=author.",
        "expand=author&fields=author.team.name",
        "expand=author&fields=nope",
        "expand=author&fields=title,title",
        "expand=author&fields=author.name,author.name",
    ] {
        for path in [POSTS.to_owned(), path_of("posts", &post)] {
            let reply = stage.admin.get(&format!("{path}?{query}"));
            reply.faults(Code::InvalidInput, &["fields"]);
        }
    }
}
