//! Records that move to another parent while they are changed and deleted under the old one.

use serde_json::{Value as Json, json};

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
    race::at_once,
};

const ROUNDS: usize = 24;

/// What stands under posts: of the one a deletion leaves the row, of the other none.
const CHILDREN: [&str; 2] = ["comments", "likes"];

struct Stage {
    app: TestApp,
    admin: Client,
    posts: [Json; 2],
}

impl Stage {
    fn new() -> Self {
        let app = TestApp::start();
        app.collection("posts", json!([{ "name": "title", "type": "text" }]));
        let post = json!({ "name": "post_id", "type": "relation", "collection": "posts",
            "required": true });
        let fields = json!([post, { "name": "by", "type": "text" }]);
        for (name, deletion) in CHILDREN.iter().zip(["soft", "hard"]) {
            app.define(json!({ "name": name, "deletion": deletion, "fields": fields }));
        }
        let admin = app.admin();
        let posts = [(), ()].map(|()| admin.post("/api/v1/posts", &json!({})).created());
        Self { app, admin, posts }
    }

    /// A new child of the first post, and its path there.
    fn child(&self, children: &str) -> (Json, String) {
        let many = format!("{}/{children}", path_of("posts", &self.posts[0]));
        let child = self.admin.post(&many, &json!({})).created();
        let path = format!("{many}/{}", child["id"].as_str().unwrap());
        (child, path)
    }

    /// Moves a child to and fro between the posts.
    fn shuttle(&self, children: &str, child: &Json) {
        for post in [1, 0, 1, 0, 1] {
            let body = json!({ "postId": self.posts[post]["id"] });
            self.admin.patch(&path_of(children, child), &body);
        }
    }

    /// How many events, by this condition, tell of a child of another post than the first.
    fn elsewhere(&self, image: &str, condition: &str) -> i64 {
        let first = self.posts[0]["id"].as_str().unwrap();
        self.app.count(&format!(
            "SELECT count(*) FROM _events WHERE {image} ->> 'post_id' <> '{first}' AND {condition}"
        ))
    }
}

#[test]
fn what_moves_meanwhile_is_not_deleted_through_its_old_path() {
    let stage = Stage::new();
    for children in CHILDREN {
        for _ in 0..ROUNDS {
            let (child, path) = stage.child(children);
            at_once(2, |i| match i {
                0 => assert!([204, 404].contains(&stage.admin.delete(&path).status())),
                _ => stage.shuttle(children, &child),
            });
        }
    }
    assert_eq!(stage.elsewhere("before", "type LIKE '%.deleted'"), 0);
}

#[test]
fn what_moves_meanwhile_is_not_changed_through_its_old_path() {
    let stage = Stage::new();
    let by = json!({ "by": "the first post" });
    for _ in 0..ROUNDS {
        let (child, path) = stage.child("comments");
        at_once(3, |i| match i {
            0 => drop(stage.admin.patch(&path, &by)),
            1 => drop(stage.admin.put(&path, &by)),
            _ => stage.shuttle("comments", &child),
        });
    }
    // Who has sent the text has sent it to what it found under the first post.
    let has_sent_it = "type = 'comment.updated' AND json_type(before, '$.by') IS NOT NULL";
    assert_eq!(stage.elsewhere("after", has_sent_it), 0);
}
