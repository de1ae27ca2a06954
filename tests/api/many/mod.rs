//! Many records at once: arrays, batches, changes by filter, upsert.

mod arrays;
mod batches;
mod bulk;
mod matrix;
mod properties;
mod restored;
mod upserts;

use serde_json::{Value as Json, json};

use crate::support::{app::TestApp, client::Client};

const ORDERS: &str = "/api/v1/orders";
const LINES: &str = "/api/v1/lines";

/// Orders, and lines that point at them, by these rules on orders.
fn orders(rules: &Json) -> TestApp {
    let app = TestApp::start();
    app.define(
        json!({ "name": "orders", "history": true, "rules": rules, "fields": [
        { "name": "number", "type": "text", "unique": true, "max": 20 },
        { "name": "status", "type": "select", "options": ["open", "paid"], "default": "open" },
        { "name": "total", "type": "decimal", "min": "0", "default": "0" },
        { "name": "note", "type": "text" },
        { "name": "owner_id", "type": "relation", "collection": "users" } ] }),
    );
    app.define(json!({ "name": "lines", "fields": [
        { "name": "title", "type": "text", "required": true },
        { "name": "order_id", "type": "relation", "collection": "orders",
          "onDelete": "cascade" } ] }));
    app
}

/// Makes orders with these numbers.
fn made(client: &Client, numbers: &[&str]) -> Vec<Json> {
    let bodies: Json = numbers.iter().map(|n| json!({ "number": n })).collect();
    items(&client.post(ORDERS, &bodies).created())
}

fn items(data: &Json) -> Vec<Json> {
    data["items"].as_array().unwrap().clone()
}

/// The id of whoever asks.
fn id_of(client: &Client) -> Json {
    client.get("/api/auth/me").ok()["id"].clone()
}

/// Does something, and expects that nothing in the file has changed.
#[track_caller]
fn unchanged<T>(app: &TestApp, act: impl FnOnce() -> T) -> T {
    let before = app.rows();
    let done = act();
    assert!(app.rows() == before, "something has changed");
    done
}
