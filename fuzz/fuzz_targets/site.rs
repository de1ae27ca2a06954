//! A small site that expressions are about, and its tables.

use rusqlite::Connection;
use serde_json::value::RawValue;
use stead::{
    rules::Book,
    schema::{Collection, Schema},
};

const DEFINITIONS: [&str; 3] = [
    r#"{ "name": "users", "fields": [
        { "name": "name", "type": "text", "readRule": "id == auth.id" },
        { "name": "level", "type": "integer" }], "rules": { "view": "id == auth.id || level > 3" } }"#,
    r#"{ "name": "posts", "fields": [
        { "name": "title", "type": "text", "searchable": true, "containsIndex": true },
        { "name": "done", "type": "boolean" },
        { "name": "total", "type": "decimal" }, { "name": "score", "type": "number" },
        { "name": "status", "type": "select", "options": ["draft", "live"] },
        { "name": "starts", "type": "datetime" }, { "name": "day", "type": "date" },
        { "name": "meta", "type": "json" },
        { "name": "author_id", "type": "relation", "collection": "users" }] }"#,
    r#"{ "name": "comments", "deletion": "hard", "fields": [
        { "name": "body", "type": "text" },
        { "name": "post_id", "type": "relation", "collection": "posts" }],
        "rules": { "view": "body != null" } }"#,
];

/// Definitions, their rules, and a database with their tables.
pub struct Site {
    pub schema: Schema,
    pub book: Book,
    pub conn: Connection,
}

impl Site {
    pub fn new() -> Self {
        let mut schema = Schema::default();
        let conn = Connection::open_in_memory().unwrap();
        for definition in DEFINITIONS {
            let definition: &RawValue = serde_json::from_str(definition).unwrap();
            let collection = Collection::parse(definition, &schema).unwrap();
            for statement in collection.ddl() {
                conn.execute_batch(statement.text()).unwrap();
            }
            schema = schema.with(collection);
        }
        let book = Book::of_schema(&schema);
        Self { schema, book, conn }
    }
}
