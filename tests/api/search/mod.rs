//! `search`: records by the words of their texts; and the index behind `.contains`.

mod contains;
mod definitions;
mod found;
mod kept;
mod pages;
mod rights;
mod snippets;

use serde_json::{Value as Json, json};

use crate::support::{
    app::TestApp,
    client::{Client, Reply},
};

const POSTS: &str = "/api/v1/posts";

/// Posts with a title and a body that are searched, and a note that is not.
fn posts(rules: &Json) -> (TestApp, Client) {
    let app = TestApp::start();
    app.define(json!({ "name": "posts", "rules": rules, "fields": [
        { "name": "title", "type": "text", "searchable": true },
        { "name": "body", "type": "text", "searchable": true },
        { "name": "note", "type": "text" },
        { "name": "rank", "type": "integer" } ] }));
    let admin = app.admin();
    (app, admin)
}

/// The same with these texts, each a title and a body.
fn with_texts(texts: &[(&str, &str)]) -> (TestApp, Client) {
    let (app, admin) = posts(&json!({}));
    for (title, body) in texts {
        make(&admin, &json!({ "title": title, "body": body }));
    }
    (app, admin)
}

fn make(client: &Client, body: &Json) -> Json {
    client.post(POSTS, body).created()
}

/// A parameter with its value, for a URL.
fn search(text: &str) -> String {
    format!("search={}", escaped(text))
}

fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

fn list(client: &Client, query: &str) -> Reply {
    client.get(&format!("{POSTS}?{query}"))
}

/// The titles of a list, in its order.
fn titles(list: &Json) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["title"].as_str().unwrap()).collect()
}

/// The titles that a search finds, in the order of the alphabet.
fn found(client: &Client, text: &str) -> Vec<String> {
    let list = list(client, &search(text)).ok();
    let mut titles: Vec<String> = titles(&list).into_iter().map(str::to_owned).collect();
    titles.sort();
    titles
}
