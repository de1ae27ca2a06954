//! Records in and out as a file.

mod exports;
mod imports;
mod meets;
mod refused;
mod round_trip;
mod taken_back;

use serde_json::{Value as Json, json};

use crate::support::{
    app::TestApp,
    client::{Client, Reply},
};

const CSV: &str = "text/csv";
const NDJSON: &str = "application/x-ndjson";

/// Products with a field of each kind that is written in its own way.
fn products() -> TestApp {
    let app = TestApp::start();
    app.define(json!({ "name": "makers", "fields": [{ "name": "name", "type": "text" }] }));
    app.define(json!({ "name": "products", "fields": [
        { "name": "code", "type": "text", "unique": true, "collation": "nocase" },
        { "name": "title", "type": "text", "required": true },
        { "name": "note", "type": "text", "default": "none" },
        { "name": "price", "type": "decimal", "scale": 2 },
        { "name": "stock", "type": "integer", "max": 9_223_372_036_854_775_807_i64 },
        { "name": "weight", "type": "number" },
        { "name": "is_new", "type": "boolean" },
        { "name": "sold_at", "type": "datetime" },
        { "name": "extra", "type": "json" },
        { "name": "tags", "type": "multiselect", "options": ["red", "blue"] },
        { "name": "maker_id", "type": "relation", "collection": "makers" },
        { "name": "maker_ids", "type": "relations", "collection": "makers" } ] }));
    app
}

/// Imports a text into a collection; `query` begins with `?` where there is one.
fn import(client: &Client, collection: &str, query: &str, media: &str, text: &str) -> Reply {
    let path = format!("/api/v1/{collection}/import{query}");
    client.send_bytes("POST", &path, Some(media), text.as_bytes())
}

/// Exports a collection as a text.
fn export(client: &Client, collection: &str, query: &str) -> String {
    let reply = client.get(&format!("/api/v1/{collection}/export{query}"));
    assert_eq!(reply.status(), 200, "{}", reply.response.text());
    reply.response.text().to_owned()
}

/// The records of a collection by their titles.
fn titles(client: &Client, collection: &str) -> Vec<String> {
    let list = client
        .get(&format!("/api/v1/{collection}?sort=title&pageSize=100"))
        .ok();
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["title"].as_str().unwrap().to_owned())
        .collect()
}

/// The lines and fields that an import tells of.
fn places(report: &Json) -> Vec<(u64, &str)> {
    let errors = report["errors"].as_array().unwrap().iter();
    errors
        .map(|error| {
            (
                error["line"].as_u64().unwrap(),
                error["field"].as_str().unwrap(),
            )
        })
        .collect()
}
