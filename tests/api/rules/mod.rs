//! Rules: who sees and changes which record.

mod changes;
mod definitions;
mod documented;
mod fields;
mod hidden;
mod matrix;
mod oracles;
mod random;
mod refused;
mod rights;
mod ways;

use serde_json::{Value as Json, json};

use crate::support::{app::TestApp, client::Client};

const POSTS: &str = "/api/v1/posts";

/// Posts by these rules, and nothing in them yet.
fn posts(rules: &Json) -> TestApp {
    let app = TestApp::start();
    app.define(json!({ "name": "posts", "rules": rules, "fields": [
        { "name": "title", "type": "text", "unique": true },
        { "name": "is_public", "type": "boolean", "default": false },
        { "name": "views", "type": "integer", "max": 100 },
        { "name": "owner_id", "type": "relation", "collection": "users" } ] }));
    app
}

/// Gives posts other rules.
fn rule(app: &TestApp, change: &Json) {
    let path = "/api/system/collections/posts";
    app.admin().patch(path, change).ok();
}

/// The id of whoever asks.
fn id_of(client: &Client) -> Json {
    client.get("/api/auth/me").ok()["id"].clone()
}
