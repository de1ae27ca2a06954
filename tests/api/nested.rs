//! Records under a parent: `/api/v1/{parent}/{id}/{child}`.

use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

const NOBODY: &str = "01HZXK5V8QWERTYASDFGHJKMNP";

/// Two posts, with two comments under the first and one under the second.
struct Stage {
    app: TestApp,
    admin: Client,
    posts: [Json; 2],
    comments: [Json; 3],
}

impl Stage {
    fn new() -> Self {
        let app = TestApp::start();
        app.collection("posts", json!([{ "name": "title", "type": "text" }]));
        app.collection(
            "comments",
            json!([
                { "name": "post_id", "type": "relation", "collection": "posts", "required": true },
                { "name": "text", "type": "text", "default": "-" },
            ]),
        );
        let admin = app.admin();
        let posts = ["Bread", "Rolls"].map(|title| {
            admin
                .post("/api/v1/posts", &json!({ "title": title }))
                .created()
        });
        let comments = [(0, "one"), (0, "two"), (1, "three")].map(|(post, text)| {
            let body = json!({ "postId": posts[post]["id"], "text": text });
            admin.post("/api/v1/comments", &body).created()
        });
        Self {
            app,
            admin,
            posts,
            comments,
        }
    }

    /// The path of what is under a post.
    fn under(&self, post: usize) -> String {
        format!("{}/comments", path_of("posts", &self.posts[post]))
    }

    fn one(&self, post: usize, comment: usize) -> String {
        let id = self.comments[comment]["id"].as_str().unwrap();
        format!("{}/{id}", self.under(post))
    }
}

/// The texts of a list, sorted.
fn texts(client: &Client, path: &str) -> Vec<String> {
    let mark = if path.contains('?') { '&' } else { '?' };
    let page = client.get(&format!("{path}{mark}sort=text")).ok();
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_list_has_what_is_under_its_parent_and_takes_every_parameter() {
    let stage = Stage::new();
    let path = stage.under(0);
    assert_eq!(texts(&stage.admin, &path), ["one", "two"]);
    assert_eq!(
        texts(&stage.admin, &format!("{path}?pageSize=2")),
        ["one", "two"]
    );
    assert_eq!(texts(&stage.admin, &format!("{path}?text=three")), [""; 0]);
    let page = stage.admin.get(&format!("{path}?pageSize=1")).ok();
    assert_eq!(page["pagination"]["totalItems"], 2);
    assert_eq!(page["links"]["next"], format!("{path}?page=2&pageSize=1"));
    stage
        .admin
        .get(&format!("{path}?colour=red"))
        .faults(Code::InvalidInput, &["colour"]);
}

#[test]
fn a_record_is_made_under_its_parent_and_lives_at_its_own_path() {
    let stage = Stage::new();
    let reply = stage
        .admin
        .post(&stage.under(1), &json!({ "text": "four" }));
    let made = reply.created();
    assert_eq!(made["postId"], stage.posts[1]["id"]);
    let location = reply.header("location").unwrap();
    assert_eq!(location, path_of("comments", &made));
    assert_eq!(stage.admin.get(location).ok(), made);
    assert_eq!(texts(&stage.admin, &stage.under(1)), ["four", "three"]);
}

#[test]
fn one_is_read_changed_replaced_and_deleted_under_its_parent() {
    let stage = Stage::new();
    let (admin, path) = (&stage.admin, stage.one(0, 0));
    let read = admin.get(&path);
    assert_eq!(read.ok(), stage.comments[0]);
    assert_eq!(
        read.etag(),
        admin.get(&path_of("comments", &stage.comments[0])).etag()
    );
    let changed = admin.patch(&path, &json!({ "text": "1" })).ok();
    assert_eq!(
        (&changed["text"], &changed["version"]),
        (&json!("1"), &json!(2))
    );
    let replaced = admin.put(&path, &json!({})).ok();
    assert_eq!(
        (&replaced["text"], &replaced["postId"]),
        (&json!("-"), &stage.posts[0]["id"])
    );
    assert_eq!(admin.patch(&path, &json!({})).ok()["version"], 3);
    admin
        .with("If-Match", "\"1\"")
        .delete(&path)
        .error(Code::PreconditionFailed);
    admin.delete(&path).no_content();
    admin.get(&path).error(Code::NotFound);
    assert_eq!(texts(admin, &stage.under(0)), ["two"]);
}

/// Every request on what is under a post, and on one of that.
fn all(client: &Client, many: &str, one: &str) -> Vec<crate::support::client::Reply> {
    let body = json!({ "text": "x" });
    vec![
        client.get(many),
        client.post(many, &body),
        client.get(one),
        client.patch(one, &body),
        client.put(one, &body),
        client.delete(one),
    ]
}

#[test]
fn without_the_parent_nothing_is_there() {
    let stage = Stage::new();
    let before = stage.app.rows();
    let id = stage.comments[0]["id"].as_str().unwrap();
    for parent in [
        format!("posts/{NOBODY}"),
        "posts/x".to_owned(),
        format!("pages/{NOBODY}"),
    ] {
        let many = format!("/api/v1/{parent}/comments");
        for reply in all(&stage.admin, &many, &format!("{many}/{id}")) {
            reply.error(Code::NotFound);
        }
    }
    assert_eq!(stage.app.rows(), before);
}

#[test]
fn under_a_deleted_parent_nothing_is_there() {
    let stage = Stage::new();
    for comment in [0, 1] {
        stage.admin.delete(&stage.one(0, comment)).no_content();
    }
    stage
        .admin
        .delete(&path_of("posts", &stage.posts[0]))
        .no_content();
    for reply in all(&stage.admin, &stage.under(0), &stage.one(0, 0)) {
        reply.error(Code::NotFound);
    }
}

#[test]
fn what_is_under_another_parent_is_not_there() {
    let stage = Stage::new();
    let (admin, path) = (&stage.admin, stage.one(0, 2));
    let before = stage.app.rows();
    let body = json!({ "text": "x" });
    admin.get(&path).error(Code::NotFound);
    admin.patch(&path, &body).error(Code::NotFound);
    admin
        .with("If-Match", "\"9\"")
        .patch(&path, &body)
        .error(Code::NotFound);
    admin.put(&path, &body).error(Code::NotFound);
    admin.delete(&path).error(Code::NotFound);
    assert_eq!(stage.app.rows(), before);
}

#[test]
fn another_parent_in_the_body_is_refused() {
    let stage = Stage::new();
    let admin = &stage.admin;
    let before = stage.app.rows();
    for other in [
        stage.posts[1]["id"].clone(),
        json!(null),
        json!(7),
        json!("x"),
    ] {
        let body = json!({ "postId": other });
        for reply in [
            admin.post(&stage.under(0), &body),
            admin.patch(&stage.one(0, 0), &body),
            admin.put(&stage.one(0, 0), &body),
        ] {
            let error = reply.faults(Code::ValidationError, &["postId"]);
            assert_eq!(error["issues"].as_array().unwrap().len(), 1, "{error}");
        }
    }
    assert_eq!(stage.app.rows(), before);
    let same = json!({ "postId": stage.posts[0]["id"], "text": "x" });
    admin.post(&stage.under(0), &same).created();
    admin.patch(&stage.one(0, 0), &same).ok();
    admin.put(&stage.one(0, 0), &same).ok();
}

/// Messages have a sender and a receiver, and may answer each other.
fn messages() -> (TestApp, Client, String) {
    let app = TestApp::start();
    let user = |name: &str| json!({ "name": name, "type": "relation", "collection": "users" });
    app.collection("messages", json!([user("sender_id"), user("receiver_id")]));
    let admin = app.admin();
    let me = path_of("users", &admin.get("/api/auth/me").ok());
    (app, admin, format!("{me}/messages"))
}

#[test]
fn where_several_relations_point_at_the_parent_via_says_which() {
    let (_app, admin, path) = messages();
    let via = |field: &str| format!("{path}?via={field}");
    let sent = admin.post(&via("senderId"), &json!({})).created();
    assert_eq!(sent["receiverId"], Json::Null);
    for (field, count) in [("senderId", 1), ("receiverId", 0)] {
        let page = admin.get(&via(field)).ok();
        assert_eq!(page["pagination"]["totalItems"], count, "{field}");
        assert_eq!(page["links"]["self"], format!("{path}?page=1&via={field}"));
    }
    let one = format!("{path}/{}", sent["id"].as_str().unwrap());
    admin.get(&format!("{one}?via=senderId")).ok();
    admin
        .get(&format!("{one}?via=receiverId"))
        .error(Code::NotFound);
    let other = json!({ "senderId": null });
    admin
        .patch(&format!("{one}?via=senderId"), &other)
        .faults(Code::ValidationError, &["senderId"]);
    admin.delete(&format!("{one}?via=senderId")).no_content();
}

#[test]
fn without_via_or_with_another_the_choices_are_named() {
    let (_app, admin, path) = messages();
    for query in ["", "?via=sender_id", "?via=", "?via=id"] {
        for reply in [
            admin.get(&format!("{path}{query}")),
            admin.post(&format!("{path}{query}"), &json!({})),
            admin.delete(&format!("{path}/{NOBODY}{query}")),
        ] {
            let error = reply.faults(Code::InvalidInput, &["via"]);
            let choices = &error["issues"][0]["params"]["options"];
            assert_eq!(*choices, json!(["senderId", "receiverId"]));
        }
    }
    let stage = Stage::new();
    stage
        .admin
        .get(&format!("{}?via=postId", stage.under(0)))
        .ok();
    let wrong = format!("{}?via=text", stage.under(0));
    stage.admin.get(&wrong).faults(Code::InvalidInput, &["via"]);
    stage
        .admin
        .get("/api/v1/posts?via=postId")
        .faults(Code::InvalidInput, &["via"]);
}

#[test]
fn nothing_is_under_a_collection_that_nothing_points_at() {
    let stage = Stage::new();
    let comment = path_of("comments", &stage.comments[0]);
    for child in ["posts", "comments", "users", "nothing", "activate"] {
        stage
            .admin
            .get(&format!("{comment}/{child}"))
            .error(Code::NotFound);
    }
    stage
        .admin
        .get(&format!("{}/x", stage.one(0, 0)))
        .error(Code::NotFound);
}

#[test]
fn rights_are_those_of_the_child_and_the_parent_must_be_visible() {
    let (app, admin, _) = messages();
    let stage = Stage::new();
    for reply in all(&stage.app.guest(), &stage.under(0), &stage.one(0, 0)) {
        reply.error(Code::Unauthorized);
    }
    let viewer = stage.app.viewer();
    viewer.get(&stage.under(0)).ok();
    viewer
        .post(&stage.under(0), &json!({}))
        .error(Code::InsufficientPermissions);
    viewer
        .delete(&stage.one(0, 0))
        .error(Code::InsufficientPermissions);
    // An editor sees messages and its own account, and no other's.
    let editor = app.editor();
    let of = |client: &Client| path_of("users", &client.get("/api/auth/me").ok());
    let messages = |user: String| format!("{user}/messages?via=senderId");
    editor.post(&messages(of(&editor)), &json!({})).created();
    editor.get(&messages(of(&editor))).ok();
    editor.get(&messages(of(&admin))).error(Code::NotFound);
    editor
        .post(&messages(of(&admin)), &json!({}))
        .error(Code::NotFound);
}

#[test]
fn head_options_and_wrong_methods_are_answered() {
    let stage = Stage::new();
    let (admin, many, one) = (&stage.admin, stage.under(0), stage.one(0, 0));
    for (path, allow) in [
        (&many, "GET, POST, HEAD, OPTIONS"),
        (&one, "GET, PATCH, PUT, DELETE, HEAD, OPTIONS"),
    ] {
        let head = admin.send("HEAD", path, None);
        assert_eq!((head.status(), head.response.body.len()), (200, 0));
        let options = admin.send("OPTIONS", path, None);
        options.no_content();
        assert_eq!(options.header("allow"), Some(allow));
        let wrong = admin.send("PROPFIND", path, None);
        wrong.error(Code::MethodNotAllowed);
        assert_eq!(wrong.header("allow"), Some(allow));
    }
    admin.put(&many, &json!({})).error(Code::MethodNotAllowed);
    admin.post(&one, &json!({})).error(Code::MethodNotAllowed);
}
