//! Deleting, restoring and purging records and accounts.

mod accounts;
mod age;
mod forgotten;
mod kept;
mod model;
mod purge;
mod races;
mod restore;
mod soft;
mod trash;

use std::borrow::Borrow;

use serde_json::{Value as Json, json};

use crate::support::{
    app::TestApp,
    client::{Client, path_of},
};

/// Posts, and what may point at them in every way.
struct Blog {
    app: TestApp,
    admin: Client,
}

fn relation(name: &str, collection: &str, on_delete: &str) -> Json {
    json!({ "name": name, "type": "relation", "collection": collection, "onDelete": on_delete })
}

impl Blog {
    fn new() -> Self {
        let app = TestApp::start();
        let text = |name: &str| json!({ "name": name, "type": "text", "unique": true });
        app.collection("posts", json!([text("title")]));
        let to_post = |how: &str| relation("post_id", "posts", how);
        let reply = relation("reply_to_id", "comments", "cascade");
        app.collection("comments", json!([text("slug"), to_post("cascade"), reply]));
        app.collection("bookmarks", json!([text("name"), to_post("setNull")]));
        app.collection("awards", json!([text("name"), to_post("restrict")]));
        let by = relation("comment_id", "comments", "restrict");
        app.collection("flags", json!([text("name"), by]));
        app.define(json!({ "name": "likes", "deletion": "hard", "fields": [to_post("cascade")] }));
        let admin = app.admin();
        Self { app, admin }
    }

    fn add(&self, collection: &str, body: impl Borrow<Json>) -> Json {
        self.admin
            .post(&format!("/api/v1/{collection}"), body.borrow())
            .created()
    }

    fn post(&self) -> Json {
        self.add("posts", json!({}))
    }

    fn on(&self, collection: &str, post: &Json) -> Json {
        self.add(collection, json!({ "postId": post["id"] }))
    }

    fn delete(&self, collection: &str, record: &Json) {
        self.admin.delete(&path_of(collection, record)).no_content();
    }

    fn purge(&self, collection: &str, record: &Json) {
        let path = format!("{}?hard=true", path_of(collection, record));
        self.admin.delete(&path).no_content();
    }

    fn restore(&self, collection: &str, record: &Json) -> crate::support::client::Reply {
        let path = format!("{}/restore", path_of(collection, record));
        self.admin.send("POST", &path, None)
    }

    fn is_live(&self, collection: &str, record: &Json) -> bool {
        self.admin.get(&path_of(collection, record)).status() == 200
    }

    /// The types of the events of a record, in their order.
    fn events(&self, record: &Json) -> Vec<String> {
        let conn = self.app.sql();
        let sql = "SELECT type FROM _events WHERE record_id = ? ORDER BY seq";
        let mut query = conn.prepare(sql).unwrap();
        let rows = query.query_map([record["id"].as_str().unwrap()], |row| row.get(0));
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// A column of the last event of a record, as JSON.
    fn last_event(&self, record: &Json, column: &str) -> Json {
        let conn = self.app.sql();
        let sql =
            format!("SELECT {column} FROM _events WHERE record_id = ? ORDER BY seq DESC LIMIT 1");
        let id = record["id"].as_str().unwrap();
        let text: Option<String> = conn.query_row(&sql, [id], |row| row.get(0)).unwrap();
        text.map_or(Json::Null, |text| serde_json::from_str(&text).unwrap())
    }
}

/// Events of a blog that hold data.
const TELLING: &str = "SELECT count(*) FROM _events WHERE collection <> 'users'
                       AND (after IS NOT NULL OR before IS NOT NULL)";

/// True while no foreign key of the file points into the void.
fn foreign_keys_hold(app: &TestApp) -> bool {
    let conn = app.sql();
    let mut query = conn.prepare("PRAGMA foreign_key_check").unwrap();
    !query.exists([]).unwrap()
}
