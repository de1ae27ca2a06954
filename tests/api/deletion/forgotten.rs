//! What a purge leaves in the file: that something was there, and not what it was.

use serde_json::{Value as Json, json};
use stead::base::Code;

use super::Blog;
use crate::support::client::{Client, Reply, path_of};

/// What nobody may find any more.
const MARK: &str = "Marzipan";
/// The id of the post that is purged.
const ID: &str = "01HZXK5V8QWERTYASDFGHJKMNP";

fn once(client: &Client, key: &str) -> Client {
    client.with("Idempotency-Key", key)
}

/// The rows that tell of the mark.
fn told(blog: &Blog) -> Vec<String> {
    let rows = blog.app.rows().into_iter();
    rows.filter(|row| row.to_lowercase().contains(&MARK.to_lowercase()))
        .collect()
}

/// Everything that keys keep of a post and its comment.
fn requests(blog: &Blog) -> [Reply; 3] {
    let (admin, post) = (&blog.admin, json!({ "title": MARK, "id": ID }));
    let path = path_of("posts", &post);
    let comment = json!({ "slug": format!("{MARK} bread") });
    [
        once(admin, "create").post("/api/v1/posts", &post),
        once(admin, "comment").post(&format!("{path}/comments"), &comment),
        once(admin, "restore").send("POST", &format!("{path}/restore"), None),
    ]
}

/// A post that was made, restored, changed and deleted, with a comment, all under keys.
fn post(blog: &Blog) -> Json {
    let [made, comment, restored] = requests(blog);
    let post = made.created();
    comment.created();
    restored.ok();
    let changed = json!({ "title": format!("{MARK}, too") });
    blog.admin.patch(&path_of("posts", &post), &changed).ok();
    blog.delete("posts", &post);
    assert!(told(blog).len() > 5);
    post
}

#[test]
fn nothing_of_a_purged_record_is_left_in_any_table() {
    let blog = Blog::new();
    let post = post(&blog);
    blog.purge("posts", &post);
    assert_eq!(told(&blog), Vec::<String>::new());
    for reply in requests(&blog) {
        reply.error(Code::NotFound);
    }
    assert_eq!(told(&blog), Vec::<String>::new());
    assert_eq!(blog.app.count("SELECT count(*) FROM posts"), 0);
}

#[test]
fn nothing_of_what_was_purged_by_age_is_left_in_any_table() {
    let blog = Blog::new();
    post(&blog);
    blog.app.clock().advance(std::time::Duration::from_secs(1));
    blog.app.purge_by_age();
    assert_eq!(told(&blog), Vec::<String>::new());
    for reply in requests(&blog) {
        reply.error(Code::NotFound);
    }
}

#[test]
fn the_keys_of_other_records_keep_what_they_keep() {
    let blog = Blog::new();
    let bread = json!({ "title": "Bread" });
    let first = once(&blog.admin, "other").post("/api/v1/posts", &bread);
    let post = post(&blog);
    blog.purge("posts", &post);
    let again = once(&blog.admin, "other").post("/api/v1/posts", &bread);
    assert_eq!(again.created(), first.created());
}

#[test]
fn nothing_of_a_purged_user_is_left_in_any_table() {
    let blog = Blog::new();
    let account = json!({ "email": format!("{MARK}@example.com"), "displayName": MARK,
        "password": "a password of hers", "roles": ["editor"] });
    let make = || once(&blog.admin, "make").post("/api/v1/users", &account);
    let act = |key: &str, user: &Json, action: &str| {
        let path = format!("{}/{action}", path_of("users", user));
        once(&blog.admin, key).send("POST", &path, None)
    };
    let user = make().created();
    let signed_in = blog
        .app
        .guest()
        .with("User-Agent", MARK)
        .sign_in(&format!("{MARK}@example.com"), "a password of hers");
    signed_in.get("/api/auth/me").ok();
    act("off", &user, "deactivate").ok();
    act("on", &user, "activate").ok();
    assert!(told(&blog).len() > 5);
    blog.purge("users", &user);
    assert_eq!(told(&blog), Vec::<String>::new());
    make().error(Code::NotFound);
    for (key, action) in [("off", "deactivate"), ("on", "activate")] {
        act(key, &user, action).error(Code::NotFound);
    }
}
